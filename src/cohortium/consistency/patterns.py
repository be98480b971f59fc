"""Data of figures that count: patterns of what is not known, propensity scores, and bars of single patients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from cohortium.errors import Problem
from cohortium.report.findings.missing import JOIN
from cohortium.report.tables.response import NOT_KNOWN

if TYPE_CHECKING:
    from cohortium.results import Results

_CLOSE = 1e-9

Lines = Sequence[tuple[str, Mapping[str, str]]]


def check_patterns(results: Results, lines: Lines) -> Iterator[Problem]:
    """Patterns of values that are not known whose number of patients is not that of the results table."""
    known = {row.variable: row.value for row in results if row.statistic == "pattern" and not row.group}
    for place, line in lines:
        unknown = [name for name, text in line.items() if text == "unknown"]
        n = known.get(JOIN.join(unknown))
        if float(line["n"]) != n:
            there = "no such pattern is" if n is None else f"{n:g} are"
            words = ", ".join(unknown) or "nothing"
            yield Problem(place, f"«{words} not known»: n is {line['n']}, but {there} in the results table")


def check_scores(results: Results, lines: Lines) -> Iterator[Problem]:
    """Patients by propensity score that are not those of the results table."""
    known = {(row.group, row.level): row.value for row in results if row.statistic == "score-count"}
    for place, line in lines:
        limits = [float(line[name]) for name in ("score_from", "score_to")]
        bin_ = " to ".join(f"{limit:.2f}" for limit in limits)
        if any(abs(limit - round(limit, 2)) > _CLOSE for limit in limits):
            yield Problem(place, f"a range of scores from {limits[0]} to {limits[1]}")
        for group, text in line.items():
            if group.startswith("score_"):
                continue
            n = known.get((group, bin_))
            if float(text) != n:
                there = "no such range is" if n is None else f"{n:g} are"
                yield Problem(place, f"«{group}, score {bin_}»: {text} patients, but {there} in the results table")


def check_bars(results: Results, lines: Lines) -> Iterator[Problem]:
    """Bars of single patients that the results table does not have in that group, or not as often.

    A message never says the value of a bar.
    """
    known: Counter[tuple[object, ...]] = Counter(
        (row.group, row.level, row.value, row.time, row.note)
        for row in results
        if row.statistic in ("change", "course")
    )
    number: Counter[str] = Counter()
    for place, line in lines:
        number[line["group"]] += 1
        bar = _bar(line)
        if not any(known[own] > 0 for own in bar):
            yield Problem(place, f"«{line['group'] or 'All patients'}»: a bar that the results table does not have")
        known.subtract([next((own for own in bar if known[own] > 0), bar[0])])
        if line["bar"] != str(number[line["group"]]):
            yield Problem(place, f"bar is {line['bar']}, expected {number[line['group']]}")


def _bar(line: Mapping[str, str]) -> list[tuple[object, ...]]:
    """The rows of the results table that a line may show."""
    response = "" if line["response"] == NOT_KNOWN else line["response"]
    if "days" in line:
        first = float(line["first_response_days"]) if line["first_response_days"] else None
        return [(line["group"], response, float(line["days"]), first, line["end"])]
    ends = ("cut off",) if line["cut_off"] == "yes" else ("",)
    return [(line["group"], response, float(line["change_percent"]), None, end) for end in ends]
