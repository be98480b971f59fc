"""Blood counts over time: a fall with the first doses, and recovery with response."""

from __future__ import annotations

import math

from cohortium.simulation.chart.rows import Row
from cohortium.simulation.course.assessment import Assessment
from cohortium.simulation.course.realize import Realized
from cohortium.simulation.draws import Draws

_EARLY_DAYS = (3, 7, 10, 14, 21, 28, 42)
_LIMITS = {
    "hemoglobin": (12.0, 16.0),
    "platelets": (150.0, 400.0),
    "neutrophils": (1.8, 7.5),
    "lymphocytes": (1.0, 4.0),
}
_DIGITS = {"hemoglobin": 1, "platelets": 0, "neutrophils": 2, "lymphocytes": 2}
_DIP = {"hemoglobin": 0.9, "platelets": 0.7, "neutrophils": 0.5, "lymphocytes": 0.25}
_NOISE = {"hemoglobin": 0.04, "platelets": 0.12, "neutrophils": 0.3, "lymphocytes": 0.3}
_HIGHEST = {"hemoglobin": 16.5, "platelets": 480.0, "neutrophils": 14.0, "lymphocytes": 6.0}
_SETTLE_DAYS = 45.0


def blood_counts(realized: Realized, patient: Row, seed: int) -> list[Assessment]:
    """Blood counts at baseline, in the first weeks and at each visit."""
    plan = realized.plan
    draws = Draws(seed, "blood", plan.seat.number)
    until = plan.last_contact if plan.death is None else plan.death - 1
    days = sorted({*(day for day in _EARLY_DAYS if day <= until), *plan.visits})
    baseline_day = -draws.integer(0, 6)
    recovery = 1.25 if plan.seat.is_responder else 0.85
    rows = []
    for name, (lower, upper) in _LIMITS.items():
        start = float(patient[name] or lower)  # type: ignore[arg-type]
        rows.append(Assessment(baseline_day, name, start, lower=lower, upper=upper))
        for day in days:
            level = start * _level(day, _DIP[name], recovery) * math.exp(draws.normal(0, _NOISE[name]))
            value = round(min(max(level, _HIGHEST[name] / 800), _HIGHEST[name]), _DIGITS[name])
            rows.append(Assessment(day, name, float(value), lower=lower, upper=upper))
    return rows


def _level(day: int, dip: float, recovery: float) -> float:
    """Relative to the baseline: down to the dip at two weeks, then towards recovery."""
    if day <= 14:
        return 1 - (1 - dip) * day / 14
    return recovery - (recovery - dip) * math.exp(-(day - 14) / _SETTLE_DAYS)
