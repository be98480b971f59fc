"""Each preset's printed numbers, rounding cases first; wording that a reader sees; nothing leaks out of a run."""

import io
import math
import typing
import zipfile
from dataclasses import replace

import pytest

from cohortium.report import formats
from cohortium.report.build import TABLES, build_report
from cohortium.report.journal_style import PRESETS, in_force, printed_in
from cohortium.report.render import csv, latex, markdown, text, xlsx
from cohortium.report.table import Cell, Row, Table
from cohortium.study.model import Report

P_VALUES = (0.0005, 0.00095, 0.001, 0.0095, 0.01, 0.02, 0.045, 0.049, 0.0496, 0.052, 0.0995, 0.125, 0.5, 0.995, 1.0)
PRINTED = {
    "default": "<0.001 <0.001 0.001 0.010 0.01 0.02 0.045 0.049 0.050 0.052 0.10 0.13 0.50 >0.99 >0.99",
    "nejm": "<0.001 <0.001 0.001 0.010 0.01 0.02 0.05 0.05 0.05 0.05 0.10 0.13 0.50 >0.99 >0.99",
    "jama": "<.001 <.001 .001 .010 .01 .02 .045 .049 .050 .05 .10 .13 .50 >.99 >.99",
    "lancet": "<0·001 <0·001 0·001 0·010 0·010 0·020 0·045 0·049 0·050 0·052 0·10 0·13 0·50 >0·99 >0·99",
    "jco": "<.001 <.001 .001 .010 .01 .02 .05 .05 .05 .05 .10 .13 .50 >.99 >.99",
    "blood": "<.001 <.001 .001 .010 .01 .02 .045 .049 .050 .05 .10 .13 .50 >.99 >.99",
}  # fmt: skip
SENTENCES = {
    "default": ("p = 0.01", "p < 0.001", "0.82 (95% CI, 0.70 to 0.96)", "−0.4 (−4.6 to 3.7)", "1,234,567", "9999"),
    "nejm": ("P=0.01", "P<0.001", "0.82 (95% CI, 0.70 to 0.96)", "−0.4 (−4.6 to 3.7)", "1,234,567", "9999"),
    "jama": ("P=.01", "P<.001", "0.82 (95% CI, 0.70–0.96)", "−0.4 (−4.6 to 3.7)", "1,234,567", "9999"),
    "lancet": (
        "p=0·012", "p<0·001", "0·82 (95% CI 0·70–0·96)", "−0·4 (−4·6 to 3·7)", "1\u2009234\u2009567", "9999",
    ),
    "jco": ("P = .01", "P < .001", "0.82 (95% CI, 0.70 to 0.96)", "−0.4 (−4.6 to 3.7)", "1,234,567", "9999"),
    "blood": ("P = .01", "P < .001", "0.82 (95% CI, 0.70–0.96)", "−0.4 (−4.6 to 3.7)", "1,234,567", "9999"),
}  # fmt: skip
MARKS = {
    "default": "a b c d e f a,c", "nejm": "* † ‡ § ¶ ** *‡", "jama": "a b c d e f a,c", "lancet": "* † ‡ § ¶ ** *‡",
    "jco": "a b c d e f a,c", "blood": "* † ‡ § ¶ ** *‡",
}  # fmt: skip


def styled(study, name):
    figures = tuple(figure for figure in study.file.figure if figure.kind == "kaplan-meier" and figure.tests)[:1]
    changes = {"report": Report(style=name), "figure": figures, "table": study.file.table[:1]}
    return replace(study, file=study.file.model_copy(update=changes))


def table_of(**changes):
    notes = [f"Note {i}." for i in range(6)]
    rows = [Row(Cell("Age"), (Cell("1", (note,)),)) for note in notes]
    last = Row(Cell("Both"), (Cell("2", (notes[0], notes[2])),))
    return Table("t", "Title", ((Cell("Variable"), Cell("Value")),), (*rows, last), **changes)


def test_the_study_file_names_every_preset():
    assert set(typing.get_args(Report.model_fields["style"].annotation)) == set(PRESETS) == set(PRINTED)


@pytest.mark.parametrize("name", PRESETS)
def test_p_values(name):
    with printed_in(name):
        assert [formats.p_value(p) for p in P_VALUES] == PRINTED[name].split()
        assert formats.p_value(None) == formats.p_value(math.nan) == "NE"


@pytest.mark.parametrize("name", PRESETS)
def test_sentences_intervals_and_big_numbers(name):
    with printed_in(name):
        ratio = formats.with_level(formats.ratio_interval(0.82, 0.7, 0.96), 0.95)
        points = formats.points_interval(-0.44, -4.6, 3.7, 1)
        shown = (formats.p_equation(0.012), formats.p_equation(1e-9), ratio, points)
        assert (*shown, formats.count(1234567), formats.count(9999)) == SENTENCES[name]


@pytest.mark.parametrize("name", PRESETS)
def test_footnote_marks(name):
    with printed_in(name):
        table = table_of()
    # A table keeps the marks of the style it was made in, wherever it is rendered.
    assert " ".join([*table.letters.values(), table.marks(table.rows[-1].cells[0])]) == MARKS[name]


@pytest.mark.parametrize("name", PRESETS)
def test_percent_decimals_follow_the_largest_column(name):
    with printed_in(name):
        assert [formats.percent_decimals([size, 5]) for size in (99, 100, 999, 1000)] == [0, 1, 1, 1]


def test_small_and_large_percentages_and_ratios_have_the_decimal_mark():
    with printed_in("lancet"):
        assert [formats.percent(value, 1) for value in (0.01, 99.99, 12.34)] == ["<0·1", ">99·9", "12·3"]
        assert formats.ratio(0.001, 2) == "<0·01"
        assert formats.confidence(0.995) == "99·5% CI"
        assert formats.months_interval(304.375, 243.5, None, 30.4375) == "10·0 (8·0–NR)"


def test_no_style_outlives_what_is_printed_in_it():
    with pytest.raises(ZeroDivisionError), printed_in("jama"), printed_in("lancet"):
        raise ZeroDivisionError
    assert in_force() == PRESETS["default"]
    assert formats.p_value(0.04) == "0.04"


@pytest.mark.parametrize("name", ["jama", "lancet"])
def test_numbers_stay_numbers_for_programs(name):
    with printed_in(name):
        cells = (Cell(formats.p_value(0.049)), Cell(formats.number(12345.6, 1)), Cell(formats.between("1", "2")))
    header = ((Cell("Variable"), Cell("P"), Cell("Change"), Cell("Range")),)
    table = Table("t", "Title", header, (Row(Cell("Age"), cells),))
    grouped = "12345.6" if name == "lancet" else '"12,345.6"'
    p = "0.049" if name == "lancet" else ".049"
    assert csv.render(table).splitlines()[1] == f"Age,,{p},{grouped},1-2"
    sheet = zipfile.ZipFile(io.BytesIO(xlsx.render(table, []))).read("xl/worksheets/sheet1.xml").decode()
    assert "<v>0.049</v>" in sheet
    assert "<v>12345.6</v>" in sheet


def test_marks_and_decimal_marks_are_escaped_where_they_would_act():
    with printed_in("lancet"):
        table = table_of(footnotes=("0·5",))
    assert r"1<sup>\*</sup>" in markdown.render(table)
    assert r"\item[\textdagger{}] Note 1." in latex.render(table)
    assert r"0\textperiodcentered{}5" in latex.render(table)
    assert "2 [*‡]" in text.render(table)


def test_tables_are_worded_in_the_style_in_force(study, results):
    spec = next(spec for spec in study.file.table if spec.kind == "survival")
    with printed_in("lancet"):
        printed = text.render(TABLES[spec.kind](study, results, spec))
    assert "·" in printed
    assert "–" in printed
    assert ".0" not in printed


def test_a_report_is_printed_in_the_style_of_its_study_and_the_next_is_not(study, results, tmp_path):
    for name, marks in (("lancet", ("95% CI", "p=0·")), ("default", ("95% CI", "p = 0."))):
        out = tmp_path / name
        out.mkdir()
        page = build_report(styled(study, name), results, (), out, lambda _: None)[-1].read_text(encoding="utf-8")
        figures = "".join(path.read_text(encoding="utf-8") for path in sorted(out.glob("figures/*.svg")))
        assert all(mark in page for mark in marks)
        assert marks[1] in figures
        assert in_force() == PRESETS["default"]
