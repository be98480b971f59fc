"""The manuscript in the style of a journal: sentences, abstract, tables, and what reads them back."""

from __future__ import annotations

import io
from dataclasses import replace

import docx
import pytest

from cohortium.consistency.prose import check_manuscript
from cohortium.manuscript.fill import fill
from cohortium.manuscript.write import manuscript_files
from cohortium.report import formats
from cohortium.report.journal_style import printed_in

TEXT = """# T

## Abstract

Of {{ analyzed() }} patients {{ count_percent("baseline", level="Female") }} were women; median survival was
{{ median("pfs-by-ldh", group="Above 250 U/L") }} ({{ p("pfs-logrank") }}; p of {{ p("pfs-logrank", form="number") }}).

## Results

The hazard ratio was {{ hazard_ratio("pfs-cox", level="Above 250 U/L", model="multivariable") }}. It was {{ p("os-logrank") }}.

{{ table("table-3-regression") }}
"""
SENTENCES = {
    "default": [
        "48/116 (41.4%)", "4.2 months (95% CI, 3.4 to 10.3) (p = 0.01; p of 0.01)", "2.21 (95% CI, 1.36 to 3.59)", "p = 0.41",
    ],
    "jama": ["48/116 (41.4%)", "4.2 months (95% CI, 3.4–10.3) (P=.01; p of .01)", "2.21 (95% CI, 1.36–3.59)", "P=.41"],
    "lancet": [
        "48/116 (41·4%)", "4·2 months (95% CI 3·4–10·3) (p=0·011; p of 0·011)", "2·21 (95% CI 1·36–3·59)", "p=0·41",
    ],
    "nejm": ["48/116 (41.4%)", "4.2 months (95% CI, 3.4 to 10.3) (P=0.01; p of 0.01)", "2.21 (95% CI, 1.36 to 3.59)", "P=0.41"],
    "jco": ["48/116 (41.4%)", "4.2 months (95% CI, 3.4 to 10.3) (P = .01; p of .01)", "2.21 (95% CI, 1.36 to 3.59)", "P = .41"],
    "blood": ["48/116 (41.4%)", "4.2 months (95% CI, 3.4–10.3) (P = .01; p of .01)", "2.21 (95% CI, 1.36–3.59)", "P = .41"],
}  # fmt: skip
RATIO = {"jama": "2.21 (1.36–3.59)", "lancet": "2·21 (1·36–3·59)"}


@pytest.fixture
def written(study, results, ran):
    def of(style):
        report = study.file.report.model_copy(update={"style": style})
        return manuscript_files(
            replace(study, file=study.file.model_copy(update={"report": report})), results, TEXT, ran / "results"
        )

    return of


@pytest.mark.parametrize(("style", "sentences"), SENTENCES.items())
def test_sentences_and_abstract(style, sentences, written, results):
    text = " ".join(written(style).files["manuscript.md"].decode().split())
    p = results.one(analysis="pfs-logrank", statistic="p-value").value
    with printed_in(style):
        assert formats.p_value(p) in sentences[1]
    for sentence in sentences:
        assert sentence.replace("*", r"\*") in text


@pytest.mark.parametrize(("style", "ratio"), RATIO.items())
def test_tables_in_the_same_style(style, ratio, written):
    files = written(style).files
    cells = {
        cell.text for row in docx.Document(io.BytesIO(files["manuscript.docx"])).tables[0].rows for cell in row.cells
    }
    assert ratio in cells
    assert ratio in files["manuscript.html"].decode()


@pytest.mark.parametrize("style", ["default", "jama", "lancet"])
def test_the_checks_read_every_style(style, written, results):
    filled = written(style).filled.text
    counts = frozenset(int(row.value) for row in results if row.value is not None and float(row.value).is_integer())
    good = check_manuscript(TEXT, filled, counts)
    assert good.problems == ()
    assert good.remarks == ()
    mark = "·" if style == "lancet" else "."
    assert f"(41{mark}4%)" in filled
    (problem,) = check_manuscript(TEXT, filled.replace(f"(41{mark}4%)", f"(41{mark}9%)"), counts).problems
    assert "48/116" in str(problem)
    limits = f"1{mark}36"
    assert limits in filled
    (remark,) = check_manuscript(TEXT, filled.replace(limits, f"2{mark}36"), counts).remarks
    assert "2" in remark


@pytest.mark.parametrize(("typed", "number"), [("9.9", "9.9"), ("9·9", "9·9"), (".04", ".04"), ("·04", "·04")])
def test_typed_numbers_of_every_style(typed, number, study, results):
    text = f"## Results\n\nMedian survival was {typed} months.\n"
    assert {found.number for found in fill(text, results, study).typed} == {number}
