"""The estimate of a Fine-Gray model, and what of it is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.regression.effects import contrast_effect
from cohortium.estimators.regression.fitted import Effect
from cohortium.estimators.regression.quadratic import quadratic, wald
from cohortium.estimators.regression.refusals import column_refusals

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.fine_gray.spec import FineGraySpec
    from cohortium.estimators.regression.counts import Counts
    from cohortium.estimators.regression.fitted import TermTest
    from cohortium.estimators.regression.newton import Ended

ROBUST_ERRORS = "robust standard errors, the estimated distribution of censoring allowed for"
TOO_FEW = "too few rows for a standard error"


@dataclass(frozen=True)
class FineGrayEstimate:
    """A fitted Fine-Gray model.

    n_others          rows that had another event
    coefficients      shape (p,): log subdistribution hazard ratios, NaN where refused
    covariance        shape (p, p): of the sandwich, NaN where refused
    naive_covariance  shape (p, p): from the information, as if the weights made a likelihood
    wald_test         of all coefficients with the covariance of the sandwich
    df                columns that carry information of their own
    refusals          column name to the reason why it has no estimate
    problem           why the whole model was refused; empty when it was not
    dependent         shape (p,): columns without information of their own
    term_tests        none: terms have Wald tests
    method, ratio     names in the results table
    error_note        what sets standard errors apart
    """

    spec: FineGraySpec
    counts: Counts
    n_others: int
    coefficients: Reals
    covariance: Reals
    naive_covariance: Reals
    log_likelihood_null: float
    log_likelihood: float
    wald_test: float
    df: int
    evaluations: int
    refusals: dict[str, str]
    problem: str = ""
    dependent: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    term_tests: Mapping[str, TermTest] = field(default_factory=dict)
    is_penalized: bool = False
    method: str = "fine-gray"
    ratio: str = "subdistribution-hazard-ratio"
    error_note: str = ROBUST_ERRORS

    @property
    def likelihood_ratio(self) -> float:
        """Twice the gain of the log pseudo-likelihood; its distribution is chi-square only without censoring."""
        return 2 * (self.log_likelihood - self.log_likelihood_null)

    @property
    def standard_errors(self) -> Reals:
        """Shape (p,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    def effect(self, j: int) -> Effect:
        """The effect of one column."""
        if self.standard_errors[j] == 0.0:
            beta = float(self.coefficients[j])
            nan = float("nan")
            return Effect(beta, 0.0, beta, beta, nan, "Wald test", caution=TOO_FEW, note=self.error_note)
        return contrast_effect(self, (np.arange(len(self.spec.columns)) == j).astype(np.float64))

    def wald(self, columns: np.ndarray) -> tuple[float, int]:
        """Wald statistic of some columns together and its degrees of freedom."""
        if self.problem:
            return float("nan"), 0
        return wald(self.coefficients, self.covariance, columns & ~self.dependent)


def estimated(spec: FineGraySpec, counts: Counts, n_others: int, end: Ended, middle: Reals | None) -> FineGrayEstimate:
    """The estimate of a fit that has ended.

    middle  shape (p, p): sum over rows of the outer products of their influence; None when no coefficient is finite
    """
    free = ~(end.dependent | end.infinite)
    covariance = np.full_like(end.covariance, np.nan)
    wald = float("nan")
    if middle is not None:
        at = np.flatnonzero(free)
        block = np.ix_(at, at)
        covariance[block] = end.covariance[block] @ middle[block] @ end.covariance[block]
        if not end.infinite.any():
            wald = quadratic(covariance[block], end.beta[at])
    coefficients, naive = np.where(free, end.beta, np.nan), end.covariance.copy()
    for array in (coefficients, covariance, naive):
        array.flags.writeable = False
    return FineGrayEstimate(
        spec=spec,
        counts=counts,
        n_others=n_others,
        coefficients=coefficients,
        covariance=covariance,
        naive_covariance=naive,
        log_likelihood_null=end.null.log_likelihood,
        log_likelihood=end.final.log_likelihood,
        wald_test=wald,
        df=int((~end.dependent).sum()),
        evaluations=end.evaluations,
        refusals=column_refusals(spec, counts, end.dependent, end.infinite, events="events of the cause"),
        dependent=end.dependent,
    )


def refused(spec: FineGraySpec, counts: Counts, n_others: int, problem: str) -> FineGrayEstimate:
    """The estimate of a model that cannot be fitted."""
    p, nan = len(spec.columns), float("nan")
    return FineGrayEstimate(
        spec=spec,
        counts=counts,
        n_others=n_others,
        coefficients=np.full(p, nan),
        covariance=np.full((p, p), nan),
        naive_covariance=np.full((p, p), nan),
        log_likelihood_null=nan,
        log_likelihood=nan,
        wald_test=nan,
        df=0,
        evaluations=0,
        refusals={column.name: problem for column in spec.columns},
        problem=problem,
    )
