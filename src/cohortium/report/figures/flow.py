"""Flow of patients: boxes downward, the excluded at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.patches import Rectangle

from cohortium.report import formats
from cohortium.report.figures import style
from cohortium.report.figures.readout import say
from cohortium.report.figures.wrapping import wrapped
from cohortium.report.findings.flow import Flow, Step

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MAIN_MM: dict[style.Width, float] = {"single": 42.0, "double": 71.0}
_SIDE_MM: dict[style.Width, float] = {"single": 36.0, "double": 60.0}
_BETWEEN_MM: dict[style.Width, float] = {"single": 5.0, "double": 14.0}
_LINE_MM = 3.7
_PAD_MM = 2.2
_ARROW_MM = 7.0
_MOST_LINES = 6

Counted = tuple[str, int]
"""A label and how many patients it holds."""


@dataclass(frozen=True, slots=True)
class _Text:
    """Lines of a box, each with its weight."""

    lines: tuple[tuple[str, str], ...]

    @property
    def said(self) -> str:
        """`Age 18 years or older: n = 385`."""
        parts = (" ".join(line for line, own in self.lines if own == weight) for weight in ("bold", "normal"))
        return ": ".join(filter(None, parts))

    @property
    def height(self) -> float:
        return _LINE_MM * len(self.lines) + 2 * _PAD_MM


@dataclass(frozen=True, slots=True)
class _Tier:
    """A main box and, when patients leave after it, the box of the excluded."""

    main: _Text
    side: _Text | None

    @property
    def gap(self) -> float:
        return max(_ARROW_MM, self.side.height + 3.0) if self.side else _ARROW_MM


def draw(flow: Flow, *, n_sites: int, width: style.Width = "double") -> Figure:
    """The flow from records received to patients analyzed.

    flow     counts that add up
    n_sites  institutions taking part
    width    journal column: 88 or 178 mm

    Example: `draw(flow, n_sites=18)`
    """
    with style.drawing():
        return _drawn(_tiers(flow, n_sites, width), width)


def draw_parting(top: Counted, left: Counted, parts: Sequence[Counted], rest: Counted, *, width: style.Width) -> Figure:
    """One box from which some leave, in parts, and the box of those who stay.

    top     all, e.g. `("At study entry", 228)`
    left    those who leave
    parts   of them, by reason
    rest    those who stay
    width   journal column: 88 or 178 mm

    Example: `draw_parting(("At origin", 9), ("Left", 2), [("Censored", 2)], ("At risk", 7), width="double")`
    """
    with style.drawing():
        first, last = (_text([label], [f"n = {formats.count(n)}"], _MAIN_MM[width]) for label, n in (top, rest))
        reasons = [f"{label}: {formats.count(n)}" for label, n in parts]
        side = _text([f"{left[0]}, n = {formats.count(left[1])}"], reasons, _SIDE_MM[width])
        return _drawn([_Tier(first, side), _Tier(last, None)], width)


def _drawn(tiers: Sequence[_Tier], width: style.Width) -> Figure:
    height = sum(tier.main.height for tier in tiers) + sum(tier.gap for tier in tiers[:-1]) + 2.0
    across = style.WIDTH_MM[width]
    figure = style.canvas(across, height)
    drawn = _MAIN_MM[width] + _BETWEEN_MM[width] + _SIDE_MM[width]
    _draw_tiers(style.sheet(figure), tiers, (across - drawn) / 2, height - 1.0, width)
    return figure


def site_line(n_sites: int, n_site_unknown: int) -> str:
    """`18 institutions; institution unknown for 1 patient`."""
    unknown = f"; institution unknown for {formats.plural(n_site_unknown, 'patient')}" if n_site_unknown else ""
    return f"{formats.plural(n_sites, 'institution')}{unknown}"


def _tiers(flow: Flow, n_sites: int, width: style.Width) -> list[_Tier]:
    def main(label: str, n: int, *details: str) -> _Text:
        return _text([label], [f"n = {formats.count(n)}", *details], _MAIN_MM[width])

    sides: list[_Text | None] = [_excluded(step, width) for step in flow.steps]
    sites = site_line(n_sites, flow.n_site_unknown)
    boxes = [main(flow.received_label, flow.n_received, *([] if flow.steps else [sites]))]
    boxes += [main(step.label, step.n_remaining) for step in flow.steps]
    boxes.append(main(flow.analyzed_label, flow.n_analyzed, sites))
    if flow.refused:
        boxes.insert(0, main("Sites of the study", flow.n_sites))
        reason = "no decision or agreement covers their use"
        sides.insert(0, _text([f"Sites refused: {formats.count(len(flow.refused))}"], [reason], _SIDE_MM[width]))
    return [_Tier(box, side) for box, side in zip(boxes, [*sides, None, None][: len(boxes)], strict=True)]


def _excluded(step: Step, width: style.Width) -> _Text | None:
    if step.n_excluded == 0:
        return _text([], ["None excluded"], _SIDE_MM[width])
    details = [step.excluded_label] if step.excluded_label else []
    if step.n_unknown:
        details.append(f"including {formats.count(step.n_unknown)} with a value missing")
    return _text([f"Excluded, n = {formats.count(step.n_excluded)}"], details, _SIDE_MM[width])


def _text(bold: Sequence[str], plain: Sequence[str], width_mm: float) -> _Text:
    room = width_mm - 2 * _PAD_MM
    lines = [(line, weight) for weight, texts in (("bold", bold), ("normal", plain)) for text in texts
             for line in wrapped(text, room, style.TEXT_PT, weight, most=_MOST_LINES)]  # fmt: skip
    return _Text(tuple(lines))


def _draw_tiers(sheet: Axes, tiers: Sequence[_Tier], left: float, top: float, width: style.Width) -> None:
    center = left + _MAIN_MM[width] / 2
    side_left = left + _MAIN_MM[width] + _BETWEEN_MM[width]
    for position, tier in enumerate(tiers):
        is_last = position == len(tiers) - 1
        _draw_box(sheet, tier.main, left, top, _MAIN_MM[width], filled=is_last)
        bottom = top - tier.main.height
        if is_last:
            return
        top = bottom - tier.gap
        _arrow(sheet, (center, bottom), (center, top))
        if tier.side:
            middle = (bottom + top) / 2
            _arrow(sheet, (center, middle), (side_left, middle))
            _draw_box(sheet, tier.side, side_left, middle + tier.side.height / 2, _SIDE_MM[width], filled=False)


def _draw_box(sheet: Axes, text: _Text, left: float, top: float, width_mm: float, *, filled: bool) -> None:
    face = "#EAF2F8" if filled else "white"
    box = Rectangle((left, top - text.height), width_mm, text.height, facecolor=face, edgecolor=style.INK, lw=0.7)
    say(sheet.add_artist(box), text.said)
    for position, (line, weight) in enumerate(text.lines):
        y = top - _PAD_MM - _LINE_MM * (position + 0.5)
        style.write(sheet, left + _PAD_MM, y, line, weight=weight, size=style.TEXT_PT)


def _arrow(sheet: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    look = {"arrowstyle": "-|>,head_width=0.16,head_length=0.32", "lw": 0.7, "color": style.INK}
    sheet.annotate("", xy=end, xytext=start, arrowprops={**look, "shrinkA": 0, "shrinkB": 0})
