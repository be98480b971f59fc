"""Endpoints that end with progression: progression-free survival, duration of response, time to progression.

Each follow-up ends once, with the first thing that happens. What censors does so at one day that this thing decides, never
at the latest of several.
"""

from __future__ import annotations

import polars as pl

from cohortium.study.derive import endings
from cohortium.study.derive.endpoints import TimeToEvent


def progression_ended(section: TimeToEvent) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Day, event and reason; they read `end`, `end_day`, `assessed` (the last adequate assessment before) and the course."""
    day, event, reason = _of_end(section)
    assessed = pl.col("assessed")
    first = pl.col("responded") if section.endpoint == "dor" else pl.col("start")
    censored_day = pl.max_horizontal(assessed, first)
    if section.elements.missed_assessments_days:
        missed = _is_missed(section, first)
        day = pl.when(missed).then(censored_day).otherwise(day)
        event = pl.when(missed).then(pl.lit(endings.CENSORED)).otherwise(event)
        reason = pl.when(missed).then(pl.lit(endings.BEFORE_GAP)).otherwise(reason)
    is_at_assessment = day.is_null()
    # The response itself is an assessment, so that one is always there for its duration.
    is_assessed = pl.lit(section.endpoint == "dor") | assessed.is_not_null()
    at_assessment = is_at_assessment | (reason == endings.BEFORE_GAP)
    return (
        day.fill_null(censored_day),
        event,
        pl.when(at_assessment & ~is_assessed).then(pl.lit(endings.NOT_ASSESSED)).otherwise(reason),
    )


def _of_end(section: TimeToEvent) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Day, event and reason by what ended the follow-up; the day is null where it is that of the last assessment."""
    elements = section.elements
    day: dict[str, pl.Expr] = {"progression": pl.col("end_day")}
    event = {"progression": pl.lit(endings.PROGRESSION)}
    reason = {"progression": pl.lit(endings.PROGRESSION)}
    if elements.clinical_progression == "event":
        day["clinical"], event["clinical"] = pl.col("end_day"), pl.lit(endings.PROGRESSION)
        reason["clinical"] = pl.lit(endings.CLINICAL_PROGRESSION)
    else:
        reason["clinical"] = pl.lit(endings.BEFORE_CLINICAL)
    if elements.new_therapy == "event":
        day["new_therapy"], event["new_therapy"] = pl.col("end_day"), pl.lit(endings.NEW_THERAPY)
        reason["new_therapy"] = pl.lit(endings.NEW_THERAPY)
    else:
        reason["new_therapy"] = pl.lit(endings.BEFORE_NEW_THERAPY)
    day["bridge"], reason["bridge"] = pl.col("end_day"), pl.lit(endings.AT_BRIDGE)
    day["death"], event["death"], reason["death"] = _of_death(section)
    alive = pl.when("is_after").then(pl.lit(endings.BEFORE_CUTOFF)).otherwise(pl.lit(endings.LAST_ASSESSMENT))
    return (
        _by_end(day),
        _by_end(event).fill_null(endings.CENSORED),
        _by_end(reason).fill_null(alive),
    )


def _of_death(section: TimeToEvent) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Day, event and reason of a death; a death from progression is one where other deaths are not events."""
    death = section.elements.death
    if death == "event":
        return pl.col("end_day"), pl.lit(endings.DEATH), pl.lit(endings.DEATH)
    of_progression = pl.col("of_progression").eq_missing("yes")
    at_assessment = death == "censor-at-last-assessment"
    other = endings.BEFORE_DEATH if at_assessment else endings.AT_DEATH
    return (
        pl.when(of_progression | pl.lit(not at_assessment)).then("end_day"),
        pl.when(of_progression).then(pl.lit(endings.PROGRESSION)).otherwise(pl.lit(endings.CENSORED)),
        pl.when(of_progression).then(pl.lit(endings.DEATH_FROM_PROGRESSION)).otherwise(pl.lit(other)),
    )


def _is_missed(section: TimeToEvent, first: pl.Expr) -> pl.Expr:
    """Whether a progression or a death came after too long a time without an assessment."""
    elements = section.elements
    judged = ["progression", "death", *(["clinical"] if elements.clinical_progression == "event" else [])]
    since = pl.col("end_day") - pl.max_horizontal("assessed", first)
    return (pl.col("end").is_in(judged) & (since > elements.missed_assessments_days)).fill_null(value=False)


def _by_end(values: dict[str, pl.Expr]) -> pl.Expr:
    return pl.coalesce([pl.when(pl.col("end") == end).then(value) for end, value in values.items()])
