"""The results table as it was written, in both of its files, against the one in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cohortium.consistency.printed_rows import csv_rows
from cohortium.errors import Problem
from cohortium.results import COLUMNS

if TYPE_CHECKING:
    from cohortium.results import Results


def check_table_files(results: Results, directory: Path) -> Iterator[Problem]:
    """Rows of `results.csv` and `results.parquet` that are not those of the results table."""
    import polars as pl

    frame = results.to_frame()
    if not pl.read_parquet(directory / "results.parquet").equals(frame):
        yield Problem("results.parquet", "is not the results table")
    head, *lines = csv_rows((directory / "results.csv").read_text(encoding="utf-8")) or [[]]
    if tuple(head) != COLUMNS or len(lines) != frame.height:
        yield Problem("results.csv", f"{len(lines)} rows, expected {frame.height} of the columns of the results table")
        return
    for number, (line, row) in enumerate(zip(lines, frame.iter_rows(), strict=True), 2):
        expected = ["" if value is None else str(value) for value in row]
        if line == expected:
            continue
        for column, text, value in zip(COLUMNS, line, expected, strict=True):
            if text != value:
                yield Problem(f"results.csv, row {number}", f"{column} is «{text}», expected «{value}»")
