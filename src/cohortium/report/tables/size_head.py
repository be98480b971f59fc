"""The head of a column that is a group: its name and its number of patients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.table import Cell

if TYPE_CHECKING:
    from cohortium.results import Results

ALL_PATIENTS = "All patients"


def size_head(rows: Results, group: str, notes: tuple[str, ...] = (), span: int = 1) -> Cell:
    """`Male (N = 138)`, with the row of an analysis that counts the group; an empty group is all patients."""
    size = rows.where(statistic="n", variable="", group=group)[-1]
    return Cell(f"{group or ALL_PATIENTS} (N = {formats.count(int(size.value or 0))})", notes, span, behind=(size,))
