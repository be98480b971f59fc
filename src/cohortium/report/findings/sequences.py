"""Patients at each level of each step and those who move between two, as the results table holds them, checked to add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from cohortium.errors import OutputError, Problem
from cohortium.report.findings.warned import warnings_of
from cohortium.results import Results, Statistic
from cohortium.study.analyses.sequences import ARROW

Keyed = Mapping[tuple[str, str], Statistic]
"""Rows of one statistic by variable and level."""


@dataclass(frozen=True, slots=True)
class AtLevel:
    """Patients at a level of a step; an empty label for a level that is not known."""

    label: str
    n: int
    percent: float | None


@dataclass(frozen=True, slots=True)
class Move:
    """Patients at one level who are at another at the next step.

    source, target   places among the levels of the two steps
    of_source        percent of the patients at the source
    of_all           percent of the patients of the group
    """

    source: int
    target: int
    n: int
    of_source: float | None
    of_all: float | None


@dataclass(frozen=True, slots=True)
class GroupSequences:
    """One group (empty label for all patients): levels of each step, then moves between each two."""

    group: str
    n: int
    steps: tuple[tuple[AtLevel, ...], ...]
    moves: tuple[tuple[Move, ...], ...]


@dataclass(frozen=True)
class Sequences:
    """What a sequences analysis found.

    variables  names of the steps in order
    groups     all patients first where they are counted
    warnings   what is to be said of the groups and of the moves
    """

    variables: tuple[str, ...]
    groups: tuple[GroupSequences, ...]
    warnings: tuple[str, ...] = field(default=())


def sequences(results: Results, analysis: str) -> Sequences:
    """The counts of an analysis.

    Raises
        OutputError: levels do not add up to the patients, or moves to the patients at a level.
    """
    rows = results.where(analysis=analysis, method="sequences")
    variables = rows.where(statistic="reached").distinct("variable")
    groups = tuple(_group(rows.where(group=s.group), s, variables) for s in rows.where(statistic="n"))
    problems = [problem for group in groups for problem in _problems(group, analysis, variables)]
    if problems:
        raise OutputError("The sequences do not add up; no report is written.", problems)
    said = ("n", "reached", "flow")
    named = [
        replace(s, warning=f"{s.warning} ({s.group})") if s.group and s.warning else s
        for s in rows
        if s.statistic in said
    ]
    left_out = [s for s in named if "group not known" in s.warning][1:]
    return Sequences(variables, groups, warnings_of([s for s in named if s not in left_out]))


def _group(rows: Results, counted: Statistic, variables: Sequence[str]) -> GroupSequences:
    by = {name: _keyed(rows, name) for name in ("count", "percent", "missing", "missing-percent")}
    steps = tuple(tuple(_levels(by, variable)) for variable in variables)
    flows, of_source, of_all = (_keyed(rows, name) for name in ("flow", "flow-percent", "flow-percent-of-all"))
    moves = []
    for (one, sources), (other, targets) in pairwise(zip(variables, steps, strict=True)):
        keys = {
            (f"{one}{ARROW}{other}", f"{a.label}{ARROW}{b.label}"): (i, j)
            for i, a in enumerate(sources)
            for j, b in enumerate(targets)
        }
        moves.append(
            tuple(
                Move(*place, int(flows[key].value or 0), of_source[key].value, of_all[key].value)
                for key, place in keys.items()
                if key in flows
            )
        )
    return GroupSequences(counted.group, int(counted.value or 0), steps, tuple(moves))


def _levels(by: Mapping[str, Keyed], variable: str) -> Iterator[AtLevel]:
    for (name, label), s in by["count"].items():
        if name == variable:
            yield AtLevel(label, int(s.value or 0), by["percent"][name, label].value)
    unknown = by["missing"][variable, ""]
    yield AtLevel("", int(unknown.value or 0), by["missing-percent"][variable, ""].value)


def _keyed(rows: Results, statistic: str) -> Keyed:
    return {(s.variable, s.level): s for s in rows.where(statistic=statistic)}


def _problems(found: GroupSequences, analysis: str, variables: Sequence[str]) -> Iterator[Problem]:
    """Levels that do not add up to the patients; moves that do not add up to a level, from it or to it."""
    of = f" of {found.group}" if found.group else ""
    for variable, levels in zip(variables, found.steps, strict=True):
        total = sum(level.n for level in levels)
        if total != found.n:
            yield Problem(f"{analysis}: {variable}{of}", f"the levels add up to {total}, expected {found.n}")
    for place, moves in enumerate(found.moves):
        for step, side, words in ((place, "source", "from"), (place + 1, "target", "to")):
            for i, level in enumerate(found.steps[step]):
                total = sum(move.n for move in moves if getattr(move, side) == i)
                if total != level.n:
                    what = f"the flows {words} {level.label or 'not known'} add up to {total}, expected {level.n}"
                    yield Problem(f"{analysis}: {variables[step]}{of}", what)
