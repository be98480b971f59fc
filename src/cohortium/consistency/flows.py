"""The flows of Sankey diagrams: each from the results table, and together the patients at the levels they join."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from cohortium.errors import Problem
from cohortium.report.labels import variable_label
from cohortium.report.tables.response import NOT_KNOWN
from cohortium.study.analyses.sequences import ARROW

if TYPE_CHECKING:
    from cohortium.results import Results
    from cohortium.study.analyses import Sequences
    from cohortium.study.study import Study

Line = Mapping[str, str]
Lines = Sequence[tuple[str, Line]]
_OF_FLOW = {"n_flow": "flow", "percent_of_level": "flow-percent", "percent_of_group": "flow-percent-of-all"}


def check_flows(study: Study, analysis: Sequences, results: Results, lines: Lines) -> Iterator[Problem]:
    """Numbers of a flow that its row does not give, and flows that do not add up to a level or to the group."""
    labels = {name: variable_label(study, name) for name in analysis.steps}
    pairs = {(labels[one], labels[other]): (one, other) for one, other in pairwise(analysis.steps)}
    known: dict[tuple[str, ...], float | None] = {
        (row.group, row.variable, row.level, row.statistic): row.value for row in results
    }
    for place, line in lines:
        names = pairs.get((line["step"], line["next_step"]))
        if names is None:
            yield Problem(place, f"«{line['step']}», then «{line['next_step']}» are no steps of the analysis")
            continue
        for column, expected in _expected(known, names, line).items():
            if _number(line[column]) != expected:
                shown = "no number" if expected is None else f"{expected:g}"
                what = f"{column} is {line[column] or 'empty'}, but {shown} in the results table"
                yield Problem(place, f"«{line['level']}» to «{line['next_level']}»: {what}")
    yield from _sums(results, lines)


def _expected(
    known: Mapping[tuple[str, ...], float | None], names: tuple[str, str], line: Line
) -> dict[str, float | None]:
    levels = ["" if line[column] == NOT_KNOWN else line[column] for column in ("level", "next_level")]
    step, moved = ARROW.join(names), ARROW.join(levels)
    expected = {column: known.get((line["group"], step, moved, name)) for column, name in _OF_FLOW.items()}
    for column, name, level in zip(("n_level", "n_next_level"), names, levels, strict=True):
        expected[column] = known.get((line["group"], name, level, "count" if level else "missing"))
    return expected


def _number(text: str) -> float | None:
    return float(text) if text else None


def _sums(results: Results, lines: Lines) -> Iterator[Problem]:
    """Flows that do not add up to the patients at a level, from it or to it, or to those of the group."""
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
