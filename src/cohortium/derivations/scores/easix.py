"""EASIX and its two variants."""

from __future__ import annotations

import polars as pl

from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.rule_inputs import number
from cohortium.study.derive.scores import Easix

FACTOR = {"easix": "creatinine", "m-easix": "crp", "s-easix": None}
"""What LDH over platelets is multiplied with."""


def easix(tables: Tables, section: Easix) -> Derived:
    """The index of every patient and its logarithm; null where a component is not known or no number comes out."""
    patients = tables.patients
    factor = FACTOR[section.variant]
    index = number(patients, "ldh") / number(patients, "platelets")
    if factor is not None:
        index = index * number(patients, factor)
    return Derived(
        patients.select("patient", _finite(index).alias(section.name)).with_columns(
            _finite(pl.col(section.name).log(2)).alias(f"{section.name}_log2")
        )
    )


def _finite(value: pl.Expr) -> pl.Expr:
    """The number, where it is one: nothing is divided by no platelets, and zero has no logarithm."""
    return pl.when(value.is_finite()).then(value)
