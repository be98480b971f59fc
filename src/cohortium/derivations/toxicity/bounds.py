"""The lowest and the highest grade that unknown values allow, a row's and a patient's.

Where both are equal the grade is known. Where they differ it is not, but it is at least the lowest.
"""

from __future__ import annotations

import polars as pl

from cohortium.study.derive.grades import SEVERE
from cohortium.study.tables import PATIENT

LEAST, MOST = "least", "most"
"""Columns of the lowest and the highest possible grade, Int64."""


def grade_code(least: pl.Expr, most: pl.Expr) -> pl.Expr:
    """The grade as a level's code; null where it is not known."""
    return pl.when(least == most).then(least.cast(pl.Int64).cast(pl.String))


def reaches(least: pl.Expr, most: pl.Expr, grade: int) -> pl.Expr:
    """Whether the grade is so high or higher: `yes`, `no`, or null where unknown values decide."""
    return pl.when(least >= grade).then(pl.lit("yes")).when(most < grade).then(pl.lit("no"))


def worst(patients: pl.DataFrame, rows: pl.DataFrame, *, none_without: bool) -> pl.DataFrame:
    """The limits of each patient's worst grade, in the order of the patients.

    rows           `patient`, `least`, `most`: a row an event or a value
    none_without   whether a patient without a row has grade 0; otherwise the grade is not known
    """
    found = rows.group_by(PATIENT).agg(pl.col(LEAST, MOST).max())
    joined = patients.select(PATIENT).join(found, on=PATIENT, how="left", maintain_order="left")
    return joined.with_columns(pl.col(LEAST, MOST).fill_null(0)) if none_without else joined


def grade_columns(name: str) -> tuple[pl.Expr, ...]:
    """What `grades_of` declares, from the limits of a patient's worst grade."""
    least, most = pl.col(LEAST), pl.col(MOST)
    return (
        grade_code(least, most).alias(name),
        reaches(least, most, 1).alias(f"{name}_any"),
        reaches(least, most, SEVERE).alias(f"{name}_severe"),
        least.cast(pl.Int64).alias(f"{name}_at_least"),
    )
