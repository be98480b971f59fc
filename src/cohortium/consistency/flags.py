"""Marks in a figure's data: which level is the reference, which institution lies beyond its control limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from cohortium.errors import Problem

if TYPE_CHECKING:
    from cohortium.results import Results, Statistic

Lines = Sequence[tuple[str, Mapping[str, str]]]
_CONTROLS = {"control-95": 95.0, "control-998": 99.8}


def check_references(results: Results, lines: Lines) -> Iterator[Problem]:
    """Lines of a forest plot marked as the reference that are not, and the other way round."""
    known = {
        (row.model, row.variable, row.level)
        for row in results
        if "reference" in (part.strip() for part in row.note.split(";"))
    }
    for place, line in lines:
        is_reference = (line["model"], line["variable"], line["level"]) in known
        if line["reference"] != str(int(is_reference)):
            words = ", ".join(filter(None, (line["variable"], line["level"])))
            yield Problem(place, f"«{words}»: reference is {line['reference']}, expected {int(is_reference)}")


def check_beyond(results: Results, lines: Lines) -> Iterator[Problem]:
    """Institutions whose control limits say another thing than the figure's data."""
    here = [row for row in results if row.time is None]
    values = {row.level: row.value for row in here if row.statistic in ("percent", "rate")}
    widest: dict[str, float] = {}
    for name, percent in _CONTROLS.items():
        for row in here:
            if row.statistic == name and _is_beyond(row, values.get(row.level)):
                widest[row.level] = percent
    for place, line in lines:
        text, beyond = line["beyond_control_limits"], widest.get(line["institution"])
        if (float(text) if text else None) != beyond:
            what = f"beyond the limits of {text or 'none'}, expected {beyond or 'none'}"
            yield Problem(place, f"«{line['institution']}»: {what}")


def _is_beyond(limits: Statistic, value: float | None) -> bool:
    if value is None or limits.lower is None or limits.upper is None:
        return False
    return not limits.lower <= value <= limits.upper
