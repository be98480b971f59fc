"""The data of a figure as they were written against the results table: counts, and who is at risk at time zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from cohortium.consistency.printed_rows import csv_rows
from cohortium.errors import Problem

if TYPE_CHECKING:
    from cohortium.consistency.behind import Rows
    from cohortium.results import Results
    from cohortium.study.model import Figure

_CURVES = ("kaplan-meier", "cumulative-hazard", "cumulative-incidence")
_COUNTS = {"n": ("n",), "n_events": ("events",), "n_patients": ("patients",), "n_received": ("received",)}
"""Statistics that a column of counts can hold, by its name."""
_ROW = {"group": "group", "variable": "variable", "level": "level", "model": "model", "institution": "level"}

Line = Mapping[str, str]


def check_figure(rows: Rows, spec: Figure, text: str, place: str) -> Iterator[Problem]:
    """What the data of a figure hold that the results table does not give.

    rows   of the results table, by analysis
    text   the data as CSV
    place  the file, as a message names it
    """
    head, *data = csv_rows(text) or [[]]
    lines = [(f"{place}, row {number}", dict(zip(head, row, strict=True))) for number, row in enumerate(data, 2)]
    if spec.kind == "flow":
        yield from _flow(rows["flow"], lines)
    elif spec.kind in _CURVES and spec.analysis:
        yield from _at_zero(rows[spec.analysis], lines, spec.kind)
    elif spec.kind == "sankey" and spec.analysis:
        yield from _flows(rows[spec.analysis], lines)
    elif spec.kind in ("forest", "sites") and spec.analysis:
        yield from _counts(rows[spec.analysis], lines)


def _flow(results: Results, lines: Sequence[tuple[str, Line]]) -> Iterator[Problem]:
    """Boxes that do not add up, begin with other than what was received, or end with other than what was analyzed."""
    received, analyzed = (results.one(statistic=name).value or 0 for name in ("received", "analyzed"))
    before = received
    # A line without patients is a site whose data were not used.
    for place, line in [(place, line) for place, line in lines if line["n_entered"]]:
        entered, remaining = int(line["n_entered"]), int(line["n_remaining"])
        excluded = int(line["n_excluded"]) + int(line["n_excluded_unknown"])
        if entered != before or entered - excluded != remaining:
            what = f"{entered} less {excluded} is {remaining}, after {before:g} before"
            yield Problem(place, f"«{line['step']}»: the boxes do not add up: {what}")
        before = remaining
    if before != analyzed:
        yield Problem(lines[-1][0], f"the flow ends with {before:g} patients, but {analyzed:g} were analyzed")


def _at_zero(results: Results, lines: Sequence[tuple[str, Line]], kind: str) -> Iterator[Problem]:
    """Numbers at risk at time zero that are not the size of the group, and events that do not add up."""
    sizes = {row.group: row.value for row in results.where(statistic="n")}
    is_truncated = any("left truncation" in row.note for row in results)
    events: dict[str, int] = {}
    for place, line in lines:
        group, n_at_risk = line["group"], line["n_at_risk"]
        if float(line["time_days"]) == 0 and n_at_risk and not is_truncated and float(n_at_risk) != sizes.get(group):
            what = f"{n_at_risk} at risk at time zero, but {sizes.get(group) or 0:g} patients are in the group"
            yield Problem(place, f"«{group or 'All patients'}»: {what}")
        if line.get("n_event"):
            events[group] = events.get(group, 0) + int(line["n_event"])
    counted = {row.group: row.value for row in results.where(statistic="events")}
    for group, n in events.items() if kind == "kaplan-meier" else ():
        if n != counted.get(group):
            what = f"{n} events along the curve, but {counted.get(group) or 0:g} in the group"
            yield Problem(lines[0][0].partition(",")[0], f"«{group or 'All patients'}»: {what}")


def _flows(results: Results, lines: Sequence[tuple[str, Line]]) -> Iterator[Problem]:
    """Flows of a Sankey diagram that do not add up to the patients at a level, from it or to it, or to the group."""
    sizes = {row.group: row.value or 0 for row in results.where(statistic="n")}
    at: dict[tuple[str, ...], tuple[str, float]] = {}
    added: dict[tuple[str, ...], float] = defaultdict(float)
    for place, line in lines:
        n_flow = float(line["n_flow"])
        pair: tuple[str, ...] = (line["group"], line["step"], line["next_step"])
        for side, level, column in (("from", "level", "n_level"), ("to", "next_level", "n_next_level")):
            key = (*pair, side, line[level])
            at.setdefault(key, (place, float(line[column])))
            added[key] += n_flow
        added[pair] += n_flow
    for key, (place, n) in at.items():
        if added[key] != n:
            what = f"the flows {key[3]} it add up to {added[key]:g}, but {n:g} patients are at it"
            yield Problem(place, f"«{key[4]}»: {what}")
    for group, step, next_step in dict.fromkeys(key[:3] for key in at):
        n, expected = added[group, step, next_step], sizes.get(group, 0)
        if n != expected:
            what = f"{n:g} patients from {step} to {next_step}, but {expected:g} in the group"
            yield Problem(lines[0][0].partition(",")[0], f"«{group or 'All patients'}»: {what}")


def _counts(results: Results, lines: Sequence[tuple[str, Line]]) -> Iterator[Problem]:
    known: dict[tuple[str, ...], set[float]] = {}
    for row in results:
        own = tuple(str(getattr(row, name)) for name in _columns(lines))
        known.setdefault((row.statistic, *own), set()).add(row.value if row.value is not None else -1.0)
    for place, line in lines:
        named = tuple(line[name] for name in _heads(lines))
        for column, statistics in _COUNTS.items():
            text = line.get(column)
            if not text:
                continue
            there = set().union(*(known.get((statistic, *named), set()) for statistic in statistics))
            if there and float(text) not in there:
                what = f"{column} is {text}, but {' or '.join(f'{value:g}' for value in sorted(there))} in the results table"
                yield Problem(place, f"«{', '.join(filter(None, named))}»: {what}")


def _heads(lines: Sequence[tuple[str, Line]]) -> list[str]:
    return [name for name in _ROW if lines and name in lines[0][1]]


def _columns(lines: Sequence[tuple[str, Line]]) -> list[str]:
    return [_ROW[name] for name in _heads(lines)]
