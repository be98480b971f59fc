"""What a run has written, corrupted one output at a time: each miscount is found, and nothing is put in place."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cohortium.cli.commands import app
from cohortium.comparison import read_results
from cohortium.consistency import check_outputs
from cohortium.consistency.forms import check_behind, check_forms
from cohortium.consistency.written_forms import FORMS
from cohortium.errors import OutputError
from cohortium.report import build
from cohortium.results import Results, Statistic
from cohortium.starter.write import write_starter
from cohortium.study.load import load_study
from without_figures import without_figures

ARTICLE = """\
# Title

## Abstract

We analyzed {{ analyzed() }} patients.

## Introduction

An earlier trial had 165 patients.

## Results

{{ count_percent("baseline", level="Female") }} were women.
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("consistency") / "study"
    write_starter(folder)
    (folder / "manuscript.md").write_text(ARTICLE)
    outcome = CliRunner().invoke(app, ["run", str(folder)])
    assert outcome.exit_code == 0, outcome.output
    return folder


@pytest.fixture(scope="module")
def study(ran):
    return load_study(ran)


@pytest.fixture(scope="module")
def results(ran):
    return Results(Statistic(**row) for row in read_results(ran / "results").table.iter_rows(named=True))


@pytest.fixture
def check(ran, study, results, tmp_path):
    """Change one file, or the results, and say what is found."""

    def changed(name="", change=None, rows=None, article=ARTICLE):
        place = tmp_path / "results"
        shutil.copytree(ran / "results", place, dirs_exist_ok=True)
        if name:
            text = (place / name).read_text(encoding="utf-8")
            assert change(text) != text
            (place / name).write_text(change(text), encoding="utf-8")
        try:
            check_outputs(study, rows or results, place, article)
        except OutputError as error:
            return [str(problem) for problem in error.problems]
        return []

    return changed


def test_nothing_is_found_in_what_a_run_wrote(check):
    assert check() == []


@pytest.mark.parametrize(
    ("name", "before", "after", "expected"),
    [
        ("tables/table-1-baseline.csv", "(N = 116)", "(N = 117)", "is not the number of patients of that group"),
        ("tables/table-1-baseline.csv", "68 (58.6)", "69 (58.6)", "69 is not in the results table"),
        ("tables/table-1-baseline.csv", "68 (58.6)", "68 (58.7)", "68 of no group here is 58.7%"),
        ("tables/table-2-survival.csv", "8.3 (5.4 to 12.9)", "8.3 (5.4 to 12.8)", "12.8 is not in the results table"),
        ("tables/table-3-regression.csv", "1.75 (1.13 to 2.70)", "1.76 (1.13 to 2.70)", "1.76 is not in the results"),
        ("tables/table-4-institutions.csv", "27/43 (62.8)", "27/43 (62.9)", "27 of 43 is 62.9%"),
        ("tables/table-4-institutions.csv", "Total,,120", "Total,,121", "121"),
        ("tables/table-1-baseline.html", "68 (58.6)", "68 (58.7)", "«68 (58.7)» here, «68 (58.6)» in the CSV file"),
        ("tables/table-1-baseline.md", "68 (58.6)", "69 (58.6)", "«69 (58.6)» here"),
        ("tables/table-1-baseline.md", "=\N{NO-BREAK SPACE}67)", "=\N{NO-BREAK SPACE}68)", "its heads have the numbers 68 in place of 67"),
        ("tables/table-3-regression.tex", "1.75 (1.13", "1.75 (1.14", "«1.75 (1.14 to 2.70)» here"),
        ("report.html", ">1.75 (1.13", ">1.75 (1.14", "«1.75 (1.14 to 2.70)» here"),
        ("results.csv", ",116.0,", ",117.0,", "value is «117.0», expected «116.0»"),
        ("figures/figure-1-flow.svg", "n = 116", "n = 115", "115 patients in the picture are not in the figure's data"),
        ("figures/figure-2-pfs.svg", ">67<", ">66<", "67 patients at risk at time zero are not in the picture"),
        ("figures/figure-1-flow.csv", "120,4,0", "120,3,0", "the boxes do not add up: 120 less 3 is 116"),
        ("figures/figure-2-pfs.csv", ",67,0,0", ",66,0,0", "66 at risk at time zero, but 67 patients are in the group"),
        ("figures/figure-3-os.csv", ",67,1,0", ",67,2,0", "39 events along the curve, but 38 in the group"),
        ("figures/figure-4-forest.csv", ",116,101,", ",116,102,", "n_events is 102, but 101 in the results table"),
        ("figures/figure-5-institutions.csv", ",44,43,", ",44,42,", "n_patients is 42, but 43 in the results table"),
        ("report.html", ">116</dd>", ">117</dd>", "«Patients analyzed 117», but 116 were analyzed"),
        ("manuscript/manuscript.md", "(41.4%)", "(41.5%)", "48/116 is printed as 41.5%; expected 41.4%"),
        ("manuscript/manuscript.md", "48/116", "148/116", "148 of 116; expected at most 116"),
    ],
)  # fmt: skip
def test_a_number_that_is_off_is_found_with_its_place(check, name, before, after, expected):
    found = check(name, lambda text: text.replace(before, after, 1))
    assert any(expected in problem for problem in found), found
    assert all(problem.startswith(_places(name)) for problem in found)


def _places(name):
    """Where an altered file is noticed: in itself, and of a table or a figure in CSV in its other forms."""
    own = name.removeprefix("manuscript/")
    return own, own.removesuffix("csv"), f"report.html, table {Path(name).stem}", own.replace(".csv", ".svg")


def _with(results, statistic, change, **criteria):
    wanted = results.where(statistic=statistic, **criteria)[0]
    return Results(change(row) if row is wanted else row for row in results)


@pytest.mark.parametrize(
    ("statistic", "criteria", "by", "expected"),
    [
        ("n", {"analysis": "baseline", "group": "Above 250 U/L", "variable": ""}, 1, "add up to 105 with 12 left out"),
        ("n", {"analysis": "pfs-by-ldh"}, -1, "the groups add up to 103 with 12 left out, expected 116"),
        ("count", {"analysis": "baseline", "variable": "sex"}, 1, "the levels add up to 117, expected 116"),
        ("percent", {"analysis": "baseline"}, 0.1, "is given as"),
        ("patients", {"method": "sites", "level": ""}, -1, "115 patients of all institutions, but 116 were analyzed"),
        ("events", {"method": "sites", "level": ""}, 900, "961 of 116"),
    ],
)  # fmt: skip
def test_a_results_table_that_contradicts_itself_is_found(check, results, statistic, criteria, by, expected):
    rows = _with(results, statistic, lambda row: replace(row, value=row.value + by), **criteria)
    assert any(expected in problem for problem in check(rows=rows))


def test_a_number_of_patients_typed_into_the_abstract_is_held_against_the_results(check):
    typed = ARTICLE.replace("{{ analyzed() }} patients", "117 patients")
    found = check(article=typed)
    assert [problem.partition(" (")[0] for problem in found] == [
        "manuscript.md:5: 117 patients is no number of the results table"
    ]
    assert check(article=typed.replace("117 patients", "116 patients")) == []


def test_a_quoted_percentage_is_the_matter_of_its_source(ran, study, results, tmp_path):
    article = ARTICLE + '\n{{ typed("54.1% of 33 patients", source="doi 10.1038/s41408-025-01414-6") }} responded.\n'
    shutil.copytree(ran / "results", tmp_path / "results")
    with (tmp_path / "results/manuscript/manuscript.md").open("a", encoding="utf-8") as stream:
        stream.write("\n54.1% of 33 patients responded.\n")
    (remark,) = check_outputs(study, results, tmp_path / "results", article)
    assert "impossible-percentage" in remark
    with pytest.raises(OutputError, match=re.escape("54.1% of 33 is not possible")):
        check_outputs(study, results, tmp_path / "results", ARTICLE)


def test_a_run_whose_table_miscounts_by_one_writes_nothing(ran, tmp_path, monkeypatch):
    right = build.TABLES["survival"]

    def off_by_one(*arguments):
        table = right(*arguments)
        row = next(row for row in table.rows if row.cells and row.cells[0].text.isdigit())
        wrong = replace(row, cells=(replace(row.cells[0], text=str(int(row.cells[0].text) + 1)), *row.cells[1:]))
        return replace(table, rows=tuple(wrong if other is row else other for other in table.rows))

    monkeypatch.setitem(build.TABLES, "survival", off_by_one)
    folder = tmp_path / "study"
    shutil.copytree(ran, folder, ignore=shutil.ignore_patterns("results"))
    error = CliRunner().invoke(app, ["run", str(without_figures(folder))]).exception
    assert isinstance(error, OutputError)
    assert "1 number does not agree" in error.message
    assert [problem.where for problem in error.problems] == ["tables/table-2-survival.csv, row 2"]
    assert not (folder / "results").exists()


@pytest.mark.parametrize(
    ("ending", "part", "before", "after", "expected"),
    [
        ("docx", "word/document.xml", b"68 (58.6)", b"68 (58.7)", "\u00ab68 (58.7)\u00bb here"),
        ("xlsx", "xl/sharedStrings.xml", b"68 (58.6)", b"68 (58.7)", "\u00ab68 (58.7)\u00bb here"),
        ("xlsx", "xl/worksheets/sheet2.xml", b"<v>116</v>", b"<v>117</v>", "117 in place of 116"),
    ],
)
def test_a_number_that_is_off_in_a_word_file_or_a_spreadsheet_is_found(
    ran, results, tmp_path, ending, part, before, after, expected
):
    shutil.copytree(ran / "results/tables", tmp_path / "tables")
    path = tmp_path / "tables" / f"table-1-baseline.{ending}"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert before in parts[part]
    parts[part] = parts[part].replace(before, after, 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    behind = results.where(analysis="baseline")
    found = [*check_forms(path.parent, path.stem), *check_behind(behind, path.parent, path.stem)]
    assert [expected in str(problem) for problem in found] == [True]


def test_a_form_that_cannot_be_read_again_is_said(ran, tmp_path):
    shutil.copytree(ran / "results/tables", tmp_path / "tables")
    for ending in FORMS:
        (tmp_path / "tables" / f"table-1-baseline.{ending}").write_bytes(b"nothing")
    found = [str(problem) for problem in check_forms(tmp_path / "tables", "table-1-baseline")]
    assert len(found) == len(FORMS)
    assert all(re.search(r"cannot be read again|expected a head", problem) for problem in found)


def test_every_number_of_every_form_of_a_table_is_held(ran, tmp_path):
    """A digit of each cell of the text forms in turn."""
    shutil.copytree(ran / "results/tables", tmp_path / "tables")
    n_altered = 0
    for ending in ("html", "md", "tex"):
        path = tmp_path / "tables" / f"table-2-survival.{ending}"
        text = path.read_text(encoding="utf-8")
        rows = FORMS[ending](text.encode())
        for cell in {
            cell for row in rows[1:] for cell in row[1:] if re.fullmatch(r"[\d.]+ \([\d.]+ to [\d.]+\)", cell)
        }:
            assert text.count(cell) >= 1
            path.write_text(
                text.replace(cell, cell.replace(cell[0], str((int(cell[0]) + 1) % 10), 1), 1), encoding="utf-8"
            )
            assert list(check_forms(path.parent, path.stem)), (ending, cell)
            n_altered += 1
        path.write_text(text, encoding="utf-8")
    assert n_altered > 30
