"""A checklist filled with where each item is, as a table in every form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from cohortium.manuscript.checklists.facts import IN_REPORT, Facts, facts_of
from cohortium.manuscript.checklists.items import CHECKLISTS, Checklist, Item
from cohortium.manuscript.checklists.places import ONLY_WHERE, PLACES
from cohortium.report.render import csv, docx, html, markdown
from cohortium.report.table import Cell, Row, Table

if TYPE_CHECKING:
    from cohortium.results import Results
    from cohortium.study.study import Study

FOLDER = "checklists"
FORMS = ("csv", "docx", "html", "md")
REPORTED, REPORT_ONLY, TO_ADD = "Reported", "In the report, not in the manuscript", "Not found: author to add"
_MOST_PLACES = 3
_NOTE = (
    "Filled by the program from the study file, the results and the words of manuscript.md: it says where the words or numbers are, "
    "not that they are enough. Paragraphs are counted from the heading; Report is report.html, whose Methods and tables the author "
    "may take into the article or its supplement. Page numbers are the author's to add."
)


def checklist_files(study: Study, results: Results, manuscript: str, statements: Sequence[str]) -> Mapping[str, bytes]:
    """Every checklist in every form, by file name.

    manuscript  its text with references; empty where there is none
    statements  headings of the statements that the records of people give
    """
    facts = facts_of(study, results, manuscript, statements)
    files: dict[str, bytes] = {}
    for checklist in CHECKLISTS:
        table = checklist_table(checklist, facts)
        files[f"{checklist.name}.csv"] = csv.render(table).encode()
        files[f"{checklist.name}.docx"] = docx.render(table)
        files[f"{checklist.name}.html"] = html.render_table(table).encode()
        files[f"{checklist.name}.md"] = markdown.render(table).encode()
    return files


def planned_checklists() -> tuple[str, ...]:
    """Names of the files that `checklist_files` makes."""
    return tuple(f"{checklist.name}.{form}" for checklist in CHECKLISTS for form in FORMS)


def checklist_table(checklist: Checklist, facts: Facts) -> Table:
    """The table: a heading a section, a line an item with its status and places."""
    rows: list[Row] = []
    for section, items in groupby(checklist.items, key=lambda item: item.section):
        rows.append(Row(Cell(section), section=True))
        rows += [_row(item, facts) for item in items]
    status = [row.cells[0].text for row in rows if row.cells]
    n_reported, n_report = status.count(REPORTED), status.count(REPORT_ONLY)
    count = (
        f"{n_reported} of {len(status)} items have a place in the manuscript or its statements, {n_report} in the report only, "
        f"{len(status) - n_reported - n_report} none."
    )
    header = (Cell("Item"), Cell("Status"), Cell("Where"))
    notes = (count, _NOTE, checklist.source)
    return Table(f"checklist-{checklist.name}", checklist.title, (header,), tuple(rows), notes, words=True)


def _row(item: Item, facts: Facts) -> Row:
    found = dict.fromkeys(PLACES[item.number](facts))
    places = sorted(found, key=lambda place: place.startswith(IN_REPORT))
    shown = "; ".join(places[:_MOST_PLACES]) + (
        f"; {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
    )
    condition = f", {ONLY_WHERE[item.number]}" if item.number in ONLY_WHERE else ""
    in_article = any(not place.startswith(IN_REPORT) for place in places)
    status = REPORTED if in_article else REPORT_ONLY if places else f"{TO_ADD}{condition}"
    return Row(Cell(f"{item.number}. {item.asks}"), (Cell(status), Cell(shown)), indent=1)
