"""Immune effector cell-associated neurotoxicity syndrome: the grade of each event from the worst of five domains.

Death by the syndrome is grade 5. An ICE score of 0 in a patient who can be roused is grade 3; in one who cannot, the level of
consciousness makes it grade 4.

References: Lee DW et al., Biol Blood Marrow Transplant 2019;25:625-638 [V].
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.toxicity.astct_events import derived_syndrome, with_death
from cohortium.derivations.toxicity.astct_grading import FATAL, ICANS, IcansGrading
from cohortium.derivations.toxicity.bounds import LEAST, MOST
from cohortium.derivations.toxicity.domains import banded_grade, described, domain_grade
from cohortium.derivations.toxicity.event_rows import is_fatal, of_terms
from cohortium.derivations.toxicity.impossible import Impossible

if TYPE_CHECKING:
    from cohortium.study.derive.toxicity import Icans

_ROUSED_SCORE = Impossible(
    "ice", "ice-while-unarousable", "a lowest ICE score of 0 in a patient who could not be roused",
    (pl.col("consciousness") == "unarousable") & (pl.col("ice") > 0),
)  # fmt: skip


def icans(tables: Tables, section: Icans) -> Derived:
    """The rule `icans`: grades, onset, duration and treatment of each patient."""
    rows = graded_icans(tables.events.filter(of_terms([section.term])), ICANS[section.version])
    counts = pl.col("attributed").fill_null(value=True)
    nothing = Impossible(
        "ice", "icans-without-finding", "a finding in at least one domain", (pl.col(MOST) == 0) & counts, "note"
    )
    return derived_syndrome(tables, section, rows, (_ROUSED_SCORE, nothing))


def graded_icans(rows: pl.DataFrame, grading: IcansGrading) -> pl.DataFrame:
    """Rows of the syndrome with `least`, `most` and `explanation`."""
    ice = banded_grade(pl.col("ice"), grading.ice)
    domains = [ice, *(domain_grade(pl.col(column), ladder) for column, ladder in grading.domains.items())]
    highest = [
        max(grade for _, grade in grading.ice),
        *(max(ladder.values()) for ladder in grading.domains.values()),
    ]
    least, most = with_death(
        pl.max_horizontal(0, *domains),
        pl.max_horizontal(grade.fill_null(top) for grade, top in zip(domains, highest, strict=True)),
        is_fatal(),
        FATAL,
    )
    other = ~pl.col("attributed").fill_null(value=True)
    score = pl.concat_str(
        pl.lit("ICE "), pl.col("ice").cast(pl.String), pl.lit(" ("), ice.cast(pl.String), pl.lit("), ")
    )
    rest = described({column: pl.col(column) for column in grading.domains}, grading.domains)
    return rows.with_columns(
        pl.when(other).then(0).otherwise(least).cast(pl.Int64).alias(LEAST),
        pl.when(other).then(0).otherwise(most).cast(pl.Int64).alias(MOST),
        pl.when(other)
        .then(pl.lit("the findings have another cause"))
        .when(is_fatal())
        .then(pl.lit("fatal"))
        .otherwise(pl.concat_str(score.fill_null("ICE not known, "), rest))
        .alias("explanation"),
    )
