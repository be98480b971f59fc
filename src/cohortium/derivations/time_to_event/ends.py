"""What ends a follow-up: the first thing that happens; of several on one day, the one that the rule lists first."""

from __future__ import annotations

import polars as pl

from cohortium.study.derive.censoring import PROGRESSION_ENDED
from cohortium.study.derive.endpoints import TimeToEvent


def ending_columns(section: TimeToEvent) -> tuple[pl.Expr, pl.Expr]:
    """The columns `end` (what, String) and `end_day` (Int64); null where nothing ended the follow-up."""
    order = ending_order(section)
    end_day = pl.min_horizontal(order)
    end = pl.coalesce([pl.when(pl.col(name) == end_day).then(pl.lit(name)) for name in order])
    return end.alias("end"), end_day.alias("end_day")


def ending_order(section: TimeToEvent) -> list[str]:
    """What may end the follow-up of an endpoint, in the order in which it counts on one day.

    Documented progression comes first, and an event before what censors: a death on the day of a new therapy is one.
    """
    elements, endpoint = section.elements, section.endpoint
    if endpoint == "os":
        return ["death"]
    clinical = {"event": 1, "censor": 4}.get(elements.clinical_progression)
    if endpoint == "nrm":
        return ["progression", *(["clinical"] if clinical else []), "death"]
    if endpoint == "ttnt":
        return ["new_therapy", *(["bridge"] if elements.planned_bridge == "censor" else []), "death"]
    if endpoint not in PROGRESSION_ENDED:
        return []
    ranked = {
        "progression": 0,
        "clinical": clinical,
        "death": 2,
        "bridge": 3 if elements.planned_bridge == "censor" else None,
        "new_therapy": 5 if elements.new_therapy != "ignore" else None,
    }
    return sorted((name for name, rank in ranked.items() if rank is not None), key=lambda name: ranked[name] or 0)
