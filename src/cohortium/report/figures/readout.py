"""What a figure lets a reader read off: where its axes lie, and which of its data is drawn where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.patches import Rectangle

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PLACES = 5


@dataclass(frozen=True, slots=True)
class Steps:
    """One step curve of a panel.

    panel        place of its axes in the figure, from 0
    name, color  as drawn
    first, last  its rows in the data of the drawing, the header counted, the last one not included
    joined       True: values are known at some times only, and lines join them
    """

    panel: int
    name: str
    color: str
    first: int
    last: int
    joined: bool = False


@dataclass(frozen=True, slots=True)
class StepReadout:
    """Curves over time: the columns of the data with time, value and the rest, and how a value is printed.

    factor    100 prints percent
    decimals  of a value and its limits
    """

    curves: tuple[Steps, ...]
    time: str
    value: str
    unit: str = "months"
    factor: float = 100.0
    decimals: int = 1


@dataclass(frozen=True, slots=True)
class RowReadout:
    """Rows from the top of the one panel down, each with what it says; empty for a heading."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of the picture that says something: its place in fractions of the figure from the upper left corner."""

    left: float
    top: float
    width: float
    height: float
    text: str


@dataclass(frozen=True, slots=True)
class MarkReadout:
    """Bars, boxes and dots in the order in which a reader goes through them, each with what it says."""

    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A box or a curved band that says something, in fractions of the figure from the upper left corner.

    Its upper edge runs from `y0` at `x0` to `y1` at `x1` on the smooth step 3u^2 - 2u^3, its height is the same
    everywhere; a box has `y0` equal to `y1`.
    """

    x0: float
    x1: float
    y0: float
    y1: float
    height: float
    text: str


@dataclass(frozen=True, slots=True)
class AreaReadout:
    """Areas in the order in which the keys go through them; of several at a place the last one is read."""

    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class NothingToRead:
    """A figure without numbers to read off, and why."""

    reason: str


Readout = StepReadout | RowReadout | MarkReadout | AreaReadout | NothingToRead
_SAYS = "says: "


def say(artist: Artist, text: str) -> None:
    """Give a drawn part what it says to a reader who points at it."""
    artist.set_label(_SAYS + text)


def say_here(axes: Axes, place: tuple[float, float, float, float], text: str) -> None:
    """Give a place of the axes (left, bottom, width, height in their units) what it says; nothing is drawn."""
    area = Rectangle(place[:2], *place[2:], visible=False)
    axes.add_artist(area)
    say(area, text)


def what_is_said(figure: Figure) -> MarkReadout:
    """The parts of a figure that say something, in the order in which they were drawn."""
    across, up = figure.bbox.size
    marks = []
    for artist in (artist for axes in figure.axes for artist in axes.get_children()):
        label = str(artist.get_label())
        if label.startswith(_SAYS):
            box = artist.get_window_extent()
            left, width = round(float(box.x0 / across), _PLACES), round(float(box.width / across), _PLACES)
            top, height = round(float(1 - box.y1 / up), _PLACES), round(float(box.height / up), _PLACES)
            marks.append(Mark(left, top, width, height, label.removeprefix(_SAYS)))
    return MarkReadout(tuple(marks))


@dataclass(frozen=True, slots=True)
class Panel:
    """The axes of a figure: place in fractions of it from the upper left corner, and the limits of the data.

    rows   heights of its rows from the top down, in fractions of the panel
    """

    left: float
    top: float
    width: float
    height: float
    start: float
    end: float
    rows: tuple[float, ...]


def panels(figure: Figure) -> tuple[Panel, ...]:
    """The axes that are shown, in the order in which they were drawn."""
    found = []
    for axes in figure.axes:
        if not axes.axison:
            continue
        box = axes.get_position()
        start, end = axes.get_xlim()
        low, high = axes.get_ylim()
        rows = tuple(sorted((high - float(tick)) / (high - low) for tick in axes.get_yticks()))
        found.append(Panel(box.x0, 1 - box.y1, box.width, box.height, float(start), float(end), rows))
    return tuple(found)


def curves_in(looks: Iterable[tuple[int, str, str, int]], *, joined: bool = False) -> tuple[Steps, ...]:
    """The curves of data in its order: (panel, name, color, rows) of each."""
    found, at = [], 1
    for panel, name, color, n_rows in looks:
        found.append(Steps(panel, name, color, at, at + n_rows, joined))
        at += n_rows
    return tuple(found)
