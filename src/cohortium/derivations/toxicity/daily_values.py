"""One value a patient and day: the lowest of the day, short gaps filled, as a grid of patients by days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cohortium.study.tables import PATIENT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Grid = NDArray[np.float64]
    """Values of shape (patients, days), NaN where there is none."""
    Flags = NDArray[np.bool_]

_DIGITS = 9


def daily_lowest(patients: pl.Series, rows: pl.DataFrame, first: int, last: int) -> Grid:
    """The lowest value of each patient and day.

    patients      keys, shape (n,)
    rows          `patient`, `day`, `value`
    first, last   days of the grid, both included
    """
    grid = np.full((patients.len(), last - first + 1), np.nan)
    places = pl.DataFrame({PATIENT: patients, "place": np.arange(patients.len())})
    lowest = rows.filter(pl.col("day").is_between(first, last)).group_by(PATIENT, "day").agg(pl.col("value").min())
    found = lowest.join(places, on=PATIENT)
    grid[found["place"].to_numpy(), found["day"].to_numpy() - first] = found["value"].to_numpy()
    return grid


def filled(grid: Grid, longest: int, inside: Flags) -> Grid:
    """Runs of at most `longest` days without a value, filled linearly between two values, at the ends with the nearest.

    inside   days that belong to the patient's window, from the first without a gap, shape of the grid; none other is filled
    """
    known = np.isfinite(grid)
    days = np.broadcast_to(np.arange(grid.shape[1]), grid.shape)
    end = inside.sum(axis=1, keepdims=True)
    before = np.maximum.accumulate(np.where(known, days, -1), axis=1)
    after = np.minimum.accumulate(np.where(known, days, grid.shape[1])[:, ::-1], axis=1)[:, ::-1]
    has_before, has_after = before >= 0, after < grid.shape[1]
    gap = np.where(has_after, after, np.maximum(end, before + 1)) - before - 1
    low = np.take_along_axis(grid, np.clip(before, 0, None), axis=1)
    high = np.take_along_axis(grid, np.clip(after, None, grid.shape[1] - 1), axis=1)
    low, high = np.where(has_before, low, high), np.where(has_after, high, low)
    share = (days - before) / np.maximum(after - before, 1)
    between = low + (high - low) * np.where(has_before & has_after, share, 0)
    fill = ~known & (gap <= longest) & (has_before | has_after) & inside
    return np.where(fill, between, grid)


def rounded(grid: Grid, to: int) -> Grid:
    """Values rounded to a multiple, halves to the even one, as the published program does."""
    # An interpolated half is a half only after the noise of arithmetic is taken away.
    return np.asarray(np.round(np.round(grid / to, _DIGITS)) * to)


def longest_run(low: Flags, joined: int) -> NDArray[np.int64]:
    """Days of the longest run of low days, two runs being one when at most `joined` days lie between them, shape (n,)."""
    return np.asarray(_run_lengths(_joined(low, joined)).max(axis=1, initial=0))


def is_open_from(low: Flags, joined: int, by_day: int, last: NDArray[np.int64]) -> Flags:
    """Whether a run begins by a day and lasts until the patient's last day, shape (n,).

    last   position of the last day, shape (n,); -1 for none
    """
    at = np.clip(last, 0, None)[:, None]
    length = np.take_along_axis(_run_lengths(_joined(low, joined)), at, axis=1)[:, 0]
    return np.asarray((last >= 0) & (length > 0) & (last - length + 1 <= by_day))


def _joined(low: Flags, joined: int) -> Flags:
    """Low days with the short gaps between them."""
    days = np.broadcast_to(np.arange(low.shape[1]), low.shape)
    before = np.maximum.accumulate(np.where(low, days, -low.shape[1]), axis=1)
    after = np.minimum.accumulate(np.where(low, days, 3 * low.shape[1])[:, ::-1], axis=1)[:, ::-1]
    has_both = (before >= 0) & (after < low.shape[1])
    return np.asarray(low | (has_both & (after - before - 1 <= joined)))


def _run_lengths(low: Flags) -> NDArray[np.int64]:
    """Days of the run that ends on each day; 0 on a day that is not low."""
    days = np.broadcast_to(np.arange(1, low.shape[1] + 1), low.shape)
    last_high = np.maximum.accumulate(np.where(low, 0, days), axis=1)
    return days - last_high
