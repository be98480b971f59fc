"""`pool` and `pooled`: estimates of imputed frames to one, by Rubin's rules."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cohortium.api.cox import CoxResult
from cohortium.api.fine_gray import FineGrayResult
from cohortium.api.logistic_result import LogisticResult
from cohortium.errors import UsageError
from cohortium.estimators.baseline.counts import BaselineEstimate
from cohortium.estimators.between_sites.meta import MetaEstimate
from cohortium.estimators.competing.gray.solve import GrayEstimate
from cohortium.estimators.competing.incidence.solve import IncidenceEstimate
from cohortium.estimators.contract import Task
from cohortium.estimators.imputation.degrees import of_events, of_logistic
from cohortium.estimators.imputation.methods import METHODS
from cohortium.estimators.imputation.pooling import JointTest, RubinPooled, joint_wald, rubin
from cohortium.estimators.kaplan_meier import KaplanMeierEstimate
from cohortium.estimators.logistic.estimate import LogisticEstimate
from cohortium.estimators.logrank import LogRankEstimate
from cohortium.estimators.proportions.cmh import CmhEstimate
from cohortium.estimators.proportions.rates import RatesEstimate
from cohortium.results import Results

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike

    from cohortium.api.impute import Imputed

_DIMENSIONS = 2
_FEWEST = 2
_ONLY_CURVES = "at: is for survival and cumulative incidence"
_MODELS = (CoxResult, LogisticResult, FineGrayResult)
_TABLES: Mapping[type, str] = {
    RatesEstimate: "response-rates",
    CmhEstimate: "cmh",
    BaselineEstimate: "baseline",
    KaplanMeierEstimate: "kaplan-meier",
    IncidenceEstimate: "cumulative-incidence",
    LogRankEstimate: "logrank",
    GrayEstimate: "gray",
    MetaEstimate: "meta-analysis",
}
"""Estimates that are pooled as rows, with their method."""


@dataclass(frozen=True)
class PooledResult:
    """Estimates pooled over imputations.

    names        of the estimates
    rubin        estimates, variances, degrees of freedom; arrays of shape (p,)
    estimates    shape (m, p), of each imputation
    covariances  shape (m, p, p); None when only variances were given
    """

    names: tuple[str, ...]
    rubin: RubinPooled
    estimates: Any
    covariances: Any = None
    confidence: float = 0.95

    def to_frame(self) -> pl.DataFrame:
        """A row per estimate: name, estimate, standard_error, limits and p_value by Student's t, df, and the fraction
        of missing information.
        """
        lower, upper = self.rubin.limits(self.confidence)
        columns = {
            "estimate": self.rubin.estimate,
            "standard_error": self.rubin.standard_error,
            "lower": lower,
            "upper": upper,
            "df": self.rubin.df,
            "p_value": self.rubin.p_values(),
            "fraction_missing_information": self.rubin.missing_information,
        }
        return pl.DataFrame({"name": list(self.names), **columns})

    def joint_test(self, names: Sequence[str] | None = None) -> JointTest:
        """Wald test that the named estimates (all of them when absent) are 0 (Li, Raghunathan and Rubin's D1).

        Raises
            UsageError: a name is unknown, or there are no covariances.
        """
        chosen = list(self.names if names is None else names)
        unknown = [name for name in chosen if name not in self.names]
        if unknown or not chosen:
            raise UsageError(f"names: expected some of {', '.join(self.names)}, got {', '.join(unknown) or 'none'}")
        if self.covariances is None:
            raise UsageError("a joint test needs covariances, and only variances were given")
        at = [self.names.index(name) for name in chosen]
        return joint_wald(self.estimates[:, at], self.covariances[:, at][:, :, at])

    def __repr__(self) -> str:
        width = max(map(len, self.names))
        lines = [f"{self.rubin.m} imputations, Rubin's rules"]
        for row in self.to_frame().iter_rows(named=True):
            limits = f"{row['lower']:.3g} to {row['upper']:.3g}"
            lines.append(f"  {row['name']:<{width}}  {row['estimate']:.3g} ({limits}), p {row['p_value']:.3g}")
        return "\n".join(lines)


@dataclass(frozen=True)
class PooledTable:
    """What an analysis gives over imputations, as rows of a results table.

    m     imputations
    rows  statistics with what they describe, limits, notes, and why there is none
    """

    m: int
    rows: Results

    def to_frame(self) -> pl.DataFrame:
        """A row per statistic: statistic, what it describes (group, variable, level, time), value, lower, upper, n,
        note, warning.
        """
        columns = ["statistic", "group", "variable", "level", "time", "value", "lower", "upper", "n", "note", "warning"]
        return self.rows.to_frame().select(columns)

    def __repr__(self) -> str:
        return f"{self.m} imputations, Rubin's rules: {len(self.rows)} statistics"


def pool(
    estimates: ArrayLike,
    variances: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    complete_df: float = math.inf,
    confidence: float = 0.95,
) -> PooledResult:
    """Pool estimates of imputed data sets by Rubin's rules with Barnard and Rubin's degrees of freedom.

    estimates    shape (m, p), or (m,) for a single estimate
    variances    squared standard errors, of the same shape; or covariances, shape (m, p, p)
    names        of the p estimates; `estimate 1`, ... when absent
    complete_df  degrees of freedom that the analysis has with complete data; infinite for a large sample
    confidence   confidence level

    Returns a `PooledResult`.

    Raises
        UsageError: the arrays do not fit each other, or there are fewer than two imputations.

    References: Rubin 1987; Barnard and Rubin 1999.

    >>> from cohortium import pool
    >>> pooled = pool([1.0, 1.2, 0.8], [0.04, 0.05, 0.03])
    >>> round(float(pooled.rubin.standard_error[0]), 4)
    0.3055
    """
    given, spread = np.asarray(estimates, np.float64), np.asarray(variances, np.float64)
    if given.ndim == 1:
        given, spread = given[:, None], spread[:, None]
    covariances = spread if spread.ndim > _DIMENSIONS else None
    if covariances is not None:
        spread = np.diagonal(covariances, axis1=1, axis2=2)
    if given.ndim != _DIMENSIONS or given.shape != spread.shape or given.shape[0] < _FEWEST:
        raise UsageError("expected estimates and variances of one shape, (imputations, estimates), of two or more")
    called = tuple(names) if names is not None else tuple(f"estimate {j + 1}" for j in range(given.shape[1]))
    if len(called) != given.shape[1]:
        raise UsageError(f"names: expected {given.shape[1]}, got {len(called)}")
    return PooledResult(called, rubin(given, spread, complete_df), given, covariances, confidence)


def pooled(
    analysis: Callable[[list[pl.DataFrame]], Any],
    imputed: Imputed,
    *,
    at: Sequence[float] = (),
    confidence: float = 0.95,
) -> PooledResult | PooledTable:
    """Make an analysis of every imputation and pool what it gives.

    analysis  a function of a list of frames, one a site, that returns the result of one of Cohortium's own functions, or
              a pair of estimates and variances (or covariances), or a triple with the complete-data degrees of freedom too
    imputed   what `impute` gave
    at        times at which survival or cumulative incidence is pooled; their curves are not
    confidence  confidence level of a `PooledResult`; a table has that of its analysis

    Returns a `PooledResult`; of `cox`, `logistic` and `fine_gray` the coefficients, with the complete-data degrees of
    freedom that R's mice takes. Of `response_rates`, `mantel_haenszel`, `baseline_table`, `kaplan_meier`,
    `cumulative_incidence`, `logrank`, `gray_test` and `site_meta_analysis` a `PooledTable`; what has no pooled form is
    in it, without a value and with the reason.

    Raises
        UsageError: the analysis returns something else, or a coefficient of it has no finite estimate.

    >>> import polars as pl
    >>> from cohortium import impute, pooled
    >>> frame = pl.DataFrame({"id": range(6), "age": [61, 70, 58, 66, 75, 63], "ldh": [180, 240, None, 205, 260, None]})
    >>> imputed = impute(frame, variables=["ldh"], helpers=["age"], id="id", m=3)
    >>> def mean(frames):
    ...     ldh = pl.concat(frames)["ldh"]
    ...     return [ldh.mean()], [ldh.var() / len(ldh)]
    >>> pooled(mean, imputed).rubin.m
    3
    """
    found = [analysis(imputed.frames(i)) for i in range(imputed.m)]
    if all(isinstance(one, _MODELS) for one in found):
        if at:
            raise UsageError(_ONLY_CURVES)
        return _model(found, confidence)
    kinds = {type(getattr(one, "estimate", None)) for one in found}
    if len(kinds) == 1 and (method := _TABLES.get(kinds.pop())) is not None:
        estimates = [_at_times(one.estimate, at) for one in found]
        rows = METHODS[method].pooled(Task(method, method, estimates[0].spec, method), estimates)
        return PooledTable(imputed.m, Results(rows))
    if not all(isinstance(one, tuple) and len(one) in (2, 3) for one in found):
        raise UsageError(
            "analysis: expected the result of one of the functions named, or a pair of estimates and variances"
        )
    df = found[0][2] if len(found[0]) > _DIMENSIONS else math.inf
    return pool([one[0] for one in found], [one[1] for one in found], complete_df=df, confidence=confidence)


def _at_times(estimate: Any, times: Sequence[float]) -> Any:
    """The estimate with times at which its curves are read."""
    if not times:
        return estimate
    if not hasattr(estimate.spec, "at"):
        raise UsageError(_ONLY_CURVES)
    return replace(estimate, spec=replace(estimate.spec, at=tuple((float(time), f"{time:g}") for time in times)))


def _model(found: Sequence[CoxResult | LogisticResult | FineGrayResult], confidence: float) -> PooledResult:
    estimates = [one.estimate for one in found]
    refused = {name: reason for one in estimates for name, reason in one.refusals.items()}
    if refused:
        lines = "; ".join(f"{name}: {reason}" for name, reason in refused.items())
        raise UsageError(f"a coefficient has no finite estimate in an imputation: {lines}")
    first = estimates[0]
    return pool(
        [one.coefficients for one in estimates],
        [one.covariance for one in estimates],
        names=[column.name for column in first.spec.columns],
        complete_df=of_logistic(first) if isinstance(first, LogisticEstimate) else of_events(first),
        confidence=confidence,
    )
