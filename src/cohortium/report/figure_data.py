"""The data of a figure as the script of the page reads them: small, and exact at every time it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import chain

from cohortium.report.figures.readout import MarkReadout, NothingToRead, Readout, RowReadout, StepReadout, panels
from cohortium.report.figures.save import Drawing
from cohortium.report.origins import rounded

_MOST_TIMES = 1000
"""More times than a curve has places that a pointer can tell apart."""
_MOST_ROWS = 20_000
_DIGITS = 7


def figure_data(drawn: Drawing) -> dict[str, object] | None:
    """Columns of the data, places of the axes and what is drawn there; None for a drawing without data.

    A curve of more than a thousand times keeps the last one in each thousandth of the axis; `thinned` says so.
    """
    if len(drawn.data) < 2:
        return None
    header, readout = [str(name) for name in drawn.data[0]], drawn.readout
    kept = _kept(drawn, header)
    rows = [drawn.data[place] for place in kept]
    return {
        "header": header,
        "columns": [_column([row[i] for row in rows]) for i in range(len(header))],
        "thinned": len(kept) < len(drawn.data) - 1,
        "panels": [asdict(panel) for panel in panels(drawn.figure)]
        if isinstance(readout, StepReadout | RowReadout)
        else [],
        "readout": _readout(readout, kept),
    }


def _kept(drawn: Drawing, header: list[str]) -> list[int]:
    """Rows that the page holds, by their place in the data."""
    if not isinstance(drawn.readout, StepReadout):
        return list(range(1, min(len(drawn.data), _MOST_ROWS)))
    time = header.index(drawn.readout.time)
    return list(
        chain.from_iterable(_thinned(drawn.data, time, curve.first, curve.last) for curve in drawn.readout.curves)
    )


def _thinned(data: Sequence[Sequence[object]], time: int, first: int, last: int) -> list[int]:
    if last - first <= _MOST_TIMES:
        return list(range(first, last))
    longest = float(str(data[last - 1][time])) or 1.0
    in_slice = {int(float(str(data[row][time])) / longest * (_MOST_TIMES - 1)): row for row in range(first, last)}
    return sorted({first, *in_slice.values()})


def _readout(readout: Readout, kept: list[int]) -> dict[str, object] | None:
    if isinstance(readout, NothingToRead):
        return None
    if isinstance(readout, RowReadout):
        return {"kind": "rows", "texts": readout.texts}
    if isinstance(readout, MarkReadout):
        return {"kind": "marks", "marks": [(m.left, m.top, m.width, m.height, m.text) for m in readout.marks]}
    place = {row: position for position, row in enumerate(kept)}
    curves = [
        {
            "panel": curve.panel,
            "name": curve.name,
            "color": curve.color,
            "joined": curve.joined,
            "first": place[curve.first],
            "last": place[curve.last - 1] + 1,
        }
        for curve in readout.curves
    ]
    return {
        "kind": "steps",
        "curves": curves,
        "time": readout.time,
        "value": readout.value,
        "unit": readout.unit,
        "factor": readout.factor,
        "decimals": readout.decimals,
    }


def _column(values: list[object]) -> object:
    """The values; texts as words said once and their places."""
    if all(isinstance(value, str) for value in values):
        words = {word: place for place, word in enumerate(dict.fromkeys(values))}
        return {"words": list(words), "at": [words[value] for value in values]}
    return [rounded(value, _DIGITS) for value in values]
