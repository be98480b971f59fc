"""Assessments of the disease in one form, whether a rule derived the responses or the site called them."""

from __future__ import annotations

import polars as pl

from cohortium.derivations.rule import Tables
from cohortium.study.derive.endpoints import TimeToEvent

RESPONSES = ("sCR", "CR", "VGPR", "PR")
"""Responses, best first."""
PROGRESSION = "PD"
_CLINICAL = "clinical"


def visits(tables: Tables, section: TimeToEvent) -> pl.DataFrame:
    """A row per assessment: `patient`, `day`, `response`, `is_adequate` (of the disease), `is_clinical`.

    `response` is what counts: as confirmed at this visit, or as first seen. `is_clinical` marks a progression that is not
    documented. An assessment is adequate when enough was measured to judge the response; a call of the site, when it
    is one of a response or of documented progression.
    """
    if section.response is not None:
        counted = "confirmed" if section.confirmed else "response"
        return tables.records[section.response].select(
            "patient",
            "day",
            pl.col(counted).alias("response"),
            pl.col("is_adequate").fill_null(value=False),
            pl.lit(value=False).alias("is_clinical"),
        )
    is_clinical = (pl.col("response") == PROGRESSION) & (pl.col("basis") == _CLINICAL).fill_null(value=False)
    is_adequate = pl.col("response").is_not_null() & (pl.col("response") != "NE") & ~is_clinical
    return tables.responses.select(
        "patient",
        "day",
        "response",
        is_adequate.fill_null(value=False).alias("is_adequate"),
        is_clinical.fill_null(value=False).alias("is_clinical"),
    )


def with_starts(visits: pl.DataFrame, patients: pl.DataFrame) -> pl.DataFrame:
    """The visits from the patient's start on, or without a day, of patients with a baseline.

    patients   `patient`, `row`, `start` and `baseline`

    Returns the visits with the patient's `row` (a number, by which what follows is grouped and joined) and `start`.
    """
    on_study = pl.col("day").is_null() | (pl.col("day") >= pl.col("start"))
    known = patients.filter(pl.col("baseline").ne_missing("no")).select("patient", "row", "start")
    return visits.join(known, on="patient", how="inner").filter(on_study).drop("patient")


def days_of_visits(visits: pl.DataFrame) -> pl.DataFrame:
    """What a patient's visits say of progression: a row per patient with a visit.

    `progression` and `called` are the first days of documented and of undocumented progression, `progression_undated` and
    `response_undated` whether one of them, or a response, has no day, `has_response` whether there is any response.
    """
    day, is_clinical = pl.col("day"), pl.col("is_clinical")
    is_documented = (pl.col("response") == PROGRESSION) & ~is_clinical
    is_response = pl.col("response").is_in(RESPONSES)
    telling = visits.filter(pl.col("response").is_in((PROGRESSION, *RESPONSES)))
    return telling.group_by("row").agg(
        day.filter(is_documented).min().alias("progression"),
        day.filter(is_clinical).min().alias("called"),
        (day.is_null() & is_documented).any().alias("progression_undated"),
        (day.is_null() & is_clinical).any().alias("called_undated"),
        (day.is_null() & is_response).any().alias("response_undated"),
        is_response.any().alias("has_response"),
    )


def first_responses(visits: pl.DataFrame, limits: pl.DataFrame) -> pl.DataFrame:
    """The days of the first response, and of the first of the best response, up to a limit.

    limits   `row` and `until`, the last day on which a response counts; null for no limit

    Returns `row`, `responded`, `best`; patients without a response have no row.
    """
    rank = pl.col("response").replace_strict(RESPONSES, range(len(RESPONSES)), default=None, return_dtype=pl.Int64)
    counted = (
        visits.filter(pl.col("response").is_in(RESPONSES) & pl.col("day").is_not_null())
        .join(limits, on="row", how="inner")
        .filter(pl.col("until").is_null() | (pl.col("day") <= pl.col("until")))
        .with_columns(rank.alias("rank"))
    )
    return counted.group_by("row").agg(
        pl.col("day").min().alias("responded"),
        pl.col("day").filter(pl.col("rank") == pl.col("rank").min()).min().alias("best"),
    )


def last_adequate(visits: pl.DataFrame, limits: pl.DataFrame) -> pl.DataFrame:
    """The last adequate assessment after the start and up to a limit: `row`, `assessed`.

    limits   `row` and `until`, the last day on which an assessment counts; null for no limit
    """
    return (
        visits.filter("is_adequate")
        .join(limits, on="row", how="inner")
        .filter((pl.col("day") > pl.col("start")) & (pl.col("until").is_null() | (pl.col("day") <= pl.col("until"))))
        .group_by("row")
        .agg(pl.col("day").max().alias("assessed"))
    )
