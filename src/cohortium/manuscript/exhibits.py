"""What stands at the places of a manuscript: tables, figures and statements, numbered in the order of the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cohortium.errors import UsageError
from cohortium.manuscript.numbering import exhibit_labels
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
    """A figure: its title, what it shows in words, its files, and the sentences of its legend."""

    name: str
    title: str
    alt: str
    svg: bytes
    png: Path
    legend: tuple[str, ...] = ()


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

    Raises
        UsageError: a figure's files are not there.
    """
    labels = exhibit_labels(blocks)
    specs = {spec.name: spec for spec in study.file.table}
    drawn = {spec.name: spec for spec in study.file.figure}
    return Exhibits(
        {
            name: _numbered(build_table(study, results, specs[name]), label)
            for (kind, name), label in labels.items()
            if kind == "table"
        },
        {
            name: _picture(out, name, f"{label}. {drawn[name].title}")
            for (kind, name), label in labels.items()
            if kind == "figure"
        },
        {statement.heading: statement for statement in statements},
    )


def _numbered(table: Table, label: str) -> Table:
    return replace(table, title=f"{label}. {table.title}")


def _picture(out: Path, name: str, title: str) -> Picture:
    files = {ending: out / "figures" / f"{name}.{ending}" for ending in ("svg", "png", "txt", "legend.txt")}
    try:
        alt, legend = (files[ending].read_text(encoding="utf-8") for ending in ("txt", "legend.txt"))
        svg = files["svg"].read_bytes()
        files["png"].stat()
    except (OSError, UnicodeDecodeError) as error:
        gone = error.filename if isinstance(error, OSError) else files["legend.txt"]
        raise UsageError(f"{gone}: the figure cannot be read; run the study again") from None
    # The first line of both texts is the title, which the study file may have changed since.
    return Picture(name, title, alt.partition("\n\n")[2].strip(), svg, files["png"], tuple(legend.splitlines()[2:]))
