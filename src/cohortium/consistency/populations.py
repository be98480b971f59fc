"""The results table against itself: percentages of counts, groups that add up to the population they are of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.errors import Problem

if TYPE_CHECKING:
    from cohortium.consistency.behind import Rows
    from cohortium.results import Results, Statistic
    from cohortium.study.study import Study

_LEFT_OUT = re.compile(r"(\d[\d,]*) patients? left out")
_GROUPED = ("kaplan-meier", "logrank", "cumulative-incidence", "gray")
_CLOSE = 1e-9


def check_populations(study: Study, rows: Rows) -> Iterator[Problem]:
    """Numbers of the results table that cannot stand beside each other.

    rows  of the results table, by analysis
    """
    analyzed = rows["flow"].one(statistic="analyzed").value or 0
    for found in rows.values():
        yield from _percentages(found)
        if found[0].method == "sites":
            yield from _institutions(found, analyzed)
    for analysis in study.file.analysis:
        if analysis.name not in rows:
            continue
        if analysis.method == "baseline":
            yield from _baseline(rows[analysis.name], analyzed)
        elif analysis.method == "sequences":
            yield from _sequences(rows[analysis.name], analyzed)
        elif analysis.method in _GROUPED:
            yield from _groups(rows[analysis.name], _population(rows, getattr(analysis, "endpoint", ""), analyzed))


def _population(rows: Rows, endpoint: str, analyzed: float) -> float:
    """Patients that an endpoint applies to, at risk at its landmark where it has one."""
    for name, statistic in (("landmark", "at-risk"), ("among", "applies")):
        for row in rows.get(name, ()):
            if row.variable == endpoint and row.statistic == statistic and row.value is not None and not row.level:
                return row.value
    return analyzed


def _percentages(results: Results) -> Iterator[Problem]:
    """Counts that are no counts of their denominator, and percentages that are not count over denominator."""
    counts: dict[tuple[str, ...], float] = {}
    for row in results:
        if row.format == "count" and row.value is not None and row.denominator is not None:
            if not 0 <= row.value <= row.denominator:
                yield _problem(row, f"{row.value:g} of {row.denominator}")
            if row.statistic == "count":
                counts[_place(row)] = row.value
    for row in results if counts else ():
        n = counts.get(_place(row)) if row.statistic == "percent" else None
        if row.value is None or n is None or not row.denominator:
            continue
        yield from _of_count(row, n, row.denominator)


def _of_count(row: Statistic, n: float, denominator: int) -> Iterator[Problem]:
    if row.value is not None and abs(row.value - 100 * n / denominator) > _CLOSE * max(1.0, row.value):
        yield _problem(row, f"{n:g} of {denominator} is given as {row.value:g} percent")


def _institutions(results: Results, analyzed: float) -> Iterator[Problem]:
    for total in results.where(method="sites", statistic="patients", level="", population="cohort"):
        if total.value != analyzed:
            yield _problem(total, f"{total.value or 0:g} patients of all institutions, but {analyzed:g} were analyzed")


def _baseline(rows: Results, analyzed: float) -> Iterator[Problem]:
    """Groups against all patients, and known with missing values against the group."""
    sizes = {row.group: row for row in rows.where(statistic="n", variable="")}
    together = sizes.get("")
    if together is not None and together.value != analyzed:
        yield _problem(together, f"{together.value or 0:g} patients, but {analyzed:g} were analyzed")
    named = [row for group, row in sizes.items() if group]
    if named:
        yield from _sum(named, rows, (together.value if together else analyzed) or 0)
    levels: dict[tuple[str, str], list[Statistic]] = defaultdict(list)
    for row in rows.where(statistic="count"):
        levels[row.group, row.variable].append(row)
    for found in levels.values():
        n, denominator = sum(row.value or 0 for row in found), found[0].denominator
        if denominator is not None and n != denominator:
            yield _problem(found[0], f"the levels add up to {n:g}, expected {denominator}")


def _sequences(rows: Results, analyzed: float) -> Iterator[Problem]:
    """Groups against all patients, levels of every step against the group, percentages against the counts they are of."""
    sizes = list(rows.where(statistic="n"))
    together = next((row for row in sizes if not row.group), None)
    if together is not None and together.value != analyzed:
        yield _problem(together, f"{together.value or 0:g} patients, but {analyzed:g} were analyzed")
    if named := [row for row in sizes if row.group]:
        yield from _sum(named, rows, analyzed)
    totals: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        if row.statistic in ("count", "missing", "flow"):
            totals[row.group, row.variable] += row.value or 0
    for group in sizes:
        for variable in rows.where(group=group.group).distinct("variable"):
            if variable and totals[group.group, variable] != group.value:
                what = f"the levels of {variable} add up to {totals[group.group, variable]:g}, expected {group.value or 0:g}"
                yield _problem(group, what)
    flows = {(row.group, row.variable, row.level): row.value or 0 for row in rows.where(statistic="flow")}
    for row in rows:
        n = flows.get((row.group, row.variable, row.level)) if row.statistic.startswith("flow-percent") else None
        if n is not None and row.value is not None and row.denominator:
            yield from _of_count(row, n, row.denominator)


def _groups(rows: Results, population: float) -> Iterator[Problem]:
    """Sizes of groups with those left out against the patients of the endpoint."""
    counted = [row for row in rows.where(statistic="n") if not row.level]
    if counted:
        yield from _sum(list({row.group: row for row in counted}.values()), rows, population)


def _sum(named: list[Statistic], rows: Results, expected: float) -> Iterator[Problem]:
    n = sum(row.value or 0 for row in named)
    warnings = {row.warning for row in rows if "left out" in row.warning}
    n_left = max((_left_out(warning) for warning in warnings), default=0)
    if n + n_left != expected:
        left = f" with {n_left} left out" if n_left else ""
        yield _problem(named[0], f"the groups add up to {n:g}{left}, expected {expected:g}", of_group=False)


def _left_out(warning: str) -> int:
    return sum(int(text.replace(",", "")) for text in _LEFT_OUT.findall(warning))


def _place(row: Statistic) -> tuple[str, ...]:
    return (row.analysis, row.model, row.population, row.group, row.variable, row.level, str(row.denominator))


def _problem(row: Statistic, what: str, *, of_group: bool = True) -> Problem:
    names = (row.analysis, row.variable, row.level, row.group if of_group else "", row.statistic)
    return Problem(f"results.csv, {', '.join(filter(None, names))}", what)
