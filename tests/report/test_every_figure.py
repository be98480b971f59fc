"""Every kind of figure, at both widths, with one, two and five groups of long names: legible, apart, and safe in gray."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from cohortium.report.build import FIGURES
from cohortium.report.figures import schoenfeld, style
from cohortium.report.findings.proportional import EffectCurve
from cohortium.report.journal_style import printed_in
from report.every_figure import DRAWN, OF_GROUPS, run

_DPI = 200
_TOUCH_MM = 0.2
"""Boxes of text are a little higher than their letters."""
_PAGE_MM = 245.0
_LEAST_L, _LEAST_DISTANCE = 8.0, 10.0
"""Lightness apart in gray print, and distance to a color-blind eye (CIE 1976), of what nothing else tells apart."""


@pytest.fixture(scope="module")
def two_groups(tmp_path_factory):
    return run(tmp_path_factory.mktemp("groups-2"), 2)


@pytest.fixture(scope="module")
def made(two_groups, tmp_path_factory):
    """All figures by name and number of groups, drawn once."""
    figures = {}
    for n in (2, 1, 5):
        kinds = DRAWN if n == 2 else OF_GROUPS
        study, results = two_groups if n == 2 else run(tmp_path_factory.mktemp(f"groups-{n}"), n, kinds)
        for spec in study.file.figure:
            if spec.kind in kinds and (n > 1 or spec.width == "single"):
                figure = FIGURES[spec.kind](study, results, spec).figure
                figure.set_dpi(_DPI)
                figure.draw_without_rendering()
                figures[spec.name, n] = figure
    return figures


def each(made):
    return [(f"{name}, {n} groups", name.rpartition("-")[2], figure) for (name, n), figure in made.items()]


def _texts(figure):
    """What is written; ticks beyond the end of an axis are not."""
    beyond = {
        id(tick.label1)
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        if not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
    }
    found = [each for each in figure.findobj(Text) if each.get_text().strip() and each.get_visible()]
    return [(each, each.get_window_extent()) for each in found if id(each) not in beyond]


def test_no_text_touches_another_or_leaves_the_figure_and_all_is_legible(made):
    problems = []
    for name, width, figure in each(made):
        across, up = (float(side) * style.MM_PER_INCH for side in figure.get_size_inches())
        assert across <= style.WIDTH_MM[width] + 1e-6, name
        assert up <= _PAGE_MM, name
        written, slack = _texts(figure), _TOUCH_MM / style.MM_PER_INCH * _DPI
        room = figure.bbox.padded(1.0)
        problems += [(name, "too small", a.get_text()) for a, _ in written if a.get_fontsize() < 7.0]
        problems += [
            (name, "outside", a.get_text())
            for a, box in written
            if not (room.contains(*box.p0) and room.contains(*box.p1))
        ]
        for (a, one), (b, other) in combinations(written, 2):
            wide = min(one.x1, other.x1) - max(one.x0, other.x0)
            tall = min(one.y1, other.y1) - max(one.y0, other.y0)
            if wide > slack and tall > slack:
                problems.append((name, a.get_text(), b.get_text()))
    assert problems == [], "\n".join(map(str, problems))


_NOT_OF_ALL = ("flow", "landmark-flow", "waterfall", "swimmer", "stacked-bars", "kaplan-meier", "missingness", "sites")
"""Kinds that print whole numbers only, or nothing that another kind does not."""


def test_every_number_of_every_figure_has_the_decimal_mark_of_its_journal(two_groups):
    study, results = two_groups
    n_marked = 0
    with printed_in("lancet"):
        for spec in study.file.figure:
            if spec.width == "double" and spec.kind not in _NOT_OF_ALL:
                made = FIGURES[spec.kind](study, results, spec)
                made.figure.draw_without_rendering()
                said = [*(text.get_text() for text in made.figure.findobj(Text)), *made.caption, made.alt]
                wrong = [
                    text for text in said if re.search(r"\d\.\d|\bP ?[=<]|p [=<]", text.replace("version 5.0", ""))
                ]
                assert wrong == [], spec.kind
                n_marked += sum("\N{MIDDLE DOT}" in text for text in said)
    assert n_marked > 50


def _lightness(color):
    red, green, blue = _linear(color)
    return _cube_root(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def _linear(color):
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(color)]


def _cube_root(share):
    return 116 * (share ** (1 / 3) if share > 0.008856 else 7.787 * share + 16 / 116) - 16


_DEUTERANOPIA = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
"""Machado, Oliveira and Fernandes 2009 (doi 10.1109/TVCG.2009.113), severity 1."""
_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
_WHITE = (0.9505, 1.0, 1.089)


def _product(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def _seen(color):
    """A color as L*, a*, b* of an eye without cones for green."""
    linear = [min(max(part, 0.0), 1.0) for part in _product(_DEUTERANOPIA, _linear(color))]
    x, y, z = (_cube_root(part / white) + 16 for part, white in zip(_product(_XYZ, linear), _WHITE, strict=True))
    return y - 16, 500 * (x - y) / 116, 200 * (y - z) / 116


def _distance(one, other):
    return sum((a - b) ** 2 for a, b in zip(_seen(one), _seen(other), strict=True)) ** 0.5


def _looks(axes):
    """Color and second mark (dashes, marker, lines across) of what is drawn in a panel.

    The limits of an estimate have the mark of their estimate, and the marks of censoring the dashes of their curve.
    """
    found = set()
    for line in axes.lines:
        if isinstance(line, Line2D) and line.get_marker() != "|":
            if line.get_linestyle() != "None" and len(line.get_xdata()) > 2:
                found.add(("line", to_rgb(line.get_color()), (line._unscaled_dash_pattern, line.get_marker())))
            elif line.get_linestyle() == "None":
                found.add(("marker", to_rgb(line.get_markerfacecolor()), (line.get_marker(),)))
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_visible()]
    hatches = {patch.get_bbox().bounds: patch.get_hatch() for patch in bars}
    for patch in bars:
        if patch.get_facecolor()[3] > 0:
            found.add(("area", to_rgb(patch.get_facecolor()), (hatches[patch.get_bbox().bounds],)))
    for dots in axes.collections:
        if isinstance(dots, PathCollection):
            found |= {("dots", tuple(color[:3]), ()) for color in dots.get_facecolors()}
    return found


def test_what_differs_in_color_differs_in_gray_and_to_the_color_blind_or_has_a_second_mark(made):
    problems, n_compared = [], 0
    for name, _, figure in each(made):
        for axes in (axes for axes in figure.axes if axes.axison):
            for (kind, one, mark), (other_kind, other, other_mark) in combinations(sorted(_looks(axes), key=repr), 2):
                if kind == other_kind and one != other and mark == other_mark:
                    n_compared += 1
                    apart = abs(_lightness(one) - _lightness(other)), _distance(one, other)
                    if apart[0] < _LEAST_L or apart[1] < _LEAST_DISTANCE:
                        problems.append((name, kind, one, other, apart))
    assert problems == [], "\n".join(map(str, problems))
    assert n_compared > 20


def test_groups_of_a_study_have_dashes_of_their_own_and_colors_a_color_blind_eye_tells_apart():
    assert len({each.dashes for each in style.PALETTE}) == len(style.PALETTE)
    first = [each.line for each in style.PALETTE[:5]]
    assert min(_distance(a, b) for a, b in combinations(first, 2)) > _LEAST_DISTANCE
    # The measure itself: pure red and green of one lightness are far apart for most eyes and near for these.
    assert _distance("#C00000", "#6A6A00") < 30 < _distance("#0072B2", "#E69F00")


def test_panels_of_one_variable_are_told_apart_however_long_its_name():
    name = "Frailty by the simplified index of the International Myeloma Working Group"
    names = [f"{name}, {level} vs Fit" for level in ("Intermediate fitness", "Frail")]
    curve = EffectCurve("frailty", (10.0, 20.0), (0.1, 0.2), (0.0, 0.1), (0.2, 0.3), 0.15, 0.5, 0.95)
    figure = schoenfeld.draw([schoenfeld.EffectPanel(each, curve) for each in names])
    shown = [text.get_text() for text in figure.findobj(Text)]
    assert {"Intermediate fitness vs Fit", "Frail vs Fit"} <= set(shown)
