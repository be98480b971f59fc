"""One lesion of a patient: positive, negative, or null where nobody looked."""

from __future__ import annotations

import polars as pl

from cohortium.derivations.rule_inputs import finding, number
from cohortium.derivations.thresholds import Threshold

GAIN_1Q_COPIES = Threshold(">=", 3)
"""Copies of 1q that are a gain; four or more are also called an amplification."""


def lesion(patients: pl.DataFrame, name: str) -> pl.Expr:
    """Whether a lesion is positive; 1q by its copies where they are known, del(1p32) also by loss of both copies."""
    found = finding(patients, name)
    if name == "gain_1q":
        return pl.coalesce(GAIN_1Q_COPIES.holds(number(patients, "copies_1q")), found)
    if name == "del_1p32":
        # Loss of both copies is a loss; that both are not lost says nothing about one.
        return pl.when(finding(patients, "del_1p32_biallelic")).then(pl.lit(True)).otherwise(found)
    if name == "del_1p32_biallelic":
        # Where no copy is lost, not both are.
        return pl.coalesce(found, pl.when(~finding(patients, "del_1p32")).then(pl.lit(False)))
    return found
