"""Everything a run has written, read again and held against the results table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cohortium.consistency.figures import check_figure, figure_lines
from cohortium.consistency.forms import check_behind, check_forms, check_shown
from cohortium.consistency.pictures import check_picture
from cohortium.consistency.populations import check_populations
from cohortium.consistency.prose import check_manuscript, check_report, report_tree
from cohortium.consistency.table_files import check_table_files
from cohortium.consistency.tables import check_table
from cohortium.errors import OutputError, Problem
from cohortium.results import Results, Statistic

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from cohortium.consistency.behind import Rows
    from cohortium.study.study import Study

_FILLED = "manuscript/manuscript.md"


def check_outputs(study: Study, results: Results, directory: Path, manuscript: str | None = None) -> tuple[str, ...]:
    """Hold every output against the results table.

    study       labels, and which tables and figures there are
    results     every number that may be printed
    directory   with `tables/`, `figures/`, `report.html` and, with a manuscript, `manuscript/`
    manuscript  the text with its references; None where the study has none

    Returns what the proofreader remarks without certainty, one sentence each.

    Raises
        OutputError: with every number that stands in one place and not in another, each with its file and row.
    """
    rows = {name: Results(found) for name, found in by_analysis(results).items()}
    analyzed = rows["flow"].one(statistic="analyzed").value or 0
    page = report_tree((directory / "report.html").read_text(encoding="utf-8"))
    read = [check_report(page, analyzed)]
    if manuscript is not None:
        counts = frozenset(_whole_numbers(results))
        filled = (directory / _FILLED).read_text(encoding="utf-8")
        read.append(check_manuscript(manuscript, filled, counts))
    problems = [
        *check_table_files(results, directory),
        *check_populations(study, rows),
        *_tables(study, results, rows, directory, page),
        *_figures(study, rows, directory),
        *(problem for part in read for problem in part.problems),
    ]
    if problems:
        n = "1 number does" if len(problems) == 1 else f"{len(problems)} numbers do"
        raise OutputError(f"{n} not agree with the rest of the results; nothing was put in place.", problems)
    return tuple(dict.fromkeys(remark for part in read for remark in part.remarks))


def _tables(study: Study, results: Results, rows: Rows, directory: Path, page: HtmlElement) -> Iterator[Problem]:
    folder = directory / "tables"
    for table in study.file.table:
        text = (folder / f"{table.name}.csv").read_text(encoding="utf-8")
        yield from check_table(study, rows, table, text, f"tables/{table.name}.csv")
        yield from check_forms(folder, table.name)
        yield from check_shown(page, folder, table.name)
        if table.analyses:
            behind = (row for row in results if row.analysis in table.analyses)
            yield from check_behind(behind, folder, table.name)


def _figures(study: Study, rows: Rows, directory: Path) -> Iterator[Problem]:
    for figure in study.file.figure:
        place = f"figures/{figure.name}"
        lines = figure_lines((directory / f"{place}.csv").read_text(encoding="utf-8"), f"{place}.csv")
        yield from check_figure(study, rows, figure, lines)
        picture = (directory / f"{place}.svg").read_text(encoding="utf-8")
        n_sites = {
            int(n) for row in rows["flow"].where(statistic="sites-refused") for n in (row.value, row.denominator) if n
        }
        yield from check_picture(figure.kind, [line for _, line in lines], picture, f"{place}.svg", n_sites)


def by_analysis(results: Results) -> dict[str, list[Statistic]]:
    """The rows of the results table by analysis."""
    found: dict[str, list[Statistic]] = {}
    for row in results:
        found.setdefault(row.analysis, []).append(row)
    return found


def _whole_numbers(results: Results) -> Iterator[int]:
    for row in results:
        yield from (int(n) for n in (row.value, row.n, row.denominator) if n is not None and float(n).is_integer())
