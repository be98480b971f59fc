"""A patient's response over all visits: best confirmed, best reported, first response, progression."""

from __future__ import annotations

import numpy as np
import polars as pl

from cohortium.derivations.response.amounts import Reals, Whole
from cohortium.derivations.response.components import LEVEL_NAMES, NE, PD, PR, SCR
from cohortium.derivations.response.confirmation import Confirmed
from cohortium.derivations.response.records import named

# sCR > CR > VGPR > PR > MR > SD > PD > NE, while confirmation puts PD above all.
_RANK = np.asarray([0, 2, 3, 4, 5, 6, 7, 1])
_LEVEL_OF_RANK = np.argsort(_RANK)


def best_of(
    patients: pl.Series, patient: Whole, day: Whole, level: Whole, confirmed: Confirmed, change: Reals | None = None
) -> pl.DataFrame:
    """A row per patient with at least one visit that counts.

    Returns `patient`, `best`, `reported` (String), `first_response`, `best_day`, `progression` (days from the first
    dose), `best_change` (percent) and `n_adequate`, the number of evaluable visits that count.
    """
    held = confirmed.level
    response_day = pl.col("day").filter((pl.col("held") >= PR) & (pl.col("held") <= SCR)).first()
    kept = pl.DataFrame(
        {
            "place": patient,
            "day": day,
            "level": level,
            "held": held,
            "rank": _RANK[held],
            "reported": _RANK[level],
            "change": np.full(day.size, np.nan) if change is None else change,
        }
    ).filter(pl.Series(confirmed.is_kept, dtype=pl.Boolean))
    found = kept.group_by("place", maintain_order=True).agg(
        pl.col("rank").max(),
        pl.col("reported").max(),
        pl.col("day").get(pl.col("rank").arg_max()).alias("best_day"),
        response_day.alias("first_response"),
        pl.col("day").filter(pl.col("held") == PD).first().alias("progression"),
        pl.col("change").fill_nan(None).min().alias("best_change"),
        (pl.col("level") != NE).sum().cast(pl.Int64).alias("n_adequate"),
    )
    return found.select(
        patients.gather(found["place"]).alias("patient"),
        named(LEVEL_NAMES, _LEVEL_OF_RANK[found["rank"].to_numpy()]).alias("best"),
        named(LEVEL_NAMES, _LEVEL_OF_RANK[found["reported"].to_numpy()]).alias("reported"),
        "first_response",
        "best_day",
        "progression",
        "best_change",
        "n_adequate",
    )
