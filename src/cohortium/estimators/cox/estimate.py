"""The estimate of a Cox model, and what of it is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cohortium.estimators.cox.tabulation.effects import coefficient_effect, penalized
from cohortium.estimators.regression.effects import FIRTH_PENALIZED, ROBUST_ERRORS
from cohortium.estimators.regression.quadratic import wald
from cohortium.estimators.regression.refusals import column_refusals

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.cox.robust import Robust
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.estimators.cox.stages import Fit
    from cohortium.estimators.regression.counts import Counts
    from cohortium.estimators.regression.fitted import Effect, TermTest
    from cohortium.estimators.regression.newton import Ended


@dataclass(frozen=True)
class CoxEstimate:
    """A fitted Cox model.

    coefficients      shape (p,), NaN where refused
    covariance        shape (p, p), NaN where refused; the robust one when the specification asks for it
    naive_covariance  shape (p, p): from the information, whether or not the variance is robust
    wald_test         with the model-based covariance; `robust` has the robust one
    df                columns that carry information of their own: degrees of freedom of the tests
    refusals          column name to the reason why it has no estimate
    problem           why the whole model was refused; empty when it was not
    term_tests        term name to its likelihood-ratio test, where the specification asks for them
    after             name of a stage to its result
    fit               coefficients and evaluations as the stages see them; None when the model was refused
    """

    spec: CoxSpec
    counts: Counts
    coefficients: Reals
    covariance: Reals
    naive_covariance: Reals
    log_likelihood_null: float
    log_likelihood: float
    score_test: float
    wald_test: float
    df: int
    evaluations: int
    refusals: dict[str, str]
    problem: str = ""
    term_tests: Mapping[str, TermTest] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    fit: Fit | None = field(default=None, repr=False, compare=False)

    @property
    def likelihood_ratio(self) -> float:
        """Likelihood-ratio statistic against no covariates."""
        return 2 * (self.log_likelihood - self.log_likelihood_null)

    @property
    def standard_errors(self) -> Reals:
        """Shape (p,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    @property
    def method(self) -> str:
        """Name of the method in the results table."""
        return "cox"

    @property
    def ratio(self) -> str:
        """Name of the exponential of a coefficient in the results table."""
        return "hazard-ratio"

    @property
    def is_penalized(self) -> bool:
        """Whether the coefficients are Firth's."""
        return penalized(self) is not None

    @property
    def error_note(self) -> str:
        """What sets standard errors apart; empty for those of maximum likelihood."""
        if self.spec.is_robust:
            return ROBUST_ERRORS
        return FIRTH_PENALIZED if self.is_penalized else ""

    def effect(self, j: int) -> Effect:
        """The effect of one column."""
        return coefficient_effect(self, j)

    def wald(self, columns: np.ndarray) -> tuple[float, int]:
        """Wald statistic of some columns together and its degrees of freedom."""
        if self.fit is None:
            return float("nan"), 0
        return wald(self.coefficients, self.covariance, columns & ~self.fit.dependent)

    @property
    def robust(self) -> Robust | None:
        """The robust variance and its tests; None when the variance is model-based."""
        return self.after.get("robust")


def estimated(spec: CoxSpec, fit: Fit, end: Ended) -> CoxEstimate:
    """The estimate of a fit that has ended, before its stages."""
    coefficients, covariance = np.where(fit.free, end.beta, np.nan), end.covariance.copy()
    coefficients.flags.writeable = covariance.flags.writeable = False
    free, null = ~end.dependent, end.null
    step = np.linalg.solve(null.information[np.ix_(free, free)], null.score[free]) if free.any() else np.zeros(0)
    return CoxEstimate(
        spec=spec,
        counts=fit.counts,
        coefficients=coefficients,
        covariance=covariance,
        naive_covariance=covariance,
        log_likelihood_null=null.log_likelihood,
        log_likelihood=end.final.log_likelihood,
        score_test=float(step @ null.score[free]),
        wald_test=_wald(end, free),
        df=int(free.sum()),
        evaluations=end.evaluations,
        refusals=column_refusals(spec, fit.counts, fit.dependent, fit.infinite),
        fit=fit,
    )


def _wald(end: Ended, free: np.ndarray) -> float:
    if end.infinite.any() or not free.any():
        return float("nan")
    beta = end.beta[free]
    return float(beta @ end.final.information[np.ix_(free, free)] @ beta)


def refused(spec: CoxSpec, counts: Counts, problem: str) -> CoxEstimate:
    """The estimate of a model that cannot be fitted."""
    p = len(spec.columns)
    nan = float("nan")
    return CoxEstimate(
        spec=spec,
        counts=counts,
        coefficients=np.full(p, nan),
        covariance=np.full((p, p), nan),
        naive_covariance=np.full((p, p), nan),
        log_likelihood_null=nan,
        log_likelihood=nan,
        score_test=nan,
        wald_test=nan,
        df=0,
        evaluations=0,
        refusals={column.name: problem for column in spec.columns},
        problem=problem,
    )
