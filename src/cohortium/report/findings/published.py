"""Published numbers beside those of the study: which row reproduces each, how far apart they are, whether that is near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.errors import OutputError, Problem
from cohortium.report import formats
from cohortium.report.findings.warned import NOT_REACHED
from cohortium.results import Results, Statistic

if TYPE_CHECKING:
    from cohortium.study.published import Published
    from cohortium.study.study import Study

_PROBABILITIES = ("survival-at", "cumulative-incidence-at")
_EXACT = 1e-9
"""What arithmetic in floating point may add to a difference."""


@dataclass(frozen=True, slots=True)
class Reproduced:
    """A published number and the study's own.

    published   what was published
    statistic   the row of the results table
    value       the study's number in the unit of the published one; None when it was not reached or not estimated
    difference  value minus published; None where either is no number
    is_near     whether it is as published, within the tolerance
    """

    published: Published
    statistic: Statistic
    value: float | None
    difference: float | None
    is_near: bool


def reproduced(study: Study, results: Results) -> tuple[Reproduced, ...]:
    """Every published number of the study with the row that reproduces it, in order.

    Raises
        OutputError: no row, or more than one, is what a published number speaks of.
    """
    rows = {name: results.where(analysis=name) for name in {one.analysis for one in study.file.published}}
    return tuple(_compared(study, one, _row(study, one, rows[one.analysis])) for one in study.file.published)


def _row(study: Study, one: Published, rows: Results) -> Statistic:
    named = {"variable": one.variable, "level": one.level, "model": one.model, "population": one.population}
    criteria: dict[str, object] = {key: value for key, value in named.items() if value is not None}
    found = rows.where(statistic=one.statistic, group=one.group, **criteria)
    if one.variable is None and one.statistic == "n":
        # Sizes of groups have a row that speaks of no variable, beside those of each variable.
        found = found.where(variable="") or found
    if one.months is not None:
        time = one.months * study.file.time.month_days
        found = Results(row for row in found if row.time is not None and abs(row.time - time) < 1e-6)
    if len(found) != 1:
        what = (
            f"{len(found)} rows of the results table are the {one.statistic} that {one.label!r} speaks of; expected one"
        )
        hint = "say which with variable, level, model, population or months" if found else ""
        raise OutputError("Published numbers cannot be compared.", [Problem("[[published]]", what, hint)])
    return found[0]


def _compared(study: Study, one: Published, row: Statistic) -> Reproduced:
    value = _in_printed_unit(row, study.file.time.month_days)
    if one.below is not None:
        return Reproduced(one, row, value, None, value is not None and value < one.below)
    if one.value == NOT_REACHED:
        return Reproduced(one, row, value, None, value is None and row.warning.startswith(NOT_REACHED))
    if value is None or not isinstance(one.value, float):
        return Reproduced(one, row, value, None, is_near=False)
    difference = value - one.value
    return Reproduced(one, row, value, difference, abs(difference) <= one.within + _EXACT)


def _in_printed_unit(row: Statistic, month_days: float) -> float | None:
    """Days as months, probabilities as percent."""
    if row.value is None:
        return None
    if row.unit == "days":
        return float(formats.in_months(row.value, month_days))
    return 100 * row.value if row.statistic in _PROBABILITIES else row.value
