"""Frailty: the simplified score of Facon, and that of the International Myeloma Working Group."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cohortium.derivations.determined import Limits, settled, total
from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.rule_inputs import number
from cohortium.derivations.thresholds import Bands, Threshold
from cohortium.study.derive.frailty import ImwgFrailty, SimplifiedFrailty


@dataclass(frozen=True, slots=True)
class Frailty:
    """Points of items, and the group by their sum."""

    items: tuple[tuple[str, Bands[float]], ...]
    groups: Bands[str]


_AGE: Bands[float] = Bands(((Threshold("<=", 75.0), 0.0), (Threshold("<=", 80.0), 1.0)), 2.0)
_CHARLSON: Bands[float] = Bands(((Threshold("<=", 1.0), 0.0),), 1.0)

SIMPLIFIED_2020 = Frailty(
    (
        ("age", _AGE),
        ("charlson", _CHARLSON),
        ("ecog", Bands(((Threshold("<=", 0.0), 0.0), (Threshold("<=", 1.0), 1.0)), 2.0)),
    ),
    Bands(((Threshold("<=", 1.0), "non-frail"),), "frail"),
)
"""Facon et al. 2020."""

IMWG_2015 = Frailty(
    (
        ("age", _AGE),
        ("charlson", _CHARLSON),
        ("adl", Bands(((Threshold("<=", 4.0), 1.0),), 0.0)),
        ("iadl", Bands(((Threshold("<=", 5.0), 1.0),), 0.0)),
    ),
    Bands(((Threshold("<=", 0.0), "fit"), (Threshold("<=", 1.0), "intermediate")), "frail"),
)
"""Palumbo et al. 2015; the cut-points of both activity scales are [M]."""


def simplified_frailty(tables: Tables, section: SimplifiedFrailty, rules: Frailty = SIMPLIFIED_2020) -> Derived:
    """The group and its points of every patient; the group also where what is not known cannot change it."""
    return _frailty(tables, section.name, rules)


def imwg_frailty(tables: Tables, section: ImwgFrailty, rules: Frailty = IMWG_2015) -> Derived:
    """The group and its points of every patient; the group also where what is not known cannot change it."""
    cut = {"adl": section.adl_impaired_up_to, "iadl": section.iadl_impaired_up_to}
    items = tuple((name, _cut(bands, cut.get(name))) for name, bands in rules.items)
    return _frailty(tables, section.name, Frailty(items, rules.groups))


def _cut(bands: Bands[float], limit: float | None) -> Bands[float]:
    """The bands of an item, with the limit of the study file where it gives one."""
    if limit is None:
        return bands
    (threshold, points), *_ = bands.bands
    return Bands(((Threshold(threshold.comparison, limit), points),), bands.otherwise)


def _frailty(tables: Tables, name: str, rules: Frailty) -> Derived:
    patients = tables.patients
    frame, points = settled(patients, total([_points(patients, item, bands) for item, bands in rules.items]))
    return Derived(
        frame.select(
            "patient",
            points.through(rules.groups.of).determined().alias(name),
            points.determined().cast(pl.Int64).alias(f"{name}_points"),
        )
    )


def _points(patients: pl.DataFrame, item: str, bands: Bands[float]) -> Limits:
    """The limits of the points of an item; an index that is known to be at least a number gives at least its points."""
    limits = Limits.of_bands(bands, number(patients, item))
    if item != "charlson":
        return limits
    at_least = bands.of(pl.coalesce(number(patients, item), number(patients, "charlson_at_least")))
    return Limits(at_least.fill_null(min(bands.results)), limits.most)
