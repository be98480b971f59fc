"""Whether a myeloma was refractory to a drug within a line: yes, no, or not known, with the reason in words."""

from __future__ import annotations

import polars as pl

from cohortium.derivations.thresholds import Threshold
from cohortium.study.derive.prior_therapy import PriorTherapy

RESPONDED = ("sCR", "CR", "VGPR", "PR", "MR", "SD", "PD")
"""Responses that say something; one that was not evaluable does not."""


def with_refractory(rows: pl.DataFrame, section: PriorTherapy) -> pl.DataFrame:
    """The rows with `refractory` (Boolean or null) and its `explanation`.

    Refractory: no response, or progression on the drug or within the window after its last dose. A drug that was
    stopped on an unknown day was last given on its first day or later, which decides a progression within the window
    after the first day.
    """
    rows = rows.with_columns(_responded=_by_response(section), _progressed=_by_progression(section))
    refractory = pl.col("_responded") | pl.col("_progressed")
    return rows.with_columns(refractory=refractory, explanation=_explanation(section)).drop("_responded", "_progressed")


def _by_response(section: PriorTherapy) -> pl.Expr:
    """Whether there was no response; null where the best response is not known."""
    response = pl.col("best_response")
    return pl.when(response.is_in(RESPONDED)).then(response.is_in(section.refractory_responses))


def _by_progression(section: PriorTherapy) -> pl.Expr:
    """Whether there was progression on the drug or within the window; null where the days do not tell."""
    within = Threshold("<=", float(section.refractory_within_days))
    by_days: pl.Expr = (
        pl.when(pl.col("stop").is_not_null())
        .then(within.holds(pl.col("progression") - pl.col("stop")))
        .when(within.holds(pl.col("progression") - pl.col("start")))
        .then(pl.lit(True))
    )
    if section.no_progression_day == "no-progression":
        by_days = pl.when(pl.col("progression").is_null()).then(pl.lit(False)).otherwise(by_days)
    return pl.when(_stopped_for_progression(section)).then(pl.lit(True)).otherwise(by_days)


def _stopped_for_progression(section: PriorTherapy) -> pl.Expr:
    return pl.col("stop_reason").is_in(section.refractory_stop_reasons).fill_null(False)


def _explanation(section: PriorTherapy) -> pl.Expr:
    """Why a drug is refractory or not, for the site's own eyes."""
    after = pl.col("progression") - pl.col("stop")
    return (
        pl.when(_stopped_for_progression(section))
        .then(pl.lit("stopped for progression"))
        .when(pl.col("_responded"))
        .then(pl.format("best response {}", "best_response"))
        .when(pl.col("_progressed") & (after > 0))
        .then(pl.format("progression {} days after the last dose", after))
        .when(pl.col("_progressed"))
        .then(pl.lit("progression on the drug"))
        .when(pl.col("_progressed").is_null() & pl.col("progression").is_null())
        .then(pl.lit("day of progression not known"))
        .when(pl.col("_progressed").is_null())
        .then(pl.lit("last day of the drug not known"))
        .when(pl.col("_responded").is_null())
        .then(pl.lit("best response not known"))
        .when(pl.col("progression").is_null())
        .then(pl.format("best response {}, no progression", "best_response"))
        .otherwise(pl.format("best response {}, progression {} days after the last dose", "best_response", after))
    )
