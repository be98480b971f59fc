from __future__ import annotations

import base64
import csv
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from cohortium.report.build import build_report
from cohortium.report.quality import QualityLine, quality_table
from cohortium.report.render import html, text
from cohortium.report.table import Cell, Row, Table
from cohortium.results import Results
from cohortium.study.model import Case, Derive, Endpoint

QUALITY = (
    QualityLine("Institution unknown", "institution-missing", "note", 1),
    QualityLine("Lakeside Hospital", "unknown-level", "error", 2),
    QualityLine("Riverbend", "unknown-level", "error", 1),
)
FORMULA = "=cmd|' /C calc'!A0"


class Elements(HTMLParser):
    """Every start tag with its attributes, and the text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)

    def named(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def built(study, results, tmp_path_factory):
    seen, out = [], tmp_path_factory.mktemp("report")
    return build_report(study, results, QUALITY, out, seen.append), seen, out


@pytest.fixture(scope="module")
def hostile_files(hostile_study, results, tmp_path_factory):
    return build_report(hostile_study, results, QUALITY, tmp_path_factory.mktemp("hostile"), lambda _: None)


def test_every_table_and_figure_is_written_and_announced(built):
    paths, seen, out = built
    names = sorted(str(path.relative_to(out)) for path in paths)
    assert len(names) == 4 * 6 + 7 * 5 + 1
    assert {"report.html", "tables/table1.csv", "tables/table1.html", "figures/figure2.svg"} <= set(names)
    assert seen[0] == "tables/table1"
    assert seen[-1] == "report.html"
    assert sorted(str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()) == names


def test_every_file_is_the_same_bytes_each_time(built, study, results, tmp_path):
    again = build_report(study, results, QUALITY, tmp_path, lambda _: None)
    for one, two in zip(built[0], again, strict=True):
        assert one.read_bytes() == two.read_bytes(), one.name


def test_the_page_holds_all_it_shows_and_runs_its_own_script_only(built):
    page = built[0][-1].read_text(encoding="utf-8")
    elements = Elements(page)
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in page
    assert {script.get("type") for script in elements.named("script")} == {None, "application/json"}
    assert not [name for _, attributes in elements.tags for name in attributes if name.startswith("on")]
    assert not elements.named("link")
    assert all(image["src"].startswith("data:image/svg+xml;base64,") for image in elements.named("img"))
    assert all(anchor["href"].startswith(("#", "data:text/csv;")) for anchor in elements.named("a"))
    assert not re.search(r"url\(|eval\(|new Function|fetch\(|XMLHttp|import\(|https?://", scripts[0])
    assert "url(" not in page
    assert re.search(r"default-src 'none'", page)


def test_the_page_can_be_read_with_a_screen_reader(built):
    elements = Elements(built[0][-1].read_text(encoding="utf-8"))
    assert elements.named("html")[0]["lang"] == "en"
    assert all(len(elements.named(landmark)) == 1 for landmark in ("main", "nav", "header", "footer", "h1"))
    assert len(elements.named("caption")) == len(elements.named("table")) == 5
    assert all(cell.get("scope") for cell in elements.named("th"))
    assert all(len(image["alt"]) > 40 for image in elements.named("img"))
    ids = [attributes["id"] for _, attributes in elements.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {anchor["href"][1:] for anchor in elements.named("a") if anchor["href"].startswith("#")} <= set(ids)


def test_warnings_come_before_every_number(built):
    page = built[0][-1].read_text(encoding="utf-8")
    assert page.index("1 patient without a stratum left out") < page.index('id="flow"') < page.index('id="tables"')
    assert page.index('id="tables"') < page.index('id="figures"') < page.index('id="methods"')


def test_not_reached_is_no_warning(study, results, tmp_path):
    quiet = Results(s for s in results if "stratum" not in s.warning)
    bare = replace(study, file=study.file.model_copy(update={"table": (), "figure": ()}))
    page = build_report(bare, quiet, (), tmp_path, lambda _: None)[-1].read_text(encoding="utf-8")
    assert "No statistic carries a warning." in page
    assert "The data have no queries." in page


def test_data_of_a_figure_stand_where_html_allows_them(built):
    page = built[0][-1].read_text(encoding="utf-8")
    figures = re.findall(r"<figure .*?</figure>", page, re.DOTALL)
    assert len(figures) == 7
    for figure in figures:
        assert figure.count("<script") == 1
        assert figure.index("</script>") < figure.index("<figcaption")
        assert figure.endswith("</figcaption>\n</figure>")


def test_methods_are_written_from_the_study_file(built):
    page = built[0][-1].read_text(encoding="utf-8")
    assert "Retrospective data from 8 institutions." in page
    assert "(1) Adult at study entry and (2) Follow-up recorded" in page
    assert "Cox proportional-hazards regression" in page
    assert "covariates age, sex and ECOG performance status" in page
    assert "0f" * 32 in page


def test_queries_are_counted_by_rule_and_institution():
    lines = text.render(quality_table(QUALITY)).splitlines()
    assert [line.split() for line in lines[4:9]] == [
        ["Unknown", "level", "error", "3"],
        ["Lakeside", "Hospital", "2"],
        ["Riverbend", "1"],
        ["Institution", "missing", "note", "1"],
        ["Institution", "unknown", "1"],
    ]


def test_hostile_labels_come_out_as_text(hostile_files):
    pages = [path for path in hostile_files if path.suffix == ".html"]
    for path in pages:
        page = path.read_text(encoding="utf-8")
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>bold" not in page
    report = Elements(pages[-1].read_text(encoding="utf-8"))
    said = " ".join(report.texts)
    assert '"><script>alert(1)</script>' in said
    assert "{{ 7*7 }} {% raw %}" in said
    assert "49" not in {word.strip() for word in report.texts}
    assert "{{ 7*7 }}<b>bold</b>" in said
    assert "<img src=x onerror=alert(2)>" in said


def test_hostile_labels_are_text_in_svg_and_csv(hostile_files):
    for path in hostile_files:
        if path.suffix == ".svg":
            tree = ET.parse(path)  # noqa: S314 - our own file, parsed to see that it holds no script
            assert not [e for e in tree.iter() if e.tag.endswith(("script", "foreignObject"))]
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as lines:
                assert not [cell for row in csv.reader(lines) for cell in row if cell.startswith("=")]
    forest = (hostile_files[-1].parent / "figures" / "figure5.svg").read_text(encoding="utf-8")
    assert "$x²$ &lt;script&gt;" in forest
    survival = (hostile_files[-1].parent / "tables" / "table1.csv").read_text(encoding="utf-8")
    assert f"'{FORMULA}" in survival


def test_tables_and_figures_are_numbered_in_the_order_of_the_page(built, study):
    said = [text.strip() for text in Elements(built[0][-1].read_text(encoding="utf-8")).texts]
    numbered = [f"Figure 1. {study.file.figure[0].title}"]
    numbered += [f"Table {number}. {table.title}" for number, table in enumerate(study.file.table, 1)]
    numbered += [f"Figure {number}. {figure.title}" for number, figure in enumerate(study.file.figure[1:], 2)]
    places = [len(said) - 1 - said[::-1].index(title) for title in numbered]
    assert places == sorted(places)
    names = [path.name for path in built[0]]
    assert "table1.html" in names
    assert "Table 1." not in built[0][names.index("table1.html")].read_text(encoding="utf-8")


def methods_of(study, results, tmp_path, **changes):
    bare = {"table": (), "figure": (), **changes}
    changed = replace(study, file=study.file.model_copy(update=bare))
    page = build_report(changed, results, (), tmp_path, lambda _: None)[-1].read_text(encoding="utf-8")
    return page.partition('id="methods"')[2].partition("</section>")[0]


def test_expressions_stand_as_code_with_the_labels_of_their_variables(study, results, tmp_path):
    page = methods_of(study, results, tmp_path)
    assert (
        "<p>Overall survival: follow-up; an event where <code>status == 2</code> (<code>status</code>: status).</p>"
    ) in page


def test_the_rules_of_derived_variables_are_listed(study, results, tmp_path):
    rules = (
        Derive(
            name="old",
            label="Age group",
            cases=(Case(level="Older", where="age >= 65"), Case(level="Younger", otherwise=True)),
        ),
        Derive(name="years", label="Follow-up time", unit="years", value="time / 365.25", decimals=1),
    )
    page = methods_of(study, results, tmp_path, derive=rules)
    older = "Age group: \u201cOlder\u201d where <code>age &gt;= 65</code>; \u201cYounger\u201d otherwise"
    assert f"<p>{older} (<code>age</code>: age).</p>" in page
    assert (
        "Follow-up time, years: <code>time / 365.25</code> (<code>time</code>: follow-up), rounded to 1 decimal."
        in page
    )


@pytest.mark.parametrize(
    ("events", "said"),
    [
        (("age",), "Overall survival: from study entry to age; censored at follow-up."),
        (("age", "sex"), "from study entry to the earlier of age and sex; censored"),
        (("age", "sex", "ecog"), "to the earliest of age, sex and ECOG performance status; censored"),
    ],
)
def test_one_event_two_events_three_events(study, results, tmp_path, events, said):
    endpoint = Endpoint(name="os", label="Overall survival", event=events, censor="time")
    assert said in methods_of(study, results, tmp_path, endpoint=(endpoint,))


def test_how_numbers_are_printed_is_said_of_those_that_are_printed(study, results, tmp_path):
    every = methods_of(study, results, tmp_path)
    for said in ("Survival percentages have one decimal.", "columns counts 100 patients", "p-values have two decimals"):
        assert said in every
    curves = tuple(analysis for analysis in study.file.analysis if analysis.method == "kaplan-meier")
    few = methods_of(study, results, tmp_path, analysis=curves)
    assert "Survival percentages have one decimal." in few
    assert "p-values" not in few


def test_a_word_that_no_column_has_room_for_may_break(study, results):
    long = html.render_table(Table("t", "T", ((Cell("A"), Cell("B")),), (Row(Cell("W" * 50), (Cell("1"),)),)))
    assert f"<span>{'W' * 24}<wbr>{'W' * 24}<wbr>WW</span>" in long
    usual = html.render_table(
        Table("t", "T", ((Cell("A"), Cell("B")),), (Row(Cell("Thrombocytopenia <5"), (Cell("1"),)),))
    )
    assert "<span>Thrombocytopenia &lt;5</span>" in usual
