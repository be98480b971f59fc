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

from cohortium.estimators.blocks import over_blocks
from cohortium.estimators.contract import Integers, Reals
from cohortium.estimators.cox.at_risk import at_risk_sums
from cohortium.estimators.regression.newton import NOT_SUMMED

Ties = Literal["efron", "breslow"]

KEYS_AT_ONCE = 4_000
"""Tables of this many keys stay in the cache between the steps of a calculation."""
ROUNDING = 1e-9
"""A risk set lighter than its deaths by more than this has been lost to rounding."""
SERIES_TERMS = 12
SERIES_RATIO = 0.04
"""At this ratio the first term left out is 0.04**12 = 2e-17 of the sum, below the rounding of a double."""


class RiskTerms(NamedTuple):
    """What the partial likelihood needs from the event times.

    log_sum      sum of log(S0 - (l/d) D0), `NOT_SUMMED` where a risk set cannot be summed
    mean_sum     shape (p,): sum of the risk-set means of the covariates
    outer        shape (p, p): sum of the outer products of those means
    hazard       shape (k,): cumulative hazard H within the stratum, at each key; with late entry only its differences
                 have a meaning
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
    with np.errstate(invalid="ignore"):
        lost = ~(at_risk[:, -1] >= (1.0 - ROUNDING) * deaths[at, -1])
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
    """Sums over event times, some strata at a time so that their tables stay in the cache.

    all_rows, deaths  shape (k, p+1): sums over rows leaving at each key (last column: of theta)
    n_deaths          shape (k,)
    stratum_starts    shape (s+1,): bounds of the strata; risk sets do not cross them
    entering          shape (k, p+1): sums over rows entering at each key; None when all are at risk from the start
    death_weight      shape (k,): weights of the deaths; None when every row counts once
    """

    def one(strata: slice) -> RiskTerms:
        starts = stratum_starts[strata]
        keys = slice(starts[0], starts[-1])
        given = (None if table is None else table[keys] for table in (entering, death_weight))
        starts = starts - starts[0]
        found = event_times(all_rows[keys], deaths[keys], n_deaths[keys], starts, ties, *given)
        return _terms(found, starts, has_entry=entering is not None)

    parts = over_blocks(one, _together(stratum_starts), int(n_deaths.sum()))
    if len(parts) == 1:
        return parts[0]
    return RiskTerms(
        sum(part.log_sum for part in parts),
        np.sum([part.mean_sum for part in parts], axis=0),
        np.sum([part.outer for part in parts], axis=0),
        np.concatenate([part.hazard for part in parts]),
        np.concatenate([part.death_part for part in parts]),
    )


def _together(stratum_starts: Integers) -> list[slice]:
    """Bounds of strata that are taken together, as parts of `stratum_starts`; at least one."""
    begins = np.unique(stratum_starts[:-1] // KEYS_AT_ONCE, return_index=True)[1].tolist() or [0]
    return [slice(begin, end + 1) for begin, end in pairwise([*begins, stratum_starts.size - 1])]


def _terms(found: EventTimes, stratum_starts: Integers, *, has_entry: bool) -> RiskTerms:
    """The sums over the event times of some strata."""
    sums, mean, dead_mean = found.sums, found.mean, found.dead_mean
    cross = np.dot((mean * sums.phi_a2[:, None]).T, dead_mean)
    outer = np.dot((mean * sums.a2[:, None]).T, mean) - cross - cross.T
    outer += np.dot((dead_mean * sums.phi2_a2[:, None]).T, dead_mean)
    jumps, death_part = np.zeros(stratum_starts[-1]), np.zeros(stratum_starts[-1])
    jumps[found.at] = sums.a / found.s0
    death_part[found.at] = sums.phi_a / found.s0
    log_sum = NOT_SUMMED if found.is_lost else float((found.death_weight * np.log(found.s0) + sums.log).sum())
    mean_sum = np.dot(sums.a, mean) - np.dot(sums.phi_a, dead_mean)
    hazard = _about_least(jumps, stratum_starts) if has_entry else cumulated(jumps, stratum_starts)
    return RiskTerms(log_sum, mean_sum, outer, hazard, death_part)


def cumulated(jumps: Reals, stratum_starts: Integers) -> Reals:
    """Cumulative sums over time within strata, shape (k, ...) as given."""
    total = np.empty_like(jumps)
    for begin, end in pairwise(stratum_starts):
        np.cumsum(jumps[begin:end], axis=0, out=total[begin:end])
    return total


def _about_least(jumps: Reals, stratum_starts: Integers) -> Reals:
    """The same less its value at the smallest jump, shape (k,).

    Where few are at risk jumps are large. A difference of two values on one side of such jumps keeps its digits when
    the sums begin where jumps are small.
    """
    total = np.zeros_like(jumps)
    for begin, end in pairwise(stratum_starts):
        here, there = jumps[begin:end], total[begin:end]
        least = int(np.argmin(np.where(here > 0, here, np.inf)))
        np.cumsum(here[least + 1 :], out=there[least + 1 :])
        there[:least] = -np.cumsum(here[least:0:-1])[::-1]
    return total


def _breslow(n_deaths: Integers) -> TieSums:
    d, zero = n_deaths.astype(np.float64), np.zeros(n_deaths.size)
    return TieSums(zero, d, zero, d, zero, zero)


def _efron(ratio: Reals, n_deaths: Integers) -> TieSums:
    # A death alone at its time: no share of it is taken off the risk set.
    out = np.zeros((3, ratio.size))
    several, is_low = n_deaths > 1, ratio <= SERIES_RATIO
    for which, sums in ((several & is_low, _efron_series), (several & ~is_low, _efron_direct)):
        at = np.flatnonzero(which)
        if at.size:
            out[:, at] = sums(ratio[at], n_deaths[at])
    log, phi_a, phi2_a2 = out
    # From a = 1 + phi a r, times 1, phi and a.
    phi_a2 = phi_a + ratio * phi2_a2
    a = n_deaths + ratio * phi_a
    return TieSums(log, a, phi_a, a + ratio * phi_a2, phi_a2, phi2_a2)


def _efron_series(ratio: Reals, n_deaths: Integers) -> Reals:
    """Sums of -log a, phi a and phi^2 a^2 by Horner's rule, shape (3, e)."""
    terms = _terms_needed(float(ratio.max()))
    sizes = np.flatnonzero(np.bincount(n_deaths))
    by_size = np.stack([_coefficients(int(d))[:terms] for d in sizes], axis=-1)
    coefficients = np.take(by_size, np.searchsorted(sizes, n_deaths), axis=-1)
    series = coefficients[-1]
    for of_power in coefficients[-2::-1]:
        series *= ratio
        series += of_power
    series[0] *= ratio
    return np.asarray(series)


def _terms_needed(largest: float) -> int:
    """Terms of the series after which the rest is below the rounding of a double, for ratios up to the largest."""
    if largest >= SERIES_RATIO:
        return SERIES_TERMS
    share = np.log(SERIES_RATIO) / np.log(max(largest, 1e-16))
    return max(int(np.ceil(SERIES_TERMS * share)), 2)


@lru_cache(maxsize=4096)
def _coefficients(d: int) -> Reals:
    """Coefficients of the powers of r in these sums, from the sums of (l/d)**m over l = 0 .. d-1, shape (terms, 3)."""
    sums = np.vander(np.arange(d) / d, SERIES_TERMS + 2, increasing=True).sum(axis=0)
    m = np.arange(1.0, SERIES_TERMS + 1)
    return np.stack([-sums[1:-1] / m, sums[1:-1], m * sums[2:]], axis=1)


def _efron_direct(ratio: Reals, n_deaths: Integers) -> Reals:
    """The same sums, a term a death, shape (3, e)."""
    first = np.cumsum(n_deaths) - n_deaths
    of_death = np.repeat(np.arange(ratio.size), n_deaths)
    phi = (np.arange(of_death.size) - first[of_death]) / n_deaths[of_death]
    left = 1.0 - phi * ratio[of_death]
    phi_a = phi / left
    return np.asarray(np.add.reduceat(np.stack([np.log(left), phi_a, phi_a * phi_a]), first, axis=1))
