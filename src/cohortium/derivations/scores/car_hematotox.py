"""CAR-HEMATOTOX, 0 to 7 points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from cohortium.derivations.determined import Limits, settled, total
from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.rule_inputs import number
from cohortium.derivations.thresholds import Bands, Comparison, Threshold
from cohortium.study.derive.scores import CarHematotox

_CLOSED: Mapping[Comparison, Comparison] = {"<": "<=", "<=": "<=", ">": ">=", ">=": ">="}
_OPEN: Mapping[Comparison, Comparison] = {"<": "<", "<=": "<", ">": ">", ">=": ">"}


@dataclass(frozen=True, slots=True)
class Hematotox:
    """Points of each item, and the group by their sum."""

    items: Mapping[str, Bands[float]]
    groups: Bands[str]


CAR_HEMATOTOX_2021 = Hematotox(
    {
        "platelets": Bands(((Threshold("<", 75.0), 2.0), (Threshold("<=", 175.0), 1.0)), 0.0),
        "neutrophils": Bands(((Threshold("<", 1.2), 1.0),), 0.0),
        "hemoglobin": Bands(((Threshold("<", 9.0), 1.0),), 0.0),
        "crp": Bands(((Threshold(">=", 3.0), 1.0),), 0.0),
        "ferritin": Bands(((Threshold(">", 2000.0), 2.0), (Threshold(">=", 650.0), 1.0)), 0.0),
    },
    Bands(((Threshold("<", 2.0), "low"),), "high"),
)
"""Rejeski et al. 2021; 10^9/L, g/dL, mg/dL, ng/mL. What holds at exactly 1.2, 9.0 and 3.0 is a parameter [M]."""


def car_hematotox(tables: Tables, section: CarHematotox, rules: Hematotox = CAR_HEMATOTOX_2021) -> Derived:
    """The points and the group of every patient; the group also where what is not known cannot change it."""
    patients = tables.patients
    items = {name: _at_limit(bands, getattr(section, f"{name}_at_limit", None)) for name, bands in rules.items.items()}
    parts = [Limits.of_bands(bands, number(patients, name)) for name, bands in items.items()]
    frame, points = settled(patients, total(parts))
    return Derived(
        frame.select(
            "patient",
            points.determined().cast(pl.Int64).alias(section.name),
            points.through(rules.groups.of).determined().alias(f"{section.name}_group"),
        )
    )


def _at_limit(bands: Bands[float], points: int | None) -> Bands[float]:
    """The bands of an item; where the study file says so, those points at exactly its limit."""
    if points is None:
        return bands
    (threshold, given), *_ = bands.bands
    comparison = _CLOSED[threshold.comparison] if points == given else _OPEN[threshold.comparison]
    return Bands(((Threshold(comparison, threshold.limit), given),), bands.otherwise)
