"""Tables as the reader sees them, in plain text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cohortium.errors import OutputError
from cohortium.report.render import csv, html, text
from cohortium.report.table import Cell, Row, Table
from cohortium.report.tables import baseline, regression, sites, survival
from cohortium.results import Results, Statistic
from cohortium.study.model import Table as TableSpec

BASELINE = """\
Baseline characteristics by sex
--------------------------------------------------------------------------------------------
                                                          Sex
Characteristic                    All patients (N = 120)  Male (N = 72)     Female (N = 48)
--------------------------------------------------------------------------------------------
Age, years
  Mean (SD)                       62 (12)                 61 (12)           62 (13)
  Median (Q1 to Q3)               62 (51 to 71)           61 (51 to 71)     65 (51 to 72)
ECOG performance status, n/N (%)
  0                               39/119 (32.8)           24/72 (33.3)      15/47 (31.9)
  1                               40/119 (33.6)           24/72 (33.3)      16/47 (34.0)
  2                               39/119 (32.8)           24/72 (33.3)      15/47 (31.9)
  3                               1/119 (0.8)             0/72 (0.0)        1/47 (2.1)
  Missing                         1                       0                 1
Weight loss, pounds
  Mean (SD)                       2.9 (3.0)               2.8 (3.0)         3.0 (3.3)
  Median (Q1 to Q3)               3.0 (0.3 to 5.3)        2.8 (0.3 to 5.3)  3.5 (0.0 to 5.5)
  Missing                         3                       3                 3
--------------------------------------------------------------------------------------------
Q1, first quartile; Q3, third quartile; SD, standard deviation.
Percentages may not total 100 because of rounding.
Missing values are not in the denominators.
"""

REGRESSION = """\
Cox regression of overall survival
------------------------------------------------------------------------------------------------
                         Univariable                                Multivariable
Variable                 n    Events  HR (95% CI)           p       HR (95% CI)           p
------------------------------------------------------------------------------------------------
Age, per 10 years        119  84      1.15 (0.96 to 1.37)   0.12    1.12 (0.94 to 1.33)   0.22
Sex
  Male                   72   55      —                     —       —                     —
  Female                 47   29      0.59 (0.43 to 0.83)   0.002   0.58 (0.41 to 0.81)   0.001
ECOG performance status
  0                      39   24      —                     —       —                     —
  1                      40   28      1.55 (1.05 to 2.30)   0.03    1.51 (1.02 to 2.23)   0.04
  2                      39   31      2.59 (1.65 to 4.06)   <0.001  2.51 (1.60 to 3.94)   <0.001
  3                      1    1       9.30 (1.24 to 70.02)  0.03    9.03 (1.20 to 67.95)  0.03
------------------------------------------------------------------------------------------------
CI, confidence interval; HR, hazard ratio.
—, reference level; n and events are those of the level; p from Wald tests.
Cox proportional hazards, Efron ties, stratified by institution; covariates: Age, Sex, ECOG performance status.
Multivariable model: 118 patients, 83 events. 1 patient without a stratum left out.
"""


def spec_of(study, position):
    return study.file.table[position]


def test_the_baseline_table(study, results):
    assert text.render(baseline.build(study, results, spec_of(study, 0))) == BASELINE


def test_the_regression_table(study, results):
    assert text.render(regression.build(study, results, spec_of(study, 2))) == REGRESSION


def test_the_survival_table_gives_medians_landmarks_and_tests(study, results):
    lines = text.render(survival.build(study, results, spec_of(study, 1))).splitlines()
    assert lines[2].split("  ")[0] == "Group"
    assert "At 12 months, % (95% CI)" in lines[2]
    male = next(line for line in lines if line.startswith("  Male"))
    assert " ".join(male.split()) == (
        "Male 72 60 4.9 (3.5 to 8.1) 44.4 (32.8 to 55.4) 28.3 (18.3 to 39.1) 12.0 (5.0 to 22.3)"
    )
    assert any(line.startswith("  3 ") and "2.9 (NE)" in line for line in lines)
    assert (
        "Overall survival by sex: log-rank test stratified by institution, chi-square 8.5, 1 degree of freedom, "
        "p = 0.004. 1 patient without a stratum left out."
    ) in lines
    assert "b First to third quartile 13.1 to 23.9 months." in lines


def test_the_sites_table_ends_in_the_total(study, results):
    table = sites.build(study, results, spec_of(study, 3))
    last = table.rows[-1]
    assert [last.stub.text, *(cell.text for cell in last.cells)][:4] == ["Total", "124", "120 (100.0)", "94/120 (78.3)"]


def test_without_missing_values_there_is_no_missing_row(study, results):
    known = Results(replace(s, value=0.0) if s.statistic == "missing" else s for s in results)
    shown = text.render(baseline.build(study, known, spec_of(study, 0)))
    assert "Missing" not in shown
    assert "ECOG performance status, n (%)" in shown


def test_patients_of_an_unknown_group_are_accounted_for(study, results):
    short = Results(
        replace(s, value=46.0) if s.statistic == "n" and s.group == "Female" and not s.variable else s for s in results
    )
    table = baseline.build(study, short, spec_of(study, 0))
    assert "2 patients of an unknown group counted under All patients only." in table.footnotes


def test_an_estimate_that_was_refused_is_an_empty_place_with_its_reason(study, results):
    refused = Results(
        replace(s, value=None, lower=None, upper=None, warning="separation: coefficient of sex runs away")
        if s.statistic in ("hazard-ratio", "p-value") and s.level == "Female"
        else s
        for s in results
    )
    shown = text.render(regression.build(study, refused, spec_of(study, 2)))
    assert "NE [a]" in shown
    assert "NE, not estimable" in shown
    assert "a Separation: coefficient of sex runs away." in shown


def test_fits_with_other_patients_print_their_own_counts(study, results):
    fewer = Results(
        replace(s, value=100.0) if s.statistic == "n" and s.model == "multivariable" and s.variable == "age" else s
        for s in results
    )
    table = regression.build(study, fewer, spec_of(study, 2))
    assert [cell.text for cell in table.header[1]].count("Events") == 2


def test_a_table_of_another_method_is_refused_by_name(study, results):
    wrong = TableSpec(name="tableX", kind="baseline", analyses=("cox",), title="Wrong")
    with pytest.raises(OutputError, match=r"tableX.*expected exactly one analysis of kind Baseline, found cox"):
        baseline.build(study, results, wrong)


def test_notes_are_lettered_in_reading_order():
    table = Table(
        "t", "T", ((Cell("", ("header",)), Cell("x")),), (Row(Cell("r", ("row",)), (Cell("1", ("row", "cell")),)),)
    )
    assert table.notes == (("a", "header"), ("b", "row"), ("c", "cell"))
    assert table.marks(table.rows[0].cells[0]) == "b,c"


def test_after_z_letters_are_doubled():
    notes = tuple(str(i) for i in range(28))
    assert list(Table("t", "T", ((Cell("", notes), Cell("x")),), ()).letters.values())[25:] == ["z", "aa", "ab"]


def test_a_ragged_table_is_refused():
    with pytest.raises(ValueError, match="expected one width"):
        Table("t", "T", ((Cell(""), Cell("a")),), (Row(Cell("r"), (Cell("1"), Cell("2"))),))


def test_csv_repeats_headings_and_speaks_ascii(study, results):
    lines = csv.render(regression.build(study, results, spec_of(study, 2))).splitlines()
    assert lines[0].startswith("Characteristic,Level,Univariable: n") or lines[0].startswith(
        "Variable,Level,Univariable: n"
    )
    assert "Sex,Male,72,55,reference,reference,reference,reference" in lines
    assert all(line.isascii() for line in lines)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"), ("+cmd", "'+cmd"), ("-x", "'-x"), ("@a", "'@a"), ("|a", "'|a"), ("%a", "'%a"), ("\ta", "'\ta"),
        ("\ra", "'\ra"), ("  =1", "'  =1"), ("＝1", "'＝1"), ("-1.5", "-1.5"), ("+3", "+3"), ("-1,5", "-1,5"),
        ("-1e-05", "-1e-05"), ("a=b", "a=b"), ("", ""), ("-1+1", "'-1+1"), ("<0.001", "<0.001"),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(cell, written):
    assert csv.guarded(cell) == written


def test_html_has_captions_scopes_and_spanners(study, results):
    page = html.render_table(regression.build(study, results, spec_of(study, 2)))
    assert '<caption id="caption-table3"><span>Cox regression of overall survival</span></caption>' in page
    assert '<th scope="colgroup" colspan="4" class="spanner">Univariable</th>' in page
    assert '<th scope="row" class="indent-1"><span>Female</span></th>' in page
    assert '<th scope="rowgroup" class="indent-0" colspan="7"><span>Sex</span></th>' in page


def test_several_analyses_stand_one_below_the_other(study, results):
    both = TableSpec(name="table3", kind="regression", analyses=("cox", "cox"), title="Twice")
    table = regression.build(study, results, both)
    assert [row.stub.text for row in table.rows if row.section] == [
        "Overall survival, Cox regression, stratified by institution"
    ] * 2
    assert table.n_columns == 6
    written = csv.render(table).splitlines()
    assert written[0].startswith("Section,Variable,Level,")
    assert written[2].startswith('"Overall survival, Cox regression, stratified by institution",Sex,Male,72')


def test_what_concerns_a_univariable_fit_is_noted_at_its_estimate(study, results):
    warned = Statistic(
        "cox", "cox", "model-n", 118.0, model="univariable", variable="sex", warning="1 left out for a missing value"
    )
    table = regression.build(study, Results([*results, warned]), spec_of(study, 2))
    female = next(row for row in table.rows if row.stub.text == "Female")
    assert [cell.notes for cell in female.cells if cell.notes] == [("1 left out for a missing value.",)]


def test_a_category_that_enters_as_a_number_says_so(study, results):
    linear = [
        Statistic("cox", "cox", "hazard-ratio", 1.6, model="multivariable", variable="ecog", lower=1.3, upper=2.0),
        Statistic("cox", "cox", "p-value", 0.0001, model="multivariable", variable="ecog"),
    ]
    table = regression.build(study, Results(linear), spec_of(study, 2))
    assert "ECOG performance status, per step" in [row.stub.text for row in table.rows]


def test_a_warning_of_every_group_is_noted_once_at_the_heading(study, results):
    warned = Results(
        replace(s, warning="1 without a known group left out") if s.analysis == "os-ecog" and s.statistic == "n" else s
        for s in results
    )
    table = survival.build(study, warned, spec_of(study, 1))
    noted = [row.stub.text for row in table.rows if "1 without a known group left out." in row.stub.notes]
    assert noted == ["Overall survival by ECOG performance status"]


def test_every_percentage_of_a_table_has_the_same_decimals(study, results):
    for table in (baseline.build(study, results, spec_of(study, 0)), sites.build(study, results, spec_of(study, 3))):
        shares = [
            share
            for row in table.rows
            for cell in row.cells
            for share in re.findall(r"^[0-9]+/[0-9]+ \(([0-9.]+)\)$", cell.text)
        ]
        assert len(shares) >= 9
        assert all("." in share for share in shares)


def test_the_percentages_of_a_small_table_have_no_decimals(study, results):
    small = Results(replace(s, value=90.0) if s.statistic == "n" and not s.variable else s for s in results)
    assert "24/72 (33)" in text.render(baseline.build(study, small, spec_of(study, 0)))


def test_survival_percentages_have_one_decimal_however_few_the_patients(study, results):
    few = Results(replace(s, value=20.0) if s.statistic in ("n", "events") else s for s in results)
    assert "44.4 (32.8 to 55.4)" in text.render(survival.build(study, few, spec_of(study, 1)))


def test_what_a_log_rank_test_shares_with_its_curves_is_said_once(study, results):
    left_out = "1 patient left out: group not known"
    warned = Results(
        replace(s, warning=left_out) if s.analysis in ("os-sex", "test-sex") and s.statistic in ("n", "p-value") else s
        for s in results
    )
    assert text.render(survival.build(study, warned, spec_of(study, 1))).count("group not known") == 1


def test_abbreviations_are_those_of_the_program():
    header = ((Cell("Best response"), Cell("HR+ (N = 20)"), Cell("Median, months (95% CI)")),)
    levels = (Row(Cell("SD"), (Cell("12"), Cell("4.2 (3.1 to NR)"))), Row(Cell("NE"), (Cell("1"), Cell("2.0"))))
    assert Table("t", "T", header, levels).notes == (("", "CI, confidence interval; NR, not reached."),)


def test_a_quartile_that_was_not_reached_is_explained():
    table = Table("t", "T", ((Cell(""), Cell("a")),), (Row(Cell("r"), (Cell("1", ("9.9 to NR months.",)),)),))
    assert table.notes[0] == ("", "NR, not reached.")


def test_without_levels_there_is_no_note_on_levels(study, results):
    ages = Results(s for s in results if s.variable not in ("sex", "ecog"))
    assert "p from Wald tests." in regression.build(study, ages, spec_of(study, 2)).footnotes
