"""Make the site file of this study from an exported mgus2.csv of the R package survival.

    Rscript -e 'write.csv(survival::mgus2, "mgus2.csv", row.names = FALSE, na = "")'
    python prepare.py mgus2.csv sites

The data give the year of diagnosis and months of follow-up. A diagnosis is placed on 1 July of its year, and a month is
30.4375 days, rounded down to whole days, so that what happened at 120 months counts at 120 months; every date follows
from these.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

SITE = "mayo"
MONTH_DAYS = 30.4375
COLUMNS = (
    "patient_id", "age", "sex", "hemoglobin", "creatinine", "m_spike", "diagnosed", "progressed", "died", "last_contact",
)  # fmt: skip


def date_after(diagnosed: dt.date, months: str) -> str:
    """The day so many months after a diagnosis."""
    return (diagnosed + dt.timedelta(days=int(MONTH_DAYS * int(months)))).isoformat()


def patients(source: Path) -> Iterator[dict[str, str]]:
    """A row for each patient; an event that did not happen has no date."""
    with source.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            known = {name: "" if cell == "NA" else cell for name, cell in row.items()}
            diagnosed = dt.date(int(known["dxyr"]), 7, 1)
            last = date_after(diagnosed, known["futime"])
            yield {
                "patient_id": f"P{int(known['id']):04d}",
                "age": known["age"],
                "sex": known["sex"],
                "hemoglobin": known["hgb"],
                "creatinine": known["creat"],
                "m_spike": known["mspike"],
                "diagnosed": diagnosed.isoformat(),
                "progressed": date_after(diagnosed, known["ptime"]) if known["pstat"] == "1" else "",
                "died": last if known["death"] == "1" else "",
                "last_contact": last,
            }


def main() -> int:
    """Write sites/mayo/patients.csv below the given directory; return 2 when called wrongly."""
    if len(sys.argv) != 3:
        print("usage: python prepare.py mgus2.csv SITES_DIRECTORY", file=sys.stderr)
        return 2
    path = Path(sys.argv[2]) / SITE / "patients.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = list(patients(Path(sys.argv[1])))
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{path}: {len(rows)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
