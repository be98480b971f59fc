"""A fitted logistic model, and what can be asked of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from cohortium.api.cox_result import LogLikelihood, Test
from cohortium.api.frames import run_on
from cohortium.errors import EstimationError, UsageError
from cohortium.estimators.contract import Task
from cohortium.estimators.distributions import chi_square_tail
from cohortium.estimators.logistic.performance import counts_by_value, discrimination, linear_predictors
from cohortium.estimators.logistic.rounds import prepare
from cohortium.estimators.logistic.tabulate import penalty_sentence
from cohortium.estimators.regression.term_tests import test_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

    from cohortium.estimators.contract import Reals, Rows
    from cohortium.estimators.logistic.estimate import LogisticEstimate
    from cohortium.estimators.logistic.performance import Discrimination
    from cohortium.estimators.regression.fitted import Effect

_SAME_RISK = 9
"""Decimals of a linear predictor beyond which two are tied: rounding differs between rows with the same covariates."""


class Calibration(NamedTuple):
    """How predicted risks agree with the outcomes of the rows that the model was fitted to.

    slope, slope_standard_error          of the outcome on the predicted log odds; 1 for maximum likelihood
    intercept, intercept_standard_error  the constant when the slope is held at 1; 0 for maximum likelihood
    groups      a row per group by predicted risk: n, n_events, predicted (mean risk), observed (share with the event)
    estimate    the fit with its rows by predicted risk
    """

    slope: float
    slope_standard_error: float
    intercept: float
    intercept_standard_error: float
    groups: pl.DataFrame
    estimate: LogisticEstimate

    def plot(self, *, outcome: str = "risk") -> Figure:
        """Observed against predicted risk with Wilson intervals, as a matplotlib figure."""
        from cohortium.api.plots import calibration_figure

        return calibration_figure(self.estimate, outcome)


@dataclass(frozen=True)
class LogisticResult:
    """A fitted logistic model; names are `age`, `sex[Female]`, `age'` for a spline's bend, `age x sex[Female]`.

    A coefficient without a finite estimate is NaN and `warnings` says why.
    """

    estimate: LogisticEstimate
    rows: tuple[Rows, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coefficients in order, without the constant."""
        return tuple(column.name for column in self.estimate.spec.columns)

    @property
    def coefficients(self) -> Mapping[str, float]:
        """Name to log odds ratio."""
        return dict(zip(self.names, self.estimate.coefficients.tolist(), strict=True))

    @property
    def standard_errors(self) -> Mapping[str, float]:
        """Name to standard error of the coefficient; of a penalized fit, the kind that `firth_errors` named."""
        return dict(zip(self.names, self.estimate.standard_errors.tolist(), strict=True))

    @property
    def augmented_standard_errors(self) -> Mapping[str, float]:
        """Name to standard error from the augmented data, as R's logistf prints it; empty for maximum likelihood."""
        found = self.estimate.augmented
        if found is None:
            return {}
        errors = np.sqrt(np.diag(found))[self.estimate.spec.n_constants :]
        return dict(zip(self.names, errors.tolist(), strict=True))

    @property
    def covariance(self) -> Reals:
        """Covariance of the coefficients, shape (p, p)."""
        return self.estimate.covariance

    @property
    def constant(self) -> Effect | None:
        """Log odds where all covariates are 0: value, standard_error, lower, upper, p; None with strata."""
        return self.estimate.constant_effect()

    @property
    def log_likelihood(self) -> LogLikelihood:
        """Log likelihood without covariates and with them; penalized where the fit is."""
        return LogLikelihood(self.estimate.log_likelihood_null, self.estimate.log_likelihood)

    @property
    def n(self) -> int:
        """Rows used."""
        return self.estimate.counts.n

    @property
    def n_events(self) -> int:
        """Rows with the event."""
        return self.estimate.counts.n_events

    @property
    def n_missing(self) -> int:
        """Rows left out: a value not known, a weight of 0."""
        counts = self.estimate.counts
        return counts.missing + counts.missing_stratum + counts.invalid_weight

    @property
    def is_penalized(self) -> bool:
        """Whether the coefficients are Firth's."""
        return self.estimate.is_penalized

    @property
    def likelihood_ratio(self) -> Test:
        """Likelihood-ratio test of all coefficients but the constants."""
        return self._test(self.estimate.likelihood_ratio)

    @property
    def wald(self) -> Test:
        """Wald test of all coefficients but the constants."""
        return self._test(self.estimate.wald_test)

    @property
    def score(self) -> Test:
        """Score test of all coefficients but the constants; NaN for a penalized fit."""
        return self._test(self.estimate.score_test)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know about coefficients without an estimate, and that a fit is penalized."""
        sentence = penalty_sentence(self.estimate)
        refused = (f"{name}: {reason}" for name, reason in self.estimate.refusals.items())
        return (*([sentence] if sentence else []), *refused)

    def to_frame(self) -> pl.DataFrame:
        """A row per coefficient: coefficient, standard error, odds ratio with limits, p-value; the constant is apart."""
        effects = [self.estimate.effect(j) for j in range(len(self.names))]
        value, error, lower, upper, p = (np.array([effect[k] for effect in effects]) for k in range(5))
        with np.errstate(over="ignore"):
            ratios = np.exp(value), np.exp(lower), np.exp(upper)
        columns = dict(zip(("odds_ratio", "lower", "upper"), ratios, strict=True))
        columns = {"coefficient": value, "standard_error": error, **columns, "p_value": p}
        return pl.DataFrame({"name": list(self.names)}).with_columns(
            **{name: pl.Series(values).fill_nan(None) for name, values in columns.items()}
        )

    def term_tests(self) -> pl.DataFrame:
        """A row per term: df, Wald and likelihood-ratio test of all its coefficients, each with its p-value.

        A term within an interaction has none, since its test would depend on reference levels. `nonlinear_wald` tests
        the bends of a spline.
        """
        spec = replace(self.estimate.spec, term_tests=True)
        tested, task = run_on(self.rows, "logistic", spec), Task("logistic", "logistic", spec, "logistic")
        names = ("df", "wald", "wald-p", "likelihood-ratio", "likelihood-ratio-p", "nonlinear-wald", "nonlinear-wald-p")
        rows: list[dict[str, Any]] = []
        for term in spec.terms:
            found = {s.statistic.removeprefix("term-"): s.value for s in test_rows(task, tested, term)}
            rows.append({"term": term.name} | {name.replace("-", "_"): found.get(name) for name in names})
        schema = {"term": pl.String, **{name.replace("-", "_"): pl.Float64 for name in names}}
        return pl.DataFrame(rows, schema=schema).with_columns(pl.col("df").cast(pl.Int64))

    def discrimination(self, *, exact: bool = True) -> Discrimination:
        """Area under the receiver operating characteristic curve with DeLong's standard_error, lower and upper.

        exact   False: from predicted risks in steps of 0.001, as sites that keep their rows give it
        """
        self._require_risks()
        if exact and self.estimate.strata_left_out:
            raise UsageError("exact: strata without both outcomes have no predicted risk; use exact=False")
        if exact:
            used = [prepare(rows, self.estimate.spec).rows for rows in self.rows]
            eta = np.concatenate([linear_predictors(rows, self.estimate.score) for rows in used])
            outcome = np.concatenate([rows.outcome for rows in used])
            counts = counts_by_value(np.round(eta, _SAME_RISK), outcome)
            found = discrimination(counts, self.estimate.spec.confidence)
        else:
            found = self._counted(2).discrimination
        if found is None:
            raise EstimationError("Logistic model: there are no predicted risks")
        return found

    def calibration(self, *, groups: int = 10) -> Calibration:
        """Calibration slope and intercept, and observed beside predicted risk in groups of about equal size.

        groups   how many
        """
        found = self._counted(groups)
        slope, large = found.slope, found.large
        if slope is None or large is None:
            raise EstimationError("Logistic model: predicted risks do not differ")
        rows = [(g.n, g.n_events, g.predicted / g.n, g.n_events / g.n) for g in found.risk_groups]
        frame = pl.DataFrame(rows, schema=("n", "n_events", "predicted", "observed"), orient="row")
        return Calibration(*slope, *large, frame, found)

    def plot(self) -> Figure:
        """A forest plot of the odds ratios, as a matplotlib figure."""
        from cohortium.api.plots import odds_forest_figure

        return odds_forest_figure(self.estimate)

    def _counted(self, groups: int) -> LogisticEstimate:
        """The fit with rows by predicted risk."""
        if not 2 <= groups <= 100:
            raise UsageError(f"groups: expected from 2 to 100, got {groups!r}")
        self._require_risks()
        spec = replace(self.estimate.spec, risk_groups=groups, interval="wald")
        found: LogisticEstimate = run_on(self.rows, "logistic", spec)
        return found

    def _require_risks(self) -> None:
        if self.estimate.spec.conditional:
            raise UsageError("the conditional likelihood has no constants, so that no risks are predicted")
        if not self.estimate.has_risks:
            raise EstimationError("Logistic model: a coefficient has no finite estimate, so no risks are predicted")

    def _test(self, statistic: float) -> Test:
        df = self.estimate.df
        known = df > 0 and np.isfinite(statistic)
        return Test(statistic, df, chi_square_tail(statistic, df) if known else float("nan"))

    def __repr__(self) -> str:
        spec = self.estimate.spec
        strata = ", ".join(factor.name for factor in spec.strata)
        how = "conditional on the events by" if spec.conditional else "a constant by"
        parts = [f"{how} {strata}" if strata else "", "Firth penalized" if self.is_penalized else ""]
        head = ", ".join(filter(None, ["Logistic model", *parts]))
        lines = [f"{head}: {self.n} rows, {self.n_events} events, {self.n_missing} rows left out"]
        width = max(len(name) for name in self.names)
        for row in self.to_frame().iter_rows(named=True):
            if row["odds_ratio"] is None:
                lines.append(f"  {row['name']:<{width}}  not estimated ({self.estimate.refusals[row['name']]})")
                continue
            limits = " to ".join("?" if row[side] is None else f"{row[side]:.3g}" for side in ("lower", "upper"))
            p = "?" if row["p_value"] is None else f"{row['p_value']:.3g}"
            lines.append(f"  {row['name']:<{width}}  OR {row['odds_ratio']:.3g} ({limits}), p {p}")
        return "\n".join(lines)
