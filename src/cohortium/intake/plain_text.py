"""CSV text without quotation marks to columns, all lines at once; anything out of the ordinary is left to the reader."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

LONGEST_LINE = 100_000
"""Below the longest cell that the reader takes."""


def plain_columns(
    text: str, ending: str, delimiter: str, n_columns: int, kept: Sequence[int]
) -> tuple[pl.Series, list[pl.Series]] | None:
    """Position of each line that is not empty, from 0, and its cells at the kept positions.

    text      what follows the header
    ending    line end of the header
    None where the reader must decide: a quotation mark, NUL, another line end, a line too long, or with another number of
    cells than the header.
    """
    if '"' in text or "\0" in text or not _has_one_ending(text, ending):
        return None
    lines = pl.Series("line", text.split(ending or "\n"), dtype=pl.String)
    numbered = pl.DataFrame({"place": pl.int_range(lines.len(), eager=True), "line": lines}).filter(lines != "")
    line = pl.col("line")
    n_cells = line.str.count_matches(delimiter, literal=True).cast(pl.Int64) + 1
    is_plain = ((n_cells == n_columns) & (line.str.len_bytes() <= LONGEST_LINE)).all()
    if not numbered.select(is_plain).item():
        return None
    if n_columns == 1:
        return numbered["place"], [numbered["line"] for _ in kept]
    cells = numbered["line"].str.split_exact(delimiter, n_columns - 1).struct.unnest()
    return numbered["place"], [cells.to_series(position) for position in kept]


def _has_one_ending(text: str, ending: str) -> bool:
    n_returns = text.count("\r")
    if ending == "\r\n":
        return n_returns == text.count("\n") == text.count("\r\n")
    return n_returns == 0
