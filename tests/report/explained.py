"""Printed numbers that lead back to no row of the results table, for tests of whole studies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from cohortium.report.build import build_table
from cohortium.report.journal_style import printed_in
from cohortium.report.table import Table
from cohortium.results import Results, Statistic
from cohortium.study.load import load_study

NUMBER = re.compile(r"\d|\bN[RE]\b")
SIZE = re.compile(r"\(N = ")


def unexplained(tables: Iterable[Table]) -> list[tuple[str, str, str]]:
    """(table, row, text) of every number in a body, and every number of patients in a head, that says no origin.

    A number that the study file gives, or that counts queries, is declared so and has none.
    """
    return [found for table in tables for found in (*_heads(table), *_body(table))]


def _heads(table: Table) -> Iterator[tuple[str, str, str]]:
    for line in table.header:
        for cell in line:
            if SIZE.search(cell.text) and not cell.behind:
                yield table.name, "head", cell.text


def _body(table: Table) -> Iterator[tuple[str, str, str]]:
    for row in table.rows:
        for cell in row.cells:
            if NUMBER.search(cell.text) and not cell.behind and not cell.given:
                yield table.name, row.stub.text, cell.text


def tables_of(example: Path, results: Path) -> list[Table]:
    """The tables of a study from the results table that a run of it wrote."""
    study = load_study(example)
    rows = Results(Statistic(**row) for row in pl.read_parquet(results / "results.parquet").to_dicts())
    with printed_in(study.file.report.style):
        return [build_table(study, rows, spec) for spec in study.file.table]
