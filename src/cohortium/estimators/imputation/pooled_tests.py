"""Tests of imputed rows by their chi-square statistics (D2): log-rank, Gray, Cochran-Mantel-Haenszel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cohortium.estimators.imputation.lines import (
    Line,
    Table,
    chi_square,
    count,
    effect,
    largest,
    mean,
    pooled_lines,
    refused,
    strata,
)
from cohortium.estimators.imputation.scales import LOG
from cohortium.estimators.multiplicity import holm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.competing.gray.solve import GrayEstimate
    from cohortium.estimators.contract import Task
    from cohortium.estimators.logrank.solve import LogRankEstimate
    from cohortium.estimators.proportions.cmh import CmhEstimate
    from cohortium.results import Statistic

NO_EXACT = "an exact conditional analysis has no pooled form over imputations"
_HOLM = "pairwise-p-holm"


def logrank_rows(
    _task: Task, of_each: Sequence[Sequence[Statistic]], _estimates: Sequence[LogRankEstimate]
) -> list[Statistic]:
    """The test, the trend and the pairs, these adjusted by Holm's method once they are pooled."""
    rows = pooled_lines(
        of_each,
        {
            "n": count,
            "observed": _observed,
            "expected": mean,
            "chi-square": chi_square("df", "p-value"),
            "trend-chi-square": chi_square(1, "trend-p"),
            "pairwise-chi-square": chi_square(1, "pairwise-p"),
            _HOLM: lambda line: [line.first],
            "grid-bound": largest,
        },
    )
    tested = {row.group: row for row in rows if row.statistic == "pairwise-p"}
    nan = float("nan")
    adjusted = dict(
        zip(tested, holm([nan if row.value is None else row.value for row in tested.values()]), strict=True)
    )
    return [_with_holm(row, tested[row.group], adjusted[row.group]) if row.statistic == _HOLM else row for row in rows]


def _with_holm(row: Statistic, test: Statistic, value: float) -> Statistic:
    return replace(row, value=None if test.value is None else float(value), warning=test.warning)


def _observed(line: Line) -> list[Statistic]:
    return count(line) if line.first.format == "count" else mean(line)


def gray_rows(
    _task: Task, of_each: Sequence[Sequence[Statistic]], _estimates: Sequence[GrayEstimate]
) -> list[Statistic]:
    """Gray's test of each cause."""
    rules = {"n": count, "events": count, "chi-square": chi_square("df", "p-value"), "grid-bound": largest}
    return pooled_lines(of_each, rules)


def stratified_rows(
    _task: Task, of_each: Sequence[Sequence[Statistic]], _estimates: Sequence[CmhEstimate]
) -> list[Statistic]:
    """The common odds ratio by Rubin's rules, tests by D2; what is exact has no pooled form."""
    return pooled_lines(
        of_each,
        {
            "n": count,
            "count": count,
            "informative-strata": strata,
            "odds-ratio": effect(LOG),
            "chi-square": chi_square(1, "p-value"),
            "chi-square-corrected": refused("Pearson's form is pooled; a continuity correction is not"),
            "p-value-corrected": refused("Pearson's form is pooled; a continuity correction is not"),
            "breslow-day": chi_square("breslow-day-df", "breslow-day-p"),
            "exact-odds-ratio": refused(NO_EXACT),
            "exact-p": refused(NO_EXACT),
        },
        _patients_less_two,
    )


def _patients_less_two(row: Statistic, _table: Table) -> float:
    return max((row.n or 0) - 2.0, 1.0)
