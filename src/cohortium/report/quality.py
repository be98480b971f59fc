"""Queries about the data, as plain counts by rule and institution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cohortium.report import formats
from cohortium.report.table import Cell, Row, Table


@dataclass(frozen=True, slots=True)
class QualityLine:
    """How often one rule was broken at one institution; never which patient, never a value.

    severity   `error` or `note`
    """

    site: str
    rule: str
    severity: str
    count: int


def quality_table(lines: Sequence[QualityLine]) -> Table:
    """A line per rule with its total, its institutions below; errors before notes."""
    rules = sorted({(line.severity, line.rule) for line in lines}, key=lambda key: (key[0] != "error", key))
    body: list[Row] = []
    for severity, rule in rules:
        mine = [line for line in lines if (line.severity, line.rule) == (severity, rule)]
        total = sum(line.count for line in mine)
        name = rule.replace("-", " ")
        body.append(Row(Cell(name[:1].upper() + name[1:]), (Cell(severity), Cell(formats.count(total), given=True))))
        body += [
            Row(Cell(line.site or "Study"), (Cell(""), Cell(formats.count(line.count), given=True)), indent=1)
            for line in mine
        ]
    header = (Cell("Rule and institution"), Cell("Severity"), Cell("Queries"))
    return Table("data_quality", "Queries by rule and institution", (header,), tuple(body))
