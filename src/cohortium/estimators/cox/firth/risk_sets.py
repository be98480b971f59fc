"""Sums over event times with third moments, for the derivative of the information.

The derivative of the information with respect to a coefficient is the sum over event times of a third central
moment of the covariates in the risk set. As with the second moments, changing the order of summation leaves one
weighted sum over rows for the moments about the origin; what the means contribute is summed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.cox.scores import score_tables
from cohortium.estimators.cox.ties import event_times
from cohortium.estimators.regression.newton import NOT_SUMMED

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.cox.ties import Ties


class Tables(NamedTuple):
    """What rows are weighed with, at each (stratum, time), as in `scores.py`.

    hazard, death_part       shape (k,)
    mean_hazard, mean_death  shape (k, p)
    """

    hazard: Reals
    death_part: Reals
    mean_hazard: Reals
    mean_death: Reals


class RiskSets(NamedTuple):
    """What the penalized likelihood needs from the event times; m is the mean that a death is compared with.

    log_sum   sum of the logarithms of the risk sets' sums
    mean_sum  shape (p,): sum of m
    outer     shape (p, p): sum of m m'
    triple    shape (p, p, p): sum of m m m
    tables    by key
    """

    log_sum: float
    mean_sum: Reals
    outer: Reals
    triple: Reals
    tables: Tables


def risk_sets(
    all_rows: Reals,
    deaths: Reals,
    n_deaths: Integers,
    stratum_starts: Integers,
    ties: Ties,
    entering: Reals | None = None,
) -> RiskSets:
    """Sums over event times; arguments as of `ties.risk_terms`."""
    found = event_times(all_rows, deaths, n_deaths, stratum_starts, ties, entering)
    p = all_rows.shape[1] - 1
    of_death = np.repeat(np.arange(found.at.size), found.n_deaths)
    first = np.cumsum(found.n_deaths) - found.n_deaths
    # The l-th of d tied deaths faces the risk set less l/d of the dead; Breslow's faces all of it.
    share = (np.arange(of_death.size) - first[of_death]) / found.n_deaths[of_death] if ties == "efron" else 0.0
    left = 1.0 - share * (deaths[found.at, -1] / found.s0)[of_death]
    mean = (found.mean[of_death] - np.multiply(share, found.dead_mean[of_death].T).T) / left[:, None]
    pairs = (mean[:, :, None] * mean[:, None, :]).reshape(-1, p * p)
    tables = score_tables(found, n_deaths.size, stratum_starts)
    return RiskSets(
        log_sum=NOT_SUMMED if found.is_lost else float(np.log(found.s0[of_death] * left).sum()),
        mean_sum=mean.sum(axis=0),
        outer=mean.T @ mean,
        triple=(mean.T @ pairs).reshape(p, p, p),
        tables=Tables(tables.hazard, tables.death_part, tables.mean_hazard, tables.mean_death),
    )
