"""Cytokine release syndrome: the grade of each event from fever, blood pressure support and oxygen.

With fever, the grade is the worse of the grades of hypotension and hypoxia, at least 1; death by the syndrome is grade 5.

References: Lee DW et al., Biol Blood Marrow Transplant 2019;25:625-638 [V].
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.toxicity.astct_events import derived_syndrome, with_death
from cohortium.derivations.toxicity.astct_grading import CRS, FATAL, CrsGrading
from cohortium.derivations.toxicity.bounds import LEAST, MOST
from cohortium.derivations.toxicity.domains import described, domain_grade
from cohortium.derivations.toxicity.event_rows import is_fatal, of_terms
from cohortium.derivations.toxicity.impossible import Impossible

if TYPE_CHECKING:
    from cohortium.study.derive.toxicity import Crs


def crs(tables: Tables, section: Crs) -> Derived:
    """The rule `crs`: grades, onset, duration and treatment of each patient."""
    grading = CRS[section.version]
    rows = tables.events.filter(of_terms([section.term]))
    needed = section.fever_after_treatment == "needed"
    fever = has_fever(grading, unknown=section.unknown_temperature, needed_after_treatment=needed)
    without_fever = Impossible(
        "temperature", "crs-without-fever", f"fever of {grading.fever_at_least} degrees Celsius or more",
        ~fever & (pl.col("attributed") | pl.col("attributed").is_null()), "note",
    )  # fmt: skip
    return derived_syndrome(tables, section, graded_crs(rows, grading, fever), (without_fever,))


def has_fever(grading: CrsGrading, *, unknown: str = "fever", needed_after_treatment: bool = False) -> pl.Expr:
    """Whether an event had fever, or needs none.

    unknown                  `fever`: an unknown temperature is one; `unknown`: it is not known
    needed_after_treatment   false: after tocilizumab or corticosteroids fever is not needed
    """
    fever = pl.col("temperature") >= grading.fever_at_least
    if unknown == "fever":
        fever = fever.fill_null(value=True)
    treated = pl.col("tocilizumab").fill_null(value=False) | pl.col("corticosteroids").fill_null(value=False)
    return fever if needed_after_treatment else fever | treated


def graded_crs(rows: pl.DataFrame, grading: CrsGrading, fever: pl.Expr) -> pl.DataFrame:
    """Rows of the syndrome with `least`, `most` and `explanation`."""
    domains = [domain_grade(pl.col(column), ladder) for column, ladder in grading.domains.items()]
    highest = [max(ladder.values()) for ladder in grading.domains.values()]
    least, most = with_death(
        pl.max_horizontal(1, *domains),
        pl.max_horizontal(1, *(grade.fill_null(top) for grade, top in zip(domains, highest, strict=True))),
        is_fatal(),
        FATAL,
    )
    other = ~pl.col("attributed").fill_null(value=True)
    no_syndrome = other | ~fever.fill_null(value=True)
    explained = described({column: pl.col(column) for column in grading.domains}, grading.domains)
    return rows.with_columns(
        pl.when(no_syndrome | fever.is_null()).then(0).otherwise(least).cast(pl.Int64).alias(LEAST),
        pl.when(no_syndrome).then(0).otherwise(most).cast(pl.Int64).alias(MOST),
        pl.when(other)
        .then(pl.lit("the findings have another cause"))
        .when(no_syndrome)
        .then(pl.lit("no fever"))
        .when(is_fatal())
        .then(pl.lit("fatal"))
        .otherwise(explained)
        .alias("explanation"),
    )
