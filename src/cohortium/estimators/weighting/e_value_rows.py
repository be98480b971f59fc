"""E-values as rows of the results table, made of the ratios of a regression."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cohortium.estimators.weighting.e_value import Measure, e_value
from cohortium.results import Statistic

_MEASURES: dict[tuple[str, bool], Measure] = {
    ("hazard-ratio", False): "hazard-ratio",
    ("hazard-ratio", True): "hazard-ratio-rare",
    ("odds-ratio", False): "odds-ratio",
    ("odds-ratio", True): "odds-ratio-rare",
}


@dataclass(frozen=True)
class EValueOf:
    """Whose E-values are wanted.

    effect  the covariate
    rare    True: fewer than 15% of patients have the outcome, so that its ratio is taken as a risk ratio
    """

    effect: str
    rare: bool = False


def e_value_rows(rows: Sequence[Statistic], wanted: EValueOf | None) -> list[Statistic]:
    """Two rows for each ratio of the covariate in the rows of a fit: `e-value`, and `e-value-limit` of the limit."""
    return [] if wanted is None else list(_found(rows, wanted))


def _found(rows: Sequence[Statistic], wanted: EValueOf) -> Iterator[Statistic]:
    how = "outcome of fewer than 15%, ratio taken as a risk ratio" if wanted.rare else "ratio as approximate risk ratio"
    for row in rows:
        measure = _MEASURES.get((row.statistic, wanted.rare))
        if measure is None or row.variable != wanted.effect or row.note == "reference":
            continue
        empty = replace(row, value=None, lower=None, upper=None, confidence=None, format="number:2", note=how)
        if row.value is None or row.lower is None or row.upper is None or row.lower <= 0 or row.value <= 0:
            why = row.warning or "the ratio has no confidence limits above 0"
            yield replace(empty, statistic="e-value", warning=why)
            yield replace(empty, statistic="e-value-limit", warning=why)
            continue
        found = e_value(row.value, row.lower, row.upper, measure)
        yield replace(empty, statistic="e-value", value=found.estimate)
        yield replace(empty, statistic="e-value-limit", value=found.limit)
