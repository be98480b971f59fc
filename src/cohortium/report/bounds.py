"""How far numbers from follow-up counted in weeks or months can be from those in whole days, in words."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.labels import TIMES, inside_sentence, term_label
from cohortium.study.analyses import Cox, FineGray

if TYPE_CHECKING:
    from cohortium.results import Statistic
    from cohortium.study.analyses import Analysis
    from cohortium.study.study import Study

_AT = "-at"
_QUANTILE = "quantile "
_WORDS = {"expected": "expected events"}
_AT_ENDS = ("survival", "cumulative-incidence")


def bound_sentence(study: Study, analysis: Analysis, rows: Iterable[Statistic]) -> str:
    """The largest bound of each statistic of an analysis; empty where nothing differs, as inside sites."""
    largest: dict[tuple[str, str], float] = {}
    for row in rows:
        if row.value:
            named = (_name(study, analysis, row), row.unit)
            largest[named] = max(abs(row.value), largest.get(named, 0.0))
    said = ", ".join(f"{name} {formats.rounded_up(bound)} {unit}".rstrip() for (name, unit), bound in largest.items())
    head = f"Follow-up is counted in {study.file.time.grid}; largest possible differences from whole days"
    return f"{head}: {said}." if said else ""


def unbounded(study: Study, reason: str) -> str:
    """That a number on a grid has no bound, with the reason as the results table gives it."""
    if not reason.startswith("not bounded"):
        return reason
    return f"follow-up is counted in {study.file.time.grid}; the difference from whole days is {reason}"


def _name(study: Study, analysis: Analysis, row: Statistic) -> str:
    """`median`, `survival at the given months`, `coefficient of stage, II`."""
    statistic, _, of = row.level.partition(", ")
    if statistic == "coefficient" and isinstance(analysis, Cox | FineGray) and row.variable:
        label = inside_sentence(term_label(study, row.variable, analysis))
        return ", ".join(filter(None, (f"coefficient of {label}", of.replace(" x ", f" {TIMES} "))))
    if statistic.startswith(_QUANTILE):
        return f"{formats.number_shortest(100 * Decimal(statistic.removeprefix(_QUANTILE)))}% quantile"
    words = _WORDS.get(statistic) or statistic.removesuffix(_AT).replace("-", " ")
    about = f" of {inside_sentence(of)}" if of else ""
    if statistic.endswith(_AT):
        return f"{words}{about} at the given months"
    unit = study.file.time.grid.removesuffix("s")
    return f"{words}{about} at the end of a {unit}" if statistic in _AT_ENDS else f"{words}{about}"
