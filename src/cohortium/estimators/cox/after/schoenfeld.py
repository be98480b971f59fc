"""Smoothed scaled Schoenfeld residuals, from sums.

A natural cubic spline through the residuals against time is a least-squares fit, linear in them: it needs, of each
column, the sums over events of basis(t) x residual and of basis(t) basis(t)', never a residual itself. Residuals are
scaled as in R: by the mean information over the events of the strata where the column varies; a column that is
constant in a stratum has no residuals there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cohortium.estimators.regression.design import restricted_cubic

if TYPE_CHECKING:
    from cohortium.estimators.contract import Integers, Reals

POINTS = 40
"""Points of a curve, as R draws it."""
WIDTH = 2.0
"""Half the width of the band in standard errors, as R draws it."""
SINGULAR = 1e-10
"""A basis whose Gram matrix has a relative eigenvalue below this has fewer distinct event times than functions."""
TOO_FEW_TIMES = "fewer distinct event times than the smooth curve has degrees of freedom"
NO_VARIANCE = "too little information in the strata where this covariate varies"


class Basis(NamedTuple):
    """A natural cubic spline basis on the scale of the test.

    scale      shape (40,): points of the curve, evenly spaced on the scale
    at_points  shape (40, df): the functions there
    at_times   shape (n_times, df): the functions at the times of events, 0 elsewhere
    """

    scale: Reals
    at_points: Reals
    at_times: Reals


@dataclass(frozen=True)
class EffectCurve:
    """How a coefficient runs over time.

    column   name of the column
    time     shape (40,); empty arrays when `problem` says why there is no curve
    scale    the same points on the scale of the test
    value    the smoothed coefficient
    lower, upper  two standard errors either way
    """

    column: str
    time: Reals
    scale: Reals
    value: Reals
    lower: Reals
    upper: Reals
    problem: str = ""


class SmoothSums(NamedTuple):
    """Sums over the events of strata in which a column varies.

    cross  shape (p, df): basis x scaled residual
    gram   shape (p, df, df): basis x basis
    """

    cross: Reals
    gram: Reals


def smooth_basis(scale: Reals, dying: Integers, df: int) -> Basis:
    """The space of R's `ns`, with functions that are orthonormal over the events.

    Its knots are at quantiles of the events and of the points of the curve together. All functions are 0 when there are
    fewer distinct event times than functions.

    scale  shape (n_times,): each time on the scale of the test
    dying  shape (n_times,): events at each time
    """
    at = np.flatnonzero(dying)
    values = scale[at]
    points = np.linspace(float(values.min()), float(values.max()), POINTS)
    knots = np.quantile(np.concatenate([points, np.repeat(values, dying[at])]), np.linspace(0.0, 1.0, df))
    at_points, at_times = _functions(points, knots), np.zeros((scale.size, df))
    functions = _functions(values, knots)
    triangle = np.asarray(np.linalg.qr(functions * np.sqrt(dying[at])[:, None], mode="r"))
    if triangle.shape[0] < df or np.abs(np.diag(triangle)).min() <= SINGULAR * np.abs(triangle).max():
        return Basis(points, np.zeros_like(at_points), at_times)
    turn = np.linalg.inv(triangle)
    at_times[at] = functions @ turn
    return Basis(points, at_points @ turn, at_times)


def _functions(values: Reals, knots: Reals) -> Reals:
    """The functions at some values, shape (m, df)."""
    width = float(knots[-1] - knots[0])
    if not width > 0 or not (np.diff(knots) > 0).all():
        return np.zeros((values.size, knots.size))
    unit, places = (values - knots[0]) / width, (knots - knots[0]) / width
    return np.stack([np.ones_like(unit), *(restricted_cubic(unit, places, j) for j in range(knots.size - 1))], axis=1)


def smooth_sums(by_stratum: Reals, gram: Reals, used: np.ndarray, mean_information: Reals) -> SmoothSums:
    """Scale the residuals of each stratum and add the strata up.

    by_stratum        shape (s, df, p): sums of basis x unscaled residual
    gram              shape (s, df, df): sums of basis x basis over events
    used              shape (s, p): columns that vary in each stratum
    mean_information  shape (p, p)
    """
    df, p = by_stratum.shape[1:]
    cross = np.zeros((p, df))
    for pattern in np.unique(used, axis=0):
        columns = np.flatnonzero(pattern)
        if columns.size:
            raw = by_stratum[(used == pattern).all(axis=1)].sum(axis=0)
            cross[columns] += np.linalg.solve(mean_information[np.ix_(columns, columns)], raw[:, columns].T)
    return SmoothSums(cross, np.einsum("sj,sab->jab", used.astype(np.float64), gram))


def curve_of(
    column: str, beta: float, variance: float, sums: tuple[Reals, Reals], basis: Basis, time: Reals
) -> EffectCurve:
    """The curve of one column.

    variance  of a scaled residual
    sums      cross, shape (df,), and gram, shape (df, df), of the column
    time      shape (40,): the points of the curve as times
    """
    cross, gram = sums
    spread = np.sqrt(np.diag(gram))
    problem = "" if variance > 0 else NO_VARIANCE
    if not (spread > 0).all() or np.linalg.eigvalsh(gram / np.outer(spread, spread)).min() < SINGULAR:
        problem = TOO_FEW_TIMES
    if problem:
        nothing = np.empty(0)
        return EffectCurve(column, nothing, nothing, nothing, nothing, nothing, problem)
    solved = np.linalg.solve(gram, basis.at_points.T)
    value = beta + solved.T @ cross
    half = WIDTH * np.sqrt(variance * np.einsum("ij,ji->i", basis.at_points, solved))
    return EffectCurve(column, time, basis.scale, value, value - half, value + half)


def times_of(points: Reals, scale: Reals, times: Reals, dying: Integers) -> Reals:
    """Points of the scale as times, between events by interpolation, shape as `points`."""
    at = np.flatnonzero(dying)
    values, first = np.unique(scale[at], return_index=True)
    return np.asarray(np.interp(points, values, times[at][first]))
