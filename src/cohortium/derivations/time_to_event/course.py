"""The course of each patient as days: what is known of starts, progression, therapies, death and follow-up."""

from __future__ import annotations

import polars as pl

from cohortium.derivations.rule import Tables
from cohortium.derivations.time_to_event.ends import ending_order
from cohortium.derivations.time_to_event.therapies import therapy_days
from cohortium.derivations.time_to_event.visits import days_of_visits, first_responses, visits, with_starts
from cohortium.study.derive.censoring import OF_RESPONDERS
from cohortium.study.derive.endpoints import ANSWERS, DATES, TimeToEvent

ENDS = ("progression", "clinical", "bridge", "new_therapy", "death")
"""Columns of days on which something may end the follow-up."""

_FLAGS = (
    "progression_undated",
    "called_undated",
    "response_undated",
    "has_response",
    "bridge_undated",
    "new_therapy_undated",
    "stopped_undated",
)


_BY_VARIABLE = {
    "stopped": "clinical_progression_date",
    "bridge": "planned_bridge_date",
    "new_therapy": "new_therapy_date",
}
"""Days that a date variable gives in place of the table of therapies."""


def course(tables: Tables, section: TimeToEvent) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A row per patient with days, and the visits that count.

    Days (Int64, null where it did not happen up to the data cut-off): `start`, `progression`, `clinical`, `bridge`,
    `new_therapy`, `death`, `last_contact`, for endpoints of responders `responded` and `best`; `cutoff`. Truth values:
    `..._undated` where the day of something is not known, `is_after` where progression or death came after the cut-off,
    `is_alive_after` where last contact or an end after it shows the patient alive then, `death_unknown`. `of_progression`: yes or no.
    """
    patients = _inputs(tables.patients).with_row_index("row")
    seen = with_starts(visits(tables, section), patients) if section.reads_responses else None
    frame = patients
    if seen is not None:
        frame = frame.join(days_of_visits(seen), on="row", how="left", maintain_order="left")
    if section.reads_therapies:
        frame = frame.join(therapy_days(tables.therapies), on="patient", how="left", maintain_order="left")
    frame = _cut(_days(_complete(frame), section), section)
    if seen is None:
        seen = _no_visits()
    if section.endpoint in OF_RESPONDERS:
        responses = first_responses(seen, _response_limits(frame, section))
        frame = frame.join(responses, on="row", how="left", maintain_order="left")
    return frame, seen


def _inputs(patients: pl.DataFrame) -> pl.DataFrame:
    """The inputs that the section names, null where it does not; the start is the origin when it names none."""
    has = set(patients.columns)
    dates = [pl.col(key) if key in has else pl.lit(None, dtype=pl.Int64).alias(key) for key in DATES if key != "start"]
    answers = [pl.col(key) if key in has else pl.lit(None, dtype=pl.String).alias(key) for key in ANSWERS]
    asked = [pl.lit(key in has).alias(f"asks_{key}") for key in ANSWERS]
    start = pl.col("start") if "start" in has else pl.lit(0, dtype=pl.Int64).alias("start")
    cutoff = pl.col("data_cutoff") if "data_cutoff" in has else pl.lit(None, dtype=pl.Int64)
    renamed = {"baseline_assessed": "baseline", "death_from_progression": "of_progression"}
    return patients.select(
        "patient", start.cast(pl.Int64), cutoff.cast(pl.Int64).alias("cutoff"), *dates, *answers, *asked
    ).rename(renamed)


def _complete(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every column that visits and therapies may give."""
    days = ("progression", "called", "bridge", "new_therapy", "stopped")
    has = set(frame.columns)
    return frame.with_columns(
        *(pl.lit(None, dtype=pl.Int64).alias(name) for name in days if name not in has),
        *(pl.lit(value=False).alias(name) for name in _FLAGS if name not in has),
    ).with_columns(pl.col(name).fill_null(value=False) for name in _FLAGS)


def _days(frame: pl.DataFrame, section: TimeToEvent) -> pl.DataFrame:
    """One day for each thing that may end the follow-up, from the date variable where the section names one."""
    start = pl.col("start")
    for name, key in _BY_VARIABLE.items():
        if getattr(section, key) is not None:
            frame = frame.with_columns(pl.col(key).alias(name), pl.lit(value=False).alias(f"{name}_undated"))
    clinical = pl.min_horizontal("stopped", "called")
    clinical_undated = clinical.is_null() & (pl.col("stopped_undated") | pl.col("called_undated"))
    frame = frame.with_columns(clinical.alias("clinical"), clinical_undated.alias("clinical_undated"))
    # What is said to follow the study drug and comes before its start has a wrong day, which is not known.
    for name in ("clinical", "bridge", "new_therapy"):
        is_before = (pl.col(name) < start).fill_null(value=False)
        frame = frame.with_columns((pl.col(f"{name}_undated") | is_before).alias(f"{name}_undated"))
    is_bridge = (pl.col("new_therapy") == pl.col("bridge")).fill_null(value=False)
    has_no_day = pl.col("death_date").is_null() & pl.col("died").eq_missing("yes")
    return frame.with_columns(
        pl.when(~is_bridge).then("new_therapy").alias("new_therapy"),
        pl.col("death_date").alias("death"),
        pl.col("last_contact_date").alias("last_contact"),
        has_no_day.alias("death_unknown"),
    )


def _cut(frame: pl.DataFrame, section: TimeToEvent) -> pl.DataFrame:
    """Nothing after the data cut-off counts; that it happened shows the patient alive at the cut-off."""
    cutoff = pl.col("cutoff")
    is_after = (pl.min_horizontal("progression", "death") > cutoff).fill_null(value=False)
    is_alive = (pl.max_horizontal(*ending_order(section), "last_contact") > cutoff).fill_null(value=False)
    frame = frame.with_columns(is_after.alias("is_after"), is_alive.alias("is_alive_after"))
    return frame.with_columns(
        pl.when(cutoff.is_null() | (pl.col(name) <= cutoff)).then(pl.col(name)).alias(name) for name in ENDS
    )


def _response_limits(frame: pl.DataFrame, section: TimeToEvent) -> pl.DataFrame:
    """The last day on which a response counts: before progression, up to new therapy and whatever ends the follow-up."""
    elements = section.elements
    ends = [pl.col("progression") - 1, pl.col("new_therapy"), pl.col("death"), pl.col("cutoff")]
    if elements.planned_bridge == "censor":
        ends.append(pl.col("bridge"))
    if elements.clinical_progression != "ignore":
        ends.append(pl.col("clinical"))
    return frame.select("row", pl.min_horizontal(ends).alias("until"))


def _no_visits() -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            "row": pl.UInt32,
            "day": pl.Int64,
            "response": pl.String,
            "is_adequate": pl.Boolean,
            "is_clinical": pl.Boolean,
            "start": pl.Int64,
        }
    )
