r"""Bootstrap of a Cox model: many refits on resampled rows, done together.

A replicate is a vector of counts: how often each row was drawn. Copies of a row that dies are tied deaths, so
theta_i is taken c_i times and a time with drawn deaths c has sum c of them, exactly as if the rows had been written
out. With v_i = c_i theta_i (H(t_i) - d_i B(t_i)), score and second moments of all replicates are products of the
matrix of v with the covariates and with their pairwise products; the sums over risk sets are one sparse product and
a cumulative sum.

Efron 1981 (censored data and the bootstrap): rows are drawn with replacement, together with their censoring.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.blocks import over_blocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cohortium.estimators.contract import Integers, Reals
    from cohortium.estimators.cox.ties import Ties
    from cohortium.estimators.cox.usable import UsableRows

EXACT_STEPS = (1, 2)
"""Steps with the information of each replicate. The first uses that of all rows; after these it hardly changes, and
further steps need the score only."""
MOST_STEPS = 10
"""A replicate that needs more is fitted alone, with all precautions."""
ENOUGH = 1e-20
"""Squared distance of the last step in standard errors; what it leaves is below the rounding of the score."""
WELL_CONDITIONED = 1e-7
"""Least eigenvalue of the information scaled to ones on its diagonal; below, columns may depend on each other."""
_RIDGE = 1e-13
_CHUNK_NUMBERS = 50_000
"""Numbers in the largest array of a chunk of replicates, which stays in the cache."""
_MAX_EXPONENT = 300.0


@dataclass(frozen=True)
class RiskOrder:
    """Rows in order of (stratum, event time) at which they are last at risk; rows never at risk at one are left out.

    row        shape (m,): positions of the rows in order of arrival
    design     shape (m, p): covariates about their means over rows with the event
    pairs      shape (m, p(p+1)/2): products of every two covariates
    event      shape (m,): 1 for rows with the event
    segment    shape (m,): position of each row's event time
    starts     shape (e+1,): row pointers of the event times
    dead       shape (d,): positions of rows with the event
    dead_starts  shape (e+1,): pointers into `dead` of the event times
    stratum_starts  shape (s+1,): bounds of the strata within the event times
    """

    row: Integers
    design: Reals
    pairs: Reals
    event: Reals
    segment: Integers
    starts: Integers
    dead: Integers
    dead_starts: Integers
    stratum_starts: Integers


class Start(NamedTuple):
    """The estimate of all rows: coefficients, shape (p,), and their covariance, shape (p, p)."""

    beta: Reals
    covariance: Reals


class Replicates(NamedTuple):
    """Estimates of all replicates.

    coefficients  shape (replicates, p); rows of `unsure` are not filled
    unsure        positions of replicates that must be fitted alone
    """

    coefficients: Reals
    unsure: Integers


def drawn_rows(n: int, seed: int, replicate: int) -> Integers:
    """Positions of the rows of one replicate, shape (n,), the same for the same seed."""
    return np.random.default_rng((seed, replicate)).integers(0, n, n)


def risk_order(usable: UsableRows, n_times: int) -> RiskOrder:
    """Rows in the order in which they leave the risk sets."""
    key = usable.stratum * n_times + usable.at
    times = np.unique(key[usable.event])
    last = np.searchsorted(times, key, side="right") - 1
    seen = (last >= 0) & (times[last] // n_times == usable.stratum)
    row = np.flatnonzero(seen)
    row = row[np.argsort(last[row], kind="stable")]
    design = np.stack([column(row) for column in usable.columns], axis=1)
    design -= design[usable.event[row]].mean(axis=0)
    first, second = np.triu_indices(design.shape[1])
    segment, event = last[row], usable.event[row]
    dead = np.flatnonzero(event)
    bounds, each = np.arange(times.size + 1), times // n_times
    return RiskOrder(
        row=row,
        design=design,
        pairs=design[:, first] * design[:, second],
        event=event.astype(np.float64),
        segment=segment,
        starts=np.searchsorted(segment, bounds),
        dead=dead,
        dead_starts=np.searchsorted(segment[dead], bounds),
        stratum_starts=np.concatenate([[0], np.flatnonzero(np.diff(each)) + 1, [times.size]]),
    )


def fit_replicates(rows: RiskOrder, n: int, replicates: int, seed: int, ties: Ties, start: Start) -> Replicates:
    """Estimates of all replicates by Newton's method from the estimate of all rows.

    n  rows that are drawn from
    """
    size = max(1, _CHUNK_NUMBERS // max(rows.starts.size * start.beta.size, rows.row.size))
    chunks = [range(begin, min(begin + size, replicates)) for begin in range(0, replicates, size)]

    def one(chunk: range) -> tuple[Reals, NDArray[np.bool_]]:
        counts = [np.bincount(drawn_rows(n, seed, replicate), minlength=n)[rows.row] for replicate in chunk]
        return _fit(_Chunk(rows, np.stack(counts), ties), start)

    found = over_blocks(one, chunks, replicates * n)
    coefficients, sure = zip(*found, strict=True)
    return Replicates(np.concatenate(coefficients), np.flatnonzero(~np.concatenate(sure)))


def _fit(chunk: _Chunk, start: Start) -> tuple[Reals, NDArray[np.bool_]]:
    """Estimates of some replicates, shape (r, p), and which of them are sure."""
    beta, inverse = np.tile(start.beta, (chunk.counts.shape[0], 1)), start.covariance
    sure, decrement = np.ones(beta.shape[0], bool), np.full(beta.shape[0], np.inf)
    for step in range(MOST_STEPS):
        at = chunk.evaluate(beta)
        if step in EXACT_STEPS:
            inverse = _inverses(chunk.information(at), sure, is_last=step == EXACT_STEPS[-1])
        score = np.where(sure[:, None], at.score, 0.0)
        move = (inverse @ score[:, :, None])[:, :, 0]
        decrement = (move * score).sum(axis=1)
        sure &= np.isfinite(decrement)
        beta += np.where(sure[:, None], move, 0.0)
        if step > EXACT_STEPS[-1] and bool((decrement[sure] <= ENOUGH).all()):
            break
    return beta, sure & (decrement <= ENOUGH)


def _inverses(information: Reals, sure: NDArray[np.bool_], *, is_last: bool) -> Reals:
    """Inverses of information matrices, shape (r, p, p); replicates with one near singular are no longer sure."""
    one = np.eye(information.shape[1])
    diagonal = np.einsum("rii->ri", information)
    sure &= np.isfinite(information).all(axis=(1, 2)) & (diagonal > 0).all(axis=1)
    scale = np.sqrt(np.where(sure[:, None], diagonal, 1.0))
    scale = scale[:, :, None] * scale[:, None, :]
    scaled = np.where(sure[:, None, None], information / scale, one)
    if is_last:
        sure &= np.linalg.eigvalsh(scaled)[:, 0] > WELL_CONDITIONED
    return np.asarray(np.linalg.inv(scaled + _RIDGE * one) / scale)


class _TieSums(NamedTuple):
    """Sums over the deaths at each event time of a, phi a, a^2, phi a^2, phi^2 a^2, shape (r, e) each.

    a = 1 / (1 - phi D0 / S0), phi = l / d for l = 0 .. d-1
    """

    a: Reals
    phi_a: Reals
    a2: Reals
    phi_a2: Reals
    phi2_a2: Reals


class _Evaluated(NamedTuple):
    """Some replicates at their coefficients: theta (r, m), 1/S0 (r, e), tie sums, v (r, m), score (r, p)."""

    theta: Reals
    inverse: Reals
    sums: _TieSums
    weight: Reals
    score: Reals


class _Chunk:
    """Some replicates of the rows; what does not change with the coefficients is made once.

    counts  shape (r, m): how often each row was drawn
    """

    def __init__(self, rows: RiskOrder, counts: Integers, ties: Ties) -> None:
        self.rows, self.ties = rows, ties
        self.counts = counts.astype(np.float64)
        self.dead_counts = self.counts * rows.event
        self.n_deaths = np.add.reduceat(self.dead_counts[:, rows.dead], rows.dead_starts[:-1], axis=1)
        tied = np.flatnonzero(self.n_deaths > 1)
        self.tied = tied[np.argsort(-self.n_deaths.flat[tied], kind="stable")]
        self.by_time = _product(len(counts), np.arange(rows.event.size), rows.starts)
        self.dead_by_time = _product(len(counts), rows.dead, rows.dead_starts)

    def evaluate(self, beta: Reals) -> _Evaluated:
        """Relative hazards, tie sums and score at coefficients of shape (r, p)."""
        rows = self.rows
        theta = np.dot(beta, rows.design.T)
        np.exp(np.clip(theta, -_MAX_EXPONENT, _MAX_EXPONENT, out=theta), out=theta)
        theta *= self.counts
        s0 = self._at_risk(np.add.reduceat(theta, rows.starts[:-1], axis=1))
        # A time without a drawn death adds nothing, and may have nobody at risk.
        inverse = np.divide(1.0, s0, out=np.zeros_like(s0), where=self.n_deaths > 0)
        sums = self._tie_sums(np.add.reduceat(theta[:, rows.dead], rows.dead_starts[:-1], axis=1) * inverse)
        hazard, jumps = np.empty_like(s0), sums.a * inverse
        for begin, end in pairwise(rows.stratum_starts):
            np.cumsum(jumps[:, begin:end], axis=1, out=hazard[:, begin:end])
        weight = np.repeat(hazard, np.diff(rows.starts), axis=1)
        weight[:, rows.dead] -= (sums.phi_a * inverse)[:, rows.segment[rows.dead]]
        weight *= theta
        return _Evaluated(theta, inverse, sums, weight, np.dot(self.dead_counts - weight, rows.design))

    def information(self, at: _Evaluated) -> Reals:
        """Information matrices, shape (r, p, p)."""
        rows, p = self.rows, self.rows.design.shape[1]
        first, second = np.triu_indices(p)
        gram = np.empty((at.theta.shape[0], p, p))
        gram[:, first, second] = gram[:, second, first] = np.dot(at.weight, rows.pairs)
        square = at.inverse * at.inverse
        s1 = self._at_risk(self.by_time(at.theta, rows.design))
        at_risk = s1 * (square * at.sums.a2)[:, :, None]
        if self.ties == "breslow":
            return np.asarray(gram - at_risk.transpose(0, 2, 1) @ s1)
        d1 = self.dead_by_time(at.theta[:, rows.dead], rows.design)
        cross = (square * at.sums.phi_a2)[:, :, None]
        at_risk -= cross * d1
        dying = d1 * (square * at.sums.phi2_a2)[:, :, None]
        dying -= cross * s1
        return np.asarray(gram - at_risk.transpose(0, 2, 1) @ s1 - dying.transpose(0, 2, 1) @ d1)

    def _at_risk(self, leaving: Reals) -> Reals:
        """Sums over the risk sets from sums by last event time, along axis 1, within strata."""
        total = np.empty_like(leaving)
        for begin, end in pairwise(self.rows.stratum_starts):
            np.cumsum(leaving[:, begin:end][:, ::-1], axis=1, out=total[:, begin:end][:, ::-1])
        return total

    def _tie_sums(self, ratio: Reals) -> _TieSums:
        """Tie sums at r = D0 / S0, shape (r, e): most times have one death or none, the others are in falling order."""
        d = self.n_deaths
        sums = _TieSums(d.copy(), np.zeros_like(d), d.copy(), np.zeros_like(d), np.zeros_like(d))
        if self.ties == "breslow" or not self.tied.size:
            return sums
        r, d = ratio.flat[self.tied], d.flat[self.tied]
        tied = _TieSums(np.ones_like(r), np.zeros_like(r), np.ones_like(r), np.zeros_like(r), np.zeros_like(r))
        for before in range(1, int(d[0])):
            more = int(np.searchsorted(-d, -before))
            phi = before / d[:more]
            a = 1.0 / (1.0 - phi * r[:more])
            phi_a = phi * a
            for total, term in zip(tied, (a, phi_a, a * a, phi_a * a, phi_a * phi_a), strict=True):
                total[:more] += term
        for target, values in zip(sums, tied, strict=True):
            target.flat[self.tied] = values
        return sums


def _product(r: int, order: Integers, starts: Integers) -> Callable[[Reals, Reals], Reals]:
    """The function that sums theta * x by event time for r replicates as one sparse product, shape (r, e, p).

    order, starts  rows by event time, and the pointers of the event times
    """
    from scipy.sparse import csr_array

    columns = np.tile(order, r).astype(np.int32)
    pointers = np.append((np.arange(r)[:, None] * order.size + starts[:-1]).ravel(), r * order.size).astype(np.int32)

    def by_time(theta: Reals, design: Reals) -> Reals:
        matrix = csr_array((theta.ravel(), columns, pointers), shape=(pointers.size - 1, design.shape[0]))
        return np.asarray(matrix @ design).reshape(r, starts.size - 1, -1)

    return by_time
