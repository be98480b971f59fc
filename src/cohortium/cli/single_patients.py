"""Results without the values of single patients: rows of the results table, and data of the figures that draw them."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

_METHOD, _STATISTICS = "individual-courses", ("change", "course")
_FIGURES = ("waterfall", "swimmer")
_DATA = re.compile(
    r'<details class="figure-data">.*?</details>\s*|<script type="application/json">.*?</script>\s*', re.DOTALL
)


def single_patient_figures(study: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the figures of a study file that draw a bar a patient."""
    return tuple(str(figure.get("name")) for figure in study.get("figure", ()) if figure.get("kind") in _FIGURES)


def without_single_patients(contents: Mapping[str, bytes], figures: Sequence[str]) -> dict[str, bytes]:
    """The files of a results directory without a value of one patient; pictures stay, as they are published.

    contents  files by name
    figures   names of the figures that draw a bar a patient
    """
    kept = {name: data for name, data in contents.items() if name not in {f"figures/{each}.csv" for each in figures}}
    if "results.csv" in kept:
        kept["results.csv"] = _table_as_text(kept["results.csv"])
    if "results.parquet" in kept:
        kept["results.parquet"] = _table(kept["results.parquet"])
    if "report.html" in kept:
        kept["report.html"] = _page(kept["report.html"].decode(), figures).encode()
    return kept


def _table_as_text(content: bytes) -> bytes:
    head, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    method, statistic = head.index("method"), head.index("statistic")
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(row for row in rows if row[method] != _METHOD or row[statistic] not in _STATISTICS)
    return target.getvalue().encode()


def _table(content: bytes) -> bytes:
    import polars as pl

    is_single = (pl.col("method") == _METHOD) & pl.col("statistic").is_in(_STATISTICS)
    target = io.BytesIO()
    pl.read_parquet(content).filter(~is_single).write_parquet(target)
    return target.getvalue()


def _page(page: str, figures: Sequence[str]) -> str:
    """The report without the data that it holds for its figures' exact values."""
    for name in figures:
        start = page.find(f'id="figure-{name}"')
        end = page.find("</figure>", start)
        if start >= 0:
            page = page[:start] + _DATA.sub("", page[start:end]) + page[end:]
    return page
