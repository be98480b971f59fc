"""Words of abstract and text, and the title page."""

from __future__ import annotations

import io

import docx
import pytest

from cohortium.governance.statements.document import Block as Statement
from cohortium.governance.statements.document import Run, paragraph
from cohortium.manuscript.article import article_blocks
from cohortium.manuscript.as_docx import as_docx
from cohortium.manuscript.draft import draft
from cohortium.manuscript.exhibits import Exhibits
from cohortium.manuscript.words import WordCount, count_words

TEXT = """\
# A title of five words

By line.

## Abstract

One two three, *four* (95% CI, 1.2 to 3.4).

### Results

Five.

## Introduction

One \u2014 two.

- an item

## Methods

### Tables of life

three more words

## Acknowledgments

Thanks to all.

## References

1. Not counted.

## Tables
"""


def test_abstract_and_text_are_counted_apart():
    assert count_words(article_blocks(TEXT, {})) == WordCount(abstract=10, text=7)


def test_a_text_without_abstract():
    assert count_words(article_blocks("# Title\n\nWords.\n\n## Methods\n\nTwo words.", {})) == WordCount(0, 2)


BLOCKS = article_blocks(
    "# Title\n\nAUTHORS\n\n## Abstract\n\nText.\n\n## Methods\n\nMore.", {"AUTHORS": ("statement", "Byline")}
)


@pytest.mark.parametrize(("blocks", "begin"), [(BLOCKS, ["Abstract"]), ((BLOCKS[0], *BLOCKS[2:]), [])])
def test_the_title_page_stands_alone_where_authors_are_named(blocks, begin):
    byline = Statement("Byline", ((Run("A. Alder"), Run("1", raised=True)), paragraph("* Corresponding author.")))
    document = docx.Document(io.BytesIO(as_docx("Title", blocks, Exhibits({}, {}, {"Byline": byline}))))
    assert [p.text for p in document.paragraphs if p.paragraph_format.page_break_before] == begin
    assert "PAGE" in document.sections[0].footer._element.xml


def test_a_draft_names_the_authors_on_top_and_ends_with_the_exhibits(study, results):
    text = draft(study, results, ("Title", "Authors", "Byline", "Affiliations", "Correspondence", "Ethics", "Funding"))
    places = ['statement("Byline")', 'statement("Affiliations")', 'statement("Correspondence")', "## Abstract", "## Methods",
              "## Results", "## Ethics", "## Funding", "## Tables", "## Figures"]  # fmt: skip
    found = [text.index(f"\n{place}" if place.startswith("#") else place) for place in places]
    assert found == sorted(found)
    assert 'statement("Authors")' not in text
