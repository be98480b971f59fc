"""The estimate of a Fine-Gray model, and what of it is refused by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.cox.counts import level_table
from cohortium.estimators.cox.quadratic import quadratic

if TYPE_CHECKING:
    from cohortium.estimators.contract import Reals
    from cohortium.estimators.cox.counts import Counts
    from cohortium.estimators.cox.newton import Ended
    from cohortium.estimators.fine_gray.spec import FineGraySpec


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

    @property
    def likelihood_ratio(self) -> float:
        """Twice the gain of the log pseudo-likelihood; its distribution is chi-square only without censoring."""
        return 2 * (self.log_likelihood - self.log_likelihood_null)

    @property
    def standard_errors(self) -> Reals:
        """Shape (p,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))


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
        refusals=_refusals(spec, counts, end),
    )


def _refusals(spec: FineGraySpec, counts: Counts, end: Ended) -> dict[str, str]:
    reasons: dict[str, str] = {}
    levels = level_table(spec.rows, counts)
    for column, dependent, infinite in zip(spec.columns, end.dependent, end.infinite, strict=True):
        n, n_events = levels.get(column.name, (counts.n, counts.n_events))
        if dependent:
            reasons[column.name] = (
                "no information beyond the covariates before it" if n else "no patients in this level"
            )
        elif infinite:
            why = "" if n_events else "no events of the cause in this level; "
            reasons[column.name] = f"{why}separation: the coefficient has no finite maximum-likelihood estimate"
    return reasons


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
