"""Confirmation of responses as the site called them, where there are no laboratory values."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cohortium.derivations.response.amounts import Flags, Whole
from cohortium.derivations.response.components import LEVEL_NAMES, NE, PD
from cohortium.derivations.response.confirmation import Confirmed, confirm
from cohortium.derivations.response.options import Confirmation
from cohortium.derivations.response.records import days_of, flags_of, named


@dataclass(frozen=True, slots=True)
class Called:
    """Calls of the site, sorted by patient and day, and what they confirm; (m,) each."""

    patients: pl.Series
    patient: Whole
    day: Whole
    level: Whole
    basis: pl.Series
    is_seen: Flags
    confirmed: Confirmed


def called_of(responses: pl.DataFrame, patients: pl.DataFrame, options: Confirmation) -> Called:
    """The calls of every patient of a table after the first dose, confirmed.

    responses  `patient`, `day`, `response` and, where known, `basis` of a progression and `sample`
    patients   `patient` and, where there are, `new_therapy`, `progression_death` and `data_cutoff`

    Of several calls on a day the lowest counts, and a progression before all.
    """
    patients = patients.sort("patient")
    rows = _rows(responses, patients)
    patient, day = rows["place"].to_numpy(), rows["day"].to_numpy()
    level = rows["level"].to_numpy()
    is_seen = (level == PD) & (rows["basis"] == "imaging").fill_null(value=False).to_numpy()
    confirmed = confirm(
        level,
        patient,
        day,
        is_seen=is_seen,
        sample=rows["sample"].rank("dense").cast(pl.Int64).fill_null(-1).to_numpy(),
        new_therapy=days_of(patients, "new_therapy"),
        died_of_progression=flags_of(patients, "progression_death"),
        options=options,
    )
    return Called(patients["patient"], patient, day, level, rows["basis"], is_seen, confirmed)


def _rows(responses: pl.DataFrame, patients: pl.DataFrame) -> pl.DataFrame:
    """One call a patient and day: place of the patient, day, number of the level, basis, sample."""
    number = {name: level for level, name in enumerate(LEVEL_NAMES)}
    texts = [
        pl.col(name).cast(pl.String) if name in responses.columns else pl.lit(None, dtype=pl.String).alias(name)
        for name in ("basis", "sample")
    ]
    has_cutoff = "data_cutoff" in patients.columns
    keys = patients.select("patient", *(["data_cutoff"] if has_cutoff else [])).with_row_index("place")
    level = pl.col("response").replace_strict(number, default=None, return_dtype=pl.Int64)
    rows = responses.select("patient", pl.col("day").cast(pl.Int64), level.alias("level"), *texts).join(
        keys, on="patient", how="inner"
    )
    if has_cutoff:
        rows = rows.filter((pl.col("day") <= pl.col("data_cutoff")).fill_null(value=True))
    worst = pl.when(pl.col("level") == PD).then(-1).when(pl.col("level") == NE).then(PD).otherwise(pl.col("level"))
    return (
        rows.filter(pl.col("day").is_not_null() & pl.col("level").is_not_null() & (pl.col("day") > 0))
        .with_columns(pl.col("place").cast(pl.Int64), worst.alias("worst"))
        .sort("place", "day", "worst", pl.col("basis") != "imaging", "basis", "sample")
        .unique(["place", "day"], keep="first", maintain_order=True)
    )


def called_records(called: Called) -> pl.DataFrame:
    """A record per call, sorted by patient and day."""
    response = named(LEVEL_NAMES, called.level)
    is_progression = called.level == PD
    basis = pl.select(
        pl.when(pl.Series(is_progression) & called.basis.is_in(["biochemical", "imaging"])).then(called.basis)
    ).to_series()
    frame = pl.DataFrame(
        {
            "patient": called.patients.gather(called.patient),
            "day": called.day,
            "response": response,
            "confirmed": named(LEVEL_NAMES, called.confirmed.level),
            "progression_basis": basis,
            "is_adequate": called.level != NE,
            "explanation": response + ": as called by the site",
            "is_kept": called.confirmed.is_kept,
            "days_to_next": called.confirmed.gap_days,
            "n_not_evaluable": called.confirmed.n_not_evaluable,
        },
        schema_overrides={"day": pl.Int64, "days_to_next": pl.Int64, "n_not_evaluable": pl.Int64},
    )
    return frame.with_columns(pl.col("days_to_next").replace(-1, None))


def late_confirmations(records: pl.DataFrame, options: Confirmation, most_not_evaluable: int = 3) -> pl.DataFrame:
    """Visits to look at: the next evaluable one is late, or several in a row were not evaluable.

    Returns `patient`, `day`, `response`, `days_to_next`, `n_not_evaluable`.
    """
    late = (pl.col("days_to_next") > options.warn_gap_days).fill_null(value=False)
    return records.filter(late | (pl.col("n_not_evaluable") >= most_not_evaluable)).select(
        "patient", "day", "response", "days_to_next", "n_not_evaluable"
    )
