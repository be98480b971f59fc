"""`fine_gray`: regression of the subdistribution hazard from a frame or a list of frames, one a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cohortium.api.arguments import require_distinct, require_known, require_level, require_room
from cohortium.api.causes import number_of, take_causes
from cohortium.api.cox_result import LogLikelihood, Test
from cohortium.api.frames import Sites
from cohortium.api.terms import main_term
from cohortium.errors import EstimationError, UsageError
from cohortium.estimators.distributions import chi_square_tail, normal_quantile, normal_two_sided
from cohortium.estimators.fine_gray.spec import FineGraySpec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure

    from cohortium.api.causes import Causes, Code
    from cohortium.api.frames import Frames
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.fine_gray.estimate import FineGrayEstimate


@dataclass(frozen=True)
class FineGrayResult:
    """A fitted Fine-Gray model; names are `age` for a number and `sex[Female]` for a level of a category.

    A coefficient without a finite estimate is NaN and `warnings` says why.
    """

    estimate: FineGrayEstimate

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coefficients in order."""
        return tuple(column.name for column in self.estimate.spec.columns)

    @property
    def coefficients(self) -> Mapping[str, float]:
        """Name to log subdistribution hazard ratio."""
        return dict(zip(self.names, self.estimate.coefficients.tolist(), strict=True))

    @property
    def standard_errors(self) -> Mapping[str, float]:
        """Name to standard error of the coefficient, of the sandwich."""
        return dict(zip(self.names, self.estimate.standard_errors.tolist(), strict=True))

    @property
    def covariance(self) -> Reals:
        """Covariance of the coefficients, shape (p, p), of the sandwich."""
        return self.estimate.covariance

    @property
    def log_likelihood(self) -> LogLikelihood:
        """Log pseudo-likelihood, null and fitted."""
        return LogLikelihood(self.estimate.log_likelihood_null, self.estimate.log_likelihood)

    @property
    def n(self) -> int:
        """Rows used."""
        return self.estimate.counts.n

    @property
    def n_events(self) -> int:
        """Events of the cause."""
        return self.estimate.counts.n_events

    @property
    def n_competing(self) -> int:
        """Events of other causes."""
        return self.estimate.n_others

    @property
    def n_missing(self) -> int:
        """Rows left out because a value was not known."""
        return self.estimate.counts.missing + self.estimate.counts.missing_stratum

    @property
    def wald(self) -> Test:
        """Wald test of all coefficients, with the covariance of the sandwich."""
        statistic, df = self.estimate.wald_test, self.estimate.df
        known = df > 0 and np.isfinite(statistic)
        return Test(statistic, df, chi_square_tail(statistic, df) if known else float("nan"))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know about coefficients without an estimate."""
        return tuple(f"{name}: {reason}" for name, reason in self.estimate.refusals.items())

    def to_frame(self) -> pl.DataFrame:
        """A row per coefficient: coefficient, standard error, ratio with limits, Wald p-value."""
        found = self.estimate
        z = normal_quantile(0.5 + found.spec.confidence / 2)
        beta, se = found.coefficients, found.standard_errors
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            ratio, lower, upper = np.exp(beta), np.exp(beta - z * se), np.exp(beta + z * se)
            p_values = np.array([normal_two_sided(b) for b in beta / se])
        columns = {
            "coefficient": beta,
            "standard_error": se,
            "subdistribution_hazard_ratio": ratio,
            "lower": lower,
            "upper": upper,
            "p_value": p_values,
        }
        return pl.DataFrame({"name": list(self.names)}).with_columns(
            **{name: pl.Series(values).fill_nan(None) for name, values in columns.items()}
        )

    def plot(self) -> Figure:
        """A forest plot of the subdistribution hazard ratios, as a matplotlib figure."""
        from cohortium.api.plots import subdistribution_forest_figure

        return subdistribution_forest_figure(self.estimate)

    def __repr__(self) -> str:
        spec = self.estimate.spec
        strata = ", ".join(factor.name for factor in spec.strata)
        head = f"Fine-Gray model of {spec.cause_label}{f', stratified by {strata}' if strata else ''}"
        events = f"{self.n_events} events, {self.n_competing} competing events"
        lines = [f"{head}: {self.n} rows, {events}, {self.n_missing} rows left out"]
        width = max(len(name) for name in self.names)
        for row in self.to_frame().iter_rows(named=True):
            if row["subdistribution_hazard_ratio"] is None:
                lines.append(f"  {row['name']:<{width}}  not estimated ({self.estimate.refusals[row['name']]})")
                continue
            ratio = f"SHR {row['subdistribution_hazard_ratio']:.3g} ({row['lower']:.3g} to {row['upper']:.3g})"
            lines.append(f"  {row['name']:<{width}}  {ratio}, p {row['p_value']:.3g}")
        return "\n".join(lines)


def fine_gray(
    frame: Frames,
    *,
    time: str,
    event: str,
    covariates: Sequence[str],
    cause: Code = 1,
    causes: Causes | None = None,
    censored: Code | None = None,
    strata: str | Sequence[str] | None = None,
    censoring_by: str | None = None,
    references: Mapping[str, str] | None = None,
    confidence: float = 0.95,
) -> FineGrayResult:
    r"""Fit proportional subdistribution hazards of one cause.

    .. math:: 1 - F_1(t \mid x) = \{1 - F_{10}(t)\}^{\exp(x^\top \beta)}

    frame         polars or pandas frame, or a list of them, one a site
    time          column of follow-up times, 0 or more, any unit
    event         column with 0 for censoring and another whole number for each cause; or texts, with `censored`
    covariates    columns: numbers enter as one term, texts and truth values as categories
    cause         code or label of the cause that is modeled
    causes        `{1: "Relapse", 2: "Death"}`, or the codes in order; every code but that of censoring when left out
    censored      code or text of a censored follow-up; 0 when left out
    strata        column or columns whose combinations have their own baseline
    censoring_by  column in whose levels the distribution of censoring is estimated apart; one for all when left out
    references    reference level of a category by column, the first level where absent
    confidence    confidence level, between 0 and 1

    Returns a `FineGrayResult`; rows with an unknown value are left out and counted. Ties are Breslow's, standard errors
    those of the sandwich with the estimated distribution of censoring, both as in R's `cmprsk::crr`.

    Leaves the site: counts by time of censorings and events; then, each round, sums of relative hazards and of weighted
    covariates by time, or a score vector and an information matrix where strata lie inside sites; last, a matrix.

    Raises
        UsageError: a column is missing or does not hold what is expected.
        EstimationError: no rows, no events of the cause, or no convergence.

    References: Fine and Gray 1999; Zhou et al. 2011.

    >>> import polars as pl
    >>> from cohortium import fine_gray
    >>> frame = pl.DataFrame({"day": [1, 2, 3, 4, 5, 6], "end": [1, 2, 1, 0, 1, 1], "x": [0, 1, 1, 0, 1, 0]})
    >>> fine_gray(frame, time="day", event="end", covariates=["x"]).n_competing
    1
    """
    if not covariates or isinstance(covariates, str):
        raise UsageError('covariates: expected a list of column names, such as ["age", "sex"]')
    strata_names = [strata] if isinstance(strata, str) else list(strata or ())
    require_level(confidence)
    require_distinct([time, event, *covariates, *strata_names])
    if censoring_by in (time, event):
        raise UsageError(f"censoring_by: {censoring_by} is the time or the event; name a column of groups")
    require_known("references", references or {}, covariates)
    grouped = [censoring_by] if censoring_by else []
    sites = Sites(frame, list(dict.fromkeys([time, event, *covariates, *strata_names, *grouped])))
    named = take_causes(sites, event, causes, censored)
    factors = tuple(sites.factor(name) for name in strata_names)
    groups = sites.factor(censoring_by) if censoring_by else None
    number = number_of(named, cause)
    spec = FineGraySpec(
        time=time,
        event=event,
        grid=sites.time(time),
        terms=tuple(main_term(sites, name, {}, dict(references or {})) for name in covariates),
        cause=number,
        n_causes=len(named),
        cause_label=list(named.values())[number - 1],
        strata=factors,
        nested=sites.lies_within_sites(factors),
        censoring=groups,
        censoring_nested=sites.lies_within_sites([groups] if groups is not None else []),
        confidence=confidence,
    )
    if not spec.columns:
        raise UsageError("covariates: every category has a single level, so there is nothing to estimate")
    if not spec.nested:
        require_room(spec.n_strata * (spec.n_groups + 1), spec.grid.size, len(spec.columns) + 1)
    found: FineGrayEstimate = sites.run("fine-gray", spec)
    if found.problem:
        raise EstimationError(f"Fine-Gray model: {found.problem}")
    return FineGrayResult(found)
