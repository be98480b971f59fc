"""JATS with a body: valid, with sections, lists, tables and figures in place."""

from pathlib import Path

from lxml import etree

from cohortium.manuscript.article import article_blocks
from cohortium.manuscript.as_jats import as_jats
from cohortium.manuscript.exhibits import Exhibits, Picture
from cohortium.report.table import Cell, Row, Table

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
EXHIBITS = Exhibits({"t": TABLE}, {"f": Picture("f", "Figure 1. Curves", "Two curves.", b"", Path("f.png"))}, {})


def test_a_body_is_valid(people, sites, jats_schema):
    root = etree.fromstring(as_jats(people, sites, article_blocks(TEXT, PLACES), EXHIBITS))
    assert [child.tag for child in root] == ["front", "body", "back"]
    body = root.find("body")
    assert [title.text for title in body.iter("title")] == ["Results", "Deeper", "A & B", "Curves", "Discussion"]
    assert [kind.get("list-type") for kind in body.iter("list")] == ["bullet", "order"]
    assert body.find("sec/sec/table-wrap/label").text == "Table 1"
    assert body.find("sec/sec/fig/alt-text").text == "Two curves."
    # The schema in the tests is the last draft of 1.3; everything else is as written.
    root.set("dtd-version", "1.3d2")
    jats_schema.assertValid(etree.fromstring(etree.tostring(root)))
