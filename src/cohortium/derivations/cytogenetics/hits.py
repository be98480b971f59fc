"""How many high-risk lesions a myeloma has: none, one, two (double hit), three or more (triple hit)."""

from __future__ import annotations

import polars as pl

from cohortium.derivations.cytogenetics.lesions import lesion
from cohortium.derivations.determined import Limits, settled, total
from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.thresholds import Bands, Threshold
from cohortium.study.derive.cytogenetics import CytogeneticHits

HITS: Bands[str] = Bands(
    ((Threshold("<", 1.0), "none"), (Threshold("<", 2.0), "single"), (Threshold("<", 3.0), "double")), "triple"
)
"""mSMART 3 [M]: two lesions are a double hit, three or more a triple hit."""


def cytogenetic_hits(tables: Tables, section: CytogeneticHits, hits: Bands[str] = HITS) -> Derived:
    """The number of lesions among those counted, and the hits that it makes.

    The number is known when every lesion was tested; the hits are known as soon as what was not tested cannot change them.
    """
    patients = tables.patients
    parts = [Limits.of_flag(_counted(patients, section, name)) for name in section.lesions]
    frame, count = settled(patients, total(parts))
    return Derived(
        frame.select(
            "patient",
            count.through(hits.of).determined().alias(section.name),
            count.determined().cast(pl.Int64).alias(f"{section.name}_n"),
        )
    )


def _counted(patients: pl.DataFrame, section: CytogeneticHits, name: str) -> pl.Expr:
    found = lesion(patients, name)
    return found.fill_null(False) if name in section.taken_as_negative else found
