"""A line of a figure's data against the row of the results table that it shows."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cohortium.errors import Problem
from cohortium.report.findings.proportional import EffectCurve
from cohortium.report.labels import variable_label

if TYPE_CHECKING:
    from cohortium.consistency.figure_columns import Columns, Source
    from cohortium.results import Results
    from cohortium.study.study import Study

Line = Mapping[str, str]
Key = tuple[object, ...]


def check_lines(
    study: Study, results: Results, columns: Columns, lines: Sequence[tuple[str, Line]]
) -> Iterator[Problem]:
    """Numbers of a figure's data that the row they are of does not give.

    results  rows of the figure's analysis
    lines    place and cells by column
    """
    heads = lines[0][1].keys() if lines else ()
    for column, sources in columns.numbers.items():
        if column not in heads:
            continue
        known = _known(study, results, columns, sources, heads)
        for place, line in lines:
            yield from _cell(place, line, column, [(source, known[i]) for i, source in enumerate(sources)], columns)
    yield from _months(lines, study.file.time.month_days)


def _keys(columns: Columns, source: Source, heads: object) -> list[str]:
    return [name for name in (source.by or columns.keys) if name in heads]  # type: ignore[operator]


def _known(
    study: Study, results: Results, columns: Columns, sources: Sequence[Source], heads: object
) -> list[dict[Key, set[float | None]]]:
    """For each source, the numbers by what the figure's data name them with."""
    found = []
    for source in sources:
        names = _keys(columns, source, heads)
        held: dict[Key, set[float | None]] = defaultdict(set)
        for row in results:
            if row.statistic in source.statistics and all(getattr(row, c) == v for c, v in source.where.items()):
                for key in _names_of(study, results, row, [columns.keys[name] for name in names]):
                    held[key].add(getattr(row, source.number))
        found.append(held)
    return found


def _names_of(study: Study, results: Results, row: Any, fields: Sequence[str]) -> Iterator[Key]:
    """The ways in which a figure's data name a row: names of variables, or their labels."""
    variable = row.variable
    own = {name: getattr(row, name) for name in fields}
    if row.statistic.startswith("risk-group"):
        levels = results.where(statistic=row.statistic).distinct("level")
        own["level"] = str(levels.index(row.level) + 1)
    elif row.statistic == "ph-curve":
        # A curve is of a column of the model, such as `sex[Female]`.
        curve = EffectCurve(variable, (), (), (), ())
        variable, own["level"] = curve.variable, curve.level
    label = variable_label(study, variable) if variable in study.variables else variable
    for form in dict.fromkeys((variable, label)):
        yield tuple(form if name == "variable" else own[name] for name in fields)


def _cell(
    place: str,
    line: Line,
    column: str,
    sources: Sequence[tuple[Source, dict[Key, set[float | None]]]],
    columns: Columns,
) -> Iterator[Problem]:
    there: set[float | None] = set()
    for source, held in sources:
        names = _keys(columns, source, line)
        key = tuple(_word(name, line[name], columns) for name in names)
        there |= held.get(key, set() if source.absent is None else {source.absent})
    text = line[column]
    number = float(text) if text else None
    # What has no number is left empty, or drawn as nothing.
    is_open = not there or any(source.optional for source, _ in sources)
    if number in there or (number == 0.0 and None in there) or (number is None and is_open):
        return
    shown = " or ".join(f"{value:g}" for value in sorted(v for v in there if v is not None)) or "no such number"
    words = ", ".join(filter(None, (line[name] for name in columns.keys if name in line)))
    yield Problem(place, f"«{words}»: {column} is {text or 'empty'}, but {shown} in the results table")


def _word(name: str, text: str, columns: Columns) -> object:
    if columns.keys[name] == "time":
        return float(text)
    return "" if text in columns.renamed else text


def _months(lines: Sequence[tuple[str, Line]], month_days: float) -> Iterator[Problem]:
    for place, line in lines:
        if line.get("months") and not math.isclose(float(line["months"]) * month_days, float(line["time_days"])):
            yield Problem(place, f"{line['time_days']} days are given as {line['months']} months")
