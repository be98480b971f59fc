"""Where everything of a Sankey diagram lies, in millimeters: boxes of levels with their words, bands between them.

A column of boxes stands at each step and holds its words; bands run between columns only, so that no band crosses a
word. Heights are in proportion to patients. Of a box that is lower than its words they stand above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cohortium.report.figures.ordered_colors import LevelStyle
from cohortium.report.figures.style import SMALL_PT, TEXT_PT, WIDTH_MM, Width, text_mm
from cohortium.report.figures.wrapping import wrapped

LINE_MM = 2.9
"""From line to line of text of 7 points."""
PAD_MM = 0.8
HEADING_MM = 4.6
HEADING_LINE_MM = 3.4
_MARGIN_MM = 1.0
_WIDEST_MM: dict[Width, float] = {"single": 28.0, "double": 34.0}
_SHARE: dict[Width, float] = {"single": 0.66, "double": 0.62}
_BARS_MM = {1: 64.0, 2: 48.0, 3: 36.0}
_MANY_BARS_MM = 32.0
_SHORTER = (1.0, 0.8, 0.6, 0.45, 0.3)
"""Shares of the usual height of bars, tried until the panels fit on a page."""
PAGE_MM = 235.0
_GAP_MM, _MOST_GAP_MM = 1.5, 4.0
ABOVE_MM = 0.4
_BELOW_NAMES_MM = 1.4
_BETWEEN_PANELS_MM = 4.0
_FOOT_MM = 1.0


@dataclass(frozen=True, slots=True)
class Node:
    """A level of a step: its name, patients as a number and as printed (`94 (24%)`), its style, and what is read off it."""

    label: str
    n: int
    text: str
    look: LevelStyle
    said: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """Patients who move from the level at one place to that at another: a number, as printed, and what is read off it."""

    source: int
    target: int
    n: int
    text: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class SankeyPanel:
    """One group.

    heading  with its patients, `Women (N = 98)`
    color    place of the group among the declared levels; None for all patients
    nodes    levels of each step in order
    flows    those between each two steps
    """

    heading: str
    color: int | None
    nodes: tuple[tuple[Node, ...], ...]
    flows: tuple[tuple[Flow, ...], ...]

    @property
    def n(self) -> int:
        """Patients."""
        return sum(node.n for node in self.nodes[0])


@dataclass(frozen=True, slots=True)
class Box:
    """A placed level, with its lines of words above it and inside it."""

    left: float
    bottom: float
    width: float
    height: float
    node: Node
    above: tuple[str, ...]
    inside: tuple[str, ...]

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.bottom + self.height

    def middles(self) -> Iterator[tuple[str, float, bool]]:
        """Every line with the height of its middle, and whether it is inside."""
        for place, line in enumerate(reversed(self.above)):
            yield line, self.top + ABOVE_MM + LINE_MM * (place + 0.5), False
        for place, line in enumerate(self.inside):
            yield line, self.bottom + self.height / 2 + LINE_MM * ((len(self.inside) - 1) / 2 - place), True


@dataclass(frozen=True, slots=True)
class Band:
    """A placed flow: it runs from `x0` to `x1`, its lower edge from `y0` to `y1` on a smooth step, its height the same."""

    x0: float
    x1: float
    y0: float
    y1: float
    height: float
    flow: Flow
    source: Node

    def low(self, x: float) -> float:
        """The lower edge at a place."""
        u = (x - self.x0) / (self.x1 - self.x0)
        return self.y0 + (self.y1 - self.y0) * u * u * (3 - 2 * u)


@dataclass(frozen=True, slots=True)
class PlacedPanel:
    """A panel: lines of its heading with the height of the first, names of the steps, boxes and bands, the widest first."""

    heading: tuple[str, ...]
    color: int | None
    y: float
    names_bottom: float
    boxes: tuple[Box, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole figure: size, left edges of the columns, headings of the steps in lines, panels from the top."""

    across: float
    height: float
    lefts: tuple[float, ...]
    names: tuple[tuple[str, ...], ...]
    panels: tuple[PlacedPanel, ...]


@dataclass(frozen=True, slots=True)
class _Slot:
    """A level before it has a place: height of its box, its words above and inside."""

    node: Node
    height: float
    above: tuple[str, ...]
    inside: tuple[str, ...] = ()

    @property
    def tall(self) -> float:
        return self.height + (LINE_MM * len(self.above) + ABOVE_MM if self.above else 0.0)


def layout(steps: Sequence[str], panels: Sequence[SankeyPanel], width: Width) -> Layout:
    """Places of everything; levels that nobody has are left out, and so are the last panels that no page has room for.

    steps   names of the steps
    panels  the groups, each with a patient at least
    """
    for kept in range(len(panels), 0, -1):
        for share in _SHORTER:
            placed = _placed(steps, panels[:kept], width, share * _BARS_MM.get(kept, _MANY_BARS_MM))
            if placed.height <= PAGE_MM:
                return placed
    return _placed(steps, panels[:1], width, _BARS_MM[1])


def _placed(steps: Sequence[str], panels: Sequence[SankeyPanel], width: Width, bars: float) -> Layout:
    """Panels one below another, the patients of each together as tall as `bars`."""
    across = WIDTH_MM[width]
    wide, gap = _columns(len(steps), width)
    lefts = tuple(_MARGIN_MM + place * (wide + gap) for place in range(len(steps)))
    rooms = [wide + 0.9 * gap] * (len(steps) - 1) + [wide]
    names = tuple(tuple(wrapped(step, room, SMALL_PT, "bold")) for step, room in zip(steps, rooms, strict=True))
    headings = [tuple(wrapped(panel.heading, across - 2 * _MARGIN_MM, TEXT_PT, "bold")) for panel in panels]
    columns = [
        [[_slot(node, bars / panel.n, wide) for node in nodes if node.n] for nodes in panel.nodes] for panel in panels
    ]
    talls = [max(map(_least, each)) for each in columns]
    below_heading = LINE_MM * max(map(len, names)) + _BELOW_NAMES_MM
    heads = [HEADING_MM + HEADING_LINE_MM * (len(lines) - 1) + below_heading for lines in headings]
    height = top = _FOOT_MM + sum(talls) + sum(heads) + _BETWEEN_PANELS_MM * (len(panels) - 1)
    placed = []
    for panel, slots, tall, head, heading in zip(panels, columns, talls, heads, headings, strict=True):
        below = top - head
        boxes = [_stacked(each, left, wide, below, tall) for each, left in zip(slots, lefts, strict=True)]
        flat = tuple(box for column in boxes for box in column)
        bands = tuple(_bands(panel, boxes, bars / panel.n))
        y = top - HEADING_MM / 2
        placed.append(PlacedPanel(heading, panel.color, y, below + _BELOW_NAMES_MM, flat, bands))
        top = below - tall - _BETWEEN_PANELS_MM
    return Layout(across, height, lefts, names, tuple(placed))


def _columns(n: int, width: Width) -> tuple[float, float]:
    """Width of a column and of the space between two."""
    room = WIDTH_MM[width] - 2 * _MARGIN_MM
    wide = min(_WIDEST_MM[width], _SHARE[width] * room / n)
    return wide, (room - wide * n) / (n - 1)


def _slot(node: Node, scale: float, wide: float) -> _Slot:
    room = wide - 2 * PAD_MM
    name, count = (tuple(wrapped(words, room, SMALL_PT)) for words in (node.label, node.text))
    one = f"{node.label}, {node.text}"
    short = (one,) if text_mm(one, SMALL_PT) <= room else (*name, *count)
    height = node.n * scale
    for above, inside in (((), (*name, *count)), ((), short), (name, count)):
        if LINE_MM * len(inside) + 0.4 <= height:
            return _Slot(node, height, above, inside)
    return _Slot(node, height, short)


def _least(column: Sequence[_Slot]) -> float:
    return sum(slot.tall for slot in column) + _GAP_MM * (len(column) - 1)


def _stacked(column: Sequence[_Slot], left: float, wide: float, top: float, tall: float) -> list[Box]:
    """The boxes of a column downward from its top, in the middle of its height."""
    spaces = max(len(column) - 1, 1)
    gap = min(_GAP_MM + (tall - _least(column)) / spaces, _MOST_GAP_MM)
    used = sum(slot.tall for slot in column) + gap * (len(column) - 1)
    y, boxes = top - (tall - used) / 2, []
    for slot in column:
        boxes.append(Box(left, y - slot.tall, wide, slot.height, slot.node, slot.above, slot.inside))
        y -= slot.tall + gap
    return boxes


def _bands(panel: SankeyPanel, boxes: Sequence[Sequence[Box]], scale: float) -> list[Band]:
    """The flows: from each box downward in the order of their targets, into each in the order of their sources."""
    bands = []
    for place, flows in enumerate(panel.flows):
        sources, targets = _by_place(panel, boxes, place), _by_place(panel, boxes, place + 1)
        leaving = {i: box.top for i, box in sources.items()}
        entering = {j: box.top for j, box in targets.items()}
        for flow in sorted(flows, key=lambda flow: (flow.source, flow.target)):
            i, j, tall = flow.source, flow.target, flow.n * scale
            leaving[i] -= tall
            entering[j] -= tall
            one = sources[i]
            ends = (one.left + one.width, targets[j].left, leaving[i], entering[j])
            bands.append(Band(*ends, tall, flow, one.node))
    return sorted(bands, key=lambda band: -band.flow.n)


def _by_place(panel: SankeyPanel, boxes: Sequence[Sequence[Box]], step: int) -> dict[int, Box]:
    """The boxes of a step by the place of their level among all levels."""
    drawn = [place for place, node in enumerate(panel.nodes[step]) if node.n]
    return dict(zip(drawn, boxes[step], strict=True))
