"""Endpoints of patients followed until last contact: overall survival, time to next therapy, non-relapse mortality."""

from __future__ import annotations

import polars as pl

from cohortium.study.derive import endings
from cohortium.study.derive.endpoints import TimeToEvent


def followed(section: TimeToEvent) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Day, event and reason; they read `end`, `end_day` and the course.

    Alive without any end: censored at last contact, or at the data cut-off when last contact or an end after it shows the patient alive.
    """
    events, reasons = _of_end(section)
    event = pl.coalesce([pl.when(pl.col("end") == end).then(value) for end, value in events.items()])
    reason = pl.coalesce([pl.when(pl.col("end") == end).then(value) for end, value in reasons.items()])
    alive_day = pl.when("is_alive_after").then("cutoff").otherwise("last_contact")
    alive = pl.when("is_alive_after").then(pl.lit(endings.AT_CUTOFF)).otherwise(pl.lit(endings.LAST_CONTACT))
    return pl.coalesce("end_day", alive_day), event.fill_null(endings.CENSORED), reason.fill_null(alive)


def _of_end(section: TimeToEvent) -> tuple[dict[str, pl.Expr], dict[str, pl.Expr]]:
    """Event and reason by what ended the follow-up."""
    if section.endpoint == "os":
        return {"death": pl.lit(endings.DEATH)}, {"death": pl.lit(endings.DEATH)}
    if section.endpoint == "ttnt":
        is_event = section.elements.death == "event"
        return (
            {
                "new_therapy": pl.lit(endings.NEW_THERAPY),
                "death": pl.lit(endings.DEATH if is_event else endings.CENSORED),
            },
            {
                "new_therapy": pl.lit(endings.NEW_THERAPY),
                "bridge": pl.lit(endings.AT_BRIDGE),
                "death": pl.lit(endings.DEATH if is_event else endings.AT_DEATH),
            },
        )
    of_progression = pl.col("of_progression").eq_missing("yes")
    progression, other = pl.lit(endings.PROGRESSION), pl.lit(endings.DEATH_WITHOUT_PROGRESSION)
    return (
        {
            "progression": progression,
            "clinical": progression,
            "death": pl.when(of_progression).then(progression).otherwise(other),
        },
        {
            "progression": progression,
            "clinical": pl.lit(endings.CLINICAL_PROGRESSION),
            "death": pl.when(of_progression).then(pl.lit(endings.DEATH_FROM_PROGRESSION)).otherwise(other),
        },
    )
