"""The International Staging System as limits: stage 1, 2 or 3 from beta-2 microglobulin and albumin."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cohortium.derivations.determined import Limits
from cohortium.derivations.thresholds import Threshold


@dataclass(frozen=True, slots=True)
class Iss:
    """Thresholds of the ISS; beta-2 microglobulin in mg/L, albumin in g/dL.

    first_beta2, first_albumin   both hold in stage I
    third_beta2                  holds in stage III; stage II is neither
    """

    first_beta2: Threshold
    first_albumin: Threshold
    third_beta2: Threshold


ISS_2005 = Iss(Threshold("<", 3.5), Threshold(">=", 3.5), Threshold(">=", 5.5))
"""Greipp et al. 2005."""

STAGES = ("I", "II", "III")


def iss_limits(beta2_microglobulin: pl.Expr, albumin: pl.Expr, rules: Iss = ISS_2005) -> Limits:
    """The lowest and the highest stage, as 1, 2 or 3, that the values known allow.

    beta2_microglobulin   mg/L; albumin   g/dL; null where not known
    """
    third = rules.third_beta2.holds(beta2_microglobulin)
    first = rules.first_beta2.holds(beta2_microglobulin) & rules.first_albumin.holds(albumin)
    return Limits(
        _stage(third.fill_null(False), first.fill_null(True)), _stage(third.fill_null(True), first.fill_null(False))
    )


def _stage(third: pl.Expr, first: pl.Expr) -> pl.Expr:
    """The stage; stage I and III exclude each other by their thresholds."""
    # Where III is possible only because beta-2 microglobulin is not known, I may be possible too: III is the higher.
    return pl.when(third).then(3.0).when(first).then(1.0).otherwise(2.0)
