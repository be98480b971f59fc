"""MyCARe, 0 to 4 points."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cohortium.derivations.determined import Limits, settled, total
from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.rule_inputs import finding, limit_of_normal, number
from cohortium.derivations.thresholds import Bands, Threshold
from cohortium.study.derive.scores import MyCare


@dataclass(frozen=True, slots=True)
class MyCareRules:
    """A point each for findings of which one of a group is positive and for high ferritin; the group by their sum.

    ferritin_times_uln   ferritin that is high, in multiples of the upper limit of normal
    """

    findings: tuple[tuple[str, ...], ...]
    ferritin_times_uln: Threshold
    groups: Bands[str]


MYCARE_2024 = MyCareRules(
    (("extramedullary", "plasma_cell_leukemia"), ("lenalidomide_refractory",), ("high_risk_cytogenetics",)),
    Threshold(">", 1.0),
    Bands(((Threshold("<=", 1.0), "low"), (Threshold("<=", 3.0), "intermediate")), "high"),
)
"""Gagelmann et al. 2024; that normal ferritin ends at the upper limit of normal is [M]."""


def mycare(tables: Tables, section: MyCare, rules: MyCareRules = MYCARE_2024) -> Derived:
    """The points and the group of every patient; the group also where what is not known cannot change it."""
    patients = tables.patients
    limit = limit_of_normal(patients, "ferritin_upper_limit", section.ferritin_upper_limit)
    flags = [
        *(pl.any_horizontal([finding(patients, name) for name in group]) for group in rules.findings),
        rules.ferritin_times_uln.holds_against(number(patients, "ferritin"), limit),
    ]
    frame, points = settled(patients, total([Limits.of_flag(flag) for flag in flags]))
    return Derived(
        frame.select(
            "patient",
            points.determined().cast(pl.Int64).alias(section.name),
            points.through(rules.groups.of).determined().alias(f"{section.name}_group"),
        )
    )
