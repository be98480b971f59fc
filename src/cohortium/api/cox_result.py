"""A fitted Cox model, and what can be asked of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from cohortium.api import cox_after
from cohortium.api.frames import run_over
from cohortium.errors import UsageError
from cohortium.estimators.contract import Task
from cohortium.estimators.cox.profiles import profile_columns
from cohortium.estimators.cox.tabulation.effects import coefficient_effect, penalized
from cohortium.estimators.cox.tabulation.model import no_penalty_sentence, penalty_sentence
from cohortium.estimators.distributions import chi_square_tail
from cohortium.estimators.regression.term_tests import test_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure

    from cohortium.api.cox_after import ConcordanceResult, FittedRows, ProportionalHazardsTest
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.cox.after.concordance import Kind
    from cohortium.estimators.cox.after.curves import Interval
    from cohortium.estimators.cox.after.transforms import Transform
    from cohortium.estimators.cox.estimate import CoxEstimate
    from cohortium.estimators.cox.residuals import EventKind, RowKind


class LogLikelihood(NamedTuple):
    """Log partial likelihood without and with the covariates; penalized where the fit is."""

    null: float
    fitted: float


class Test(NamedTuple):
    """A chi-square test."""

    statistic: float
    df: int
    p_value: float


@dataclass(frozen=True)
class CoxResult:
    """A fitted Cox model; names are `age`, `sex[Female]`, `age'` for a spline's bend, `age x sex[Female]` for a product.

    A coefficient without a finite estimate is NaN and `warnings` says why.
    """

    fitted: FittedRows

    @property
    def estimate(self) -> CoxEstimate:
        """The estimate with its specification."""
        return self.fitted.estimate

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
        """Name to standard error of the coefficient, robust where that was asked for."""
        return dict(zip(self.names, self.estimate.standard_errors.tolist(), strict=True))

    @property
    def covariance(self) -> Reals:
        """Covariance of the coefficients, shape (p, p), robust where that was asked for."""
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
        """Rows left out: a value not known, a weight of 0, follow-up that does not end after entry."""
        counts = self.estimate.counts
        return counts.missing + counts.missing_stratum + counts.invalid_entry + counts.invalid_weight

    @property
    def is_penalized(self) -> bool:
        """Whether the coefficients are Firth's."""
        return penalized(self.estimate) is not None

    @property
    def likelihood_ratio(self) -> Test:
        """Likelihood-ratio test of all coefficients."""
        return self._test(self.estimate.likelihood_ratio)

    @property
    def wald(self) -> Test:
        """Wald test of all coefficients, with the robust covariance where that was asked for."""
        robust = self.estimate.robust
        return self._test(self.estimate.wald_test if robust is None else robust.wald_test)

    @property
    def score(self) -> Test:
        """Score test of all coefficients, the robust one where that was asked for."""
        robust = self.estimate.robust
        return self._test(self.estimate.score_test if robust is None else robust.score_test)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know about coefficients without an estimate, and that a fit is penalized."""
        sentences = (penalty_sentence(self.estimate), no_penalty_sentence(self.estimate))
        refused = (f"{name}: {reason}" for name, reason in self.estimate.refusals.items())
        return (*filter(None, sentences), *refused)

    def to_frame(self) -> pl.DataFrame:
        """A row per coefficient: coefficient, standard error, hazard ratio with limits, p-value.

        Limits and p-values are Wald's; of a penalized fit, those of the profile likelihood.
        """
        effects = [coefficient_effect(self.estimate, j) for j in range(len(self.names))]
        value, error, lower, upper, p = (np.array([effect[k] for effect in effects]) for k in range(5))
        with np.errstate(over="ignore"):
            ratios = np.exp(value), np.exp(lower), np.exp(upper)
        columns = dict(zip(("hazard_ratio", "lower", "upper"), ratios, strict=True))
        columns = {"coefficient": value, "standard_error": error, **columns, "p_value": p}
        return pl.DataFrame({"name": list(self.names)}).with_columns(
            **{name: pl.Series(values).fill_nan(None) for name, values in columns.items()}
        )

    def term_tests(self) -> pl.DataFrame:
        """A row per term: df, Wald and likelihood-ratio test of all its coefficients, each with its p-value.

        A term within an interaction has none, since its test would depend on reference levels; nor has a likelihood
        ratio a meaning with robust standard errors. `nonlinear_wald` tests the bends of a spline.
        """
        spec = replace(self.estimate.spec, term_tests=True, only_terms=())
        task = Task("cox", "cox", spec, "cox")
        tested = run_over(self.fitted.rows, [task])["cox"]
        names = ("df", "wald", "wald-p", "likelihood-ratio", "likelihood-ratio-p", "nonlinear-wald", "nonlinear-wald-p")
        rows: list[dict[str, Any]] = []
        for term in spec.terms:
            found = {s.statistic.removeprefix("term-"): s.value for s in test_rows(task, tested, term)}
            rows.append({"term": term.name} | {name.replace("-", "_"): found.get(name) for name in names})
        schema = {"term": pl.String, **{name.replace("-", "_"): pl.Float64 for name in names}}
        return pl.DataFrame(rows, schema=schema).with_columns(pl.col("df").cast(pl.Int64))

    def ph_test(self, *, transform: Transform = "km", smooth_df: int = 4) -> ProportionalHazardsTest:
        """Test of proportional hazards; see `cohortium.api.cox_after.ph_test`."""
        return cox_after.ph_test(self.fitted, transform=transform, smooth_df=smooth_df)

    def concordance(self, *, kind: Kind = "harrell", tau: float | None = None) -> ConcordanceResult:
        """Concordance of the linear predictor; see `cohortium.api.cox_after.concordance`."""
        confidence = self.estimate.spec.confidence
        return cox_after.concordance(self.fitted, kind=kind, tau=tau, confidence=confidence)

    def baseline_hazard(self, *, centered: bool = False) -> pl.DataFrame:
        """Cumulative baseline hazard: stratum, time, hazard; `centered` at the means of the covariates, as in R."""
        return cox_after.baseline_hazard(self.fitted, centered=centered)

    def predict(
        self,
        patients: pl.DataFrame | Sequence[Mapping[str, float | str]],
        *,
        labels: Sequence[str] | None = None,
        interval: Interval = "log",
    ) -> pl.DataFrame:
        """Predicted survival: profile, stratum, time, survival with limits, cumulative hazard.

        patients  a mapping (or a row of a frame) with the value of every covariate for each patient
        labels    one for each patient; `patient 1`, ... when absent
        """
        given = patients.to_dicts() if isinstance(patients, pl.DataFrame) else list(patients)
        names = [f"patient {i + 1}" for i in range(len(given))] if labels is None else list(labels)
        if not given or len(names) != len(given):
            raise UsageError("patients: expected one patient or more, and as many labels")
        needed = dict.fromkeys(part.variable for part in self.estimate.spec.components)
        for patient in given:
            missing = [name for name in needed if patient.get(name) is None]
            if missing:
                raise UsageError(f"patients: no value of {', '.join(missing)}; each needs {', '.join(needed)}")
        try:
            values = profile_columns(self.estimate.spec, given)
        except (LookupError, ValueError) as error:
            raise UsageError(f"patients: {error}") from error
        confidence = self.estimate.spec.confidence
        return cox_after.predict(self.fitted, values, names, confidence=confidence, interval=interval)

    def residuals(self, kind: RowKind | EventKind = "martingale") -> pl.DataFrame | list[pl.DataFrame]:
        """Residuals of the rows as in R, a frame for each given; see `cohortium.api.cox_after.residuals`."""
        found = cox_after.residuals(self.fitted, kind)
        return found[0] if len(found) == 1 else found

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
        parts = [f"{spec.ties.title()} ties", f"stratified by {strata}" if strata else ""]
        parts += ["robust standard errors" if spec.is_robust else "", "Firth penalized" if self.is_penalized else ""]
        head = f"Cox model, {', '.join(filter(None, parts))}"
        lines = [f"{head}: {self.n} rows, {self.n_events} events, {self.n_missing} rows left out"]
        width = max(len(name) for name in self.names)
        for row in self.to_frame().iter_rows(named=True):
            if row["hazard_ratio"] is None:
                lines.append(f"  {row['name']:<{width}}  not estimated ({self.estimate.refusals[row['name']]})")
                continue
            limits = " to ".join("?" if row[side] is None else f"{row[side]:.3g}" for side in ("lower", "upper"))
            p = "?" if row["p_value"] is None else f"{row['p_value']:.3g}"
            lines.append(f"  {row['name']:<{width}}  HR {row['hazard_ratio']:.3g} ({limits}), p {p}")
        return "\n".join(lines)
