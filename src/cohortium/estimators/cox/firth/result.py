"""What the estimate becomes when the penalized fit takes the place of the fit by maximum likelihood."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.cox.firth.stage import NAME, tested_together
from cohortium.estimators.regression.fitted import TermTest

if TYPE_CHECKING:
    from cohortium.estimators.cox.estimate import CoxEstimate
    from cohortium.estimators.cox.firth.fit import FirthFit
    from cohortium.estimators.cox.stages import Fit


def with_penalty(estimate: CoxEstimate, found: FirthFit, fit: Fit | None) -> CoxEstimate:
    """The estimate with penalized coefficients, log likelihoods and tests; a score test it has none.

    fit  at the penalized maximum, for the stages that follow; None when there is no penalized fit
    """
    names = [column.name for column in estimate.spec.columns]
    runaway = {} if estimate.fit is None else _chosen(names, estimate.fit.infinite, estimate.refusals)
    found = replace(found, instead_of=runaway)
    after = {**estimate.after, NAME: found}
    if fit is None:
        refused = names if estimate.spec.penalty == "firth" else list(runaway)
        reasons = {name: "; ".join(filter(None, [runaway.get(name), found.failure])) for name in refused}
        return _without_fit(replace(estimate, after=after, refusals={**estimate.refusals, **reasons}))
    coefficients, covariance = found.beta.copy(), found.covariance.copy()
    coefficients.flags.writeable = covariance.flags.writeable = False
    free = ~fit.dependent
    return replace(
        estimate,
        coefficients=coefficients,
        covariance=covariance,
        naive_covariance=covariance,
        log_likelihood_null=found.log_likelihood_null,
        log_likelihood=found.log_likelihood,
        score_test=float("nan"),
        wald_test=float(found.beta[free] @ found.information[np.ix_(free, free)] @ found.beta[free]),
        evaluations=estimate.evaluations + found.evaluations,
        refusals={name: reason for name, reason in estimate.refusals.items() if name not in runaway},
        term_tests=_term_tests(estimate, found, free),
        after=after,
        fit=fit,
    )


def _without_fit(estimate: CoxEstimate) -> CoxEstimate:
    refused = np.array([column.name in estimate.refusals for column in estimate.spec.columns])
    covariance = np.where(refused | refused[:, None], np.nan, estimate.covariance)
    coefficients = np.where(refused, np.nan, estimate.coefficients)
    return replace(estimate, coefficients=coefficients, covariance=covariance, naive_covariance=covariance)


def _chosen(names: list[str], chosen: np.ndarray, reasons: dict[str, str]) -> dict[str, str]:
    return {name: reasons[name] for name, is_one in zip(names, chosen, strict=True) if is_one}


def _term_tests(estimate: CoxEstimate, found: FirthFit, free: np.ndarray) -> dict[str, TermTest]:
    """Penalized likelihood-ratio tests of the terms, in place of those by maximum likelihood."""
    spec = estimate.spec
    together = dict(zip((term.name for term in tested_together(spec)), found.term_statistics, strict=True))
    alone = {column.term.name: float(found.statistics[j]) for j, column in enumerate(spec.columns)}
    tests = {}
    for term in spec.tested_terms:
        statistic = together.get(term.name, alone.get(term.name, float("nan")))
        df = sum(column.term is term and bool(free[j]) for j, column in enumerate(spec.columns))
        tests[term.name] = TermTest(found.log_likelihood - statistic / 2, statistic, df)
    return tests
