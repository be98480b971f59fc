"""One number altered in the data of every kind of figure and in every kind of table is found."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

from cohortium.cli.opening import open_sites
from cohortium.cli.run import tabulate
from cohortium.consistency.boxes import check_flow
from cohortium.consistency.check import by_analysis
from cohortium.consistency.figures import check_figure, figure_lines
from cohortium.consistency.forms import compared
from cohortium.consistency.tables import check_table
from cohortium.consistency.written_forms import FORMS
from cohortium.estimators.registry import plan_study
from cohortium.federation.estimate import estimate
from cohortium.report.build import FIGURES, TABLES
from cohortium.report.journal_style import printed_in
from cohortium.report.render import csv as as_csv
from cohortium.report.render import docx, html, latex, markdown, xlsx
from cohortium.results import Results, Statistic
from cohortium.starter.write import write_starter
from cohortium.study.load import load_study

ADDED = Path(__file__).with_name("kinds.toml")
DAY = dt.date(2026, 1, 1)
MOST_ROWS = 4
"""Rows of an exhibit that are altered, evenly spaced."""
NAMES = {("flow", "step"), ("flow", "excluded"), ("landmark-flow", "place"), ("forest", "form")}
"""Columns whose words hold numbers: `Age 18 years or older`."""
LEAST_FOUND = 0.7
"""Of the numbers of a kind of table; another number of the same group, level and kind is taken for an altered one."""
LEAST_FOUND_OF_ALL = 0.9


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kinds") / "study"
    write_starter(folder)
    with (folder / "study.toml").open("a", encoding="utf-8") as stream:
        stream.write(ADDED.read_text(encoding="utf-8"))
    return load_study(folder)


@pytest.fixture(scope="module")
def rows(study):
    tasks = plan_study(study)
    with open_sites(study, tasks, 1, DAY) as sites:
        estimated = estimate(tasks, study.hash, sites.transport)
    return {name: Results(found) for name, found in by_analysis(tabulate(tasks, estimated)).items()}


@pytest.fixture(scope="module")
def results(rows):
    return Results(row for found in rows.values() for row in found)


def altered(text, first=0):
    """Column of a number and the text again and again, each time with that number off by one or by a hundredth."""
    lines = list(csv.reader(text.splitlines()))
    for i in range(1, len(lines), max(1, len(lines) // MOST_ROWS)):
        for j, cell in enumerate(lines[i][first:], first):
            match = re.search(r"(?<![\d.,])-?\d+(?:\.\d+)?(?:e-?\d+)?", cell)
            if not match:
                continue
            number = match[0]
            decimals = len(number.partition(".")[2])
            other = (
                f"{float(number) + 10**-decimals:.{decimals}f}" if decimals < 5 else repr(1.01 * float(number) + 0.01)
            )
            wrong = [list(line) for line in lines]
            wrong[i][j] = f"{cell[: match.start()]}{other}{cell[match.end() :]}"
            target = io.StringIO()
            csv.writer(target, lineterminator="\n").writerows(wrong)
            yield lines[0][j], target.getvalue()


def test_every_number_in_the_data_of_every_kind_of_figure_is_held(study, rows, results):
    missed, kinds = [], set()
    for spec in {figure.kind: figure for figure in study.file.figure}.values():
        text = as_csv.lines(FIGURES[spec.kind](study, results, spec).data)
        assert list(check_figure(study, rows, spec, figure_lines(text, spec.name))) == []
        for column, wrong in altered(text):
            if not list(check_figure(study, rows, spec, figure_lines(wrong, spec.name))):
                missed.append((spec.kind, column))
            kinds.add(spec.kind)
    assert kinds == set(FIGURES)
    assert [found for found in missed if found not in NAMES] == []


def test_nearly_every_number_of_every_kind_of_table_is_held(study, rows, results):
    found: dict[str, list[bool]] = {}
    for spec in {table.kind: table for table in study.file.table}.values():
        text = as_csv.render(TABLES[spec.kind](study, results, spec))
        assert list(check_table(study, rows, spec, text, spec.name)) == []
        first = 3 if text.startswith("Section") else 2
        held = [bool(list(check_table(study, rows, spec, wrong, spec.name))) for _, wrong in altered(text, first)]
        found[spec.kind] = held
    share = {kind: sum(held) / len(held) for kind, held in found.items()}
    assert min(share.values()) > LEAST_FOUND, share
    everything = [each for held in found.values() for each in held]
    assert sum(everything) / len(everything) > LEAST_FOUND_OF_ALL, share


def test_who_is_excluded_because_a_value_is_not_known_is_among_the_excluded():
    def row(statistic, value, level=""):
        return Statistic("flow", "flow", statistic, value, level=level)

    step = [("entered", 10.0), ("excluded", 3.0), ("excluded-unknown", 2.0), ("remaining", 7.0)]
    results = Results([row("received", 10.0), *(row(*each, "Adult") for each in step), row("analyzed", 7.0)])
    head = "step,n_entered,n_excluded,n_excluded_unknown,excluded,n_remaining\n"
    text = f"{head}Received,10,0,0,,10\nAdult,10,3,2,,7\nAnalyzed,7,0,0,,7\n"
    assert list(check_flow(results, figure_lines(text, ""))) == []
    (problem,) = check_flow(results, figure_lines(text.replace(",3,2,", ",3,1,"), ""))
    assert "n_excluded_unknown is 1, but 2 in the results table" in str(problem)


def test_a_figure_without_rules_of_its_own_may_hold_only_numbers_of_its_analysis(study, rows):
    spec = next(figure for figure in study.file.figure if figure.kind == "love")
    other = spec.model_copy(update={"kind": "not yet known"})
    value = repr(rows["balance"].where(statistic="standardized-difference")[0].value)
    assert list(check_figure(study, rows, other, figure_lines(f"a,b\nx,{value}\n", ""))) == []
    (problem,) = check_figure(study, rows, other, figure_lines("a,b\nx,0.123\n", ""))
    assert "b is 0.123, which is no number of the results table" in str(problem)


def test_a_message_about_the_bar_of_one_patient_says_no_value_of_it(study, rows, results):
    spec = next(figure for figure in study.file.figure if figure.kind == "waterfall")
    lines = figure_lines(as_csv.lines(FIGURES["waterfall"](study, results, spec).data), "waterfall.csv")
    place, line = lines[0]
    problems = list(check_figure(study, rows, spec, [(place, {**line, "change_percent": "12.345"}), *lines[1:]]))
    assert problems
    assert not [problem for problem in map(str, problems) if "12.345" in problem or line["change_percent"] in problem]


def test_results_with_another_total_no_longer_fit_the_figures(study, rows, results):
    spec = next(figure for figure in study.file.figure if figure.kind == "stacked-bars")
    lines = figure_lines(as_csv.lines(FIGURES[spec.kind](study, results, spec).data), "")
    changed = Results(
        replace(row, denominator=row.denominator + 1) if row.statistic == "category-count" else row
        for row in rows["response"]
    )
    assert list(check_figure(study, {**rows, "response": changed}, spec, lines))


@pytest.mark.parametrize("style", ["default", "nejm", "lancet"])
def test_every_form_of_every_kind_of_table_is_read_back_as_printed(study, results, style):
    """Marks of notes, raised powers and tables of several pages are no differences."""
    with printed_in(style):
        for spec in {table.kind: table for table in study.file.table}.values():
            table = TABLES[spec.kind](study, results, spec)
            written = as_csv.render(table)
            for read, content in (
                (FORMS["html"], html.render_table(table)),
                (FORMS["md"], markdown.render(table)),
                (FORMS["tex"], latex.render(table)),
            ):
                assert list(compared(written, read(content.encode()), spec.kind)) == []
            assert list(compared(written, FORMS["docx"](docx.render(table)), spec.kind)) == []
            assert list(compared(written, FORMS["xlsx"](xlsx.render(table, ())), spec.kind)) == []
