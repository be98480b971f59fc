"""`mantel_haenszel`: two groups and a binary outcome over strata, from frames or from counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cohortium.api.arguments import require_distinct, require_level
from cohortium.api.frames import Sites
from cohortium.api.levels import label_of
from cohortium.api.outcomes import levels_of
from cohortium.api.outcomes import outcome as outcome_of_levels
from cohortium.errors import EstimationError, UsageError
from cohortium.estimators.contract import Factor
from cohortium.estimators.proportions.cmh import CmhEstimate, CmhSpec, analyze
from cohortium.estimators.proportions.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from cohortium.api.frames import Frames
    from cohortium.estimators.contract import Integers
    from cohortium.estimators.proportions.stratified import ExactConditional

_COLUMNS = ("outcome", "by", "strata")


@dataclass(frozen=True)
class MantelHaenszelResult:
    """A stratified comparison of two groups; what is not defined is not a number."""

    estimate: CmhEstimate

    @property
    def statistic(self) -> float:
        """Chi-square with one degree of freedom, without continuity correction."""
        return self.estimate.asymptotic.statistic

    @property
    def p_value(self) -> float:
        """Its p-value."""
        return self.estimate.asymptotic.p_value

    @property
    def statistic_corrected(self) -> float:
        """Chi-square with continuity correction."""
        return self.estimate.asymptotic.corrected

    @property
    def p_value_corrected(self) -> float:
        """Its p-value."""
        return self.estimate.asymptotic.p_corrected

    @property
    def odds_ratio(self) -> tuple[float, float, float]:
        """Mantel-Haenszel odds ratio with its lower and upper limit."""
        found = self.estimate.asymptotic
        return found.odds_ratio, found.lower, found.upper

    @property
    def exact(self) -> ExactConditional | None:
        """The exact conditional analysis: p_value, odds_ratio, lower, upper; None when not asked for or too large."""
        return self.estimate.exact

    @property
    def breslow_day(self) -> tuple[float, int, float]:
        """Test of a common odds ratio with Tarone's adjustment: chi-square, degrees of freedom, p-value."""
        found = self.estimate.asymptotic
        return found.breslow_day, found.df, found.p_homogeneity

    @property
    def tables(self) -> Integers:
        """Patients, shape (strata, 2, 2): group of interest and outcome first."""
        return self.estimate.tables

    @property
    def n(self) -> int:
        """Rows used."""
        return int(self.estimate.tables.sum())

    @property
    def n_missing(self) -> int:
        """Rows left out because group, outcome or stratum was not known."""
        return sum(self.estimate.missing)

    def to_frame(self) -> pl.DataFrame:
        """A row per stratum: stratum (its number in declared order), then count and n of both groups."""
        tables = self.estimate.tables
        columns = {
            "stratum": np.arange(1, len(tables) + 1),
            "count": tables[:, 0, 0],
            "n": tables[:, 0].sum(1),
            "count_reference": tables[:, 1, 0],
            "n_reference": tables[:, 1].sum(1),
        }
        return pl.DataFrame({name: pl.Series(values) for name, values in columns.items()})

    def __repr__(self) -> str:
        ratio, lower, upper = self.odds_ratio
        lines = [
            f"Cochran-Mantel-Haenszel test: chi-square {self.statistic:.4f}, df 1, p {self.p_value:.4g}",
            f"common odds ratio {ratio:.4g} ({lower:.4g} to {upper:.4g})",
        ]
        if self.exact is not None:
            limits = f"({self.exact.lower:.4g} to {self.exact.upper:.4g})"
            lines.append(f"exact: odds ratio {self.exact.odds_ratio:.4g} {limits}, p {self.exact.p_value:.4g}")
        statistic, df, p_value = self.breslow_day
        if df > 0:
            lines.append(f"Breslow-Day-Tarone test: chi-square {statistic:.4f}, df {df}, p {p_value:.4g}")
        return "\n".join([*lines, f"{self.n} rows, {self.estimate.informative} informative strata"])


def mantel_haenszel(
    data: Frames | ArrayLike,
    *,
    outcome: str | None = None,
    levels: Any = 1,
    by: str | None = None,
    strata: str | Sequence[str] | None = None,
    reference: Any = None,
    not_evaluable: Sequence[Any] = (),
    exact: bool = True,
    confidence: float = 0.95,
) -> MantelHaenszelResult:
    """Compare two groups by a binary outcome over strata (Cochran-Mantel-Haenszel).

    data           polars or pandas frame, or a list of them, one a site; or counts of shape (strata, 2, 2), the group of
                   interest and the outcome first
    outcome        column of the outcome
    levels         its value or values that count as the outcome
    by             column of two groups
    strata         column or columns whose combinations are the strata
    reference      group that the other one is compared with; the first when absent
    not_evaluable  values of the outcome that count as not known
    exact          whether the exact conditional analysis is made too
    confidence     confidence level

    Returns a `MantelHaenszelResult`.

    Leaves the site: counts of rows by stratum, group and outcome.

    Raises
        UsageError: a column or level is missing or does not hold what is expected.
        EstimationError: no stratum has both groups, and rows with and without the outcome.

    References: Mantel and Haenszel 1959; Robins, Breslow and Greenland 1986; Mehta, Patel and Gray 1985; Tarone 1985.

    >>> from cohortium import mantel_haenszel
    >>> found = mantel_haenszel([[[11, 25], [10, 27]], [[16, 4], [22, 10]], [[14, 5], [7, 12]]])
    >>> round(found.odds_ratio[0], 3), round(found.p_value, 3)
    (1.916, 0.06)
    """
    require_level(confidence)
    given = dict(zip(_COLUMNS, (outcome, by, strata), strict=True))
    if all(value is None for value in given.values()) and not _has_columns(data):
        return _result(_of_counts(data, exact=exact, confidence=confidence))
    missing = [name for name, value in given.items() if value is None]
    if missing or outcome is None or by is None or strata is None:
        raise UsageError(f"{', '.join(missing)}: expected names of columns of the frame")
    names = [strata] if isinstance(strata, str) else list(strata)
    require_distinct([outcome, by, *names])
    sites = Sites(data, [outcome, by, *names])
    groups, value = sites.factor(by, narrow=True), sites.factor(outcome, narrow=True)
    spec = CmhSpec(
        outcome=_outcome(outcome, value, levels, not_evaluable),
        by=groups,
        compared=_compared(groups, reference),
        strata=tuple(sites.factor(name, narrow=True) for name in names),
        exact=exact,
        confidence=confidence,
    )
    return _result(sites.run("cmh", spec))


def _outcome(name: str, factor: Factor, levels: Any, not_evaluable: Sequence[Any]) -> Outcome:
    if levels == 1 and factor.codes and set(factor.codes) <= {"False", "True"}:
        levels = True
    return outcome_of_levels(name, factor, levels, not_evaluable)


def _compared(groups: Factor, reference: Any) -> tuple[str, str]:
    if len(groups) != 2:
        raise UsageError(f"by: {groups.name} has {len(groups)} levels; expected two groups to compare")
    first = groups.codes[0] if reference is None else levels_of("reference", label_of(reference), groups)[0]
    return next(code for code in groups.codes if code != first), first


def _has_columns(data: Any) -> bool:
    parts = data if isinstance(data, list | tuple) else [data]
    return any(hasattr(part, "columns") for part in parts)


def _of_counts(counts: Any, *, exact: bool, confidence: float) -> CmhEstimate:
    try:
        tables = np.asarray(counts, np.float64)
    except (TypeError, ValueError) as error:
        raise UsageError("data: expected a frame, or counts of shape (strata, 2, 2)") from error
    if tables.ndim != 3 or tables.shape[1:] != (2, 2) or not (np.isfinite(tables) & (tables >= 0)).all():
        raise UsageError("data: expected a frame, or counts of 0 or more of shape (strata, 2, 2)")
    if (tables != np.floor(tables)).any():
        raise UsageError("data: expected whole counts")
    groups = Factor("group", ("1", "2"), ("1", "2"))
    outcome_of = Outcome("outcome", Factor("outcome", ("1", "2"), ("1", "2")), ("1",))
    names = tuple(str(i + 1) for i in range(len(tables)))
    spec = CmhSpec(outcome_of, groups, ("1", "2"), (Factor("stratum", names, names),), exact, confidence)
    return analyze(spec, tables.astype(np.int64))


def _result(found: CmhEstimate) -> MantelHaenszelResult:
    if found.problem:
        raise EstimationError(f"Cochran-Mantel-Haenszel test: {found.problem}")
    return MantelHaenszelResult(found)
