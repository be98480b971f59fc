"""What the page holds for its script: rows behind numbers, groups of rows that sort, data of figures."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from matplotlib.figure import Figure

from cohortium.report.build import FIGURES, TABLES
from cohortium.report.figure_data import figure_data
from cohortium.report.figures.readout import NothingToRead, StepReadout, Steps, panels
from cohortium.report.figures.save import Drawing
from cohortium.report.origins import Origins
from cohortium.report.render import html
from cohortium.report.sorting import sort_groups
from cohortium.report.table import Cell, Row, Table
from cohortium.results import Statistic
from report.explained import unexplained

# The place of axes is written to the SVG with six decimals.
PLACE = 1e-6


def row(label, indent=0, *, cells=True, fixed=False, section=False):
    return Row(Cell(label), (Cell("1"),) if cells else (), indent, section, fixed)


def groups(*rows):
    return sort_groups(Table("t", "T", ((Cell("A"), Cell("B")),), rows))


@pytest.fixture(scope="module")
def tables(study, results):
    return [TABLES[spec.kind](study, results, spec) for spec in study.file.table]


def test_plain_rows_sort_and_the_total_stays():
    assert groups(row("a"), row("b"), row("total", fixed=True)) == (1, 1, None)


def test_levels_sort_inside_their_heading_only():
    rows = (
        row("A", cells=False),
        row("a", 1),
        row("b", 1),
        row("B"),
        row("c", 1),
        row("d", 1),
        row("missing", 1, fixed=True),
    )
    assert groups(*rows) == (None, 1, 1, None, 2, 2, None)


def test_plain_rows_beside_rows_with_levels_stay():
    assert groups(row("a"), row("b"), row("C", cells=False), row("c", 1)) == (None,) * 4


def test_sections_are_groups_of_their_own():
    section = row("S", cells=False, section=True)
    assert groups(section, row("a"), row("b"), section, row("c"), row("d")) == (None, 1, 1, None, 2, 2)


def test_a_group_of_one_does_not_sort():
    assert groups(row("a")) == (None,)


def test_every_printed_number_has_the_rows_behind_it(tables, wide_study, wide):
    assert unexplained(tables) == []
    assert unexplained(TABLES[spec.kind](wide_study, wide, spec) for spec in wide_study.file.table) == []


def test_a_number_without_rows_behind_it_is_found_unless_it_is_given():
    statistic = Statistic("a", "m", "n", 1.0)
    head = (Cell("Term"), Cell("Male (N = 1)"))
    rows = (Row(Cell("a"), (Cell("1"),)), Row(Cell("b"), (Cell("NR"),)), Row(Cell("c"), (Cell("yes"),)))
    found = unexplained([Table("t", "T", (head,), rows)])
    assert found == [("t", "head", "Male (N = 1)"), ("t", "a", "1"), ("t", "b", "NR")]
    head = (Cell("Term"), Cell("Male (N = 1)", behind=(statistic,)))
    rows = (Row(Cell("a"), (Cell("1", given=True),)), Row(Cell("b"), (Cell("2", behind=(statistic,)),)))
    assert unexplained([Table("t", "T", (head,), rows)]) == []


def test_the_first_row_behind_a_number_is_the_number(tables):
    for table in tables[:1]:
        for line in table.rows:
            for cell in line.cells:
                if re.fullmatch(r"\d+", cell.text):
                    assert cell.behind[0].value == float(cell.text)


def test_origins_hold_each_row_once_and_lead_back_to_it(study, tables):
    origins = Origins(cell for table in tables for cell in table.cells())
    data = origins.data(study)
    cells = [cell for table in tables for cell in table.cells() if cell.behind]
    assert len(data["rows"]) == len({statistic for cell in cells for statistic in cell.behind})
    names = data["columns"]
    for cell in cells:
        line = data["rows"][int(origins.keys(cell).split()[0])]
        found = dict(zip(names, line, strict=True))
        assert data["words"][found["statistic"]] == cell.behind[0].statistic
        assert data["words"][found["analysis"]] == cell.behind[0].analysis
        assert found["n"] == cell.behind[0].n
        # Eight significant digits are kept.
        assert found["value"] == pytest.approx(cell.behind[0].value, rel=1e-7)


def test_the_rows_behind_a_cell_are_no_part_of_it():
    statistic = Statistic("a", "m", "n", 1.0)
    assert Cell("1", behind=(statistic,)) == Cell("1")


def test_data_cannot_end_its_element():
    assert html._data({"a": "</script><!--&\u2028"}) == '{"a":"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028"}'
    assert json.loads(html._data(["</script>"])) == ["</script>"]


@pytest.mark.parametrize("place", range(7))
def test_the_data_of_figures_hold_the_rows_drawn(study, results, place):
    spec = study.file.figure[place]
    drawn = FIGURES[spec.kind](study, results, spec)
    data = figure_data(drawn)
    assert data["header"] == list(drawn.data[0])
    assert not data["thinned"]
    assert {len(c["at"] if isinstance(c, dict) else c) for c in data["columns"]} == {len(drawn.data) - 1}
    json.dumps(data, allow_nan=False)
    if spec.kind == "kaplan-meier":
        groups_said = data["columns"][0]
        for curve in data["readout"]["curves"]:
            said = {groups_said["words"][i] for i in groups_said["at"][curve["first"] : curve["last"]]}
            assert said == {curve["name"]}
    if spec.kind in ("forest", "sites"):
        assert len(data["panels"][0]["rows"]) == len(data["readout"]["texts"])


def test_panels_lie_where_the_axes_are_drawn():
    figure = Figure()
    axes = figure.add_axes((0.1, 0.2, 0.5, 0.6))
    axes.set(xlim=(0, 50), ylim=(0, 10), yticks=[2, 8])
    figure.add_axes((0, 0, 1, 1)).set_axis_off()
    (panel,) = panels(figure)
    assert (panel.left, panel.top, panel.width, panel.height) == pytest.approx((0.1, 0.2, 0.5, 0.6), abs=PLACE)
    assert (panel.start, panel.end) == (0, 50)
    assert panel.rows == pytest.approx((0.2, 0.8), abs=PLACE)


def test_a_curve_of_very_many_times_keeps_exact_ones():
    times = [float(day) for day in range(5001)]
    data = [("time_days", "survival"), *((day, 1 - day / 10_000) for day in times)]
    curve = Steps(0, "All patients", "#000000", 1, len(data))
    drawn = Drawing(Figure(), "", (), data, StepReadout((curve,), time="time_days", value="survival"))
    found = figure_data(drawn)
    assert found["thinned"]
    days, survival = found["columns"]
    assert 900 <= len(days) <= 1001
    assert (days[0], days[-1]) == (0, 5000)
    assert all(s == pytest.approx(1 - day / 10_000, rel=1e-6) for day, s in zip(days, survival, strict=True))
    assert found["readout"]["curves"][0]["last"] == len(days)


def test_a_drawing_without_data_has_none():
    drawn = Drawing(Figure(), "", (), (), NothingToRead("none"))
    assert figure_data(drawn) is None
    assert figure_data(replace(drawn, data=[("a",)])) is None
