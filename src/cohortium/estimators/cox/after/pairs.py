"""Pairs of rows counted by the order of their risks, in O(n log n).

A pair is comparable when the row that leaves earlier has the event and the other is under observation then. Rows
stand in order of risk; the bits of their times, from the highest, part them again and again into earlier and later
ones, so that each pair of different times is parted exactly once. There a cumulative sum over one side counts, for
each row of the other side, the rows of lower and of higher risk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cohortium.estimators.contract import Integers, Reals


class Observed(NamedTuple):
    """Rows whose pairs are counted, shape (n,) each.

    stratum      whole numbers from 0; pairs of two strata are not compared
    at           position of the end of follow-up on the time grid
    entry_at     position of the entry, -1 from the start; None when all are observed from the start
    event        whether follow-up ends with the event
    risk         higher for an earlier event
    weight       above 0
    time_weight  what a pair counts for the time of its earlier event; read for rows with the event only
    """

    stratum: Integers
    at: Integers
    entry_at: Integers | None
    event: NDArray[np.bool_]
    risk: Reals
    weight: Reals
    time_weight: Reals


@dataclass(frozen=True)
class PairSums:
    """Weighted pairs: the weights of both rows multiply that of the time.

    concordant, discordant  the row with the earlier event has the higher risk, the lower risk
    tied_risk   comparable, of one risk
    tied_time   both with the event at one time, of different risks
    tied_both   both with the event at one time, of one risk
    net         shape (n,): concordant less discordant pairs of each row, its own weight not multiplied
    comparable  shape (n,): comparable pairs of each row, its own weight not multiplied
    """

    concordant: float
    discordant: float
    tied_risk: float
    tied_time: float
    tied_both: float
    net: Reals
    comparable: Reals


class _Line(NamedTuple):
    """Rows in a certain order, shape (m,) each.

    rank    twice the position of the time, one more when censored: an event precedes a censoring of the same time
    weight  of the row as the later one of a pair
    own     of the time, 0 for rows without the event
    timed   weight times `own`: of the row as the earlier one of a pair
    """

    rank: Integers
    weight: Reals
    own: Reals
    timed: Reals

    def take(self, order: Integers) -> _Line:
        return _Line(self.rank[order], self.weight[order], self.own[order], self.timed[order])


def count_pairs(rows: Observed) -> PairSums:
    """All pairs of rows within strata."""
    line, of_row, sign = _lined_up(rows)
    stratum, risk = rows.stratum[of_row], rows.risk[of_row]
    order = _order(stratum, line.rank)
    by_time, strata = line.take(order), _starts(stratum[order])
    comparable = np.empty(order.size)
    comparable[order], n_comparable, at_one_time = _pairs_in_time(by_time, strata)

    order = order[np.argsort(risk[order], kind="stable")]
    order = order[_order(stratum[order])]
    by_risk = line.take(order)
    tied, n_tied, tied_both = _pairs_in_time(by_risk, _starts(stratum[order], risk[order]))
    # Rows of one risk stand in order of time, where the signed count takes the later for the one of higher risk.
    signed = _signed(by_risk, strata) + tied
    difference = float(by_risk.weight @ signed) / 2
    net = np.empty(order.size)
    net[order] = signed
    n = rows.at.size
    return PairSums(
        concordant=(n_comparable - n_tied + difference) / 2,
        discordant=(n_comparable - n_tied - difference) / 2,
        tied_risk=n_tied,
        tied_time=at_one_time - tied_both,
        tied_both=tied_both,
        net=np.asarray(np.bincount(of_row, sign * net, minlength=n), np.float64),
        comparable=np.asarray(np.bincount(of_row, sign * comparable, minlength=n), np.float64),
    )


def _lined_up(rows: Observed) -> tuple[_Line, Integers, Reals]:
    """The rows, then the late ones once more with negative weight, as if censored when they enter.

    An event counts all who leave later; the second takes off again those who had not yet entered.
    """
    n = rows.at.size
    late = np.empty(0, np.int64) if rows.entry_at is None else np.flatnonzero(rows.entry_at >= 0)
    rank = np.empty(n + late.size, np.int64)
    rank[:n] = 2 * rows.at + ~rows.event
    if rows.entry_at is not None:
        rank[n:] = 2 * rows.entry_at[late] + 1
    of_row = np.concatenate([np.arange(n), late])
    sign = np.concatenate([np.ones(n), np.full(late.size, -1.0)])
    own = np.zeros(of_row.size)
    own[:n] = np.where(rows.event, rows.time_weight, 0.0)
    weight = rows.weight[of_row] * sign
    return _Line(rank, weight, own, own * weight), of_row, sign


def _order(*keys: Integers) -> Integers:
    """A stable order by whole numbers from 0, the first the slowest."""
    order = np.arange(keys[0].size)
    for key in reversed(keys):
        for shift in range(0, int(key.max(initial=0)).bit_length(), 16):
            digit = (key[order] >> shift).astype(np.uint16)
            order = order[np.argsort(digit, kind="stable")]
    return order


def _starts(*keys: np.ndarray) -> Integers:
    """Where runs of equal keys start, shape (r,)."""
    first = np.ones(keys[0].size, bool)
    first[1:] = False
    for key in keys:
        first[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(first)


def _pairs_in_time(line: _Line, segments: Integers) -> tuple[Reals, float, float]:
    """Pairs within segments by time alone: of each row, shape (m,); of all rows; of events at one time.

    line      rows in order of (segment, time)
    segments  where they start
    """
    if not segments.size:
        return np.empty(0), 0.0, 0.0
    first = np.zeros(line.rank.size, bool)
    first[segments] = True
    first[1:] |= line.rank[1:] != line.rank[:-1]
    runs = np.flatnonzero(first)
    n_runs = np.diff(np.append(np.searchsorted(runs, segments), runs.size))
    weight, timed, own = np.add.reduceat(line.weight, runs), np.add.reduceat(line.timed, runs), line.own[runs]
    starts = np.cumsum(n_runs) - n_runs
    through, total = _within(weight, starts, n_runs)
    earlier = _within(timed, starts, n_runs)[0] - timed
    later = total - through
    of_run = np.repeat(np.arange(runs.size), np.diff(np.append(runs, line.rank.size)))
    dying = np.where(own > 0, weight, 0.0)
    squares = np.add.reduceat(np.square(line.weight), runs)
    at_one_time = float(own @ (dying * dying - np.where(own > 0, squares, 0.0))) / 2
    return (own * later + earlier)[of_run], float(timed @ later), at_one_time


def _signed(line: _Line, segments: Integers) -> Reals:
    """Of the pairs of each row, those whose earlier row stands after the later one, less the others, shape (m,).

    segments  where the groups start within which rows are compared
    """
    m = line.rank.size
    net, place = np.zeros(m), np.arange(m)
    now, starts = line, segments
    here = np.zeros(m)
    for level in reversed(range(int(line.rank.max(initial=0)).bit_length())):
        later = ((now.rank >> level) & 1).astype(bool)
        sizes = np.diff(np.append(starts, m))
        below_later, of_later = _within(np.where(later, now.weight, 0.0), starts, sizes)
        below_earlier, of_earlier = _within(np.where(later, 0.0, now.timed), starts, sizes)
        here += np.where(later, of_earlier - 2 * below_earlier, now.own * (2 * below_later - of_later))
        first, second = np.flatnonzero(~later), np.flatnonzero(later)
        n_later = np.add.reduceat(later, starts, dtype=np.int64) if starts.size else starts
        order = np.concatenate([first, second])
        now, place, here = now.take(order), place[order], here[order]
        parts = np.concatenate([sizes - n_later, n_later])
        starts = (np.cumsum(parts) - parts)[parts > 0]
    net[place] = here
    return net


def _within(values: Reals, starts: Integers, sizes: Integers) -> tuple[Reals, Reals]:
    """For each row, the sum through it and the sum of its group, shape (m,) each."""
    until = np.cumsum(values)
    before = np.concatenate([[0.0], until])[starts]
    total = np.concatenate([[0.0], until])[starts + sizes] - before
    return until - np.repeat(before, sizes), np.repeat(total, sizes)
