"""A table in every form holds the same cells; Word and spreadsheet files are what they promise."""

import io
import re
import zipfile

import docx as word
import pytest
from lxml import etree

from cohortium.report.render import csv, docx, latex, markdown, xlsx
from cohortium.report.render.text_width import width_points
from cohortium.report.render.word_layout import PADDING, layout
from cohortium.report.table import Cell, Row, Table
from cohortium.report.typeset import typeset
from cohortium.results import Statistic

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TABLE = Table(
    "t",
    "Response & toxicity, 100%",
    (
        (Cell(""), Cell("Group", span=2)),
        (Cell("Characteristic"), Cell("A (N = 1,234)"), Cell("B")),
    ),
    (
        Row(Cell("Section"), section=True),
        Row(Cell("=1+1"), (Cell("1,234"), Cell("\N{MINUS SIGN}0.50"))),
        Row(Cell("At least | 50%", ("Exact test.",)), (Cell("138 (60.5)"), Cell("<0.001", ("Pearson.",))), indent=1),
    ),
    ("A general_note.",),
)
KEPT = "\N{NO-BREAK SPACE}"
BEHIND = [Statistic("a", "m", "=cmd()", 0.1234567890123, n=7)]


def word_document():
    return word.Document(io.BytesIO(docx.render(TABLE)))


def test_word_tables_are_tables():
    (made,) = word_document().tables
    texts = [[cell.text for cell in row.cells] for row in made.rows]
    assert texts == [
        ["", "Group", "Group"],
        ["Characteristic", f"A (N{KEPT}={KEPT}1,234)", "B"],
        ["Section", "Section", "Section"],
        ["=1+1", "1,234", "\N{MINUS SIGN}0.50"],
        ["At least | 50%a", "138 (60.5)", "<0.001b"],
    ]
    paragraphs = [paragraph.text for paragraph in word_document().paragraphs]
    assert paragraphs == [TABLE.title, "A general_note.", "a Exact test.", "b Pearson."]


def test_word_header_rows_repeat_and_no_row_splits():
    (made,) = word_document().tables
    heads = [row._tr.find(f"{W}trPr/{W}tblHeader") is not None for row in made.rows]
    whole = [row._tr.find(f"{W}trPr/{W}cantSplit") is not None for row in made.rows]
    assert heads == [True, True, False, False, False]
    assert all(whole)


def test_word_tables_have_three_rules():
    (made,) = word_document().tables
    rules = [
        {side.tag.removeprefix(W) for side in row._tr.iterfind(f"{W}tc/{W}tcPr/{W}tcBorders/*")} for row in made.rows
    ]
    assert rules == [{"top"}, {"bottom"}, set(), set(), {"bottom"}]


def sheets():
    archive = zipfile.ZipFile(io.BytesIO(xlsx.render(TABLE, BEHIND)))
    strings = [
        "".join(item.itertext()) for item in etree.fromstring(archive.read("xl/sharedStrings.xml")).iterfind(f"{S}si")
    ]
    for number in (1, 2):
        yield {
            cell.get("r"): strings[int(cell.findtext(f"{S}v"))]
            if cell.get("t") == "s"
            else float(cell.findtext(f"{S}v"))
            for cell in etree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{S}c")
            if cell.find(f"{S}v") is not None
        }


def test_spreadsheet_numbers_are_numbers_and_nothing_is_a_formula():
    printed, numbers = sheets()
    assert printed["A6"] == "=1+1"
    assert (printed["B6"], printed["C6"]) == (1234.0, -0.5)
    assert (printed["B7"], printed["C7"]) == ("138 (60.5)", "<0.001 [b]")
    assert numbers["I2"] == "=cmd()"
    assert 0.1234567890123 in numbers.values()
    archive = zipfile.ZipFile(io.BytesIO(xlsx.render(TABLE, BEHIND)))
    assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml") + archive.read("xl/worksheets/sheet2.xml")


def test_a_number_with_a_note_is_a_number_shown_with_its_mark():
    cells = (Cell("0.60", ("A test.",)), Cell("1,234", ("A test.",)))
    table = Table("t", "T", ((Cell("Variable"), Cell("P"), Cell("n")),), (Row(Cell("Age"), cells),))
    archive = zipfile.ZipFile(io.BytesIO(xlsx.render(table, [])))
    found = etree.fromstring(archive.read("xl/worksheets/sheet1.xml")).iter(f"{S}c")
    assert {cell.get("r"): cell.findtext(f"{S}v") for cell in found if cell.get("t") != "s"} == {
        "B4": "0.6",
        "C4": "1234",
    }
    formats = {form.get("formatCode") for form in etree.fromstring(archive.read("xl/styles.xml")).iter(f"{S}numFmt")}
    assert formats == {'0.00" [a]"', '#,##0" [a]"'}


def test_spreadsheet_columns_hold_their_cells_and_header_rows_their_lines():
    head = "No soft-tissue plasmacytoma at any time before treatment (N = 243)"
    table = Table("t", "T", ((Cell("Variable"), Cell(head)),), (Row(Cell("Age"), (Cell("243/243 (100.0)"),)),))
    archive = zipfile.ZipFile(io.BytesIO(xlsx.render(table, [])))
    sheet = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    widths = [float(column.get("width")) for column in sheet.iter(f"{S}col")]
    heights = {row.get("r"): float(row.get("ht")) for row in sheet.iter(f"{S}row") if row.get("ht")}
    assert widths[1] >= len("243/243 (100.0)")
    assert heights["3"] >= 12 * len(head) / widths[1]


@pytest.mark.parametrize("render", [docx.render, lambda table: xlsx.render(table, BEHIND)])
def test_the_same_bytes_twice(render):
    assert render(TABLE) == render(TABLE)


def test_markdown():
    assert markdown.render(TABLE).splitlines() == [
        "**Response & toxicity, 100%**",
        "",
        f"| Characteristic | Group: A (N{KEPT}={KEPT}1,234) | Group: B |",
        "| :--- | ---: | ---: |",
        "| **Section** |  |  |",
        "| =1+1 | 1,234 | \N{MINUS SIGN}0.50 |",
        r"| &emsp;At least \| 50%<sup>a</sup> | 138 (60.5) | \<0.001<sup>b</sup> |",
        "",
        r"A general\_note.",
        "",
        "<sup>a</sup> Exact test.",
        "",
        "<sup>b</sup> Pearson.",
    ]


def test_latex():
    assert latex.escaped("10^9/L") == r"10\textsuperscript{9}/L"
    text = latex.render(TABLE)
    assert r"\caption{Response \& toxicity, 100\%}" in text
    assert re.search(r" & \\multicolumn\{2\}\{.*p\{[\d.]+pt\}\}\{Group\} \\\\", text)
    assert r"\cmidrule(lr){2-3}" in text
    assert r"\quad At least | 50\%\tnote{a} & 138 (60.5) & \textless{}0.001\tnote{b} \\" in text
    assert r"=1+1 & 1,234 & $-$0.50 \\" in text
    assert r"\item[b] Pearson." in text
    assert text.count(r"\begin") == text.count(r"\end")


def test_rows_that_belong_together_and_the_notes_stay_on_one_page():
    rows = [Row(Cell("Heading")), *[Row(Cell(f"level {n}"), (Cell("1"), Cell("2")), indent=1) for n in range(3)]]
    table = Table("t", "T", TABLE.header, (*rows, *[Row(Cell("plain"), (Cell("1"), Cell("2")))] * 5), ("One.", "Two."))
    document = word.Document(io.BytesIO(docx.render(table)))
    kept = [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in document.tables[0].rows]
    # Two header rows, a heading with its levels, plain rows, and the last three with the notes.
    assert kept == [True, True, True, True, True, False, False, False, True, True, True]
    notes = [bool(paragraph.paragraph_format.keep_with_next) for paragraph in document.paragraphs]
    assert notes == [True, True, False]


@pytest.mark.parametrize(
    ("n_columns", "text", "is_turned"),
    [(4, "100 (50.0)", False), (12, "385 (100.0)", True), (4, "12.34 (1.23 to 3.45)", False)],
)
def test_pages_are_turned_only_for_what_needs_it_and_numbers_keep_to_a_line(n_columns, text, is_turned):
    head = (Cell("Outcome"), *[Cell("A longer heading of a column (N = 12)")] * n_columns)
    table = Table("t", "T", (head,), (Row(Cell("Overall response of everybody treated"), (Cell(text),) * n_columns),))
    plan = layout(table)
    assert plan.is_turned == is_turned
    room = [(width - 2 * PADDING) / 20 for width in plan.widths]
    assert min(room[1:]) >= width_points(text, plan.points)
    assert room[0] >= width_points("Overall response", plan.points)


def test_levels_and_headings_of_variables_are_not_bold():
    (made,) = word_document().tables
    bold = [any(run.font.bold for run in row.cells[0].paragraphs[0].runs) for row in made.rows]
    assert bold == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Platelets, 10^9/L", "Platelets, 10\N{SUPERSCRIPT NINE}/L"),
        ("Platelets, 10*9/L", "Platelets, 10\N{SUPERSCRIPT NINE}/L"),
        ("Clearance, mL min^-1", "Clearance, mL min\N{SUPERSCRIPT MINUS}\N{SUPERSCRIPT ONE}"),
        ("x^y and 2^10.5", "x^y and 2^10.5"),
        ("n/N (%)", f"n/N{KEPT}(%)"),
        ("two\nlines", "two lines"),
    ],
)
def test_units_are_raised_where_people_read_and_plain_for_programs(text, wanted):
    table = Table("t", "T", TABLE.header[1:], (Row(Cell(text), (Cell("1"), Cell("2"))),))
    assert typeset(text) == wanted
    assert wanted in word.Document(io.BytesIO(docx.render(table))).tables[0].rows[1].cells[0].text
    assert text in csv.render(table)
