"""Sums over event times of the Cox partial likelihood, from sums over rows.

At a key with d deaths, risk-set sums S0, S1 and sums over the deaths D0, D1, the Efron approximation uses
S - (l/d) D for l = 0 .. d-1 (Efron 1977); Breslow uses S for every death. Deaths of unequal weight share their mean
weight, as in R. With r = D0/S0 every sum over l is a power of S0 times a function of r and d: where r is small, a
power series with the power sums of l/d, exact to rounding; elsewhere a direct sum.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np

from cohortium.estimators.contract import Integers, Reals
from cohortium.estimators.cox.at_risk import at_risk_sums

Ties = Literal["efron", "breslow"]

NOT_SUMMED = 1e300
"""Taken off the log partial likelihood where a risk set cannot be summed: any other coefficients are better."""
SERIES_TERMS = 12
SERIES_RATIO = 0.04
"""At this ratio the first term left out is 0.04**12 = 2e-17 of the sum, below the rounding of a double."""


class RiskTerms(NamedTuple):
    """What the partial likelihood needs from the event times.

    log_sum      sum of log(S0 - (l/d) D0), `NOT_SUMMED` where a risk set cannot be summed
    mean_sum     shape (p,): sum of the risk-set means of the covariates
    outer        shape (p, p): sum of the outer products of those means
    hazard       shape (k,): cumulative hazard H within the stratum, at each key
    death_part   shape (k,): B, the share of it that rows dying at the key do not bear
    """

    log_sum: float
    mean_sum: Reals
    outer: Reals
    hazard: Reals
    death_part: Reals


class TieSums(NamedTuple):
    """Per event time, with a_l = 1 / (1 - phi_l r): sums of -log a, a, phi a, a^2, phi a^2, phi^2 a^2.

    Each is times the mean weight of the deaths where rows bear case weights.
    """

    log: Reals
    a: Reals
    phi_a: Reals
    a2: Reals
    phi_a2: Reals
    phi2_a2: Reals


class EventTimes(NamedTuple):
    """Risk sets at the keys with events.

    at            shape (e,): positions of those keys
    n_deaths      shape (e,)
    death_weight  shape (e,): weights of the deaths, their number where every row counts once
    s0            shape (e,): sums of theta over the risk sets
    mean          shape (e, p): S1 / S0
    dead_mean     shape (e, p): D1 / S0
    sums          tie sums, shape (e,) each
    is_lost       whether relative hazards range too widely for the sum over a risk set, which is then that of its deaths
    """

    at: Integers
    n_deaths: Integers
    death_weight: Reals
    s0: Reals
    mean: Reals
    dead_mean: Reals
    sums: TieSums
    is_lost: bool = False


def event_times(
    all_rows: Reals,
    deaths: Reals,
    n_deaths: Integers,
    stratum_starts: Integers,
    ties: Ties,
    entering: Reals | None = None,
    death_weight: Reals | None = None,
) -> EventTimes:
    """Risk sets at the keys with events; arguments as of `risk_terms`."""
    at = np.flatnonzero(n_deaths)
    d = n_deaths[at]
    at_risk = at_risk_sums(all_rows, entering, stratum_starts)[at]
    lost = np.isnan(at_risk[:, -1])
    at_risk[lost] = deaths[at][lost]
    s0 = at_risk[:, -1:]
    dead = deaths[at] / s0
    sums = _breslow(d) if ties == "breslow" else _efron(dead[:, -1], d)
    weight = d.astype(np.float64)
    if death_weight is not None:
        weight = death_weight[at]
        sums = TieSums(*(weight / d * values for values in sums))
    return EventTimes(at, d, weight, s0[:, 0], at_risk[:, :-1] / s0, dead[:, :-1], sums, bool(lost.any()))


def risk_terms(
    all_rows: Reals,
    deaths: Reals,
    n_deaths: Integers,
    stratum_starts: Integers,
    ties: Ties,
    entering: Reals | None = None,
    death_weight: Reals | None = None,
) -> RiskTerms:
    """Sums over event times.

    all_rows, deaths  shape (k, p+1): sums over rows leaving at each key (last column: of theta)
    n_deaths          shape (k,)
    stratum_starts    shape (s+1,): bounds of the strata; risk sets do not cross them
    entering          shape (k, p+1): sums over rows entering at each key; None when all are at risk from the start
    death_weight      shape (k,): weights of the deaths; None when every row counts once
    """
    found = event_times(all_rows, deaths, n_deaths, stratum_starts, ties, entering, death_weight)
    sums, mean, dead_mean = found.sums, found.mean, found.dead_mean
    cross = (mean * sums.phi_a2[:, None]).T @ dead_mean
    outer = (mean * sums.a2[:, None]).T @ mean - cross - cross.T + (dead_mean * sums.phi2_a2[:, None]).T @ dead_mean
    jumps, death_part = np.zeros(n_deaths.size), np.zeros(n_deaths.size)
    jumps[found.at] = sums.a / found.s0
    death_part[found.at] = sums.phi_a / found.s0
    log_sum = NOT_SUMMED if found.is_lost else float((found.death_weight * np.log(found.s0) + sums.log).sum())
    mean_sum = sums.a @ mean - sums.phi_a @ dead_mean
    return RiskTerms(log_sum, mean_sum, outer, cumulated(jumps, stratum_starts), death_part)


def cumulated(jumps: Reals, stratum_starts: Integers) -> Reals:
    """Cumulative sums over time within strata, shape (k, ...) as given."""
    total = np.empty_like(jumps)
    for begin, end in pairwise(stratum_starts):
        np.cumsum(jumps[begin:end], axis=0, out=total[begin:end])
    return total


def _breslow(n_deaths: Integers) -> TieSums:
    d, zero = n_deaths.astype(np.float64), np.zeros(n_deaths.size)
    return TieSums(zero, d, zero, d, zero, zero)


def _efron(ratio: Reals, n_deaths: Integers) -> TieSums:
    by_series = (ratio <= SERIES_RATIO) & (n_deaths > 1)
    out = TieSums(*(np.empty_like(ratio) for _ in TieSums._fields))
    for chosen, sums in (
        (by_series, _efron_series(ratio[by_series], n_deaths[by_series])),
        (~by_series, _efron_direct(ratio[~by_series], n_deaths[~by_series])),
    ):
        for target, values in zip(out, sums, strict=True):
            target[chosen] = values
    return out


def _efron_series(ratio: Reals, n_deaths: Integers) -> TieSums:
    terms = _terms_needed(float(ratio.max(initial=0.0)))
    sizes = np.flatnonzero(np.bincount(n_deaths, minlength=1))
    powers = np.array([_power_means(int(d), SERIES_TERMS + 2)[: terms + 3] for d in sizes]).reshape(-1, terms + 3)
    moments = np.take(powers.T, np.searchsorted(sizes, n_deaths), axis=1)
    series = {name: np.zeros_like(ratio) for name in TieSums._fields}
    for m in range(terms - 1, -1, -1):
        series["log"] = series["log"] * ratio - moments[m + 1] / (m + 1)
        series["a"] = series["a"] * ratio + moments[m]
        series["phi_a"] = series["phi_a"] * ratio + moments[m + 1]
        series["a2"] = series["a2"] * ratio + (m + 1) * moments[m]
        series["phi_a2"] = series["phi_a2"] * ratio + (m + 1) * moments[m + 1]
        series["phi2_a2"] = series["phi2_a2"] * ratio + (m + 1) * moments[m + 2]
    return TieSums(**{**series, "log": ratio * series["log"]})


def _terms_needed(largest: float) -> int:
    """Terms of the series after which the rest is below the rounding of a double, for ratios up to the largest."""
    if largest >= SERIES_RATIO:
        return SERIES_TERMS
    share = np.log(SERIES_RATIO) / np.log(max(largest, 1e-16))
    return max(int(np.ceil(SERIES_TERMS * share)), 2)


@lru_cache(maxsize=4096)
def _power_means(d: int, highest: int) -> Reals:
    """Sums over l = 0 .. d-1 of (l/d)**m for m = 0 .. highest, shape (highest+1,)."""
    phi = np.arange(d) / d
    return np.asarray(np.vander(phi, highest + 1, increasing=True).sum(axis=0))


def _efron_direct(ratio: Reals, n_deaths: Integers) -> TieSums:
    if not ratio.size:
        return TieSums(*(np.empty(0) for _ in TieSums._fields))
    first = np.concatenate([[0], np.cumsum(n_deaths)[:-1]])
    of_death = np.repeat(np.arange(ratio.size), n_deaths)
    phi = (np.arange(of_death.size) - first[of_death]) / n_deaths[of_death]
    left = 1.0 - phi * ratio[of_death]
    a = 1.0 / left
    terms = (np.log(left), a, phi * a, a * a, phi * a * a, phi * phi * a * a)
    return TieSums(*(np.add.reduceat(term, first) for term in terms))
