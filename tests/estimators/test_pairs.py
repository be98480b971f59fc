"""Pairs counted in O(n log n) against all pairs, one by one."""

from __future__ import annotations

import numpy as np
import pytest

from cohortium.estimators.cox.after.pairs import Observed, count_pairs

# Sums of a few thousand products of small numbers.
ROUNDING = 1e-12


def observed(seed: int, n: int, *, late: bool) -> Observed:
    rng = np.random.default_rng(seed)
    at = rng.integers(1, 15, n)
    return Observed(
        stratum=rng.integers(0, 3, n),
        at=at,
        entry_at=rng.integers(-1, at) if late else None,
        event=rng.random(n) < 0.6,
        risk=rng.integers(0, 6, n).astype(float),
        weight=rng.uniform(0.5, 3, n),
        time_weight=rng.random(15)[at],
    )


def one_by_one(rows: Observed) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs (concordant, discordant, tied in risk, in time, in both), and of each row net and comparable ones."""
    n = rows.at.size
    totals, net, comparable = np.zeros(5), np.zeros(n), np.zeros(n)
    for i in np.flatnonzero(rows.event):
        for j in range(n):
            weight = rows.time_weight[i]
            if i == j or rows.stratum[i] != rows.stratum[j] or rows.at[j] < rows.at[i]:
                continue
            sign = np.sign(rows.risk[i] - rows.risk[j])
            both = rows.weight[i] * rows.weight[j] * weight
            if rows.at[i] == rows.at[j] and rows.event[j]:
                totals[3 if sign else 4] += both / 2
            elif rows.entry_at is None or rows.entry_at[j] < rows.at[i]:
                totals[{1.0: 0, -1.0: 1, 0.0: 2}[float(sign)]] += both
                for own, other in ((i, j), (j, i)):
                    net[own] += rows.weight[other] * weight * sign
                    comparable[own] += rows.weight[other] * weight
    return totals, net, comparable


@pytest.mark.parametrize("late", [False, True], ids=["from the start", "late entry"])
@pytest.mark.parametrize("n", [0, 1, 2, 5, 60, 150])
def test_against_one_by_one(n: int, late: bool) -> None:
    for seed in range(3):
        rows = observed(seed, n, late=late)
        found, (totals, net, comparable) = count_pairs(rows), one_by_one(rows)
        sums = (found.concordant, found.discordant, found.tied_risk, found.tied_time, found.tied_both)
        assert sums == pytest.approx(totals, rel=ROUNDING, abs=ROUNDING)
        assert found.net == pytest.approx(net, rel=ROUNDING, abs=ROUNDING)
        assert found.comparable == pytest.approx(comparable, rel=ROUNDING, abs=ROUNDING)


def test_whole_numbers_are_exact() -> None:
    """Without weights all sums are whole numbers, however many pairs."""
    rng = np.random.default_rng(5)
    n = 20_000
    at = rng.integers(1, 900, n)
    ones = np.ones(n)
    rows = Observed(np.zeros(n, np.int64), at, None, rng.random(n) < 0.5, rng.normal(size=n), ones, ones)
    found = count_pairs(rows)
    n_later = np.bincount(2 * at + ~rows.event, minlength=1802)[::-1].cumsum()[::-1]
    compared = int(n_later[2 * at[rows.event] + 1].sum())
    assert found.concordant + found.discordant + found.tied_risk == compared
    assert float(found.net.sum()) == 2 * (found.concordant - found.discordant)
    assert found.concordant == int(found.concordant)
