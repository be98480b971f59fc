"""The table, the figure and the sentences of response rates, from a small study to what a reader sees."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cohortium.estimators.contract import Done, Rows
from cohortium.estimators.registry import REGISTRY
from cohortium.report.exhibits import response_rates
from cohortium.report.labels import full_title
from cohortium.report.methods.baseline import baseline
from cohortium.report.methods.proportions import response_rates as rate_sentences
from cohortium.report.methods.proportions import stratified_rates
from cohortium.report.render import text
from cohortium.report.tables import response
from cohortium.results import Results
from cohortium.study.load import load_study
from cohortium.study.study import Study
from report.read_off import read_off

STUDY = """\
[study]
name = "response"
title = "Response"

[time]
horizon_days = 100

[data]
key = "patient"

[[site]]
id = "north"
name = "Northern Hospital"

[[site]]
id = "south"
name = "Southern Hospital"

[[analysis]]
name = "rates"
method = "response-rates"
variable = "best"
outcomes = [{ label = "Overall response", levels = ["CR", "PR"] }, { label = "Complete response", levels = ["CR"] }]
not_evaluable = ["NE"]
by = "arm"
reference = "Standard"

[[analysis]]
name = "ratios"
method = "response-rates"
outcomes = [{ label = "Overall response", variable = "best", levels = ["CR", "PR"] }]
by = "arm"
overall = false
populations = ["response-evaluable"]
compare = "ratio"
interval = "wilson"

[[analysis]]
name = "everybody"
method = "response-rates"
variable = "best"
outcomes = [{ label = "Overall response", levels = ["CR", "PR"] }]
populations = ["all-treated"]

[[analysis]]
name = "by-site"
method = "cmh"
outcome = { label = "Overall response", variable = "best", levels = ["CR", "PR"] }
by = "arm"
strata = ["site"]

[[analysis]]
name = "baseline"
method = "baseline"
by = "arm"
variables = ["best", "grade", "age"]
trend = ["grade"]
number_test = "welch"
standardized_differences = true

[[table]]
name = "table1"
kind = "response"
analyses = ["rates", "by-site"]
title = "Best response"

[[table]]
name = "table2"
kind = "response"
analyses = ["ratios"]
title = "Ratios"

[[table]]
name = "table3"
kind = "response"
analyses = ["everybody"]
title = "All"

[[figure]]
name = "figure1"
kind = "response"
analysis = "rates"
title = "Response rates"

[[figure]]
name = "figure2"
kind = "response"
analysis = "everybody"
width = "single"
title = "Response rates"
"""
DICTIONARY = """\
field_name,field_type,field_label,select_choices_or_calculations,text_validation_type_or_show_slider_number,text_validation_min,text_validation_max
patient,text,Patient,,,,
best,radio,Best response,"CR, CR | PR, PR | SD, SD | NE, NE",,,
arm,radio,Therapy,"S, Standard | N, New",,,
grade,radio,Grade,"1, Low | 2, High",,,
age,text,Age,,integer,18,100
"""

TABLE = """\
Best response
----------------------------------------------------------------------------------------------------
Outcome                            All patients (N = 41)  Standard (N = 20) [a]  New (N = 20) [a]
----------------------------------------------------------------------------------------------------
All treated patients
Overall response
  n/N (%)                          20/41 (49)             6/20 (30)              13/20 (65)
  95% CI                           33 to 65               12 to 54               41 to 85
  Difference vs Standard (95% CI)                         —                      35.0 (4.2 to 57.9)
  p                                                       —                      0.03 [b]
Complete response
  n/N (%)                          10/41 (24)             2/20 (10)              7/20 (35)
  95% CI                           12 to 40               1 to 32                15 to 59
  Difference vs Standard (95% CI)                         —                      25.0 (-1.3 to 47.9)
  p                                                       —                      0.13 [c]
Response-evaluable patients
Overall response
  n/N (%)                          20/35 (57)             6/17 (35)              13/17 (76)
  95% CI                           39 to 74               14 to 62               50 to 93
  Difference vs Standard (95% CI)                         —                      41.2 (7.8 to 64.0)
  p                                                       —                      0.02 [b]
Complete response
  n/N (%)                          10/35 (29)             2/17 (12)              7/17 (41)
  95% CI                           15 to 46               1 to 36                18 to 67
  Difference vs Standard (95% CI)                         —                      29.4 (-0.5 to 53.8)
  p                                                       —                      0.12 [c]
----------------------------------------------------------------------------------------------------
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder: Path = tmp_path_factory.mktemp("study")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    (folder / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    return load_study(folder)


@pytest.fixture(scope="module")
def results(study: Study) -> Results:
    """Standard: 2 CR, 4 PR, 11 SD, 2 NE, 1 unknown; New: 7 CR, 6 PR, 4 SD, 3 NE; and one CR of an unknown arm."""
    best = np.repeat([0, 1, 2, 3, -1, 0, 1, 2, 3, 0], [2, 4, 11, 2, 1, 7, 6, 4, 3, 1])
    arm = np.repeat([0, 1, -1], [20, 20, 1])
    rows = Rows(41, {}, {"best": best, "arm": arm, "site": np.arange(41) % 2})
    found = []
    for analysis in study.file.analysis[:-1]:
        estimator = REGISTRY[analysis.method]
        for task in estimator.plan(study, analysis):
            step = estimator.start(task.spec)
            totals = estimator.summarize(estimator.prepare(rows, task.spec), step.params)
            done = estimator.solve(task.spec, totals, step)
            assert isinstance(done, Done)
            found += estimator.tabulate(task, done.estimate)
    return Results(found)


def test_the_table_as_printed(study: Study, results: Results) -> None:
    printed = text.render(response.build(study, results, study.file.table[0])).replace("\N{MINUS SIGN}", "-")
    assert printed.startswith(TABLE), printed
    assert "Not response-evaluable: NE." in printed
    assert "differences in percentage points with Newcombe intervals" in printed
    assert "Overall response, New v Standard, stratified by institution: Cochran-Mantel-Haenszel chi-square" in printed
    assert "a 1 patient left out: group not known." in printed
    assert "c Fisher's exact test." in printed


def test_ratios_and_one_denominator(study: Study, results: Results) -> None:
    table = response.build(study, results, study.file.table[1])
    assert [row.stub.text for row in table.rows] == [
        "Overall response", "n/N (%)", "95% CI", "Ratio vs Standard (95% CI)", "p",
    ]  # fmt: skip
    assert table.rows[3].cells[-1].text.startswith("2.06 (")
    assert "Wilson 95% intervals, ratios with Miettinen-Nurminen intervals" in " ".join(table.footnotes)


def test_a_table_without_groups(study: Study, results: Results) -> None:
    table = response.build(study, results, study.file.table[2])
    assert [cell.text for row in table.rows for cell in row.cells] == ["20/41 (49)", "33 to 65"]


def test_the_figure_in_words_and_numbers(study: Study, results: Results) -> None:
    drawn = response_rates.make(study, results, study.file.figure[0])
    assert "Complete response: Standard 2/20, 10 (1 to 32)%; New 7/20, 35 (15 to 59)%." in drawn.alt
    assert drawn.caption[1] == "The data file also has the response-evaluable patients."
    assert "Complete response, New: 7/20, % (95% CI) 35.00 (15.39 to 59.22)" in read_off(drawn)
    rows = list(drawn.data)
    assert rows[0] == response_rates.DATA_HEADER
    assert len(rows) == 1 + 2 * 2 * 3
    assert ("all-treated", "Overall response", "New", 13, 20, 65.0) in [row[:6] for row in rows]
    alone = response_rates.make(study, results, study.file.figure[1])
    assert alone.alt.endswith("Overall response: 20/41, 49 (33 to 65)%.")


def test_every_text_of_a_figure_stays_inside(study: Study, results: Results) -> None:
    for spec in study.file.figure:
        figure = response_rates.make(study, results, spec).figure
        figure.canvas.draw()
        width, height = figure.canvas.get_width_height()
        for axes in figure.axes:
            for written in axes.texts:
                box = written.get_window_extent()
                assert box.x0 >= 0
                assert box.x1 <= width
                assert box.y0 >= 0
                assert box.y1 <= height


def test_sentences(study: Study) -> None:
    rates, *_, by_site, _ = study.file.analysis
    said = " ".join(rate_sentences(study, rates))
    assert said == (
        "Overall response: best response CR and PR. Complete response: best response CR. Rates are given of all treated "
        "patients (those without a known value count as without the outcome) and of the response-evaluable patients "
        "(those with a known value), with exact (Clopper-Pearson) 95% confidence intervals. Patients with best response "
        "NE are not among the response-evaluable. Groups were compared by the difference of rates with Newcombe limits "
        "and by Pearson's chi-square test without continuity correction, or Fisher's exact test where an expected count "
        "is below 5."
    )
    assert "Cochran-Mantel-Haenszel test without continuity correction" in " ".join(stratified_rates(study, by_site))
    assert full_title(study, rates) == "Best response, rates by therapy"
    assert full_title(study, by_site) == "Overall response by therapy, stratified by institution"


def test_sentences_of_a_baseline_table(study: Study) -> None:
    assert list(baseline(study, study.file.analysis[-1])) == [
        "Counts with percentages of the known values; means with standard deviations, medians with quartiles.",
        (
            "The groups were compared, patients with unknown values left out: categories by Pearson's chi-square test "
            "without continuity correction, or Fisher's exact test where an expected count is below 5; grade by the "
            "chi-square test for linear trend; numbers by Welch's t test."
        ),
        "Standardized mean differences.",
    ]
