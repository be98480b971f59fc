"""A site's own regression, fitted to convergence where its rows are; the effect of one column leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cohortium.errors import EstimationError
from cohortium.estimators.between_sites.own import (
    ALL_EVENTS,
    ESTIMATED,
    NO_CONTRAST,
    NO_CONVERGENCE,
    NO_EVENTS,
    NOBODY,
    SEPARATION,
    Own,
    without,
)
from cohortium.estimators.contract import Done, Estimator
from cohortium.totals import require_finite

if TYPE_CHECKING:
    from cohortium.estimators.contract import Factor, Rows
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.estimators.logistic.spec import LogisticSpec
    from cohortium.estimators.regression.fitted import Fitted

_MOST_ROUNDS = 200


@dataclass(frozen=True)
class ModelEffect:
    """The effect of one column of a regression that each site fits by itself, by maximum likelihood.

    estimator  of Cox or logistic models
    model      without strata across sites: within one site every stratum is the site's own
    column     name of the column of the design matrix, e.g. `age` or `arm[B]`
    """

    estimator: Estimator
    model: CoxSpec | LogisticSpec
    column: str

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return self.model.factors

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return self.model.numbers

    @property
    def is_of_odds(self) -> bool:
        """Whether the effect is a log odds ratio, and not a log hazard ratio."""
        return self.estimator.name == "logistic"


def fit_here(rows: Rows, effect: ModelEffect) -> Fitted:
    """The model of one site's rows: the estimator's own rounds, none of which leaves.

    Raises
        EstimationError: the rounds do not end.
        WireError: a total of a round is not finite.
    """
    estimator, model = effect.estimator, effect.model
    prepared, step = estimator.prepare(rows, model), estimator.start(model)
    for _ in range(_MOST_ROUNDS):
        totals = estimator.summarize(prepared, step.params)
        require_finite(totals)
        after = estimator.solve(model, totals, step)
        if isinstance(after, Done):
            found: Fitted = after.estimate
            return found
        step = after
    raise EstimationError(f"a {estimator.name} model of one site did not end after {_MOST_ROUNDS} rounds")


def model_effect(rows: Rows, effect: ModelEffect) -> Own:
    """The log hazard or odds ratio of one column with its variance.

    Returns no estimate where nobody is complete, nobody has the event or everybody has the outcome, where the column
    repeats others, and where the coefficient runs away; other covariates may.
    """
    found = fit_here(rows, effect)
    counts = found.counts
    n_missing = counts.missing + counts.missing_stratum + counts.invalid_entry + counts.invalid_weight
    of = (counts.n, counts.n_events, n_missing)
    if found.problem:
        return without(_reason(effect, counts.n, counts.n_events), *of)
    names = [column.name for column in effect.model.columns]
    j = names.index(effect.column)
    variance = float(found.covariance[j, j])
    _, carries = found.wald(np.arange(len(names)) == j)
    if not carries or not np.isfinite(variance):
        return without(SEPARATION if carries else NO_CONTRAST, *of)
    return Own(float(found.coefficients[j]), variance, *of, ESTIMATED)


def _reason(effect: ModelEffect, n: int, n_events: int) -> int:
    if not n or not n_events:
        return NO_EVENTS if n else NOBODY
    return ALL_EVENTS if effect.is_of_odds and n_events == n else NO_CONVERGENCE
