"""A patient's assessments as one reading a day, amounts as exact whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from cohortium.simulation.course.assessment import Assessment

_FIELDS = {
    "serum-m-protein": "serum",
    "urine-m-protein": "urine",
    "flc-kappa": "kappa",
    "flc-lambda": "light",
    "marrow-plasma-cells": "marrow",
    "plasmacytoma-spd": "lesion",
    "plasmacytoma-longest-diameter": "longest",
    "plasmacytoma-short-axis": "short_axis",
}
_FINDINGS = {
    "serum-immunofixation": "serum_fixed",
    "urine-immunofixation": "urine_fixed",
    "marrow-clonal-cells": "clone",
    "plasmacytoma": "plasmacytoma",
    "imaging": "image",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a day; amounts in hundredths of their unit, findings in words, None where nothing was done."""

    day: int
    serum: int | None = None
    urine: int | None = None
    kappa: int | None = None
    light: int | None = None
    marrow: int | None = None
    lesion: int | None = None
    longest: int | None = None
    short_axis: int | None = None
    serum_fixed: str | None = None
    urine_fixed: str | None = None
    clone: str | None = None
    plasmacytoma: str | None = None
    image: str | None = None


def readings_of(assessments: Sequence[Assessment]) -> list[Reading]:
    """One reading a day with a test of the myeloma, in order; what is flagged as spurious is not used."""
    days: dict[int, dict[str, int | str]] = {}
    for row in assessments:
        if row.is_spurious:
            continue
        if row.quantity in _FIELDS and row.value is not None:
            days.setdefault(row.day, {})[_FIELDS[row.quantity]] = round(100 * row.value)
        elif row.quantity in _FINDINGS and row.result:
            days.setdefault(row.day, {})[_FINDINGS[row.quantity]] = row.result
    return [Reading(day, **days[day]) for day in sorted(days)]  # type: ignore[arg-type]


def baseline_of(readings: Sequence[Reading]) -> Reading:
    """The last known value of each test up to the first dose."""
    known: dict[str, int | str] = {}
    for reading in readings:
        if reading.day <= 0:
            for field in fields(Reading):
                value = getattr(reading, field.name)
                if field.name != "day" and value is not None:
                    known[field.name] = value
    return Reading(0, **known)  # type: ignore[arg-type]
