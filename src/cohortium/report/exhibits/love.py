"""The figure of standardized differences before and after weighting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.exhibits.chosen import chosen_analysis
from cohortium.report.figures import love as drawing
from cohortium.report.figures.love import LoveLine
from cohortium.report.figures.readout import RowReadout
from cohortium.report.figures.save import Drawing
from cohortium.report.findings.balance import THRESHOLD, ComparedColumn, balance
from cohortium.report.findings.balance import Balance as Found
from cohortium.report.labels import inside_sentence, variable_label
from cohortium.results import Results
from cohortium.study.analyses import Balance

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a balance analysis."""
    analysis = chosen_analysis(study, spec, Balance)
    found = balance(results, analysis.name)
    lines = list(love_lines(found, lambda name: variable_label(study, name)))
    figure = drawing.draw(lines, threshold=THRESHOLD, width=spec.width)
    sentence = (
        "Absolute difference of means between the groups, in standard deviations before weighting (pooled); open diamonds "
        f"before weighting, filled circles after it. Dashed line: {formats.number(THRESHOLD, 1)}."
    )
    readout = RowReadout(tuple(_texts(lines)))
    return Drawing(figure, _alt(study, found), (sentence, *found.warnings), tuple(_data(found)), readout)


def _texts(lines: list[LoveLine]) -> Iterator[str]:
    """`Age: 0.312 before, 0.021 after`; empty for a heading."""
    heading = ""
    for line in lines:
        heading = heading if line.indent else line.label
        name = f"{heading}, {line.label}" if line.indent else line.label
        before, after = (formats.number(None if d is None else abs(d), 3) for d in (line.before, line.after))
        yield "" if line.before is None and line.after is None else f"{name}: {before} before, {after} after"


def love_lines(found: Found, label_of: Callable[[str], str]) -> Iterator[LoveLine]:
    """A line a number, one for a category with two levels, a heading and its levels for one with more."""
    for variable in found.variables:
        columns, label = found.of(variable), label_of(variable)
        if len(columns) == 1:
            yield LoveLine(label, columns[0].before.difference, columns[0].after.difference)
        elif len(columns) == 2:
            # Both levels differ by the same amount.
            second = columns[1]
            yield LoveLine(f"{label}, {second.level}", second.before.difference, second.after.difference)
        else:
            yield LoveLine(label)
            for column in columns:
                yield LoveLine(column.level, column.before.difference, column.after.difference, indent=True)


def _largest(found: Found, side: Callable[[ComparedColumn], float | None]) -> float:
    return max((abs(d) for column in found.columns if (d := side(column)) is not None), default=0.0)


def _alt(study: Study, found: Found) -> str:
    before = _largest(found, lambda column: column.before.difference)
    after = _largest(found, lambda column: column.after.difference)
    listed = "; ".join(
        f"{inside_sentence(variable_label(study, column.variable))}{f', {column.level}' if column.level else ''} "
        f"{formats.number(column.before.difference, 2)} and {formats.number(column.after.difference, 2)}"
        for column in found.columns
    )
    head = f"Largest absolute standardized difference {formats.number(before, 2)} before weighting, {formats.number(after, 2)} after."
    return f"{head} Before and after: {listed}."


def _data(found: Found) -> Iterator[tuple[object, ...]]:
    yield ("variable", "level", "difference_before", "difference_after")
    for column in found.columns:
        yield (column.variable, column.level, column.before.difference, column.after.difference)
