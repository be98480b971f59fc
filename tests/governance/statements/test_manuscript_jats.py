"""JATS with a body: valid, with sections, lists, tables and figures in place."""

from pathlib import Path

from lxml import etree

from cohortium.governance.statements.build import build_document
from cohortium.manuscript.article import article_blocks
from cohortium.manuscript.as_jats import as_jats
from cohortium.manuscript.exhibits import Exhibits, Picture
from cohortium.report.table import Cell, Row, Table

NO_BREAK = "\N{NO-BREAK SPACE}"
HREF = "{http://www.w3.org/1999/xlink}href"
NEW = ["article-categories", "permissions", "abstract", "kwd-group", "funding-group", "counts"]
TEXT = """# Title

Before.

## Results

Of **228** patients *some* `code` & <b>.

- one
- two

1. three

### Deeper

\ue0000\ue001

\ue0001\ue001

> Quoted.

## Discussion
"""
PLACES = {"\ue0000\ue001": ("table", "t"), "\ue0001\ue001": ("figure", "f")}
TABLE = Table(
    "t", "Table 1. A & B", ((Cell(""), Cell("Group", span=2)), (Cell("x"), Cell("a"), Cell("b"))),
    (Row(Cell("Head")), Row(Cell("y", ("A note.",)), (Cell("1"), Cell("2")), indent=1)),
)  # fmt: skip
FIGURE = Picture(
    "f", "Figure 1. Curves", "Two curves.", b"", Path("f.png"), ("Kaplan-Meier estimates.", "A month is 30.4375 days.")
)
EXHIBITS = Exhibits({"t": TABLE}, {"f": FIGURE}, {})


def test_a_body_is_valid(people, sites, jats_schema):
    root = etree.fromstring(as_jats(people, sites, article_blocks(TEXT, PLACES), EXHIBITS))
    assert [child.tag for child in root] == ["front", "body", "back"]
    body = root.find("body")
    assert [title.text for title in body.iter("title")] == ["Results", "Deeper", "A & B", "Curves", "Discussion"]
    assert [kind.get("list-type") for kind in body.iter("list")] == ["bullet", "order"]
    assert body.find("sec/sec/table-wrap/label").text == "Table 1"
    assert body.find("sec/sec/fig/alt-text").text == "Two curves."
    legend = body.find("sec/sec/fig/caption/p").text
    assert legend.replace(NO_BREAK, " ") == "Kaplan-Meier estimates. A month is 30.4375 days."
    note = body.find("sec/sec/table-wrap/table-wrap-foot/fn")
    assert (note.findtext("label"), note.findtext("p")) == ("a", "A note.")
    assert body.find(".//xref[@ref-type='table-fn']").get("rid") == note.get("id")
    # The schema in the tests is the last draft of 1.3; everything else is as written.
    root.set("dtd-version", "1.3d2")
    jats_schema.assertValid(etree.fromstring(etree.tostring(root)))


ARTICLE = """# Title

AUTHORS

**Correspondence**

WRITER

*A note of the authors.*

## Abstract

**Background:** We knew *little*.

**Results:** 7 of 9.

- one

## Introduction

Words [of a link](https://example.org/a?b=1).

## Results

FIGURE

## Ethics

ETHICS

## Funding

Thanks to all, too.

FUNDING

## References

1. First *Journal* 2020.
2. Second.

## Supplement

### More

TABLE
"""
MARKS = {
    "AUTHORS": ("statement", "Byline"), "WRITER": ("statement", "Correspondence"), "ETHICS": ("statement", "Ethics"),
    "FUNDING": ("statement", "Funding"), "FIGURE": ("figure", "f"), "TABLE": ("table", "t"),
}  # fmt: skip


def test_front_and_back_matter_hold_what_belongs_there_and_the_body_the_rest(people, sites, jats_schema):
    about = people.article.model_copy(
        update={
            "keywords": ("myeloma", "A & B"),
            "copyright": "© 2025 The Authors",
            "license": "https://example.org/by/4.0/",
        }
    )
    people = people.model_copy(update={"article": about})
    statements = {block.heading: block for block in build_document(people, sites).blocks}
    exhibits = Exhibits(EXHIBITS.tables, EXHIBITS.pictures, statements)
    root = etree.fromstring(as_jats(people, sites, article_blocks(ARTICLE, MARKS), exhibits))
    meta = root.find("front/article-meta")
    assert [child.tag for child in meta if child.tag in NEW] == NEW
    assert meta.findtext("article-categories/subj-group/subject") == "Original Research"
    assert [sec.findtext("title") for sec in meta.find("abstract")] == ["Background", "Results"]
    assert [text_of(p) for p in meta.find("abstract").iter("p")] == ["We knew little.", "7 of 9.", "one"]
    assert [kwd.text for kwd in meta.iter("kwd")] == ["myeloma", "A & B"]
    assert meta.findtext("permissions/copyright-statement") == "© 2025 The Authors"
    assert meta.find("permissions/license").get(HREF) == "https://example.org/by/4.0/"
    assert {child.tag: child.get("count") for child in meta.find("counts")} == {
        "fig-count": "1", "table-count": "1", "ref-count": "2", "word-count": "4",
    }  # fmt: skip
    body = root.find("body")
    assert [title.text for title in body.iterfind("sec/title")] == ["Introduction", "Results", "Funding"]
    assert [text_of(p) for p in body.iterfind("p")] == ["A note of the authors."]
    assert body.find(".//ext-link").get(HREF) == "https://example.org/a?b=1"
    back = root.find("back")
    assert [text_of(ref.find("mixed-citation")) for ref in back.iter("ref")] == ["First Journal 2020.", "Second."]
    assert back.find("app-group/app/sec/table-wrap") is not None
    assert back.findtext("app-group/app/title") == "Supplement"
    root.set("dtd-version", "1.3d2")
    jats_schema.assertValid(etree.fromstring(etree.tostring(root)))


def text_of(element):
    return "".join(element.itertext())
