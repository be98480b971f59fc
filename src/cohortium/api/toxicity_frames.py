"""A user's frames of events and of laboratory values as the tables that the rules of toxicity read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from cohortium.api.rule_frame import tidy
from cohortium.derivations.rule import Tables
from cohortium.errors import UsageError
from cohortium.study.quantities import QUANTITIES, converted
from cohortium.study.queries import LINE
from cohortium.study.table_rows import table_schema
from cohortium.study.tables import EVENTS, PATIENT

if TYPE_CHECKING:
    from cohortium.api.frames import Frame

_NUMBERS = ("value", "lower_limit", "upper_limit")


def evented(events: Frame) -> pl.DataFrame:
    """Rows of events with every column of the table, and their position in the frame as line."""
    rows = _typed(events, "events", (PATIENT, "term"))
    wrong = [
        f"{column.name}: {', '.join(column.codes)}"
        for column in EVENTS.columns
        if column.codes and not rows[column.name].drop_nulls().is_in(list(column.codes)).all()
    ]
    wrong += [
        f"{column.name}: {column.minimum:g} to {column.maximum:g}"
        for column in EVENTS.columns
        if column.minimum is not None
        and column.maximum is not None
        and not rows[column.name].drop_nulls().is_between(column.minimum, column.maximum).all()
    ]
    if wrong:
        raise UsageError(f"events hold values that are not expected; expected {'; '.join(wrong)}")
    return rows


def assessed(assessments: Frame) -> pl.DataFrame:
    """Rows of assessments with every column of the table, in the unit of each quantity."""
    rows = _typed(assessments, "assessments", (PATIENT, "day", "quantity", "value"))
    pairs = rows.select("quantity", pl.col("unit").fill_null("")).unique().drop_nulls()
    strange = not pairs["quantity"].is_in(list(QUANTITIES)).all()
    if strange:
        raise UsageError(f"column quantity: there are unknown codes; expected {', '.join(QUANTITIES)}")
    factors = [QUANTITIES[quantity].factor(unit) for quantity, unit in pairs.iter_rows()]
    wrong = sorted({pairs["quantity"][i] for i, factor in enumerate(factors) if factor is None})
    if wrong:
        units = "; ".join(f"{name} in {QUANTITIES[name].unit or 'no unit'}" for name in wrong)
        raise UsageError(f"column unit: there are units that do not belong to their quantity; expected {units}")
    table = pairs.with_columns(pl.Series("#factor", factors, dtype=pl.Float64))
    joined = rows.with_columns(pl.col("unit").fill_null("")).join(
        table, on=["quantity", "unit"], how="left", maintain_order="left"
    )
    return joined.with_columns(
        converted(pl.col(name).fill_nan(None), pl.col("#factor")).alias(name) for name in _NUMBERS
    ).drop("#factor")


def patients_of(patients: Frame | None, rows: pl.DataFrame, optional: Mapping[str, Any]) -> pl.DataFrame:
    """One row a patient: those given, with the optional columns that they have, or else those of the rows."""
    if patients is None:
        return rows.select(pl.col(PATIENT).drop_nulls().unique(maintain_order=True))
    schema = {PATIENT: pl.String} | {name: kind for name, kind in optional.items() if name in patients.columns}
    found = tidy(patients, schema, {}, (PATIENT,))
    if found[PATIENT].null_count() or found[PATIENT].n_unique() < found.height:
        raise UsageError("patients: expected one row a patient, each with a key")
    return found


def tables_of(
    patients: pl.DataFrame, *, events: pl.DataFrame | None = None, assessments: pl.DataFrame | None = None
) -> Tables:
    """The tables of a call; those that the rule does not read have no rows. Rows of patients who are not given are left out."""
    given = {"events": events, "assessments": assessments, "therapies": None, "responses": None}
    known = patients[PATIENT].implode()
    frames = {
        name: pl.DataFrame(schema=table_schema(name)) if rows is None else rows.filter(pl.col(PATIENT).is_in(known))
        for name, rows in given.items()
    }
    therapies, assessments, events, responses = (
        frames[name] for name in ("therapies", "assessments", "events", "responses")
    )
    return Tables(patients, therapies, assessments, events, responses)


def _typed(frame: Frame, table: str, needed: tuple[str, ...]) -> pl.DataFrame:
    schema = {name: kind for name, kind in table_schema(table).items() if name != LINE}
    return tidy(frame, schema, {}, needed).with_row_index(LINE).with_columns(pl.col(LINE).cast(pl.Int64))
