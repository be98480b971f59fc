"""What a table of the page offers besides its text: its data, which rows may be sorted, where its numbers come from."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report.labels import full_title
from cohortium.report.origins import Origins
from cohortium.report.render import csv
from cohortium.report.sorting import sort_groups
from cohortium.report.table import Table
from cohortium.results import Statistic

if TYPE_CHECKING:
    from cohortium.study.study import Study


@dataclass(frozen=True, slots=True)
class Interactive:
    """The extras of one table.

    groups    for each row the number of the group it may be sorted in; None keeps its place
    data      the table as CSV, as a data URI
    sources   sentences that say by which analysis and method the numbers were made
    origins   where each cell comes from
    """

    groups: tuple[int | None, ...]
    data: str
    sources: tuple[str, ...]
    origins: Origins

    @property
    def is_sortable(self) -> bool:
        """Whether any rows may be sorted."""
        return any(self.groups)


def interactive(study: Study, table: Table, origins: Origins) -> Interactive:
    """The extras of a table of the page."""
    data = "data:text/csv;charset=utf-8;base64," + base64.b64encode(csv.render(table).encode()).decode("ascii")
    return Interactive(sort_groups(table), data, tuple(_sources(study, table)), origins)


def _sources(study: Study, table: Table) -> Iterator[str]:
    """`Overall survival by sex (os-sex): kaplan-meier, log-log interval; population: cohort.`"""
    titles = {analysis.name: full_title(study, analysis) for analysis in study.file.analysis}
    found: dict[tuple[str, str], list[Statistic]] = {}
    for statistic in (statistic for cell in table.cells() for statistic in cell.behind):
        found.setdefault((statistic.analysis, statistic.method), []).append(statistic)
    for (analysis, method), statistics in found.items():
        name = f"{titles[analysis]} ({analysis})" if analysis in titles else analysis
        notes = dict.fromkeys(statistic.note for statistic in statistics if statistic.note)
        populations = dict.fromkeys(statistic.population for statistic in statistics)
        how = "; ".join([method, *notes])
        yield f"{name}: {how}. Population: {', '.join(populations)}."
