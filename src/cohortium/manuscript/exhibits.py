"""What stands at the places of a manuscript: tables, figures and statements, numbered in the order of the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report.build import build_table
from cohortium.report.table import Table

if TYPE_CHECKING:
    from pathlib import Path

    from cohortium.governance.statements.document import Block as Statement
    from cohortium.manuscript.article import Block
    from cohortium.results import Results
    from cohortium.study.study import Study


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure: its title, what it shows in words, and its files."""

    name: str
    title: str
    alt: str
    svg: bytes
    png: Path


@dataclass(frozen=True, slots=True)
class Exhibits:
    """What can stand in a manuscript, by name; titles carry their numbers."""

    tables: Mapping[str, Table]
    pictures: Mapping[str, Picture]
    statements: Mapping[str, Statement]


def exhibits_of(
    blocks: Sequence[Block], study: Study, results: Results, out: Path, statements: Sequence[Statement]
) -> Exhibits:
    """The exhibits that the blocks place, numbered as they come.

    out  results directory, in which the figures have been drawn
    """
    tables = list(dict.fromkeys(block.name for block in blocks if block.kind == "table"))
    figures = list(dict.fromkeys(block.name for block in blocks if block.kind == "figure"))
    specs = {spec.name: spec for spec in study.file.table}
    drawn = {spec.name: spec for spec in study.file.figure}
    return Exhibits(
        {
            name: _numbered(build_table(study, results, specs[name]), f"Table {number}")
            for number, name in enumerate(tables, 1)
        },
        {name: _picture(out, name, f"Figure {number}. {drawn[name].title}") for number, name in enumerate(figures, 1)},
        {statement.heading: statement for statement in statements},
    )


def _numbered(table: Table, number: str) -> Table:
    return Table(table.name, f"{number}. {table.title}", table.header, table.rows, table.footnotes)


def _picture(out: Path, name: str, title: str) -> Picture:
    stem = out / "figures" / name
    alt = stem.with_suffix(".txt").read_text(encoding="utf-8").strip()
    return Picture(name, title, alt, stem.with_suffix(".svg").read_bytes(), stem.with_suffix(".png"))
