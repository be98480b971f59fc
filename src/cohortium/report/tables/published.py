"""Published numbers beside those of the study, with the tolerance that was declared."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.published import Reproduced, reproduced
from cohortium.report.journal_style import in_force
from cohortium.report.labels import months_phrase
from cohortium.report.table import Cell, Row, Table
from cohortium.results import Results

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study

_HEADER = ("Number", "Published", "Reproduced", "Difference", "Tolerance", "As published")
_LEAST_PRINTED = 0.001
_NOTE = "Differences are of the numbers before rounding; a tolerance of 0 is exact agreement."


def build(study: Study, results: Results, spec: TableSpec) -> Table:
    """The table of every published number of the study file."""
    body: list[Row] = []
    heading = None
    for one in reproduced(study, results):
        if one.published.heading != heading:
            heading = one.published.heading
            if heading:
                body.append(Row(Cell(heading)))
        body.append(Row(Cell(one.published.label), _cells(one, study.file.time.month_days), indent=1 if heading else 0))
    header = (tuple(Cell(text) for text in _HEADER),)
    return Table(spec.name, spec.title, header, tuple(body), (_NOTE, months_phrase(study), *spec.footnotes))


def _cells(one: Reproduced, month_days: float) -> tuple[Cell, ...]:
    decimals = _decimals(one)
    difference = formats.REFERENCE if one.difference is None else formats.number(one.difference, decimals)
    has_tolerance = isinstance(one.published.value, float)
    tolerance = formats.number_shortest(one.published.within) if has_tolerance else formats.REFERENCE
    return (
        Cell(_published(one), (f"{one.published.source}.",), given=True),
        Cell(_reproduced(one, decimals, month_days), behind=(one.statistic,)),
        Cell(difference, behind=() if one.difference is None else (one.statistic,)),
        Cell(tolerance, given=True),
        Cell("yes" if one.is_near else "no"),
    )


def _published(one: Reproduced) -> str:
    if one.published.below is not None:
        return _below(one.published.below)
    if not isinstance(one.published.value, float):
        return formats.NOT_REACHED
    return formats.number_shortest(one.published.value)


def _below(limit: float) -> str:
    """A p-value below a limit as the style in force prints it: `<0.0001`, `<.0001`."""
    text = formats.number_shortest(limit)
    return f"<{text if in_force().p_leading_zero else text.removeprefix('0')}"


def _reproduced(one: Reproduced, decimals: int, month_days: float) -> str:
    row = one.statistic
    if row.format == "p":
        below = one.published.below
        # What is published as below 0.0001 is not answered with below 0.001.
        is_tiny = below is not None and below < _LEAST_PRINTED and one.is_near
        return _below(below) if is_tiny and below else formats.p_value(row.value)
    if row.unit == "days":
        is_missing = one.value is None and one.published.value != "not reached"
        return (
            formats.NOT_ESTIMABLE if is_missing and not row.warning else formats.months(row.value, month_days, decimals)
        )
    if row.unit == "percent" and row.denominator and row.value is not None:
        n = round(row.value * row.denominator / 100)
        return formats.count_percent(n, row.value, decimals, row.denominator)
    return formats.number(one.value, decimals)


def _decimals(one: Reproduced) -> int:
    """As many as were published; one at least where it is no count."""
    value = one.published.value if one.published.below is None else one.published.below
    if one.statistic.format == "count":
        return 0
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent if isinstance(value, float) else -1
    return max(1, -int(exponent))
