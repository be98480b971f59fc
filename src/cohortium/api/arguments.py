"""Checks of arguments: what is not one of the allowed values is said, never taken for the default."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import get_args

from cohortium.errors import UsageError

MOST_NUMBERS = 100_000_000
"""Numbers in the totals of one site: 0.8 GB."""


def require_choice(argument: str, value: object, literal: object) -> None:
    """The value is one of a Literal's; UsageError otherwise."""
    allowed = get_args(literal)
    if value not in allowed:
        raise UsageError(f"{argument}: expected one of {', '.join(map(repr, allowed))}, got {value!r}")


def require_level(confidence: float) -> None:
    """The confidence level is between 0 and 1; UsageError otherwise."""
    if not 0 < confidence < 1:
        raise UsageError(f"confidence: expected a number between 0 and 1, such as 0.95, got {confidence!r}")


def require_distinct(columns: Sequence[str]) -> None:
    """No column has two roles; UsageError otherwise."""
    twice = [name for name in dict.fromkeys(columns) if columns.count(name) > 1]
    if twice:
        raise UsageError(f"column {', '.join(twice)}: given more than once; each column has one role")


def require_room(n_strata: int, n_times: int, n_columns: int) -> None:
    """Totals by stratum and time fit in memory; UsageError otherwise."""
    if n_strata * n_times * n_columns > MOST_NUMBERS:
        raise UsageError(
            f"strata that several frames share need totals of {n_strata} strata x {n_times} times; "
            "give the rows as one frame, cut them by stratum, or count time in larger units"
        )


def require_known(argument: str, names: Iterable[str], allowed: Sequence[str]) -> None:
    """Every name is among the allowed ones; UsageError otherwise."""
    unknown = [name for name in names if name not in allowed]
    if unknown:
        raise UsageError(f"{argument}: {', '.join(unknown)} is not among {', '.join(allowed)}")
