"""Sums over event times of the Cox partial likelihood, from sums over rows.

At a key with d deaths, risk-set sums S0, S1 and sums over the deaths D0, D1, the Efron approximation uses
S - (l/d) D for l = 0 .. d-1 (Efron 1977); Breslow uses S for every death. With r = D0/S0 every sum over l is a
power of S0 times a function of r and d: where r is small, a power series with the power sums of l/d, exact
to rounding; elsewhere a direct sum.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np

from cohortium.estimators.contract import Integers, Reals

Ties = Literal["efron", "breslow"]

SERIES_TERMS = 12
SERIES_RATIO = 0.04
"""At this ratio the first term left out is 0.04**12 = 2e-17 of the sum, below the rounding of a double."""


class RiskTerms(NamedTuple):
    """What the partial likelihood needs from the event times.

    log_sum      sum of log(S0 - (l/d) D0)
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


class _Sums(NamedTuple):
    """Per event time, with a_l = 1 / (1 - phi_l r): sums of -log a, a, phi a, a^2, phi a^2, phi^2 a^2."""

    log: Reals
    a: Reals
    phi_a: Reals
    a2: Reals
    phi_a2: Reals
    phi2_a2: Reals


def risk_terms(all_rows: Reals, deaths: Reals, n_deaths: Integers, stratum_starts: Integers, ties: Ties) -> RiskTerms:
    """Sums over event times.

    all_rows, deaths  shape (k, p+1): sums over rows leaving at each key (last column: of theta)
    n_deaths          shape (k,)
    stratum_starts    shape (s+1,): bounds of the strata; risk sets do not cross them
    """
    at_risk = np.empty_like(all_rows)
    for begin, end in pairwise(stratum_starts):
        at_risk[begin:end] = np.cumsum(all_rows[begin:end][::-1], axis=0)[::-1]
    at = np.flatnonzero(n_deaths)
    d, s0 = n_deaths[at], at_risk[at, -1:]
    mean, dead = at_risk[at, :-1] / s0, deaths[at] / s0
    sums = _breslow(d) if ties == "breslow" else _efron(dead[:, -1], d)
    dead_mean = dead[:, :-1]
    cross = (mean * sums.phi_a2[:, None]).T @ dead_mean
    outer = (mean * sums.a2[:, None]).T @ mean - cross - cross.T + (dead_mean * sums.phi2_a2[:, None]).T @ dead_mean
    jumps, death_part = np.zeros(n_deaths.size), np.zeros(n_deaths.size)
    jumps[at] = sums.a / s0[:, 0]
    death_part[at] = sums.phi_a / s0[:, 0]
    hazard = np.empty_like(jumps)
    for begin, end in pairwise(stratum_starts):
        hazard[begin:end] = np.cumsum(jumps[begin:end])
    log_sum = float((d * np.log(s0[:, 0]) + sums.log).sum())
    return RiskTerms(log_sum, sums.a @ mean - sums.phi_a @ dead_mean, outer, hazard, death_part)


def _breslow(n_deaths: Integers) -> _Sums:
    d, zero = n_deaths.astype(np.float64), np.zeros(n_deaths.size)
    return _Sums(zero, d, zero, d, zero, zero)


def _efron(ratio: Reals, n_deaths: Integers) -> _Sums:
    by_series = (ratio <= SERIES_RATIO) & (n_deaths > 1)
    out = _Sums(*(np.empty_like(ratio) for _ in _Sums._fields))
    for chosen, sums in (
        (by_series, _efron_series(ratio[by_series], n_deaths[by_series])),
        (~by_series, _efron_direct(ratio[~by_series], n_deaths[~by_series])),
    ):
        for target, values in zip(out, sums, strict=True):
            target[chosen] = values
    return out


def _efron_series(ratio: Reals, n_deaths: Integers) -> _Sums:
    sizes, which = np.unique(n_deaths, return_inverse=True)
    powers = np.array([_power_means(int(d), SERIES_TERMS + 2) for d in sizes]).reshape(sizes.size, SERIES_TERMS + 3)
    moments = powers[which].T
    series = {name: np.zeros_like(ratio) for name in _Sums._fields}
    for m in range(SERIES_TERMS - 1, -1, -1):
        series["log"] = series["log"] * ratio - moments[m + 1] / (m + 1)
        series["a"] = series["a"] * ratio + moments[m]
        series["phi_a"] = series["phi_a"] * ratio + moments[m + 1]
        series["a2"] = series["a2"] * ratio + (m + 1) * moments[m]
        series["phi_a2"] = series["phi_a2"] * ratio + (m + 1) * moments[m + 1]
        series["phi2_a2"] = series["phi2_a2"] * ratio + (m + 1) * moments[m + 2]
    return _Sums(**{**series, "log": ratio * series["log"]})


@lru_cache(maxsize=4096)
def _power_means(d: int, highest: int) -> Reals:
    """Sums over l = 0 .. d-1 of (l/d)**m for m = 0 .. highest, shape (highest+1,)."""
    phi = np.arange(d) / d
    return np.asarray(np.vander(phi, highest + 1, increasing=True).sum(axis=0))


def _efron_direct(ratio: Reals, n_deaths: Integers) -> _Sums:
    if not ratio.size:
        return _Sums(*(np.empty(0) for _ in _Sums._fields))
    first = np.concatenate([[0], np.cumsum(n_deaths)[:-1]])
    of_death = np.repeat(np.arange(ratio.size), n_deaths)
    phi = (np.arange(of_death.size) - first[of_death]) / n_deaths[of_death]
    left = 1.0 - phi * ratio[of_death]
    a = 1.0 / left
    terms = (np.log(left), a, phi * a, a * a, phi * a * a, phi * phi * a * a)
    return _Sums(*(np.add.reduceat(term, first) for term in terms))
