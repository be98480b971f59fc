"""One group's curve at its distinct follow-up times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.kaplan_meier.quantiles import Quantile
    from cohortium.estimators.kaplan_meier.restricted import RestrictedMean


@dataclass(frozen=True)
class Curve:
    """One group's curve at its distinct follow-up times; arrays of shape (m,) unless said otherwise.

    n_risk is the number at risk just before the time; survival, standard_error (Greenwood, or robust) and the limits
    are at the time. NaN limits are not defined (log-log and arcsine at survival 1 and every form at survival 0).

    weight_risk, weight_event   sums of weights of those at risk and of those with the event; the numbers themselves
                                without weights
    hazard, hazard_error        Nelson-Aalen cumulative hazard and its standard error
    enter_time, n_enter         shape (k,): entry times after the origin and the rows that enter just after each;
                                empty without left truncation
    restricted_mean             None when not asked for
    warning                     what a reader must know about this curve
    """

    group: str
    n: int
    n_events: int
    time: Reals
    n_risk: Integers
    n_event: Integers
    n_censor: Integers
    survival: Reals
    standard_error: Reals
    lower: Reals
    upper: Reals
    quantiles: tuple[Quantile, ...]
    weight_risk: Reals
    weight_event: Reals
    hazard: Reals
    hazard_error: Reals
    hazard_lower: Reals
    hazard_upper: Reals
    enter_time: Reals
    n_enter: Integers
    restricted_mean: RestrictedMean | None = None
    warning: str = ""
