"""A site's own estimate, or why it has none."""

from __future__ import annotations

from typing import NamedTuple

REASONS: tuple[str, ...] = (
    "",
    "no patients",
    "too few patients",
    "no events",
    "everybody has the outcome",
    "patients of one group only",
    "separation: the estimate is not finite",
    "no convergence",
    "the covariate has no information of its own",
    "a cell of its table is zero",
    "its rows came from more than one place",
)
"""Why a site has no estimate; the position is the code in the totals, and the first is that of a site that has one."""

(
    ESTIMATED, NOBODY, TOO_FEW, NO_EVENTS, ALL_EVENTS, ONE_GROUP, SEPARATION, NO_CONVERGENCE, NO_CONTRAST, ZERO_CELL,
    TWO_PLACES,
) = range(len(REASONS))  # fmt: skip


class Own(NamedTuple):
    """What a site finds by itself.

    estimate, variance  on the scale that is pooled, e.g. the log hazard ratio; 0 where there is none
    n, n_events         patients that the estimate is made of, and those with the event
    n_missing           patients left out because a value is not known
    reason              position in `REASONS`; 0 where there is an estimate
    """

    estimate: float
    variance: float
    n: int
    n_events: int
    n_missing: int
    reason: int


def without(reason: int, n: int = 0, n_events: int = 0, n_missing: int = 0) -> Own:
    """A site that has no estimate."""
    return Own(0.0, 0.0, n, n_events, n_missing, reason)
