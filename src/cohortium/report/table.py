"""A table as a value: what is printed, not how. Renderers turn it into HTML, CSV or plain text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from cohortium.report.abbreviations import abbreviations
from cohortium.report.journal_style import Style, in_force
from cohortium.results import Statistic


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, the notes that are lettered at the foot, the columns it spans.

    behind   rows of the results table that the text prints, the main one first; not part of what a cell is
    given    its number is no statistic: the study file gives it, or it counts queries
    """

    text: str
    notes: tuple[str, ...] = ()
    span: int = 1
    behind: tuple[Statistic, ...] = field(default=(), compare=False, repr=False)
    given: bool = field(default=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Row:
    """A stub (what the row is) and its cells; no cells makes it a heading.

    indent    0 or 1
    section   a heading over several headings
    fixed     keeps its place when a reader sorts: totals, and rows that measure something else than their neighbors
    """

    stub: Cell
    cells: tuple[Cell, ...] = ()
    indent: int = 0
    section: bool = False
    fixed: bool = False


@dataclass(frozen=True)
class Table:
    """A titled table.

    header      one or two rows of cells, the stub's heading first; each row spans every column
    rows        body rows; each is a heading or has a cell for every column
    footnotes   general notes, printed before the lettered ones
    style       whose marks the notes have; the one in force where the table is made
    """

    name: str
    title: str
    header: tuple[tuple[Cell, ...], ...]
    rows: tuple[Row, ...]
    footnotes: tuple[str, ...] = ()
    style: Style = field(default_factory=in_force)

    def __post_init__(self) -> None:
        widths = {sum(cell.span for cell in line) for line in self.header}
        widths |= {1 + len(row.cells) for row in self.rows if row.cells}
        if len(widths) != 1:
            raise ValueError(f"table {self.name}: rows of {sorted(widths)} columns, expected one width")

    @property
    def n_columns(self) -> int:
        """Columns of numbers, the stub not counted."""
        return sum(cell.span for cell in self.header[0]) - 1

    @cached_property
    def letters(self) -> dict[str, str]:
        """The mark of each note, in reading order: letters or symbols, as the style has it."""
        notes = dict.fromkeys(note for cell in self.cells() for note in cell.notes)
        return {note: self.style.mark(position) for position, note in enumerate(notes)}

    @cached_property
    def notes(self) -> tuple[tuple[str, str], ...]:
        """What is printed below, as (letter, text): abbreviations, general notes, lettered notes."""
        plain = (self._abbreviations(), *self.footnotes)
        return (*(("", text) for text in plain if text), *((letter, note) for note, letter in self.letters.items()))

    def marks(self, cell: Cell) -> str:
        """The marks of a cell, `a,c`."""
        return self.style.mark_separator.join(self.letters[note] for note in cell.notes)

    def cells(self) -> Iterator[Cell]:
        """Every cell in reading order, heads and stubs included."""
        for line in self.header:
            yield from line
        for row in self.rows:
            yield row.stub
            yield from row.cells

    def _abbreviations(self) -> str:
        values = [cell.text for row in self.rows for cell in row.cells]
        equations = [note[note.rfind("= ") :] for note in self.footnotes if "= " in note]
        return abbreviations(
            heads=[cell.text for line in self.header for cell in line],
            stubs=[row.stub.text for row in self.rows],
            values=[*values, *self.letters, *equations],
        )
