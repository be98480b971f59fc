"""`cox`: proportional-hazards regression from a frame or a list of frames, one a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from cohortium.api.arguments import require_choice, require_distinct, require_known, require_level, require_room
from cohortium.api.frames import Sites
from cohortium.errors import EstimationError, UsageError
from cohortium.estimators.cox.spec import CoxSpec, FactorTerm, NumberTerm, Term
from cohortium.estimators.cox.ties import Ties
from cohortium.estimators.distributions import chi_square_tail, normal_quantile, normal_two_sided

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure

    from cohortium.api.frames import Frames
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.cox.solve import CoxEstimate


class LogLikelihood(NamedTuple):
    """Log partial likelihood without and with the covariates."""

    null: float
    fitted: float


class Test(NamedTuple):
    """A chi-square test."""

    statistic: float
    df: int
    p_value: float


@dataclass(frozen=True)
class CoxResult:
    """A fitted Cox model; names are `age` for a number and `sex[Female]` for a level of a category.

    A coefficient without a finite estimate is NaN and `warnings` says why.
    """

    estimate: CoxEstimate

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coefficients in order."""
        return tuple(column.name for column in self.estimate.spec.columns)

    @property
    def coefficients(self) -> Mapping[str, float]:
        """Name to log hazard ratio."""
        return dict(zip(self.names, self.estimate.coefficients.tolist(), strict=True))

    @property
    def standard_errors(self) -> Mapping[str, float]:
        """Name to standard error of the coefficient."""
        return dict(zip(self.names, self.estimate.standard_errors.tolist(), strict=True))

    @property
    def covariance(self) -> Reals:
        """Covariance of the coefficients, shape (p, p)."""
        return self.estimate.covariance

    @property
    def log_likelihood(self) -> LogLikelihood:
        """Log partial likelihood, null and fitted."""
        return LogLikelihood(self.estimate.log_likelihood_null, self.estimate.log_likelihood)

    @property
    def n(self) -> int:
        """Rows used."""
        return self.estimate.counts.n

    @property
    def n_events(self) -> int:
        """Events."""
        return self.estimate.counts.n_events

    @property
    def n_missing(self) -> int:
        """Rows left out because a value was not known."""
        return self.estimate.counts.missing + self.estimate.counts.missing_stratum

    @property
    def likelihood_ratio(self) -> Test:
        """Likelihood-ratio test of all coefficients."""
        return self._test(self.estimate.likelihood_ratio)

    @property
    def wald(self) -> Test:
        """Wald test of all coefficients."""
        return self._test(self.estimate.wald_test)

    @property
    def score(self) -> Test:
        """Score test of all coefficients."""
        return self._test(self.estimate.score_test)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know about coefficients without an estimate."""
        return tuple(f"{name}: {reason}" for name, reason in self.estimate.refusals.items())

    def to_frame(self) -> pl.DataFrame:
        """A row per coefficient: coefficient, standard error, hazard ratio with limits, Wald p-value."""
        found = self.estimate
        z = normal_quantile(0.5 + found.spec.confidence / 2)
        beta, se = found.coefficients, found.standard_errors
        with np.errstate(over="ignore"):
            ratio, lower, upper = np.exp(beta), np.exp(beta - z * se), np.exp(beta + z * se)
        columns = {
            "coefficient": beta,
            "standard_error": se,
            "hazard_ratio": ratio,
            "lower": lower,
            "upper": upper,
            "p_value": np.array([normal_two_sided(b / s) for b, s in zip(beta, se, strict=True)]),
        }
        return pl.DataFrame({"name": list(self.names)}).with_columns(
            **{name: pl.Series(values).fill_nan(None) for name, values in columns.items()}
        )

    def plot(self) -> Figure:
        """A forest plot of the hazard ratios, as a matplotlib figure."""
        from cohortium.api.plots import forest_figure

        return forest_figure(self.estimate)

    def _test(self, statistic: float) -> Test:
        df = self.estimate.df
        known = df > 0 and np.isfinite(statistic)
        return Test(statistic, df, chi_square_tail(statistic, df) if known else float("nan"))

    def __repr__(self) -> str:
        spec = self.estimate.spec
        strata = ", ".join(factor.name for factor in spec.strata)
        head = f"Cox model, {spec.ties.title()} ties{f', stratified by {strata}' if strata else ''}"
        lines = [f"{head}: {self.n} rows, {self.n_events} events, {self.n_missing} rows left out"]
        width = max(len(name) for name in self.names)
        for row in self.to_frame().iter_rows(named=True):
            if row["hazard_ratio"] is None:
                lines.append(f"  {row['name']:<{width}}  not estimated ({self.estimate.refusals[row['name']]})")
                continue
            limits = f"({row['lower']:.3g} to {row['upper']:.3g})"
            lines.append(f"  {row['name']:<{width}}  HR {row['hazard_ratio']:.3g} {limits}, p {row['p_value']:.3g}")
        return "\n".join(lines)


def cox(
    frame: Frames,
    *,
    time: str,
    event: str,
    covariates: Sequence[str],
    strata: str | Sequence[str] | None = None,
    references: Mapping[str, str] | None = None,
    ties: Ties = "efron",
    confidence: float = 0.95,
) -> CoxResult:
    r"""Fit a proportional-hazards model by partial likelihood.

    .. math:: \lambda(t \mid x) = \lambda_0(t) \exp(x^\top \beta)

    frame       polars or pandas frame, or a list of them, one a site
    time        column of follow-up times, 0 or more, any unit
    event       column with 1 or true for an event, 0 or false for censoring
    covariates  columns: numbers enter as one term, texts and truth values as categories
    strata      column or columns whose combinations have their own baseline hazard
    references  reference level of a category by column, the first level where absent
    ties        `efron` or `breslow`
    confidence  confidence level, between 0 and 1

    Returns a `CoxResult`; rows with an unknown value are left out and counted.

    Leaves the site: sums of covariates; then, each round, a score vector and an information matrix where strata
    lie inside sites, otherwise sums of relative hazards and of weighted covariates by time.

    Raises
        UsageError: a column is missing or does not hold what is expected.
        EstimationError: no rows, no events, or no convergence.

    References: Cox 1972; Efron 1977; Breslow 1974.

    >>> import polars as pl
    >>> from cohortium import cox
    >>> frame = pl.DataFrame({"day": [1, 1, 6, 6, 8, 9], "died": [1, 0, 1, 1, 0, 1], "x": [1, 1, 1, 0, 0, 0]})
    >>> round(cox(frame, time="day", event="died", covariates=["x"]).coefficients["x"], 6)
    1.676857
    """
    if not covariates or isinstance(covariates, str):
        raise UsageError('covariates: expected a list of column names, such as ["age", "sex"]')
    names = [strata] if isinstance(strata, str) else list(strata or ())
    require_choice("ties", ties, Ties)
    require_level(confidence)
    require_distinct([time, event, *covariates, *names])
    require_known("references", references or {}, covariates)
    sites = Sites(frame, [time, event, *covariates, *names])
    sites.event(event)
    factors = tuple(sites.factor(name) for name in names)
    spec = CoxSpec(
        time=time,
        event=event,
        grid=sites.time(time),
        terms=tuple(_term(sites, name, dict(references or {})) for name in covariates),
        strata=factors,
        nested=sites.lies_within_sites(factors),
        ties=ties,
        confidence=confidence,
    )
    if not spec.columns:
        raise UsageError("covariates: every category has a single level, so there is nothing to estimate")
    if not spec.nested:
        require_room(spec.n_strata, spec.grid.size, 2 * len(spec.columns) + 2)
    found: CoxEstimate = sites.run("cox", spec)
    if found.problem:
        raise EstimationError(f"Cox model: {found.problem}")
    return CoxResult(found)


def _term(sites: Sites, name: str, references: dict[str, str]) -> Term:
    if sites.is_number(name) and name not in references:
        sites.number(name)
        return NumberTerm(name)
    factor = sites.factor(name)
    reference = references.get(name, factor.labels[0] if factor.labels else "")
    if factor.labels and str(reference) not in factor.labels:
        raise UsageError(f"references: {name} has no level {reference!r}; it has {', '.join(factor.labels)}")
    return FactorTerm(factor, factor.labels.index(str(reference)) if factor.labels else 0)
