"""Limits of journals, and what a copy editor would send back."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from cohortium.manuscript.article import article_blocks
from cohortium.manuscript.author_check import check_csv, compare
from cohortium.manuscript.fill import fill
from cohortium.manuscript.journal_limits import LIMITS, limits_of
from cohortium.manuscript.sections import abstract_parts, abstract_sections, references_in
from cohortium.manuscript.write import manuscript_files
from cohortium.report.journal_style import PRESETS
from cohortium.study.model import Limits

ARTICLE = """# A title

## Abstract

**Background:** One two. **not a head** three.

**Methods.** Four.

## Introduction

Five six seven.

{{ table("table-1-baseline") }}

{{ figure("figure-2-pfs") }}

## References

1. One.
2. Two.

## Supplement

{{ table("table-2-survival") }}
"""


def _with(study, style="default", **limits):
    report = study.file.report.model_copy(update={"style": style, "limits": Limits(**limits)})
    return replace(study, file=study.file.model_copy(update={"report": report}))


@pytest.fixture
def compared(study, results):
    def of(style="default", **limits):
        blocks = fill(ARTICLE, results, study).blocks
        return {
            (one.journal, one.what): (one.found, one.limit, one.verdict)
            for one in compare(blocks, _with(study, style, **limits))
        }

    return of


def test_every_style_has_limits():
    assert set(LIMITS) == set(PRESETS)


def test_measures_leave_out_the_supplement_and_count_what_journals_count(compared):
    found = compared()
    assert found["blood", "words of the abstract"] == ("9", "250", "within")
    assert found["blood", "words of the text"] == ("3", "4000", "within")
    assert found["blood", "figures"][0] == "1"
    assert found["nejm", "tables and figures"][0] == "2"
    assert found["nejm", "references"][0] == "2"
    assert found["nejm", "headings of the abstract"] == (
        "Background; Methods",
        "Background; Methods; Results; Conclusions",
        "differs",
    )
    assert found["blood", "headings of the abstract"] == ("Background; Methods", "none", "differs")
    assert not any(journal in ("default", "this study") for journal, _ in found)


def test_a_study_may_set_its_own_limits(compared):
    found = compared("nejm", abstract_words=8, abstract_headings=("Background", "Methods"))
    assert found["this study", "words of the abstract"] == ("9", "8", "over")
    assert found["this study", "words of the text"] == ("3", "2700", "within")
    assert found["this study", "headings of the abstract"][2] == "within"
    assert found["nejm", "words of the abstract"] == ("9", "250", "within")
    assert limits_of("blood", Limits(abstract_headings=("A",))).abstract_headings == ("A",)
    assert limits_of("blood", Limits()).abstract_headings == ()


def test_what_is_over_a_limit_is_said_and_listed(study, results, ran):
    written = manuscript_files(_with(study, text_words=2), results, ARTICLE, ran / "results")
    assert "manuscript: 3 words of the text, limit 2 (the study file)" in written.remarks
    rows = list(csv.DictReader(io.StringIO(written.files["author-check.csv"].decode())))
    assert rows[0] == {
        "journal": "this study",
        "what": "words of the text",
        "found": "3",
        "limit": "2",
        "verdict": "over",
    }
    assert {row["journal"] for row in rows} == {"this study", "nejm", "jama", "lancet", "jco", "blood"}
    of_style = manuscript_files(_with(study, "nejm"), results, ARTICLE, ran / "results").remarks
    assert any(
        "headings of the abstract are Background; Methods" in said and "check the journal" in said for said in of_style
    )


def test_nothing_is_said_where_nothing_is_to_be_said(study, results, ran):
    text = '# T\n\nOf {{ see("table-1-baseline") }}.\n\n{{ table("table-1-baseline") }}\n'
    assert manuscript_files(study, results, text, ran / "results").remarks == ()


def test_remarks_of_a_copy_editor(study, results, ran):
    text = (
        '# T\n\n{{ analyzed() }} patients vs. 12 others. 7 more came.\n\nSee {{ see("table-2-survival") }} and {{ see("table-1-baseline") }}.\n\n'
        '{{ table("table-1-baseline") }}\n\n{{ table("table-2-survival") }}\n\n{{ figure("figure-2-pfs") }}\n'
    )
    found = manuscript_files(study, results, text, ran / "results").remarks
    assert sorted(said.partition(":")[2].strip().partition(":")[0] for said in found) == [
        "a sentence begins with a number",
        "a sentence begins with a number",
        "not referred to in the text",
        "tables are referred to in the order Table 2, Table 1; journals want them numbered as the text names them",
    ]


def test_the_abstract_by_its_headings():
    blocks = article_blocks(
        "# T\n\n## Summary\n\nBefore.\n\n### Findings\n\nA.\n\nB.\n\n**Funding:** *None*.\n\n## Next\n\nC.", {}
    )
    assert [(part.heading, [block.text for block in part.blocks]) for part in abstract_sections(blocks)] == [
        ("", ["Before."]), ("Findings", ["A.", "B."]), ("Funding", ["None."]),
    ]  # fmt: skip
    assert abstract_parts(blocks) == ("Findings", "Funding")


def test_references_without_numbers_are_paragraphs():
    assert len(references_in(article_blocks("## References\n\nOne.\n\nTwo.\n", {}))) == 2


def test_a_list_of_nothing_is_a_head():
    assert check_csv(()).splitlines() == ["journal,what,found,limit,verdict"]
