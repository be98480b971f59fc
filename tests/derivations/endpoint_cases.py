"""Patients in words, one a line, and what each rule set makes of them.

`visits` are days with what was seen: `28 PR`, `84 PD`, `56 NE`; `84 PD?` is undocumented progression. `course` are days of
what else happened: `death`, `contact` (last contact), `therapy` (new), `bridge`, `clinical`, `start`, `cutoff`; `died`, `not died`,
`from progression`, `not from progression`, `baseline`, `no baseline` answer yes-or-no variables, `... unknown` is asked and
not known. Expected are the days, the event, and in parentheses the reason where it says more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import polars as pl

from cohortium.derivations.rule import Tables
from cohortium.derivations.time_to_event import RULES
from cohortium.study.derive import endings
from cohortium.study.derive.endpoints import TimeToEvent
from cohortium.study.tables import TIDY_TABLES

TYPES: dict[str, Any] = {
    "text": pl.String, "code": pl.String, "integer": pl.Int64, "number": pl.Float64, "date": pl.Int64, "flag": pl.Boolean,
}  # fmt: skip
DAYS = {
    "death": "death_date", "contact": "last_contact_date", "therapy": "new_therapy_date", "bridge": "planned_bridge_date",
    "clinical": "clinical_progression_date", "start": "start", "cutoff": "data_cutoff",
}  # fmt: skip
ANSWERS = {
    "died": ("died", "yes"), "not died": ("died", "no"), "died unknown": ("died", None),
    "from progression": ("death_from_progression", "yes"), "not from progression": ("death_from_progression", "no"),
    "cause unknown": ("death_from_progression", None), "baseline": ("baseline_assessed", "yes"),
    "no baseline": ("baseline_assessed", "no"), "baseline unknown": ("baseline_assessed", None),
}  # fmt: skip
REASONS = {
    "last": endings.LAST_ASSESSMENT, "new therapy": endings.BEFORE_NEW_THERAPY, "clinical": endings.BEFORE_CLINICAL,
    "gap": endings.BEFORE_GAP, "bridge": endings.AT_BRIDGE, "not assessed": endings.NOT_ASSESSED,
    "cut": endings.BEFORE_CUTOFF, "at death": endings.AT_DEATH, "before death": endings.BEFORE_DEATH,
    "contact": endings.LAST_CONTACT, "at cut-off": endings.AT_CUTOFF, "clinical progression": endings.CLINICAL_PROGRESSION,
    "from progression": endings.DEATH_FROM_PROGRESSION, "first": endings.FIRST_RESPONSE, "none": endings.NO_RESPONSE,
    "no start": endings.UNKNOWN_START, "no progression day": endings.UNKNOWN_PROGRESSION,
    "no therapy day": endings.UNKNOWN_THERAPY, "no death day": endings.UNKNOWN_DEATH, "no cause": endings.UNKNOWN_CAUSE,
    "no contact": endings.UNKNOWN_CONTACT, "baseline unknown": endings.UNKNOWN_BASELINE,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A patient of a table with the outcomes expected, by column."""

    situation: str
    visits: str
    course: str
    expected: dict[str, str]


def lines(table: str) -> list[Line]:
    """The lines of an ASCII table; the first names the columns."""
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table.strip().splitlines()]
    head, *body = (row for row in cells if not set(row[0]) <= {"-"} or row[0] == "")
    return [Line(*row[:3], dict(zip(head[3:], row[3:], strict=True))) for row in body]


def tables_of(cases: list[Line], **given: pl.DataFrame) -> Tables:
    """The tables of a site whose patients are the lines, by their number; other tables as given."""
    patients = [{"patient": str(number), **_course(case.course)} for number, case in enumerate(cases)]
    has = {key for patient in patients for key in patient}
    kinds = dict.fromkeys(DAYS.values(), pl.Int64) | {key: pl.String for key, _ in ANSWERS.values()}
    schema = {"patient": pl.String, **{key: kind for key, kind in kinds.items() if key in has or key == "data_cutoff"}}
    frame = pl.DataFrame(patients, schema=schema)
    visits = [{"patient": str(number), **visit} for number, case in enumerate(cases) for visit in _visits(case.visits)]
    found = {"responses": pl.DataFrame(visits, schema=schema_of("responses"))} if visits else {}
    return Tables(frame, **{name: (given | found).get(name, empty(name)) for name in TIDY_TABLES})


def schema_of(name: str) -> dict[str, Any]:
    """The columns of a tidy table."""
    return {"patient": pl.String, **{column.name: TYPES[column.kind] for column in TIDY_TABLES[name].columns}}


def empty(name: str) -> pl.DataFrame:
    """A tidy table without rows."""
    return pl.DataFrame(schema=schema_of(name))


def together(cases: list[Line]) -> list[list[Line]]:
    """The lines in groups that ask the same: what is asked of all and not known of one is not known of that one."""
    groups: dict[frozenset[str], list[Line]] = {}
    for case in cases:
        asked = frozenset(key for key in _course(case.course) if key == "start" or key not in DAYS.values())
        groups.setdefault(asked, []).append(case)
    return list(groups.values())


def _course(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        if part in ANSWERS:
            key, value = ANSWERS[part]
            found[key] = value
        else:
            name, day = part.split(" ")
            found[DAYS[name]] = None if day == "unknown" else int(day)
    return found


def _visits(text: str) -> list[dict[str, Any]]:
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        day, response = part.split(" ")
        basis = "clinical" if response.endswith("?") else "imaging" if response == "PD" else None
        found.append({"day": None if day == "?" else int(day), "response": response.rstrip("?"), "basis": basis})
    return found


def section(endpoint: str, censoring: str, tables: Tables, **given: Any) -> TimeToEvent:
    """A section that reads every input which the patients have."""
    keys = [key for key in tables.patients.columns if key not in ("patient", "data_cutoff")]
    return TimeToEvent(
        name="e",
        label="E",
        rule="time-to-event",
        endpoint=endpoint,
        censoring=censoring,
        **dict.fromkeys(keys, "v"),
        **given,
    )


def outcomes(tables: Tables, made: TimeToEvent) -> list[tuple[int | None, str | None, str]]:
    """Days, event and reason of each patient, in order."""
    columns = RULES["time-to-event"](tables, made).columns
    assert columns["patient"].to_list() == tables.patients["patient"].to_list()
    return columns.select("e_days", "e_event", "e_reason").rows()


def meant(cell: str) -> tuple[int | None, str | None, str]:
    """`84 progression`, `56 censored (last)`, `unknown (no death day)` or `none` as days, event and reason."""
    found = re.fullmatch(r"(?:(-?\d+) ([a-z -]+?)|unknown|none)(?: \(([a-z -]+)\))?", cell)
    assert found, cell
    day, event, reason = found.groups()
    if cell == "none":
        reason = "none"
    return (int(day) if day else None), event, REASONS[reason] if reason else str(event)
