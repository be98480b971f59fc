"""Grades of one domain of a syndrome, and the domains in words."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from cohortium.derivations.toxicity.astct_grading import Ladder


def domain_grade(code: pl.Expr, ladder: Ladder) -> pl.Expr:
    """The grade of a finding; null where it is not known."""
    return code.replace_strict(dict(ladder), default=None, return_dtype=pl.Int64)


def banded_grade(score: pl.Expr, bands: tuple[tuple[int, int], ...]) -> pl.Expr:
    """The grade of a score, by the first band whose lowest score it reaches; null where it is not known.

    bands   lowest score and grade, best first
    """
    grade = pl.lit(None, dtype=pl.Int64)
    for lowest, given in reversed(bands):
        grade = pl.when(score >= lowest).then(pl.lit(given, dtype=pl.Int64)).otherwise(grade)
    return grade


def described(findings: Mapping[str, pl.Expr], ladders: Mapping[str, Ladder]) -> pl.Expr:
    """Every domain in words: `hypotension no-pressor (2), oxygen not known`."""
    parts = []
    for name, code in findings.items():
        grade = domain_grade(code, ladders[name]).cast(pl.String)
        known = pl.concat_str(pl.lit(f"{name} "), code, pl.lit(" ("), grade, pl.lit(")"))
        parts.append(known.fill_null(f"{name} not known"))
    return pl.concat_str(parts, separator=", ")
