"""Labels that want to run, to break a cell or to break out of it are text in every form of a table."""

import csv as csv_module
import io
import re
import zipfile

import docx as word
import pytest
from lxml import etree
from lxml import html as lxml_html

from cohortium.report.render import csv, docx, html, latex, markdown, xlsx
from cohortium.report.render.word_layout import layout
from cohortium.report.table import Cell, Row, Table
from report.latex_reader import columns, read

LABELS = [
    "=cmd()", "+1+1", "-2", "@SUM(A1)", "a | b", "| a", r"\input{/etc/passwd}", "<script>alert(1)</script>", "100%", "R&D",
    "a_b", "a^b", "$x$", "#1", "{", "}", "~", "* star", "[x] box", "`code`", "![i](u)", "two\nlines", "tab\there", "\\",
    "L" * 300, "a very long label that goes on and on " * 8,
    "\N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET} \N{ARABIC LETTER ALEF}", "e\N{COMBINING ACUTE ACCENT}\N{COMBINING RING BELOW}",
    "\N{PILE OF POO}\N{VARIATION SELECTOR-16}", "\x00\x07null", "  spaces  ", "=1+1 10^9/L",
]  # fmt: skip
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def table_of(label, n=1):
    """The label as title, head, spanner, section, heading, stub, cell and note."""
    return Table(
        "hostile",
        label,
        ((Cell(""), Cell(label, span=2)), (Cell(label, (label,)), Cell(label), Cell("B (N = 12)"))),
        (
            Row(Cell(label), section=True),
            Row(Cell(label)),
            *[Row(Cell(label), (Cell(label), Cell("1.5", (f"note of {label}",))), indent=1)] * n,
        ),
        (label,),
    )


def in_one_line(text):
    return " ".join(text.split())


def shown(label):
    """The label as a reader sees it."""
    return in_one_line(
        label.replace("10^9", "10\N{SUPERSCRIPT NINE}").replace("\x00\x07", "\N{REPLACEMENT CHARACTER}" * 2)
    )


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("n", [1, 60])
def test_latex_parses_and_no_row_has_a_cell_too_many(label, n):
    text = latex.render(table_of(label, n))
    rows = read(text)
    assert {len(row) for row in rows} == {columns(text)} == {3}
    assert r"\input" not in text


def test_the_reader_of_latex_finds_what_is_broken():
    good = latex.render(table_of("A_b"))
    for broken in (
        good.replace(r"\_", "_"), good.replace(r"\end{tabular}", ""), good.replace(r"\textbf{", r"\textbf"),
        good.replace(r"\toprule", r"\input{x}"), good.replace(r"\quad A\_b", "[A]"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=r"bare|open|closes|ends|unknown|argument"):
            read(broken)


@pytest.mark.parametrize("label", LABELS)
def test_word_and_html_hold_the_label_and_nothing_more(label):
    document = word.Document(io.BytesIO(docx.render(table_of(label))))
    (made,) = document.tables
    assert {in_one_line(cell.text) for cell in made.rows[2].cells} == {shown(label)}
    assert in_one_line(document.paragraphs[0].text) == shown(label)
    page = lxml_html.fromstring(html.render_table(table_of(label)).replace("\x00\x07", "\N{REPLACEMENT CHARACTER}" * 2))
    assert not page.xpath("//script | //body//link | //img")
    assert in_one_line(page.xpath("//tbody/tr[1]/th")[0].text_content()) == shown(label)


@pytest.mark.parametrize("label", LABELS)
def test_a_markdown_row_has_its_cells_and_no_line_more(label):
    lines = markdown.render(table_of(label)).splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert len(rows) == 5
    for row in rows:
        assert row.replace("\\\\", "").replace("\\|", "").count("|") == 4
    assert not re.search(r"(?<!\\)<(?!/?sup>)", "\n".join(lines))


@pytest.mark.parametrize("label", LABELS)
def test_no_cell_of_a_spreadsheet_runs(label):
    archive = zipfile.ZipFile(io.BytesIO(xlsx.render(table_of(label), [])))
    sheet = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(f"{S}f"))
    strings = ["".join(one.itertext()) for one in etree.fromstring(archive.read("xl/sharedStrings.xml")).iter(f"{S}si")]
    cells = {cell.get("r"): cell for cell in sheet.iter(f"{S}c")}
    assert cells["A5"].get("t") == "s"
    assert shown(strings[int(cells["A5"].findtext(f"{S}v"))]) == shown(label)
    rows = list(csv_module.reader(io.StringIO(csv.render(table_of(label)))))
    assert {len(row) for row in rows} == {5}
    assert not any(cell.lstrip().startswith(("=", "+", "@", "|", "%")) for row in rows for cell in row)


@pytest.mark.parametrize("label", LABELS)
def test_every_label_has_a_page_it_fits_on(label):
    plan = layout(table_of(label))
    assert sum(plan.widths) <= (12960 if plan.is_turned else 9360) + 3
    assert min(plan.widths) > 0
