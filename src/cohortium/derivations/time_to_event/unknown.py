"""What keeps an endpoint from being known: a day that is missing is never guessed."""

from __future__ import annotations

import polars as pl

from cohortium.study.derive import endings
from cohortium.study.derive.censoring import OF_RESPONDERS, PROGRESSION_ENDED
from cohortium.study.derive.endpoints import TimeToEvent


def unknown_before_end(section: TimeToEvent) -> pl.Expr:
    """Why nothing can be said of a patient, whatever ended the follow-up; null where something can."""
    elements, endpoint = section.elements, section.endpoint
    assessed = endpoint in (*PROGRESSION_ENDED, *OF_RESPONDERS)
    undated = [pl.lit(value=False)]
    if section.reads_responses:
        undated.append(pl.col("progression_undated"))
    if endpoint in OF_RESPONDERS:
        undated.append(pl.col("response_undated"))
    if elements.clinical_progression != "ignore":
        undated.append(pl.col("clinical_undated"))
    therapy = [pl.lit(value=False)]
    if section.reads_new_therapy:
        therapy.append(pl.col("new_therapy_undated"))
    if elements.planned_bridge == "censor":
        therapy.append(pl.col("bridge_undated"))
    no_baseline = pl.lit(assessed) & pl.col("asks_baseline_assessed") & pl.col("baseline").is_null()
    return _first(
        (pl.col("start").is_null(), endings.UNKNOWN_START),
        (no_baseline, endings.UNKNOWN_BASELINE),
        (pl.any_horizontal(undated), endings.UNKNOWN_PROGRESSION),
        (pl.any_horizontal(therapy), endings.UNKNOWN_THERAPY),
    )


def unknown_at_end(section: TimeToEvent) -> pl.Expr:
    """Why the end of a follow-up is not known, where nothing before it was; null where it is.

    A patient in whom something else ended the follow-up was alive then, so that the day of death does not matter.
    """
    end = pl.col("end")
    tells_deaths = section.endpoint == "nrm" or section.elements.death != "event"
    no_cause = pl.lit(tells_deaths) & pl.col("asks_death_from_progression") & pl.col("of_progression").is_null()
    is_followed = section.endpoint not in PROGRESSION_ENDED
    no_contact = pl.lit(is_followed) & end.is_null() & pl.col("last_contact").is_null() & ~pl.col("is_alive_after")
    death_cause = no_cause & (end == "death").fill_null(value=False)
    if section.endpoint == "ttnt":
        death_cause = pl.lit(value=False)
    return _first(
        (end.is_null() & pl.col("death_unknown") & ~pl.col("is_alive_after"), endings.UNKNOWN_DEATH),
        (death_cause, endings.UNKNOWN_CAUSE),
        (no_contact, endings.UNKNOWN_CONTACT),
    )


def _first(*reasons: tuple[pl.Expr, str]) -> pl.Expr:
    return pl.coalesce([pl.when(holds).then(pl.lit(reason)) for holds, reason in reasons])
