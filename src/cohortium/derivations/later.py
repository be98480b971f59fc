"""Whether a variable was known at the start: its value again, made of what was known on that day only."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from cohortium.derivations.variables import derived_column, known_in_range
from cohortium.study.derive import RuleSection
from cohortium.study.draft import derived_variables
from cohortium.study.later import LaterUse, later_uses, parts_of
from cohortium.study.study import Study


def later_column(variable: str) -> str:
    """Name of the column that is true where a variable became known only after the start."""
    return f"{variable}__later"


def with_later(study: Study, frame: pl.DataFrame, population: str) -> pl.DataFrame:
    """The rows of a population with a Boolean column for every variable that its analyses take as known at the start.

    The dates after the start are taken away and the variable is derived again; where its value changes, it was not
    known at the start. `is_known(response) and response <= 90` is known at day 90 whatever happens later.
    """
    uses = {use.variable: use for use in later_uses(study) if use.population == population}
    return frame.with_columns(_is_later(study, frame, use) for use in uses.values())


def _is_later(study: Study, frame: pl.DataFrame, use: LaterUse) -> pl.Series:
    parts = parts_of(study)[use.variable]
    blank = [
        *(pl.when(pl.col(name) <= use.landmark).then(pl.col(name)).alias(name) for name in use.dates),
        *(pl.lit(None, dtype=frame.schema[name]).alias(name) for name in use.declared),
    ]
    then = _derived_again(study, frame, frame.with_columns(blank), parts, use.declared)
    return frame[use.variable].ne_missing(then[use.variable]).alias(later_column(use.variable))


def _derived_again(
    study: Study, before: pl.DataFrame, frame: pl.DataFrame, parts: frozenset[str], fixed: Sequence[str]
) -> pl.DataFrame:
    """The rows with what is made of the blanked columns; `before` has them as they are."""
    for derive in study.file.derive:
        if isinstance(derive, RuleSection):
            again = [v.name for v in derived_variables(derive) if v.name in parts and v.name not in fixed]
            changed = [pl.lit(value=False), *(_changed(before, frame, needed.variable) for needed in derive.inputs())]
            frame = frame.with_columns(
                pl.when(~pl.any_horizontal(changed)).then(pl.col(name)).alias(name) for name in again
            )
        elif derive.name in parts and derive.name not in fixed:
            frame = frame.with_columns(derived_column(study, derive)).with_columns(known_in_range(study, derive))
    return frame


def _changed(before: pl.DataFrame, frame: pl.DataFrame, name: str) -> pl.Series:
    # A rule is not run again on what was known then: whatever it reads that was not, makes what it makes unknown.
    return before[name].ne_missing(frame[name])
