"""Figures that are hard to lay out: long labels, huge ratios, months of any length, a full disk."""

from __future__ import annotations

import errno
import math
import struct
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.text import Text

from cohortium.report.build import FIGURES
from cohortium.report.figures import flow as flow_figure
from cohortium.report.figures import kaplan_meier, sites, style
from cohortium.report.figures.readout import NothingToRead
from cohortium.report.figures.save import Drawing, save
from cohortium.report.figures.wrapping import ELLIPSIS, shortened, wrapped
from cohortium.report.findings.curves import curves
from cohortium.report.findings.flow import flow
from cohortium.report.findings.sites import SiteCount
from cohortium.results import Results

UNBROKEN = "W" * 130
SPOKEN = "Elevated above the upper limit of normal as measured by the local laboratory " * 4
SURVIVAL, FOREST = (1, 3), (4, 5)


def drawn(study, results, position):
    spec = study.file.figure[position]
    return FIGURES[spec.kind](study, results, spec)


def words(figure):
    return [t.get_text() for t in figure.findobj(Text) if t.get_text()]


def assert_all_text_is_inside(figure):
    # At the dots of the PNG: on a coarse grid letters are moved to whole dots and lines grow.
    figure.set_dpi(300)
    with style.drawing():
        figure.draw_without_rendering()
    room = figure.bbox.padded(3.0)
    for text in figure.findobj(Text):
        if text.get_text() and text.get_visible():
            box = text.get_window_extent()
            assert room.contains(box.x0, box.y0), text.get_text()
            assert room.contains(box.x1, box.y1), text.get_text()


def renamed(results, label):
    return Results(
        replace(s, group=label if s.group == "Female" else s.group, level=label if s.level == "Female" else s.level)
        for s in results
    )


@pytest.mark.parametrize("label", [UNBROKEN, SPOKEN])
@pytest.mark.parametrize("position", [*SURVIVAL, *FOREST])
def test_a_level_of_any_length_is_drawn(study, results, position, label):
    figure = drawn(study, renamed(results, label), position)
    assert_all_text_is_inside(figure.figure)
    assert any(text.endswith(ELLIPSIS) for text in words(figure.figure))
    assert label in figure.alt
    assert any(label in row for row in figure.data)


@pytest.mark.parametrize("position", SURVIVAL)
def test_a_long_level_leaves_events_and_medians_readable(study, results, position):
    shown = words(drawn(study, renamed(results, UNBROKEN), position).figure)
    assert {"60/72", "4.9 (3.5 to 8.1)", "Events/n", "Median, months (95% CI)"} <= set(shown)


@pytest.mark.parametrize("position", FOREST)
@pytest.mark.parametrize("factor", [500.0, 1e-300, 1e-12])
def test_hazard_ratios_of_any_size_are_drawn(study, results, position, factor):
    def scaled(s):
        if s.statistic != "hazard-ratio" or s.variable != "age":
            return s
        ratio, low, high = (math.exp(min(700.0, factor * math.log(v))) for v in (s.value, s.lower, s.upper))
        return replace(s, value=ratio, lower=low, upper=high, note=f"per {10 * factor:g} years")

    wild = Results(
        replace(s, value=0.09 * factor) if s.statistic == "standard-error" and s.variable == "age" else scaled(s)
        for s in results
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_all_text_is_inside(drawn(study, wild, position).figure)


@pytest.mark.parametrize("month_days", [1e-310, 1e-300, 0.1, 1.0, 36525.0, 1e300])
@pytest.mark.parametrize("width", ["single", "double"])
def test_months_of_any_length_have_ticks(results, month_days, width):
    figure = kaplan_meier.draw(curves(results, "os-sex"), month_days=month_days, width=width)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_all_text_is_inside(figure)
    assert len(figure.axes[0].get_xticks()) > 1


@pytest.mark.parametrize("width", ["single", "double"])
def test_axis_names_of_any_length_stay_inside(results, width):
    found = curves(results, "os-sex")
    figure = kaplan_meier.draw(found, y_label=UNBROKEN, x_label=SPOKEN, by_label=SPOKEN, lines=[SPOKEN], width=width)
    assert_all_text_is_inside(figure)


@pytest.mark.parametrize("width", ["single", "double"])
def test_institutions_and_steps_of_any_length_are_drawn(results, width):
    assert_all_text_is_inside(sites.draw([SiteCount(UNBROKEN, 9, 9, 1, 0.0)], width=width))
    found = flow(results)
    steps = tuple(replace(step, label=UNBROKEN * 9, excluded_label=SPOKEN) for step in found.steps)
    assert_all_text_is_inside(flow_figure.draw(replace(found, steps=steps), n_sites=8, width=width))


def test_lines_are_no_wider_than_their_place():
    for text in (UNBROKEN, SPOKEN, "a b", "W", ""):
        for room in (8.0, 20.0, 60.0):
            lines = wrapped(text, room)
            assert 1 <= len(lines) <= 3
            assert all(style.text_mm(line) <= room for line in [*lines, shortened(text, room)])
    assert wrapped("a short label", 60.0) == ["a short label"]
    assert "".join(wrapped("W" * 9, 20.0)) == "W" * 9


def test_the_picture_of_a_figure_meters_long_fits_in_memory(tmp_path):
    figure = style.canvas(20.0, 6000.0)
    png = save(Drawing(figure, "", (), [("a",)], NothingToRead("none")), tmp_path / "figure", "Title")[2].read_bytes()
    across, up = struct.unpack(">II", png[16:24])
    assert up <= 16_000
    assert up / across == pytest.approx(300, rel=0.02)


@pytest.mark.parametrize("ending", ["svg", "pdf", "png", "csv", "txt"])
def test_a_full_disk_is_an_error_of_the_system(study, results, tmp_path, ending):
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    (tmp_path / f"figure.{ending}").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as caught:
        save(drawn(study, results, 0), tmp_path / "figure", "Title")
    assert caught.value.errno == errno.ENOSPC
