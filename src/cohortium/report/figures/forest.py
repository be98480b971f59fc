"""Forest plot: a line per level, the numbers beside the drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.figures import style
from cohortium.report.figures.log_axis import LogAxis, log_axis
from cohortium.report.figures.wrapping import shortened, wrapped
from cohortium.report.findings.regression import Term

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LABEL_LIMIT: dict[style.Width, float] = {"single": 20.0, "double": 46.0}
_GAP: dict[style.Width, float] = {"single": 1.6, "double": 3.0}
_LABEL_MM = (46.0, 36.0, 28.0, 20.0, 17.0, 14.0, 10.0)
# In a column narrower than this, words are broken: the counts give way first.
_BROKEN_LABEL_MM = 14.0
_LEAST_PLOT_MM = 14.0
_INDENT_MM = 2.4
_LINE_MM = 3.4
_AXIS_MM = 9.0
_NAME_MM = 2.4
_SIDES_MM = 3.6
_BIGGEST_SQUARE_MM = 2.5
_SMALLEST_SQUARE_MM = 1.0
_LAST_FILLED = style.PALETTE[0].line


@dataclass(frozen=True, slots=True)
class ForestLine:
    """One line: a heading (no terms), or a term per model; None where a model does not have it.

    aside   text of the last column in place of p-values, e.g. of an interaction
    pooled  True: the estimate of all patients together, a diamond
    """

    label: str
    terms: tuple[Term | None, ...] = ()
    indent: bool = False
    aside: str = ""
    pooled: bool = False

    @property
    def counted(self) -> Term | None:
        """The term whose patients and events are printed: the last model's."""
        return next((term for term in reversed(self.terms) if term is not None), None)


@dataclass(frozen=True, slots=True)
class Heads:
    """Headings: of the labels, of the estimates with their interval, of the last column.

    aside   heading of the texts that stand in place of p-values; empty for p-values
    """

    estimate: str = "HR (95% CI)"
    label: str = "Variable"
    aside: str = ""


@dataclass(frozen=True, slots=True)
class _Column:
    """Right-aligned numbers: their heading, the model heading above, one text a line, the right edge."""

    head: str
    texts: tuple[str, ...]
    model: int | None

    @property
    def width(self) -> float:
        head = style.text_mm(self.head, style.SMALL_PT, "bold")
        return max([head, *(style.text_mm(text, style.SMALL_PT) for text in self.texts)])


@dataclass(frozen=True, slots=True)
class _Layout:
    """Places in millimeters: lines from the top, columns by their right edge, the drawing between them."""

    across: float
    height: float
    top: float
    labels: tuple[list[str], ...]
    centers: tuple[float, ...]
    columns: tuple[tuple[_Column, float], ...]
    plot_left: float
    plot_right: float
    foot: float
    two_heads: bool

    @property
    def plot_width(self) -> float:
        return self.plot_right - self.plot_left


def draw(
    lines: Sequence[ForestLine],
    models: Sequence[str],
    *,
    x_label: str = "Hazard ratio",
    heads: Heads | None = None,
    sides: tuple[str, str] = ("", ""),
    width: style.Width = "double",
) -> Figure:
    """A forest plot on a log axis; the area of a square is the weight of its estimate.

    lines     headings and terms in order
    models    names of the models, one a term of each line, the last drawn filled
    x_label   below the axis
    heads     headings of the columns
    sides     what a ratio below 1 and one above 1 mean, with arrows below the axis
    width     journal column: 88 or 178 mm; where two models do not fit, only the last is drawn

    Example: `draw(lines, ["Univariable", "Multivariable"])`
    """
    with style.drawing():
        heads = heads or Heads()
        lines, models = _fitting(lines, models, heads, width)
        layout = _layout(lines, models, heads, width, foot=_AXIS_MM + (_SIDES_MM if any(sides) else 0.0))
        figure = style.canvas(layout.across, layout.height)
        terms = [term for line in lines for term in line.terms if term]
        limits = [limit for t in terms for limit in (t.lower, t.upper)]
        scale = log_axis([t.hazard_ratio for t in terms], limits, layout.plot_width)
        axes = style.panel(figure, layout.plot_left, layout.foot, layout.plot_width, layout.top - layout.foot)
        _draw_axes(axes, layout, scale)
        _draw_terms(axes, lines, layout, scale)
        sheet = style.sheet(figure)
        _draw_text(sheet, lines, models, layout, heads)
        _draw_sides(sheet, sides, layout, scale)
        center = (layout.plot_left + layout.plot_right) / 2
        style.write_below_axis(sheet, center, _NAME_MM, shortened(x_label, layout.across - 2.0), layout.across)
    return figure


def models_that_fit(lines: Sequence[ForestLine], models: Sequence[str], heads: Heads, width: style.Width) -> int:
    """How many of the models, counted from the last, have room beside the drawing."""
    with style.drawing():
        for n in range(len(models), 1, -1):
            shown = [_last(line, n) for line in lines]
            if _placed(shown, models[-n:], heads, width, _LABEL_LIMIT[width]).plot_width >= _LEAST_PLOT_MM:
                return n
    return 1


def _fitting(
    lines: Sequence[ForestLine], models: Sequence[str], heads: Heads, width: style.Width
) -> tuple[list[ForestLine], list[str]]:
    n = models_that_fit(lines, models, heads, width)
    return [_last(line, n) for line in lines], list(models[-n:])


def _last(line: ForestLine, n: int) -> ForestLine:
    return replace(line, terms=line.terms[-n:])


def _columns(
    lines: Sequence[ForestLine], models: Sequence[str], heads: Heads, width: style.Width
) -> tuple[list[_Column], list[_Column]]:
    counted = [line.counted for line in lines]
    if width == "single":
        left = [_Column("Events/n", tuple(_events_of(line.counted) for line in lines), None)]
    else:
        left = [
            _Column("n", tuple(_count(term.n if term else None) for term in counted), None),
            _Column("Events", tuple(_count(term.n_events if term else None) for term in counted), None),
        ]
    right = []
    for model in range(len(models)):
        terms = [line.terms[model] if line.terms else None for line in lines]
        right.append(_Column(heads.estimate, tuple(map(_ratio, terms)), model))
        if not heads.aside:
            right.append(_Column(formats.p_letter(), tuple(map(_p, terms)), model))
    if heads.aside:
        right.append(_Column(heads.aside, tuple(line.aside for line in lines), None))
    return left, right


def _layout(
    lines: Sequence[ForestLine], models: Sequence[str], heads: Heads, width: style.Width, *, foot: float
) -> _Layout:
    """The places with as much room for labels and counts as leaves some for the drawing."""
    layout = _placed(lines, models, heads, width, _LABEL_LIMIT[width], foot=foot)
    for with_counts, least in ((True, _BROKEN_LABEL_MM), (False, _BROKEN_LABEL_MM), (True, 0.0), (False, 0.0)):
        for limit in (mm for mm in _LABEL_MM if least <= mm <= _LABEL_LIMIT[width]):
            if layout.plot_width < _LEAST_PLOT_MM:
                layout = _placed(lines, models, heads, width, limit, foot=foot, with_counts=with_counts)
    return layout


def _placed(
    lines: Sequence[ForestLine],
    models: Sequence[str],
    heads: Heads,
    width: style.Width,
    label_limit: float,
    *,
    foot: float = _AXIS_MM,
    with_counts: bool = True,
) -> _Layout:
    across, gap = style.WIDTH_MM[width], _GAP[width]
    left_columns, right_columns = _columns(lines, models, heads, width)
    left_columns = left_columns if with_counts else []
    labels, edge = _labels(lines, heads.label, label_limit, sum(gap + column.width for column in left_columns))
    columns = []
    for column in left_columns:
        edge += gap + column.width
        columns.append((column, edge))
    plot_left, right = edge + gap + 1.0, across - 1.0
    for column in reversed(right_columns):
        columns.append((column, right))
        right -= column.width + gap
    heights = _heights(lines, labels, len(models))
    above = 6.0 + (_LINE_MM + 1.0 if len(models) > 1 else 0.0)
    top = foot + sum(heights) + 1.0
    tops = [top - 0.5 - sum(heights[:position]) for position in range(len(heights))]
    centers = tuple(at - height / 2 for at, height in zip(tops, heights, strict=True))
    return _Layout(
        across, top + above, top, labels, centers, tuple(columns), plot_left, right - 0.6, foot,
        two_heads=len(models) > 1,
    )  # fmt: skip


def _labels(lines: Sequence[ForestLine], head: str, limit: float, beside: float) -> tuple[tuple[list[str], ...], float]:
    """The label of each line in lines of text, and how far to the right they reach; `beside` is the width of counts."""
    # A heading has no numbers, so it may run on over their columns.
    overs = [0.0 if line.terms else beside for line in lines]
    labels = tuple(_label_lines(line, limit + over) for line, over in zip(lines, overs, strict=True))
    widths = [
        style.text_mm(text, style.SMALL_PT, _weight(line)) + _INDENT_MM * line.indent - over
        for line, texts, over in zip(lines, labels, overs, strict=True)
        for text in texts
    ]
    return labels, 1.0 + max([*widths, style.text_mm(head, style.SMALL_PT, "bold")])


def _heights(lines: Sequence[ForestLine], labels: Sequence[list[str]], n_models: int) -> list[float]:
    pitch = _LINE_MM * 1.25 + (1.6 if n_models > 1 else 0.0)
    return [
        (pitch if line.terms else _LINE_MM * 1.4) + _LINE_MM * (len(texts) - 1)
        for line, texts in zip(lines, labels, strict=True)
    ]


def _label_lines(line: ForestLine, limit: float) -> list[str]:
    return wrapped(line.label, limit - _INDENT_MM * line.indent, style.SMALL_PT, _weight(line))


def _weight(line: ForestLine) -> str:
    return "normal" if line.indent else "bold"


def _draw_axes(axes: Axes, layout: _Layout, scale: LogAxis) -> None:
    axes.set_xscale("log")
    axes.set(xlim=(scale.least, scale.most), ylim=(layout.foot, layout.top))
    axes.set_xticks(scale.ticks, [formats.number_shortest(tick) for tick in scale.ticks])
    axes.set_xticks([], minor=True)
    # Ticks that are not drawn say where the rows are.
    axes.set_yticks(layout.centers)
    axes.tick_params(axis="y", left=False, labelleft=False)
    axes.spines["left"].set_visible(False)
    axes.axvline(1.0, color=style.GRAY, lw=0.6, zorder=0)


def _draw_terms(axes: Axes, lines: Sequence[ForestLine], layout: _Layout, scale: LogAxis) -> None:
    errors = [t.standard_error for line in lines for t in line.terms if t and t.standard_error]
    for line, center in zip(lines, layout.centers, strict=True):
        n_models = len(line.terms)
        for model, term in enumerate(line.terms):
            if term is None or term.reference or term.hazard_ratio is None:
                continue
            y = center + (1.15 - 2.3 * model if n_models == 2 else 0.0)
            last = model == n_models - 1
            marker = "D" if line.pooled else "s"
            _draw_estimate(axes, term, y, scale, _square_mm(term, errors, n_models), marker=marker, filled=last)


def _draw_estimate(
    axes: Axes, term: Term, y: float, scale: LogAxis, side_mm: float, *, marker: str, filled: bool
) -> None:
    color = _LAST_FILLED if filled else style.GRAY
    ratio = term.hazard_ratio or 1.0
    low, high = (scale.inside(bound if bound is not None else ratio) for bound in (term.lower, term.upper))
    axes.plot([low, high], [y, y], color=color, lw=0.9, zorder=2)
    for bound, arrow in ((term.lower, "<"), (term.upper, ">")):
        if bound is not None and scale.inside(bound) != bound:
            axes.plot([scale.inside(bound)], [y], ls="none", marker=arrow, ms=3.2, color=color, clip_on=False)
    if scale.inside(ratio) == ratio:
        points = side_mm / style.POINT_MM
        face = color if filled else "white"
        axes.plot([ratio], [y], ls="none", marker=marker, ms=points, mfc=face, mec=color, mew=0.8, zorder=3)


def _square_mm(term: Term, errors: Sequence[float], n_models: int) -> float:
    # The area is the weight 1 / error squared, hence the side goes as 1 / error.
    if not term.standard_error:
        return _SMALLEST_SQUARE_MM
    biggest = _BIGGEST_SQUARE_MM if n_models == 1 else 0.7 * _BIGGEST_SQUARE_MM
    return max(_SMALLEST_SQUARE_MM, biggest * min(errors) / term.standard_error)


def _draw_text(sheet: Axes, lines: Sequence[ForestLine], models: Sequence[str], layout: _Layout, heads: Heads) -> None:
    head_y = layout.top + 2.6
    for y, weight in ((layout.height - 0.6, 0.8), (layout.top + 0.4, 0.5)):
        sheet.plot([1.0, layout.across - 1.0], [y, y], color=style.INK, lw=weight)
    style.write(sheet, 1.0, head_y, heads.label, weight="bold")
    for column, edge in layout.columns:
        style.write(sheet, edge, head_y, column.head, ha="right", weight="bold")
        for value, y in zip(column.texts, layout.centers, strict=True):
            style.write(sheet, edge, y, value, ha="right")
    for line, texts, center in zip(lines, layout.labels, layout.centers, strict=True):
        y = center + _LINE_MM * (len(texts) - 1) / 2
        for position, label in enumerate(texts):
            at = y - _LINE_MM * position
            style.write(sheet, 1.0 + _INDENT_MM * line.indent, at, label, weight=_weight(line))
    if layout.two_heads:
        _draw_model_heads(sheet, models, layout)


def _draw_model_heads(sheet: Axes, models: Sequence[str], layout: _Layout) -> None:
    y = layout.top + 2.6 + _LINE_MM + 1.0
    for position, name in enumerate(models):
        mine = [(column, edge) for column, edge in layout.columns if column.model == position]
        right = max(edge for _, edge in mine)
        left = min(edge - column.width for column, edge in mine)
        filled = position == len(models) - 1
        color = _LAST_FILLED if filled else style.GRAY
        square = style.text_mm(name, style.SMALL_PT, "bold")
        start = (left + right - square) / 2
        face = color if filled else "white"
        sheet.plot([start - 2.2], [y], ls="none", marker="s", ms=4.2, mfc=face, mec=color, mew=0.8)
        style.write(sheet, start, y, name, weight="bold")
        sheet.plot([left, right], [y - 2.1] * 2, color=style.RULE, lw=0.5)


def _draw_sides(sheet: Axes, sides: tuple[str, str], layout: _Layout, scale: LogAxis) -> None:
    """`< lower` and `higher >` on either side of 1, between the ticks and the name of the axis."""
    if not any(sides):
        return
    y = _NAME_MM + 4.3
    left = math.log(1.0 / scale.least) / math.log(scale.most / scale.least)
    one = layout.plot_left + layout.plot_width * left
    leftward, rightward = f"\N{LEFTWARDS ARROW} {sides[0]}", f"{sides[1]} \N{RIGHTWARDS ARROW}"
    style.write(sheet, one - 1.2, y, leftward, ha="right", color=style.GRAY)
    room = layout.across - one - 2.2
    style.write(sheet, one + 1.2, y, shortened(rightward, room, style.SMALL_PT), color=style.GRAY)


def _count(n: int | None) -> str:
    return "" if n is None else formats.count(n)


def _events_of(term: Term | None) -> str:
    return "" if term is None or term.n is None else f"{_count(term.n_events)}/{_count(term.n)}"


def _ratio(term: Term | None) -> str:
    if term is None:
        return ""
    if term.reference:
        return formats.REFERENCE
    return formats.ratio_interval(term.hazard_ratio, term.lower, term.upper)


def _p(term: Term | None) -> str:
    return "" if term is None else formats.REFERENCE if term.reference else formats.p_value(term.p)
