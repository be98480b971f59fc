"""Curves of a figure: where each begins, who is at risk there, and events that add up."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import TYPE_CHECKING

from cohortium.errors import Problem

if TYPE_CHECKING:
    from cohortium.results import Results

Lines = Sequence[tuple[str, Mapping[str, str]]]
_VALUES = {"kaplan-meier": ("survival", 1.0), "predicted-survival": ("value", 1.0)}


def check_curves(results: Results, lines: Lines, kind: str) -> Generator[Problem, None, Lines]:
    """The first line of each curve, and the events along it; returns all other lines."""
    sizes = {row.group: row.value for row in results if row.statistic == "n" and not row.level}
    column, start = _VALUES.get(kind, ("value", 0.0))
    seen: set[tuple[str, str]] = set()
    rest = []
    for place, line in lines:
        curve = line["group"], line.get("cause", "")
        if curve in seen:
            rest.append((place, line))
            continue
        seen.add(curve)
        name = ", ".join(filter(None, curve)) or "All patients"
        size = sizes.get(line["group"])
        if line.get("n_at_risk") and float(line["n_at_risk"]) != size:
            what = f"{line['n_at_risk']} at risk at time zero, but {size or 0:g} patients are in the group"
            yield Problem(place, f"«{name}»: {what}")
        counted = sum(float(line.get(column) or 0) for column in ("time_days", "months", "n_event", "n_censored"))
        if counted or float(line[column]) != start:
            yield Problem(place, f"«{name}»: the curve begins with other than {start:g} at time zero")
    if kind == "kaplan-meier":
        yield from _events(results, rest)
    return rest


def _events(results: Results, lines: Lines) -> Generator[Problem, None, None]:
    events: dict[str, int] = {}
    for _, line in lines:
        events[line["group"]] = events.get(line["group"], 0) + int(line["n_event"])
    counted = {row.group: row.value for row in results.where(statistic="events")}
    for group, n in events.items():
        if n != counted.get(group):
            what = f"{n} events along the curve, but {counted.get(group) or 0:g} in the group"
            yield Problem(lines[0][0].partition(",")[0], f"«{group or 'All patients'}»: {what}")
