"""The block of text in a survival panel: which line is which group, events, medians, hazard ratios and tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.figures.style import GRAY, INK, SMALL_PT, group_style, text_mm, write
from cohortium.report.figures.wrapping import shortened, wrapped
from cohortium.report.findings.curves import Curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINE_MM = 3.7
_SWATCH_MM = 7.0
_GAP_MM = 2.6
_DESCENT_MM = 1.2
_LEAST_NAME_MM = 8.0


@dataclass(frozen=True, slots=True)
class KeyBlock:
    """What the groups are, rows of group, events and median, then lines of free text; sizes in millimeters."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    colors: tuple[int, ...]
    lines: tuple[str, ...]

    @property
    def columns(self) -> list[float]:
        """Width of each column."""
        columns = zip(self.heads, *self.rows, strict=True)
        return [
            max(text_mm(text, SMALL_PT, "normal" if position else "bold") for text in column)
            for position, column in enumerate(columns)
        ]

    @property
    def width(self) -> float:
        """Width of the block."""
        table = _SWATCH_MM + sum(self.columns) + _GAP_MM * (len(self.heads) - 1)
        return max([table, text_mm(self.title, SMALL_PT), *(text_mm(line, SMALL_PT) for line in self.lines)])

    @property
    def title_stands_above(self) -> bool:
        """Whether the title is too long for the room above the group names."""
        return text_mm(self.title, SMALL_PT) > _SWATCH_MM + self.columns[0]

    @property
    def height(self) -> float:
        """Height of the block."""
        return LINE_MM * (1 + self.title_stands_above + len(self.rows) + len(self.lines)) + (
            _DESCENT_MM if self.lines else 0.0
        )

    def draw(self, axes: Axes, left: float, top: float) -> None:
        """The block on axes in millimeters, its upper left corner at a place."""
        starts = [left + _SWATCH_MM]
        for width in self.columns[:-1]:
            starts.append(starts[-1] + width + _GAP_MM)
        y = top - LINE_MM / 2
        write(axes, left, y, self.title, color=GRAY)
        y -= LINE_MM * self.title_stands_above
        for start, head in zip(starts, self.heads, strict=True):
            write(axes, start, y, head, color=GRAY)
        for texts, color in zip(self.rows, self.colors, strict=True):
            y -= LINE_MM
            self._draw_row(axes, left, y, starts, texts, color)
        y -= _DESCENT_MM
        for line in self.lines:
            y -= LINE_MM
            write(axes, left, y, line)

    def _draw_row(
        self, axes: Axes, left: float, y: float, starts: Sequence[float], texts: tuple[str, ...], color: int
    ) -> None:
        style = group_style(color)
        dashes = (0, style.dashes) if style.dashes else "solid"
        axes.plot([left, left + _SWATCH_MM - 1.6], [y + 0.1] * 2, color=style.line, lw=1.3, ls=dashes)
        for position, (start, text) in enumerate(zip(starts, texts, strict=True)):
            color_of_text = style.text if position == 0 else INK
            weight = "bold" if position == 0 else "normal"
            write(axes, start, y, text, color=color_of_text, weight=weight)


def key_block(
    curves: Sequence[Curve], lines: Sequence[str], month_days: float, unit: str, by_label: str, *, limit_mm: float
) -> KeyBlock:
    """The block of some curves, no wider than given; without groups it has no names."""
    level = formats.confidence(curves[0].confidence if curves else None)
    heads = ("", "Events/n", f"Median, {unit} ({level})" if unit else f"Median ({level})")
    numbers = [_numbers(curve, month_days, limit_mm) for curve in curves]
    beside = sum(max(text_mm(text, SMALL_PT) for text in column) for column in zip(heads[1:], *numbers, strict=True))
    room = max(_LEAST_NAME_MM, limit_mm - _SWATCH_MM - beside - 2 * _GAP_MM)
    names = [shortened(curve.label or "All patients", room, SMALL_PT, "bold") for curve in curves]
    return KeyBlock(
        title=shortened(by_label, limit_mm, SMALL_PT),
        heads=heads,
        rows=tuple((name, *texts) for name, texts in zip(names, numbers, strict=True)),
        colors=tuple(curve.color for curve in curves),
        lines=tuple(part for line in lines for part in wrapped(line, limit_mm, SMALL_PT)),
    )


def _numbers(curve: Curve, month_days: float, limit_mm: float) -> tuple[str, str]:
    median = formats.months_interval(
        curve.median_days, curve.median_lower, curve.median_upper, month_days, reached=curve.median_reached
    )
    counted = f"{formats.count(curve.n_events)}/{formats.count(curve.n)}"
    return shortened(counted, limit_mm / 4, SMALL_PT), shortened(median, limit_mm / 2, SMALL_PT)
