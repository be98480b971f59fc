"""Checklists: every item once, each with the place that the study really has, and without it when that is taken away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cohortium.manuscript.checklists import checklist_files, planned_checklists
from cohortium.manuscript.checklists.facts import facts_of
from cohortium.manuscript.checklists.filled import REPORT_ONLY, REPORTED, checklist_table
from cohortium.manuscript.checklists.items import CHECKLISTS, RECORD, STROBE
from cohortium.manuscript.checklists.places import ONLY_WHERE, PLACES

STROBE_NUMBERS = [
    "1a",
    "1b",
    "2",
    "3",
    "4",
    "5",
    "6a",
    "6b",
    "7",
    "8",
    "9",
    "10",
    "11",
    "12a",
    "12b",
    "12c",
    "12d",
    "12e",
    "13a",
    "13b",
    "13c",
    "14a",
    "14b",
    "14c",
    "15",
    "16a",
    "16b",
    "16c",
    "17",
    "18",
    "19",
    "20",
    "21",
    "22",
]
RECORD_NUMBERS = ["1.1", "1.2", "1.3", "6.1", "6.2", "6.3", "7.1", "12.1", "12.2", "12.3", "13.1", "19.1", "22.1"]
ARTICLE = """\
# A retrospective cohort of records from 2019 to 2023

## Abstract

We report on {{ analyzed() }} patients.

## Introduction

We asked who responds.

## Methods

### Sensitivity analyses

None.

## Discussion

### Limitations

The main limitation is missing data; the results may not generalize.
"""


def _status(study, results, checklist=STROBE, text="", statements=()):
    table = checklist_table(checklist, facts_of(study, results, text, statements))
    return {row.stub.text.partition(". ")[0]: (row.cells[0].text, row.cells[1].text) for row in table.rows if row.cells}


def _without(study, **changes):
    return replace(study, file=study.file.model_copy(update=changes))


def test_every_item_is_there_once_and_has_a_rule():
    assert [item.number for item in STROBE.items] == STROBE_NUMBERS
    assert len({number.rstrip("abcde") for number in STROBE_NUMBERS}) == 22
    assert [item.number for item in RECORD.items] == RECORD_NUMBERS
    assert set(PLACES) == {*STROBE_NUMBERS, *RECORD_NUMBERS}
    assert set(ONLY_WHERE) < set(PLACES)


def test_every_form_holds_every_item(study, results):
    files = checklist_files(study, results, "", ())
    assert tuple(files) == planned_checklists()
    for checklist in CHECKLISTS:
        for form in ("csv", "md", "html"):
            text = files[f"{checklist.name}.{form}"].decode()
            assert all(f"{item.number}. " in text for item in checklist.items)
    assert checklist_files(study, results, "", ()) == files


def test_places_name_what_the_study_has(study, results):
    status = _status(study, results)
    assert status["13c"] == (REPORT_ONLY, f"Report, figure «{study.file.figure[0].title}»")
    assert status["14a"] == (REPORT_ONLY, f"Report, table «{study.file.table[0].title}»")
    assert status["12d"] == (REPORT_ONLY, "Report, Methods, Time and endpoints")
    assert status["2"] == ("Not found: author to add", "")
    assert status["6b"] == ("Not found: author to add, if patients were matched", "")


@pytest.mark.parametrize(
    ("kind", "items"),
    [
        ("figure/flow", ("13c", "13b")),
        ("table/baseline", ("14a", "14b")),
        ("table/survival", ("14c",)),
        ("table/regression", ()),
    ],
)
def test_an_exhibit_that_is_taken_away_leaves_its_items_to_the_author(study, results, kind, items):
    before = _status(study, results)
    where, _, name = kind.partition("/")
    left = tuple(spec for spec in getattr(study.file, where) if spec.kind != name)
    after = _status(_without(study, **{where: left}), results)
    changed = {number for number in before if before[number][0] != after[number][0]}
    assert changed == set(items)


def test_headings_and_words_of_the_manuscript_are_places(study, results):
    status = _status(study, results, text=ARTICLE)
    found = {number for number, (state, _) in status.items() if state == REPORTED}
    assert {"1a", "1b", "2", "3", "12e", "18", "19", "20", "21"} <= found
    assert status["19"][1] == "Manuscript, Discussion, paragraph 1; Manuscript, Limitations, paragraph 1"
    assert _status(study, results, text=ARTICLE.replace("limitation is", "thing is"))["19"][0] != REPORTED
    records = _status(study, results, RECORD, ARTICLE)
    assert records["1.1"][0] == records["1.2"][0] == records["19.1"][0] == REPORTED


PLACED = """\
# A cohort

## Methods

Words.

### Time and endpoints

Survival was estimated by the Kaplan-Meier method.

## Results

{{ table("table-1-baseline") }}

## Supplement

{{ figure("figure-1-flow") }}

{{ statement("Funding") }}
"""


def test_what_the_manuscript_places_is_named_as_it_numbers_it(study, results):
    status = _status(study, results, text=PLACED, statements=("Funding", "Data availability"))
    assert status["14a"] == (REPORTED, f"Table 1 «{study.file.table[0].title}»")
    assert status["13c"] == (REPORTED, f"Figure S1 «{study.file.figure[0].title}»")
    assert status["12d"] == (REPORTED, "Manuscript, Time and endpoints")
    assert status["12a"][1].startswith("Manuscript, Methods, paragraph 2; Report, Methods, ")
    assert status["11"][0] == REPORT_ONLY
    assert status["22"] == (REPORTED, "Statement, Funding")
    records = _status(study, results, RECORD, PLACED, ("Funding", "Data availability"))
    assert records["22.1"] == (REPORT_ONLY, "Report, not placed: statement Data availability")


def test_funding_comes_from_the_records(study, results):
    assert _status(study, results, statements=("Funding",))["22"] == (REPORTED, "Statement, Funding")
    assert _status(study, results)["22"][0] != REPORTED


def test_a_run_writes_and_plans_them(ran, study):
    made = {path.name for path in (ran / "results/checklists").iterdir()}
    assert made == set(planned_checklists())
