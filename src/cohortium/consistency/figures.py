"""The data of a figure as they were written against the results table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from cohortium.consistency.boxes import check_flow, check_landmark
from cohortium.consistency.curves import check_curves
from cohortium.consistency.figure_columns import FIGURE_COLUMNS
from cohortium.consistency.figure_lines import check_lines
from cohortium.consistency.flags import check_beyond, check_references
from cohortium.consistency.flows import check_flows
from cohortium.consistency.patterns import check_bars, check_patterns, check_scores
from cohortium.consistency.printed_rows import csv_rows
from cohortium.errors import Problem
from cohortium.results import Results

if TYPE_CHECKING:
    from cohortium.consistency.behind import Rows
    from cohortium.study.analyses import Sequences
    from cohortium.study.model import Figure
    from cohortium.study.study import Study

Line = Mapping[str, str]
Lines = Sequence[tuple[str, Line]]
_CURVES = ("kaplan-meier", "cumulative-hazard", "cumulative-incidence", "predicted-survival")
_OWN_RULES: Mapping[str, Callable[[Results, Lines], Iterator[Problem]]] = {
    "missingness": check_patterns,
    "overlap": check_scores,
    "waterfall": check_bars,
    "swimmer": check_bars,
}
_FLAGS: Mapping[str, Callable[[Results, Lines], Iterator[Problem]]] = {
    "forest": check_references,
    "caterpillar": check_beyond,
}


def figure_lines(text: str, place: str) -> Lines:
    """The data of a figure: place and cells by column of each line.

    text   the data as CSV
    place  the file, as a message names it
    """
    head, *data = csv_rows(text) or [[]]
    return [(f"{place}, row {number}", dict(zip(head, row, strict=True))) for number, row in enumerate(data, 2)]


def check_figure(study: Study, rows: Rows, spec: Figure, lines: Lines) -> Iterator[Problem]:
    """What the data of a figure hold that the results table does not give.

    rows   of the results table, by analysis
    """
    results = rows.get(spec.analysis or "", Results(()))
    if not lines:
        return
    if spec.kind == "flow":
        yield from check_flow(rows["flow"], lines)
    elif spec.kind == "landmark-flow":
        endpoint = str(getattr(study.analysis(spec.analysis or ""), "endpoint", ""))
        yield from check_landmark(rows["landmark"].where(variable=endpoint), lines)
    elif spec.kind == "sankey":
        yield from check_flows(study, cast("Sequences", study.analysis(spec.analysis or "")), results, lines)
    elif spec.kind in _OWN_RULES:
        yield from _OWN_RULES[spec.kind](results, lines)
    elif spec.kind in FIGURE_COLUMNS:
        if spec.kind in _FLAGS:
            yield from _FLAGS[spec.kind](results, lines)
        if spec.kind in _CURVES:
            lines = yield from check_curves(results, lines, spec.kind)
        yield from check_lines(study, results, FIGURE_COLUMNS[spec.kind], lines)
    else:
        yield from _any_number(results, lines)


def _any_number(results: Results, lines: Lines) -> Iterator[Problem]:
    """Numbers of a figure without rules of its own that no row of its analysis has."""
    known = {
        number
        for row in results
        for number in (row.value, row.lower, row.upper, row.time, row.n, row.denominator)
        if number is not None
    }
    for place, line in lines:
        for column, text in line.items():
            if _is_number(text) and float(text) not in known:
                yield Problem(place, f"{column} is {text}, which is no number of the results table")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
