"""A table in every form holds the same cells; Word and spreadsheet files are what they promise."""

import io
import zipfile

import docx as word
import pytest
from lxml import etree

from cohortium.report.render import docx, latex, markdown, xlsx
from cohortium.report.table import Cell, Row, Table
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
BEHIND = [Statistic("a", "m", "=cmd()", 0.1234567890123, n=7)]


def word_document():
    return word.Document(io.BytesIO(docx.render(TABLE)))


def test_word_tables_are_tables():
    (made,) = word_document().tables
    texts = [[cell.text for cell in row.cells] for row in made.rows]
    assert texts == [
        ["", "Group", "Group"],
        ["Characteristic", "A (N\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}1,234)", "B"],
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


@pytest.mark.parametrize("render", [docx.render, lambda table: xlsx.render(table, BEHIND)])
def test_the_same_bytes_twice(render):
    assert render(TABLE) == render(TABLE)


def test_markdown():
    assert markdown.render(TABLE).splitlines() == [
        "**Response & toxicity, 100%**",
        "",
        "| Characteristic | Group: A (N = 1,234) | Group: B |",
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
    text = latex.render(TABLE)
    assert r"\caption{Response \& toxicity, 100\%}" in text
    assert r" & \multicolumn{2}{c}{Group} \\" in text
    assert r"\cmidrule(lr){2-3}" in text
    assert r"\quad At least | 50\%\tnote{a} & 138 (60.5) & \textless{}0.001\tnote{b} \\" in text
    assert r"=1+1 & 1,234 & $-$0.50 \\" in text
    assert r"\item[b] Pearson." in text
    assert text.count(r"\begin") == text.count(r"\end")
