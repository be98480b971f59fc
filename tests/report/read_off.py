"""What a reader can read off a figure, for tests of every kind of figure."""

from __future__ import annotations

import json
import re
from pathlib import Path

from cohortium.report.figures.readout import MarkReadout, RowReadout, StepReadout
from cohortium.report.figures.save import Drawing

_FIGURE = re.compile(r'<figure class="exhibit[^"]*" id="figure-([^"]+)">(.*?)</figure>', re.DOTALL)
_DATA = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)
# A place is kept with five decimals, and a line of a picture may lie on its edge.
EDGE = 0.02


def read_off(drawn: Drawing) -> tuple[str, ...]:
    """Every text or name that the pointer and the keys lead to; each place lies inside the picture."""
    readout = drawn.readout
    if isinstance(readout, MarkReadout):
        for mark in readout.marks:
            assert min(mark.left, mark.top, mark.width, mark.height) >= -EDGE, mark
            assert max(mark.left + mark.width, mark.top + mark.height) <= 1 + EDGE, mark
        return tuple(mark.text for mark in readout.marks)
    if isinstance(readout, RowReadout):
        return tuple(text for text in readout.texts if text)
    return tuple(curve.name for curve in readout.curves) if isinstance(readout, StepReadout) else ()


def figures_without_readout(report: Path) -> list[str]:
    """The figures of a report that has some whose values cannot be read off."""
    figures = _FIGURE.findall(report.read_text(encoding="utf-8"))
    assert figures
    return [name for name, inside in figures if not _can_be_read(inside)]


def _can_be_read(inside: str) -> bool:
    found = _DATA.search(inside)
    readout = json.loads(found[1])["readout"] if found else None
    return bool(readout and (readout.get("curves") or readout.get("marks") or any(readout.get("texts", ()))))
