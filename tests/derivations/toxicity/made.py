"""Tables of one site, made in a test: rows as dictionaries; what is left out is not known."""

from __future__ import annotations

from typing import Any

import polars as pl

from cohortium.derivations.rule import Tables
from cohortium.study.queries import LINE
from cohortium.study.table_rows import table_schema


def frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of a tidy table, with lines from 2."""
    schema = table_schema(table)
    filled = [dict.fromkeys(schema) | {"patient": "A", LINE: line} | row for line, row in enumerate(rows, 2)]
    return pl.DataFrame(filled, schema=schema)


def site(
    patients: list[str] | pl.DataFrame,
    *,
    events: list[dict[str, Any]] | pl.DataFrame = (),
    assessments: list[dict[str, Any]] | pl.DataFrame = (),
) -> Tables:
    """Tables of a site."""
    if not isinstance(patients, pl.DataFrame):
        patients = pl.DataFrame({"patient": patients}, schema={"patient": pl.String})
    given = {"events": events, "assessments": assessments, "therapies": [], "responses": []}
    return Tables(patients, **{
        name: rows if isinstance(rows, pl.DataFrame) else frame(name, list(rows)) for name, rows in given.items()
    })  # fmt: skip


def row(derived, patient="A"):
    """What was made of a patient."""
    return derived.columns.row(by_predicate=pl.col("patient") == patient, named=True)
