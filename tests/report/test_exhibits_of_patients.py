"""Levels, adverse events, eligibility and individual patients from a small study to what a reader sees."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from cohortium.estimators.contract import Done, Rows
from cohortium.estimators.registry import REGISTRY
from cohortium.report.build import FIGURES, TABLES
from cohortium.report.cautions import SINGLE_PATIENTS, cautions
from cohortium.report.exhibits.individuals import evenly_spaced, fitting
from cohortium.report.figures import adverse_events, stacked_bars, style, swimmer, waterfall
from cohortium.report.figures.ordered_colors import level_styles
from cohortium.report.findings.individual import Bar
from cohortium.report.methods import methods
from cohortium.report.render import text
from cohortium.results import Results
from cohortium.study.load import load_study
from cohortium.study.study import Study
from report.read_off import read_off

STUDY = """\
[study]
name = "patients"
title = "Patients"

[time]
horizon_days = 400
origin_label = "first dose"

[data]
key = "patient"

[[site]]
id = "north"
name = "Northern Hospital"

[[endpoint]]
name = "pfs"
label = "Progression or death"
time = "days"
causes = [{ label = "Progression", where = "ended == '1'" }, { label = "Death", where = "ended == '2'" }]

[[analysis]]
name = "rates"
method = "response-rates"
variable = "best"
categories = true
outcomes = [{ label = "Overall response", levels = ["CR", "PR"] }]
not_evaluable = ["NE"]
by = "arm"
compare = "none"

[[analysis]]
name = "immune"
label = "Immune effector toxicity"
method = "adverse-events"
events = [{ variable = "crs", onset = "onset" }]
grading = "ASTCT 2019"
by = "arm"
overall = false

[[analysis]]
name = "infections"
label = "Infections"
method = "adverse-events"
events = ["fungal", "pneumonia", "covid"]
grading = "CTCAE version 5.0"
by = "arm"
overall = false
at_least_percent = 10

[[analysis]]
name = "changes"
method = "individual-courses"
individual = true
response = "best"
not_evaluable = ["NE"]
by = "arm"
change = "change"

[[analysis]]
name = "courses"
method = "individual-courses"
individual = true
response = "best"
not_evaluable = ["NE"]
by = "arm"
endpoint = "pfs"
first_response = "first"
until_months = 12

[[analysis]]
name = "criteria"
method = "baseline"
variables = ["measurable", "kidney", "eligible"]

[[table]]
name = "response"
kind = "response"
analyses = ["rates"]
title = "Response"

[[table]]
name = "toxicity"
kind = "adverse-events"
analyses = ["immune", "infections"]
title = "Toxicity"

[[table]]
name = "infections"
kind = "adverse-events"
analyses = ["infections"]
title = "Infections"

[[table]]
name = "eligibility"
kind = "eligibility"
analyses = ["criteria"]
title = "Eligibility"
"""
KINDS = {"stacked-bars": "rates", "waterfall": "changes", "swimmer": "courses", "adverse-events": "infections"}
FIGURE = (
    '[[figure]]\nname = "{kind}-{width}"\nkind = "{kind}"\nanalysis = "{analysis}"\nwidth = "{width}"\ntitle = "x"\n'
)
GRADES = '"0, None | 1, Grade 1 | 2, Grade 2 | 3, Grade 3 | 4, Grade 4 | 5, Grade 5"'
DICTIONARY = f"""\
field_name,field_type,field_label,select_choices_or_calculations,field_note,text_validation_type_or_show_slider_number,text_validation_min,text_validation_max
patient,text,Patient,,,,,
arm,radio,Plasmacytoma,"1, true EMD | 2, none",,,,
best,radio,Best response,"CR, CR | PR, PR | SD, SD | PD, PD | NE, NE",,,,
crs,radio,Cytokine release syndrome,{GRADES},,,,
onset,text,CRS onset,,days,integer,0,30
pneumonia,radio,Pneumonia,{GRADES},,,,
covid,radio,COVID-19,{GRADES},,,,
fungal,radio,Fungal infection,{GRADES},,,,
change,text,Best change of M-protein,,percent,integer,-100,1000
days,text,Follow-up,,days,integer,0,400
ended,radio,How it ended,"0, ongoing | 1, progression | 2, death",,,,
first,text,First response,,days,integer,0,400
measurable,radio,Measurable disease,"1, Met | 0, Not met",,,,
kidney,radio,Kidney function,"1, Met | 0, Not met",,,,
eligible,radio,MajesTEC-1,"1, Eligible | 0, Ineligible",,,,
"""

RESPONSE = """\
Response
-----------------------------------------------------------------------------------
Outcome                      All patients (N = 20)  true EMD (N = 8)  none (N = 12)
-----------------------------------------------------------------------------------
All treated patients
Best response, n/N (%)
  CR                         5/20 (25)              1/8 (13)          4/12 (33)
  PR                         5/20 (25)              2/8 (25)          3/12 (25)
  SD                         3/20 (15)              1/8 (13)          2/12 (17)
  PD                         4/20 (20)              2/8 (25)          2/12 (17)
  NE                         2/20 (10)              1/8 (13)          1/12 (8)
  Not known                  1/20 (5)               1/8 (13)          0/12 (0)
Overall response
  n/N (%)                    10/20 (50)             3/8 (38)          7/12 (58)
  95% CI                     27 to 73               9 to 76           28 to 85
Response-evaluable patients
Best response, n/N (%)
  CR                         5/17 (29)              1/6 (17)          4/11 (36)
"""
TOXICITY = """\
Toxicity
--------------------------------------------------------------------------------------------------------------
                                      true EMD (N = 8)                   none (N = 12)
Event                                 Any grade, n (%)  Grade >=3, n (%)  Any grade, n (%)  Grade >=3, n (%)
--------------------------------------------------------------------------------------------------------------
Immune effector toxicity
Cytokine release syndrome             4 (50)            1 (13)           6 (50)            0 (0)
  CRS onset, days, median (Q1 to Q3)  2.5 (1.8 to 3.3)                   2 (2 to 2) [a]
Infections
Pneumonia                             3 (38)            2 (25)           3/11 (27)         2/11 (18)
COVID-19                              1 (13)            0 (0)            2 (17)            0 (0)
"""
ELIGIBILITY = """\
                    All patients (N = 20)
Criterion           Met, n (%)  Not met, n (%)  Not known, n (%)
----------------------------------------------------------------
Measurable disease  15 (75)     4 (20)          1 (5)
Kidney function     20 (100)    0 (0)           0 (0)
Together            Eligible    Ineligible      Not known
MajesTEC-1          15 (75)     4 (20)          1 (5)
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("study")
    figures = [
        FIGURE.format(kind=kind, width=width, analysis=name)
        for width in ("double", "single")
        for kind, name in KINDS.items()
    ]
    (folder / "study.toml").write_text(STUDY + "".join(figures), encoding="utf-8")
    (folder / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    return load_study(folder)


@pytest.fixture(scope="module")
def results(study: Study) -> Results:
    """Eight patients with true EMD, twelve without."""
    nan = float("nan")
    arm = np.repeat([0, 1], [8, 12])
    best = np.array([0, 1, 1, 2, 3, 3, 4, -1, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4])
    crs = np.array([1, 1, 2, 3, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 0, 0, 0, 0, 0, 0])
    onset = [1, 2, 3, 4, *[nan] * 4, 2, 2, 2, 2, 2, nan, *[nan] * 6]
    change = [-100, -80, -60, 0, 30, 250, nan, nan, *[-100] * 4, -90, -70, -55, 10, -10, 60, 40, nan]
    criterion = np.array([-1, 1, 1, 1, 1, *[0] * 15])
    codes = {
        "arm": arm,
        "best": best,
        "crs": crs,
        "pneumonia": np.array([1, 3, 4, 0, 0, 0, 0, 0, -1, 2, 3, 3, *[0] * 8]),
        "covid": np.array([2, *[0] * 7, 1, 1, *[0] * 10]),
        "fungal": np.array([0] * 19 + [3]),
        "measurable": criterion,
        "kidney": np.zeros(20, int),
        "eligible": criterion,
    }
    numbers = {
        "onset": np.array(onset, float),
        "change": np.array(change, float),
        "pfs__time": np.array([390, 300, 100, 50, 20, 10, 5, 60, *range(30, 390, 30)], float),
        "pfs__event": np.array([0, 1, 2, 1, 1, 1, 2, 0, *[0, 1, 2] * 4], float),
        "first": np.array([20, 30, 40, *[nan] * 5, *[15] * 7, *[nan] * 5]),
    }
    rows = Rows(20, numbers, codes)
    found = []
    for analysis in study.file.analysis:
        estimator = REGISTRY[analysis.method]
        for task in estimator.plan(study, analysis):
            step = estimator.start(task.spec)
            done = estimator.solve(
                task.spec, estimator.summarize(estimator.prepare(rows, task.spec), step.params), step
            )
            assert isinstance(done, Done)
            found += estimator.tabulate(task, done.estimate)
    return Results(found)


def printed(study: Study, results: Results, name: str) -> str:
    spec = next(table for table in study.file.table if table.name == name)
    return text.render(TABLES[spec.kind](study, results, spec)).replace("\N{GREATER-THAN OR EQUAL TO}", ">=")


def without_rules(shown: str) -> list[str]:
    return [" ".join(line.split()) for line in shown.splitlines() if set(line) != {"-"}]


def drawn(study: Study, results: Results, kind: str, width: str = "double", **changes: object):
    spec = next(figure for figure in study.file.figure if figure.name == f"{kind}-{width}")
    return FIGURES[kind](study, results, spec.model_copy(update=changes))


def words(figure) -> list[str]:
    return [t.get_text() for t in figure.findobj(Text) if t.get_text()]


@pytest.mark.parametrize(
    ("name", "expected"), [("response", RESPONSE), ("toxicity", TOXICITY), ("eligibility", ELIGIBILITY)]
)
def test_tables_as_printed(study: Study, results: Results, name: str, expected: str) -> None:
    shown, wanted = without_rules(printed(study, results, name)), without_rules(expected)
    start = shown.index(wanted[0])
    assert shown[start : start + len(wanted)] == wanted


def test_a_toxicity_table_names_its_gradings_and_its_threshold(study: Study, results: Results) -> None:
    both = printed(study, results, "toxicity")
    assert "Graded by ASTCT 2019: immune effector toxicity; CTCAE version 5.0: infections." in both
    assert "Infections: events of any grade in at least 10% of the patients of a group are shown." in both
    assert "a Known of 5 of 6 patients." in both
    assert "Fungal" not in both
    alone = printed(study, results, "infections")
    assert alone.startswith("Infections, graded by CTCAE version 5.0\n")


def test_grades_can_be_split(study: Study, results: Results) -> None:
    analyses = tuple(
        a.model_copy(update={"split": True, "order": "listed", "at_least_percent": 0}) if a.name == "infections" else a
        for a in study.file.analysis
    )
    split = replace(study, file=study.file.model_copy(update={"analysis": analyses}))
    lines = without_rules(printed(split, results, "infections"))
    assert lines[2].startswith("Event Any grade, n (%) Grade 3 or 4, n (%) Grade 5, n (%)")
    assert [line.split(" ")[0] for line in lines[3:6]] == ["Fungal", "Pneumonia", "COVID-19"]


@pytest.mark.parametrize("kind", list(KINDS))
def test_figures_have_words_and_data(study: Study, results: Results, kind: str) -> None:
    made = drawn(study, results, kind)
    assert len(read_off(made)) > 1
    assert all(re.search(r"\d", text) for text in read_off(made))
    assert made.alt.endswith(".")
    assert {len(row) for row in made.data} == {len(made.data[0])}


@pytest.mark.parametrize("width", ["double", "single"])
@pytest.mark.parametrize("n", [1, 14])
def test_any_number_of_groups_fits(width: style.Width, n: int) -> None:
    names = [f"Regional Hospital {i}" for i in range(n)]
    levels = list(level_styles(["CR", "PR"]).items())
    rows = [adverse_events.EventRow("Cytokine release syndrome", ((50.0, 10.0, "50 / 10"),) * n)]
    changes = (waterfall.ChangeBar(-50.0, levels[0][1]),)
    figures = [
        stacked_bars.draw(
            [stacked_bars.StackedBar(name, "10", (60.0, 40.0), ("60", "40"), ("100",), 1) for name in names],
            levels,
            y_label="Patients, %",
            names=["Response, %"],
            width=width,
        ),
        adverse_events.draw(
            rows, [adverse_events.GroupPanel(name, "n = 10", 1) for name in names], severe="Grade 3", width=width
        ),
        waterfall.draw(
            [waterfall.ChangePanel(name, 1, changes) for name in names], levels, y_label="Change, %", width=width
        ),
    ]
    for figure in figures:
        figure.draw_without_rendering()
        room = figure.bbox.padded(1.0)
        boxes = [each.get_window_extent() for each in figure.findobj(Text) if each.get_text() and each.get_visible()]
        assert all(room.contains(*box.p0) and room.contains(*box.p1) for box in boxes)
        assert all(axes.get_position().width > 0.05 for axes in figure.axes)


def test_stacked_bars_are_of_100_percent_the_best_at_the_bottom(study: Study, results: Results) -> None:
    made = drawn(study, results, "stacked-bars")
    axes = next(axes for axes in made.figure.axes if axes.get_ylabel())
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    tops: dict[float, float] = {}
    for bar in bars:
        tops[round(bar.get_x(), 6)] = max(tops.get(round(bar.get_x(), 6), 0), bar.get_y() + bar.get_height())
    assert list(tops.values()) == [pytest.approx(100)] * 3
    assert bars[0].get_y() == 0
    assert bars[0].get_facecolor()[:3] == pytest.approx(to_rgb(level_styles(["CR", "PR", "SD", "PD"])["CR"].fill))
    shown = words(made.figure)
    for expected in ("n = 8", "n = 12", "All", "Overall response, % (95% CI)", "38 (9 to 76)", "Not known"):
        assert expected in shown
    assert "CR 1/8 (13%)" in made.alt
    assert ("all-treated", "true EMD", "Not known", 1, 8, 12.5) in made.data


def test_a_narrow_part_has_no_number(study: Study, results: Results) -> None:
    def with_share(percent: float) -> list[str]:
        rows = (
            replace(s, value=percent) if s.statistic == "category-percent" and s.level == "CR" else s for s in results
        )
        return words(drawn(study, Results(rows), "stacked-bars").figure)

    assert "6" in with_share(6.0)
    assert "4" not in with_share(4.4)


def test_levels_get_lighter_and_keep_their_color(study: Study, results: Results) -> None:
    styles = level_styles(["sCR", "CR", "VGPR", "PR", "MR", "SD", "PD", "NE"], ["NE"])
    gray = [
        sum(w * part for w, part in zip((0.299, 0.587, 0.114), to_rgb(s.fill), strict=True)) for s in styles.values()
    ]
    assert min(b - a for a, b in pairwise(gray[:7])) > 0.08
    assert styles["NE"].hatch
    # Of seven levels every second one has lines across it, so that neighbors differ in more than lightness.
    assert [bool(s.hatch) for s in styles.values()] == [False, True] * 3 + [False, True]
    assert not any(s.hatch for s in level_styles(["CR", "PR", "SD", "PD"]).values())
    faces = []
    for kind in ("stacked-bars", "waterfall", "swimmer"):
        figure = drawn(study, results, kind).figure
        shown = [p.get_facecolor() for p in figure.findobj(Rectangle) if p.get_visible()]
        faces.append({face for face in shown if face[:3] != (1, 1, 1)})
    assert faces[1] <= faces[0]
    assert faces[2] <= faces[0]


def test_a_waterfall_is_sorted_and_says_what_it_cuts_off(study: Study, results: Results) -> None:
    made = drawn(study, results, "waterfall")
    values = [row[2] for row in made.data[1:] if row[0] == "true EMD"]
    assert values == [100, 30, 0, -60, -80, -100]
    assert "A triangle marks increases of more than 100%, which are cut off (1 patient)." in made.caption
    assert "2 patients without a bar: change not known (true EMD)." in made.caption
    assert "true EMD (n = 6)" in words(made.figure)
    assert "from 100% to \N{MINUS SIGN}100%; 3 with a decrease, 3 with one of 50% or more" in made.alt


def test_a_swimmer_has_signs_and_an_axis_in_months(study: Study, results: Results) -> None:
    made = drawn(study, results, "swimmer")
    shown = words(made.figure)
    for expected in ("First response", "Progression", "Death", "Ongoing", "Months since first dose", "12"):
        assert expected in shown
    days = [row[2] for row in made.data[1:] if row[0] == "true EMD"]
    assert days == sorted(days, reverse=True)
    assert made.data[1][5] == "cut off"
    assert "Courses of 1 patient go on beyond 12.0 months and are cut off there." in made.caption


def test_only_the_responses_asked_for_are_drawn(study: Study, results: Results) -> None:
    made = drawn(study, results, "swimmer", responses=("CR", "PR"))
    assert {row[3] for row in made.data[1:]} == {"CR", "PR"}
    assert "Patients with best response CR and PR are drawn." in made.caption
    assert "PD" not in words(made.figure)


def test_what_is_not_drawn_is_said(study: Study, results: Results) -> None:
    made = drawn(study, results, "swimmer", most_bars=10)
    assert "none (n = 12, 10 drawn)" in words(made.figure)
    assert any("evenly spaced in the order of all; the data file has all" in text for text in made.caption)
    assert len([row for row in made.data if row[0] == "none"]) == 12


def test_bars_are_taken_evenly_with_the_first_and_the_last() -> None:
    bars = [Bar(float(i), "PR") for i in range(100)]
    taken = [bar.value for bar in evenly_spaced(bars, 12)]
    assert (taken[0], taken[-1], len(set(taken))) == (0, 99, 12)
    assert evenly_spaced(bars[:3], 12) == tuple(bars[:3])


@pytest.mark.parametrize(("sizes", "most"), [([41, 18, 153], 60), ([40] * 14, 60), ([1000], 400), ([5, 5], 60)])
def test_a_swimmer_of_any_groups_fits_a_page(sizes: list[int], most: int) -> None:
    each = fitting(sizes, most, swimmer.room(len(sizes)))
    look = level_styles(["CR", "PR"])["CR"]
    panels = [
        swimmer.CoursePanel(f"Group {i}", None, (swimmer.CourseBar(10.0, look),) * min(n, each))
        for i, n in enumerate(sizes)
    ]
    figure = swimmer.draw(panels, [("CR", look)], [("Ongoing", swimmer.ARROW)], last_day=30.0)
    assert figure.get_size_inches()[1] * style.MM_PER_INCH <= 210
    # As many as there is room for: one more in each panel would be too many, or all are drawn.
    assert each == most or sum(min(n, each + 1) for n in sizes) > swimmer.room(len(sizes))


def test_no_patient_with_a_bar_is_said(study: Study, results: Results) -> None:
    nobody = Results(
        replace(s, value=0.0) if s.statistic == "n" and s.analysis == "changes" else s
        for s in results
        if s.statistic != "change"
    )
    assert drawn(study, nobody, "waterfall").alt == "No change of any patient: no patients in any group."


def test_adverse_events_are_drawn_as_the_table_orders_them(study: Study, results: Results) -> None:
    made = drawn(study, results, "adverse-events")
    shown = words(made.figure)
    assert shown.index("Pneumonia") < shown.index("COVID-19")
    assert "38 / 25" in shown
    assert "Fungal infection" not in shown
    assert any(row[0] == "Fungal infection" for row in made.data)
    assert "Pneumonia: true EMD 38 / 25; none 27 / 18." in made.alt


def test_that_patients_are_shown_stands_at_the_head_of_the_report(study: Study, results: Results) -> None:
    (group,) = [group for group in cautions(study, results) if group.heading == SINGLE_PATIENTS]
    (both,) = group.cautions
    assert len(both.subjects) == 2
    assert "numbers of single patients leave the sites and are shown" in both.said[0][0]


def test_sentences(study: Study, results: Results) -> None:
    said = {heading: "".join(map(str, text[0])) for heading, text in methods(study, results)}
    assert said["Best response, rates by plasmacytoma"].startswith(
        "Overall response: best response CR and PR. Patients were counted at each level of best response. Rates are"
    )
    assert said["Progression or death of individual patients by plasmacytoma"] == (
        "Individual patients are shown by time to progression or death or last follow-up, how it ended, best response, "
        "first response. Times are counted in weeks, a day within one at its end. Courses are cut off at 12 months."
    )
    assert said["Best change of M-protein of individual patients by plasmacytoma"] == (
        "Individual patients are shown by best change of M-protein in whole percent (larger increases than 100% cut "
        "off) and best response."
    )
    assert (
        "were graded by ASTCT 2019. Each patient counts once per event"
        in said["Immune effector toxicity by plasmacytoma"]
    )
