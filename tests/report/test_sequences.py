"""The Sankey diagram: counts that add up or are refused, words that never meet, widths in proportion, text, data, readout."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from cohortium.consistency.figures import check_figure, figure_lines
from cohortium.consistency.populations import check_populations
from cohortium.errors import OutputError
from cohortium.estimators.contract import Done, Rows
from cohortium.estimators.registry import REGISTRY
from cohortium.report.build import FIGURES
from cohortium.report.exhibits.sankey import without_room
from cohortium.report.figure_data import figure_data
from cohortium.report.figures import sankey, style
from cohortium.report.figures.ordered_colors import UNKNOWN, level_styles
from cohortium.report.figures.readout import AreaReadout
from cohortium.report.figures.sankey_layout import PAGE_MM, Flow, Node, SankeyPanel, layout
from cohortium.report.figures.wrapping import wrapped
from cohortium.report.findings.sequences import sequences
from cohortium.report.methods import methods
from cohortium.report.render import csv
from cohortium.results import Results, Statistic
from cohortium.study.load import load_study

STUDY = """\
[study]
name = "steps"
title = "Steps"
[time]
horizon_days = 1000
[data]
key = "id"
[[site]]
id = "north"
name = "Northern Hospital"
[[analysis]]
name = "moves"
method = "sequences"
steps = ["line_1", "line_2", "best"]
ended = ["No further line"]
by = "sex"
[[analysis]]
name = "all-moves"
method = "sequences"
steps = ["line_1", "line_2", "best"]
ended = ["No further line"]
[[figure]]
name = "double"
kind = "sankey"
analysis = "moves"
title = "Moves"
[[figure]]
name = "single"
kind = "sankey"
analysis = "moves"
title = "Moves"
width = "single"
[[figure]]
name = "all"
kind = "sankey"
analysis = "all-moves"
title = "Moves of all"
"""
DICTIONARY = """\
field_name,field_type,field_label,field_note,select_choices_or_calculations,text_validation_type_or_show_slider_number
id,text,Patient,,,
sex,radio,Sex,,"1, Men | 2, Women | 3, Nobody",
line_1,radio,First line,,"1, CAR T cells | 2, Proteasome inhibitor | 3, Other | 4, No further line",
line_2,radio,Second line,,"1, CAR T cells | 2, Proteasome inhibitor | 3, Other | 4, No further line",
best,radio,Best response,,"1, CR | 2, PR | 3, PD",
"""
N = 120
# Millimeters or fractions of a figure: places are sums of a few dozen heights, which rounding moves by less.
OFF = 1e-6


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    (folder / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    return load_study(folder)


@pytest.fixture(scope="module")
def results(study):
    rng = np.random.default_rng(3)
    first = rng.choice(4, N, p=[0.1, 0.5, 0.35, 0.05])
    second = np.where(first == 3, 3, rng.choice([0, 1, 2, 3], N, p=[0.2, 0.3, 0.3, 0.2]))
    codes = {
        "line_1": first,
        "line_2": second,
        "best": np.where(rng.random(N) < 0.05, -1, rng.integers(0, 3, N)),
        "sex": np.where(np.arange(N) == 7, -1, rng.integers(0, 2, N)),
    }
    found = [Statistic("flow", "flow", "analyzed", float(N), format="count")]
    for analysis in study.file.analysis:
        estimator = REGISTRY[analysis.method]
        for task in estimator.plan(study, analysis):
            step = estimator.start(task.spec)
            totals = estimator.summarize(estimator.prepare(Rows(N, {}, codes), task.spec), step.params)
            done = estimator.solve(task.spec, totals, step)
            assert isinstance(done, Done)
            found += estimator.tabulate(task, done.estimate)
    return Results(found)


def drawn(study, results, name="double"):
    spec = next(figure for figure in study.file.figure if figure.name == name)
    return FIGURES["sankey"](study, results, spec)


def shown(figure):
    return [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


def demo(n, n_levels, n_steps, seed, *, color=None, words="Regimen"):
    """A panel of random sequences with many rare levels and names of any length."""
    chance = random.Random(seed)  # noqa: S311 - a figure, not a secret
    names = [f"{words} {'with another drug ' * (i % 3)}{i}" for i in range(n_levels)]
    looks = {**level_styles(names[:-1]), names[-1]: sankey.ENDED}
    weights = [chance.random() ** 4 + 0.01 for _ in names]
    patients = [chance.choices(range(n_levels), weights, k=n_steps) for _ in range(n)]
    at = [[sum(p[s] == i for p in patients) for i in range(n_levels)] for s in range(n_steps)]
    nodes = tuple(
        tuple(Node(name, k, f"{k} ({100 * k / n:.1f}%)", looks[name]) for name, k in zip(names, each, strict=True))
        for each in at
    )
    flows = []
    for s in range(n_steps - 1):
        pairs = Counter((p[s], p[s + 1]) for p in patients)
        flows.append(tuple(Flow(i, j, k, str(k)) for (i, j), k in sorted(pairs.items())))
    return SankeyPanel(f"Group {seed} (N = {n})", color, nodes, tuple(flows))


SIZES = [
    ("double", 2, 9, 1),
    ("double", 3, 14, 2),
    ("double", 8, 9, 1),
    ("single", 2, 3, 1),
    ("single", 3, 6, 3),
    ("single", 4, 14, 1),
]


@pytest.mark.parametrize(("width", "n_steps", "n_levels", "n_groups"), SIZES)
def test_words_never_meet_and_stay_in_the_figure(width, n_steps, n_levels, n_groups):
    panels = [demo(40 + 200 * g, n_levels, n_steps, 10 * n_levels + g, color=g) for g in range(n_groups)]
    figure = sankey.draw(layout([f"Therapy in line {i}" for i in range(n_steps)], panels, width))
    figure.draw_without_rendering()
    texts = shown(figure)
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    assert figure.get_size_inches()[0] * style.MM_PER_INCH == pytest.approx(style.WIDTH_MM[width])
    assert all(text.get_fontsize() >= 7.0 for text in texts)
    room = figure.bbox.padded(1.0)
    assert [words for words, box in boxes if not (room.contains(*box.p0) and room.contains(*box.p1))] == []
    assert [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if one.overlaps(other)] == []


@pytest.mark.parametrize(("width", "n_steps", "n_levels", "n_groups"), SIZES)
def test_words_stand_in_their_own_box_or_on_white(width, n_steps, n_levels, n_groups):
    panels = [demo(40 + 200 * g, n_levels, n_steps, 10 * n_levels + g) for g in range(n_groups)]
    for panel in layout([f"Line {i}" for i in range(n_steps)], panels, width).panels:
        for box in panel.boxes:
            for line, middle, is_inside in box.middles():
                low, high = middle - 1.2, middle + 1.2
                assert style.text_mm(line, style.SMALL_PT) <= box.width
                if is_inside:
                    assert box.bottom - OFF <= low
                    assert high <= box.top + OFF
                assert not [
                    other for other in panel.boxes
                    if other is not box and other.left == box.left and low < other.top and high > other.bottom
                ]  # fmt: skip


def test_what_a_page_has_no_room_for_is_left_out_and_said(study, results):
    steps = ["Line 1", "Line 2", "Line 3"]
    panels = [demo(60, 12, 3, seed) for seed in range(9)]
    placed = layout(steps, panels, "single")
    assert placed.height <= PAGE_MM
    assert 1 <= len(placed.panels) < 9
    assert placed.panels == layout(steps, panels[: len(placed.panels)], "single").panels
    found = sequences(results, "moves")
    (said,) = without_room(found.groups[-1:])
    assert f"no room for {found.groups[-1].group} (N = {found.groups[-1].n})" in said


def test_a_long_name_of_a_group_takes_lines():
    panel = demo(60, 3, 2, 1, words="A")
    long = replace(panel, heading=" ".join(["Extramedullary disease"] * 5))
    (one,), (other,) = (layout(["A", "B"], [each], "single").panels for each in (panel, long))
    assert len(one.heading) == 1
    assert len(other.heading) > 1
    assert " ".join(other.heading) == long.heading


def test_widths_are_in_proportion_and_bands_fill_their_boxes():
    panel = demo(300, 7, 4, 5)
    (placed,) = layout([f"Line {i}" for i in range(4)], [panel], "double").panels
    scale = placed.boxes[0].height / placed.boxes[0].node.n
    for box in placed.boxes:
        assert box.height == pytest.approx(box.node.n * scale)
        for side, x in (("x0", box.left + box.width), ("x1", box.left)):
            bands = [
                band for band in placed.bands
                if getattr(band, side) == pytest.approx(x) and box.bottom - OFF <= band.low(x) <= box.top + OFF
            ]  # fmt: skip
            if bands:
                assert sum(band.height for band in bands) == pytest.approx(box.height)
                assert sum(band.flow.n for band in bands) == box.node.n
                tops = sorted(band.low(x) for band in bands)
                assert tops[0] == pytest.approx(box.bottom)
    for band in placed.bands:
        assert band.height == pytest.approx(band.flow.n * scale)


def test_bands_leave_and_enter_in_the_order_of_the_levels():
    """Two bands between two columns cross only when the order of their levels is reversed."""
    (placed,) = layout(["A", "B"], [demo(200, 6, 2, 8)], "double").panels
    for one, other in combinations(placed.bands, 2):
        first, second = (one.flow.source, one.flow.target), (other.flow.source, other.flow.target)
        crosses = (one.y0 - other.y0) * (one.y1 - other.y1) < 0
        assert crosses == ((first[0] - second[0]) * (first[1] - second[1]) < 0)


def test_levels_and_flows_add_up_and_are_printed(study, results):
    found = sequences(results, "moves")
    assert [group.group for group in found.groups] == ["", "Men", "Women", "Nobody"]
    made = drawn(study, results)
    words = {text.get_text() for text in shown(made.figure)}
    men = next(group for group in found.groups if group.group == "Men")
    assert f"Men (N = {men.n})" in words
    assert not any(word.startswith("Nobody") for word in words)
    level = men.steps[0][1]
    text = f"{level.n} ({level.percent:.1f}%)"
    assert any(text in word for word in words)
    assert "1 patient left out: group not known (Men)." in made.caption
    assert any("No patients (Nobody)." in sentence for sentence in made.caption)
    assert any(sentence.startswith("Gray boxes") for sentence in made.caption)
    assert any("Percentages are of all patients of the group" in sentence for sentence in made.caption)
    assert "Sankey diagram of first line, second line and best response." in made.alt
    assert made.alt.endswith(".")


@pytest.mark.parametrize(
    ("statistic", "said"),
    [
        ("count", "the levels add up to 121, expected 120"),
        ("flow", "the flows from CAR T cells add up to"),
        ("missing", "the levels add up to 121, expected 120"),
        ("n", "the levels add up to 120, expected 121"),
    ],
)
def test_results_that_do_not_add_up_are_refused(study, results, statistic, said):
    wanted = results.where(analysis="all-moves", statistic=statistic)[0]
    wrong = Results(replace(s, value=s.value + 1) if s is wanted else s for s in results)
    with pytest.raises(OutputError, match=said):
        drawn(study, wrong, "all")


def test_a_group_has_its_color_and_a_level_the_same_in_every_panel(study, results):
    figure = drawn(study, results).figure
    colors = {text.get_text().partition(" (N")[0]: text.get_color() for text in shown(figure)}
    assert (colors["Men"], colors["Women"]) == (style.group_style(0).text, style.group_style(1).text)
    faces = {patch.get_facecolor() for patch in figure.findobj(Rectangle)}
    known = {*level_styles(["CAR T cells", "Proteasome inhibitor", "Other"]).values()}
    known |= {*level_styles(["CR", "PR", "PD"]).values(), sankey.ENDED, UNKNOWN}
    assert faces - {to_rgba("white")} <= {to_rgba(look.fill) for look in known}


def test_no_patient_in_any_group_is_said(study, results):
    kept = [s for s in results if s.statistic == "n" and s.analysis == "moves"]
    nobody = Results(replace(s, value=0.0, warning="no patients") for s in kept)
    assert drawn(study, nobody).alt == "No sequences: no patients in any group."


def test_the_data_hold_every_flow(study, results):
    made = drawn(study, results, "all")
    head, *rows = made.data
    assert len(rows) == len(results.where(analysis="all-moves", statistic="flow"))
    assert sum(row[head.index("n_flow")] for row in rows) == 2 * N
    assert {row[0] for row in rows} == {""}
    assert "Not known" in {row[head.index("next_level")] for row in rows}


def test_every_box_and_band_can_be_read_off(study, results):
    made = drawn(study, results, "all")
    assert isinstance(made.readout, AreaReadout)
    found = sequences(results, "all-moves").groups[0]
    n_boxes = sum(level.n > 0 for levels in found.steps for level in levels)
    assert len(made.readout.areas) == n_boxes + sum(map(len, found.moves))
    for area in made.readout.areas:
        assert 0 <= area.x0 < area.x1 <= 1
        assert min(area.y0, area.y1) >= 0
        assert max(area.y0, area.y1) + area.height <= 1 + OFF
    texts = [area.text for area in made.readout.areas]
    level = found.steps[0][1]
    assert f"First line: Proteasome inhibitor, {level.n}/120 ({level.percent:.1f}%)" in texts
    data = json.loads(json.dumps(figure_data(made)))
    assert data["readout"]["kind"] == "areas"
    assert [area["text"] for area in data["readout"]["areas"]] == texts


def test_numbers_stand_within_their_bands():
    panel = demo(300, 5, 3, 2)
    placed = layout(["A", "B", "C"], [panel], "double")
    places = [(band, place) for band in placed.panels[0].bands for place in sankey._number_places(band)]
    assert len(places) > 4
    for band, (left, right, bottom, top) in places:
        for x in (left, right):
            assert band.low(x) <= bottom + OFF
            assert top <= band.low(x) + band.height + OFF


def test_a_name_that_is_too_wide_is_broken_after_a_hyphen():
    assert wrapped("Antibody-drug conjugate", 17.0, style.SMALL_PT) == ["Antibody-", "drug", "conjugate"]
    assert wrapped("Anti-CD38 antibody", 17.0, style.SMALL_PT) == ["Anti-CD38", "antibody"]
    (first, second) = wrapped("Immunomodulatory", 17.0, style.SMALL_PT)
    assert first + second == "Immunomodulatory"


def test_sentences_of_the_methods(study, results):
    said = {heading: "".join(map(str, text[0])) for heading, text in methods(study, results)}
    assert said["First line to best response, sequence by sex"] == (
        "Patients were counted at each level of first line, second line and best response, in this order, and at each pair "
        "of levels of two consecutive steps. Percentages of a level are of all patients of the group, those of a flow of "
        "the patients at the level it comes from and of all patients of the group; patients whose level is not known are a "
        "level of their own. Patients who never reached a step are counted at it (\u201cNo further line\u201d)."
    )


def problems_of(results, study, figure="all", change=None):
    spec = next(each for each in study.file.figure if each.name == figure)
    text = csv.lines(drawn(study, results, figure).data)
    rows = {name: results.where(analysis=name) for name in results.distinct("analysis")}
    lines = figure_lines(change(text) if change else text, "f.csv")
    return [str(problem) for problem in check_figure(study, rows, spec, lines)]


def test_a_data_file_that_does_not_add_up_is_found(study, results):
    assert problems_of(results, study) == []
    assert problems_of(results, study, "double") == []
    row = drawn(study, results, "all").data[1]
    before = f"{row[4]},{row[5]},{row[6]},{row[7]},"
    after = f"{row[4]},{row[5]},{row[6]},{row[7] + 1},"
    found = problems_of(results, study, change=lambda text: text.replace(before, after, 1))
    assert any("the flows from it add up to" in problem for problem in found)
    assert any("the flows to it add up to" in problem for problem in found)
    assert any("121 patients from First line to Second line, but 120 in the group" in problem for problem in found)


@pytest.mark.parametrize(
    ("statistic", "by", "said"),
    [
        ("n", 1, "121 patients, but 120 were analyzed"),
        ("count", 1, "the levels of line_1 add up to 121, expected 120"),
        ("flow", 1, "the levels of line_1 -> line_2 add up to 121, expected 120"),
        ("flow-percent", 0.5, "is given as"),
        ("flow-percent-of-all", 0.5, "is given as"),
    ],
)
def test_a_results_table_that_contradicts_itself_is_found(study, results, statistic, by, said):
    def found(rows):
        named = {name: rows.where(analysis=name) for name in rows.distinct("analysis")}
        return [str(problem) for problem in check_populations(study, named)]

    assert found(results) == []
    wanted = results.where(analysis="all-moves", statistic=statistic)[0]
    wrong = Results(replace(s, value=s.value + by) if s is wanted else s for s in results)
    assert any(said in problem for problem in found(wrong)), found(wrong)
