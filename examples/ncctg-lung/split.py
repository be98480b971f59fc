"""Split an exported lung.csv of the R package survival into the site files of this study.

    Rscript -e 'write.csv(survival::lung, "lung.csv", row.names = FALSE, na = "")'
    python split.py lung.csv sites

A row keeps its values as they are written in lung.csv; only the column names change (`ph.ecog` becomes `ph_ecog`)
and a `patient_id` is added: the row's number in lung.csv.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path

COLUMNS = (
    "patient_id",
    "inst",
    "time",
    "status",
    "age",
    "sex",
    "ph_ecog",
    "ph_karno",
    "pat_karno",
    "meal_cal",
    "wt_loss",
)


def site_id(institution: str) -> str:
    """Directory of an institution's rows; `unassigned` when the institution is not known."""
    return f"inst-{int(institution):02d}" if institution else "unassigned"


def read_rows(source: Path) -> dict[str, list[dict[str, str]]]:
    """Rows of lung.csv by site, each with its patient_id; missing values are empty."""
    rows_by_site: dict[str, list[dict[str, str]]] = defaultdict(list)
    with source.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=1):
            renamed = {name.replace(".", "_"): "" if cell == "NA" else cell for name, cell in row.items()}
            renamed["patient_id"] = f"P{number:03d}"
            rows_by_site[site_id(renamed["inst"])].append(renamed)
    return rows_by_site


def main() -> int:
    """Write sites/<id>/patients.csv below the given directory; return 2 when called wrongly."""
    if len(sys.argv) != 3:
        print("usage: python split.py lung.csv SITES_DIRECTORY", file=sys.stderr)
        return 2
    source, directory = map(Path, sys.argv[1:])
    for site, rows in sorted(read_rows(source).items()):
        path = directory / site / "patients.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        print(f"{path}: {len(rows)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
