"""A site's own comparison of two proportions: a ratio of odds, a ratio or a difference."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cohortium.estimators.between_sites.own import (
    ALL_EVENTS,
    ESTIMATED,
    NO_EVENTS,
    NOBODY,
    ONE_GROUP,
    ZERO_CELL,
    Own,
    without,
)

if TYPE_CHECKING:
    from cohortium.estimators.between_sites.groups import TwoGroups
    from cohortium.estimators.contract import Factor, Rows
    from cohortium.estimators.proportions.outcome import Outcome

Measure = Literal["odds-ratio", "risk-ratio", "risk-difference", "peto-odds-ratio"]
ZeroCells = Literal["add-half", "leave-out"]


@dataclass(frozen=True)
class ProportionEffect:
    """Two groups and a binary outcome.

    zero_cells   a site one of whose four cells is zero: a half is added to all four of them, or it is left out
    """

    groups: TwoGroups
    outcome: Outcome
    measure: Measure = "odds-ratio"
    zero_cells: ZeroCells = "add-half"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return (self.groups.by, self.outcome.variable)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed: none."""
        return ()


def proportion_effect(rows: Rows, effect: ProportionEffect) -> Own:
    """The log odds ratio, log ratio or difference of two proportions with its variance."""
    group = effect.groups.of(rows)
    known = (group >= 0) & effect.outcome.is_evaluable(rows)
    has = effect.outcome.has(rows)
    x1, rest1, x0, rest0 = (
        int((known & (group == g) & (has if with_it else ~has)).sum()) for g in (0, 1) for with_it in (True, False)
    )
    n_missing = int((group == -1).sum() + ((group >= 0) & ~known).sum())
    return two_by_two(x1, rest1, x0, rest0, effect.measure, effect.zero_cells)._replace(n_missing=n_missing)


def two_by_two(x1: int, rest1: int, x0: int, rest0: int, measure: Measure, zero_cells: ZeroCells = "add-half") -> Own:
    """The effect in one table of patients with the outcome and without it, in the group of interest and the other.

    A table in which nobody or everybody has the outcome says nothing about a ratio, whatever is added; about a
    difference it does. Peto's odds ratio needs nothing added to cells that are zero.

    References: Yusuf, Peto, Lewis, Collins and Sleight 1985; Higgins and others, Cochrane Handbook, 10.4.
    """
    cells = np.array([x1, rest1, x0, rest0], np.float64)
    of = (x1 + rest1 + x0 + rest0, x1 + x0)
    if not of[0]:
        return without(NOBODY)
    if not (x1 + rest1) or not (x0 + rest0):
        return without(ONE_GROUP, *of)
    if measure != "risk-difference" and of[1] in (0, of[0]):
        return without(NO_EVENTS if not of[1] else ALL_EVENTS, *of)
    if measure == "peto-odds-ratio":
        return Own(*_peto(cells), *of, 0, ESTIMATED)
    if not cells.all():
        if zero_cells == "leave-out":
            return without(ZERO_CELL, *of)
        cells = cells + 0.5
    return Own(*_EFFECTS[measure](cells), *of, 0, ESTIMATED)


def _odds_ratio(cells: np.ndarray) -> tuple[float, float]:
    a, b, c, d = cells
    return math.log(a * d / (b * c)), float((1 / cells).sum())


def _risk_ratio(cells: np.ndarray) -> tuple[float, float]:
    a, b, c, d = cells
    # 1/a - 1/n loses the digits of the difference of two like numbers; b / (a n) does not.
    return math.log(a / (a + b)) - math.log(c / (c + d)), float(b / (a * (a + b)) + d / (c * (c + d)))


def _risk_difference(cells: np.ndarray) -> tuple[float, float]:
    a, b, c, d = cells
    n1, n0 = a + b, c + d
    return float(a / n1 - c / n0), float(a * b / n1**3 + c * d / n0**3)


def _peto(cells: np.ndarray) -> tuple[float, float]:
    a, b, c, d = cells
    n1, n0, m1, m0 = a + b, c + d, a + c, b + d
    n = n1 + n0
    variance = n1 * n0 * m1 * m0 / (n * n * (n - 1))
    return float((a - n1 * m1 / n) / variance), float(1 / variance)


_EFFECTS = {"odds-ratio": _odds_ratio, "risk-ratio": _risk_ratio, "risk-difference": _risk_difference}
