"""Rows of `events` that count for a rule: of its terms, with an onset within its days."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from cohortium.derivations.toxicity.bounds import LEAST, MOST
from cohortium.study.derive.grades import LONGEST


def of_terms(terms: Sequence[str]) -> pl.Expr:
    """Rows of any of the terms, compared without case and outer spaces."""
    return plain_term(pl.col("term")).is_in([term.strip().lower() for term in terms])


def plain_term(term: pl.Expr) -> pl.Expr:
    """A term without case and outer spaces."""
    return term.str.strip_chars().str.to_lowercase()


def within_days(rows: pl.DataFrame, from_day: int, to_day: int | None) -> pl.DataFrame:
    """Rows whose onset is, or may be, within the days; the lowest grade is 0 where it only may be.

    An unknown onset counts where there is no last day: what was entered as an event of the treatment is one. Where there
    is, it may have come later.
    """
    onset = pl.col("onset")
    inside = (onset >= from_day) if to_day is None else onset.is_between(from_day, to_day)
    if to_day is None:
        inside = inside.fill_null(value=True)
    kept = rows.filter(inside.fill_null(value=True))
    return kept.with_columns(pl.when(inside).then(pl.col(LEAST)).otherwise(0).alias(LEAST))


def is_fatal() -> pl.Expr:
    """Whether the event was fatal; an unknown outcome is not where the site's grade is 1 to 4, and not known otherwise."""
    outcome = pl.col("outcome")
    graded = pl.when(pl.col("grade") < 5).then(pl.lit(False))
    return pl.when(outcome.is_not_null()).then(outcome == "fatal").otherwise(graded)


def first_onset(rows: pl.DataFrame) -> pl.DataFrame:
    """The onset of each patient's first event that counts; null while one that may count has none or may not be one."""
    counted = rows.filter(pl.col(MOST) >= 1)
    sure = (pl.col(LEAST) >= 1).all() & pl.col("onset").is_not_null().all()
    return counted.group_by("patient").agg(pl.when(sure).then(countable(pl.col("onset").min())).alias("first_onset"))


def countable(days: pl.Expr) -> pl.Expr:
    """A number of days; null where it is longer than is counted."""
    return pl.when(days <= LONGEST).then(days)
