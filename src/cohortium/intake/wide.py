"""A file of one row a visit, a column for each quantity, to one row a measured quantity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from cohortium.errors import Problem, SiteDataError
from cohortium.intake.source import READ_FAILED
from cohortium.study.site_mapping import WideColumn
from cohortium.study.suggest import shown

QUANTITY = "quantity"
HEAD = (QUANTITY, "value", "unit", "result")
"""Columns of assessments that a wide file has in its head."""

_ROW = "#row"


def require_wide(wide: Mapping[str, WideColumn], header: Sequence[str], where: str) -> None:
    """Refuse a file that is not of one row a visit, or in which a column named in `wide` is missing or stands twice."""
    problems = []
    for name in wide:
        if (count := header.count(name)) != 1:
            what = "is missing" if not count else f"stands there {count} times"
            hint = "name the column as the file does" if not count else "keep one of them"
            problems.append(
                Problem(where, f"the column {shown(name)} of [assessments.wide] in mapping.toml {what}", hint)
            )
    if wide and QUANTITY in header and QUANTITY not in wide:
        what = "the column 'quantity' is there, so this file has a row for each quantity"
        problems.append(Problem(where, what, "remove [assessments.wide] from mapping.toml, or the column"))
    if problems:
        raise SiteDataError(READ_FAILED, problems)


def unpivoted(text: pl.DataFrame, lines: pl.Series, wide: Mapping[str, WideColumn]) -> tuple[pl.DataFrame, pl.Series]:
    """Text with a row for each value that a wide file holds, in the order of the file, and the line of each.

    text    trimmed text columns: those that the quantities of a visit share, and the columns named in `wide`
    lines   (n,) line of each visit
    """
    shared = [name for name in text.columns if name not in wide]
    visits = text.with_columns(lines.alias(_ROW))
    parts = [_column(visits, name, meaning, shared) for name, meaning in wide.items()]
    rows = pl.concat(parts).sort(_ROW, maintain_order=True)
    return rows.drop(_ROW), rows[_ROW].rename("line")


def _column(visits: pl.DataFrame, name: str, meaning: WideColumn, shared: Sequence[str]) -> pl.DataFrame:
    empty = pl.lit(None, dtype=pl.String)
    held = {"value": empty, "result": empty, meaning.holds: pl.col(name)}
    method = {"method": pl.lit(meaning.method)} if meaning.method else {}
    return (
        visits.filter(pl.col(name).is_not_null())
        .select(
            *(pl.col(column) for column in shared if column not in method),
            quantity=pl.lit(meaning.quantity),
            unit=pl.lit(meaning.unit or None, dtype=pl.String),
            **held,
            **{"method": empty} if "method" not in shared and not method else method,
            **{_ROW: pl.col(_ROW)},
        )
        .select(
            [column for column in shared if column != "method"]
            + ["quantity", "value", "unit", "result", "method", _ROW]
        )
    )
