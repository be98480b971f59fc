"""Where in the results table each column of a figure's data comes from, by kind of figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cohortium.report.tables.response import NOT_KNOWN

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Source:
    """Rows whose number a column holds.

    statistics  names of the statistics; any of them
    number      column of the results table with the number
    by          columns of the figure's data that say which row; None for all of the kind
    where       columns of the results table with a fixed value
    absent      what the figure's data hold where there is no such row
    optional    whether the figure's data may leave it out
    """

    statistics: tuple[str, ...]
    number: str = "value"
    by: tuple[str, ...] | None = None
    where: Mapping[str, object] = field(default_factory=lambda: _NONE)
    absent: float | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one kind of figure.

    keys     columns that say which row is meant, with the column of the results table they hold
    numbers  columns of numbers, with every source that may give them
    renamed  words that stand for an empty cell of the results table
    """

    keys: Mapping[str, str]
    numbers: Mapping[str, tuple[Source, ...]]
    renamed: tuple[str, ...] = ()


def _of(*statistics: str, number: str = "value", **more: object) -> tuple[Source, ...]:
    return (Source(statistics, number, **more),)  # type: ignore[arg-type]


def _estimate(*statistics: str, name: str, **more: object) -> dict[str, tuple[Source, ...]]:
    """An estimate with its limits."""
    columns = {name: "value", "lower": "lower", "upper": "upper"}
    return {column: _of(*statistics, number=number, **more) for column, number in columns.items()}


_RATIOS = ("hazard-ratio", "subdistribution-hazard-ratio", "odds-ratio")
_EFFECTS = ("hazard-ratio", "odds-ratio", "risk-ratio", "risk-difference", "prediction-interval")
_WITHOUT_TIME: Mapping[str, object] = {"time": None}
_CURVE = {"group": "group", "cause": "level", "time_days": "time"}
_SUBGROUP: Mapping[str, object] = {"model": "subgroup"}


def _curve(*statistics: str) -> Columns:
    numbers = _estimate(*statistics, name="value") | {"n_at_risk": _of(*statistics, number="n")}
    return Columns(_CURVE, numbers)


FIGURE_COLUMNS: Mapping[str, Columns] = {
    "kaplan-meier": Columns(
        {"group": "group", "time_days": "time"},
        {
            **_estimate("survival", name="survival"),
            "n_at_risk": _of("survival", number="n"),
            "n_event": _of("events-at", absent=0.0),
            "n_censored": _of("censored-at", absent=0.0),
        },
    ),
    "cumulative-hazard": _curve("cumulative-hazard"),
    "cumulative-incidence": _curve("cumulative-incidence", "cumulative-incidence-at"),
    "predicted-survival": Columns(_CURVE, _estimate("predicted-survival", name="value")),
    "love": Columns(
        {"variable": "variable", "level": "level"},
        {
            "difference_before": _of("standardized-difference", where={"model": "unweighted"}),
            "difference_after": _of("standardized-difference", where={"model": "weighted"}),
        },
    ),
    "response": Columns(
        {"population": "population", "outcome": "level", "group": "group"},
        {
            **_estimate("percent", name="percent"),
            "count": _of("count"),
            "denominator": _of("count", number="denominator"),
        },
    ),
    "stacked-bars": Columns(
        {"population": "population", "group": "group", "level": "level"},
        {
            "count": _of("category-count", "category-unknown"),
            "denominator": _of("category-count", "category-unknown", number="denominator"),
            "percent": _of("category-percent"),
        },
        renamed=(NOT_KNOWN,),
    ),
    "adverse-events": Columns(
        {"event": "variable", "grades": "level", "group": "group"},
        {"count": _of("count"), "denominator": _of("count", number="denominator"), "percent": _of("percent")},
    ),
    "forest": Columns(
        {"model": "model", "variable": "variable", "level": "level"},
        {
            **_estimate(*_RATIOS, name="hazard_ratio"),
            "n": _of("n"),
            "n_events": _of("events"),
            "p_value": _of("p-value"),
        },
    ),
    "subgroups": Columns(
        {"variable": "variable", "level": "level"},
        {
            **_estimate("hazard-ratio", name="hazard_ratio", where=_SUBGROUP),
            "n": _of("n", where=_SUBGROUP),
            "n_events": _of("events", where=_SUBGROUP),
            "interaction_p": _of("interaction-p", "interaction-wald-p", by=("variable",), where=_SUBGROUP),
        },
        renamed=("All patients",),
    ),
    "schoenfeld": Columns(
        {"variable": "variable", "level": "level", "time_days": "time"},
        {
            **_estimate("ph-curve", name="value"),
            "estimate": _of("coefficient", "spline-coefficient", by=("variable",)),
            "p_value": _of("ph-p", by=("variable",)),
        },
    ),
    "calibration": Columns(
        {"group": "level"},
        {
            **_estimate("risk-group-observed", name="observed"),
            "n": _of("risk-group-observed", number="n"),
            "n_events": _of("risk-group-events"),
            "predicted": _of("risk-group-predicted"),
        },
    ),
    "site-forest": Columns(
        {"institution": "level"},
        {
            **_estimate(*_EFFECTS, name="estimate"),
            "n": (*_of("n"), *_of("sites", number="n", optional=True)),
            "n_events": _of("events"),
            "weight": _of("weight"),
        },
    ),
    "caterpillar": Columns(
        {"institution": "level"},
        {
            **_estimate("percent", "rate", name="value", where=_WITHOUT_TIME),
            "n": _of("n"),
            "n_events": _of("events"),
            "size": _of("n", "follow-up"),
        },
        renamed=("All",),
    ),
    "sites": Columns(
        {"institution": "level"},
        {
            "n_received": _of("received"),
            "n_patients": _of("patients"),
            "n_events": _of("events"),
            "follow_up_days": _of("follow-up"),
        },
    ),
}
"""Flow and Sankey diagrams, missingness, propensity scores and the bars of single patients have rules of their own."""
