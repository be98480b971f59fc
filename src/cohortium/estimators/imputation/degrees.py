"""Degrees of freedom that an analysis has with complete data, as R's mice takes them; 1 at least."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cohortium.estimators.cox.estimate import CoxEstimate
    from cohortium.estimators.fine_gray.estimate import FineGrayEstimate
    from cohortium.estimators.logistic.estimate import LogisticEstimate


def of_events(estimate: CoxEstimate | FineGrayEstimate) -> float:
    """Events less coefficients, of a Cox or Fine-Gray model."""
    return float(max(estimate.counts.n_events - estimate.df, 1))


def of_logistic(estimate: LogisticEstimate) -> float:
    """Rows less coefficients, constants included; events less coefficients of a conditional likelihood."""
    n = estimate.counts.n_events if estimate.spec.conditional else estimate.counts.n
    return float(max(n - estimate.df - estimate.spec.n_constants, 1))
