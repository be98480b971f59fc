"""The tests whose p-values stand in a panel, under the names that are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.comparisons import Comparison, comparisons
from cohortium.report.findings.warned import as_sentence
from cohortium.report.labels import test_name
from cohortium.results import Results
from cohortium.study.analyses import Gray, LogRank

if TYPE_CHECKING:
    from cohortium.study.study import Study


def named_tests(study: Study, results: Results, analyses: Sequence[str]) -> list[Comparison]:
    """The overall tests and trends of the analyses named, under their printed names; pairs stand in a table."""
    found = []
    for analysis in map(study.analysis, analyses):
        if isinstance(analysis, LogRank | Gray):
            tests = [test for test in comparisons(results, analysis.name) if not test.pair]
            found += [replace(test, name=test_name(study, test.name, analysis.strata)) for test in tests]
    return found


def panel_line(test: Comparison) -> str:
    """`Log-rank test: p = 0.001`."""
    return as_sentence(f"{test.name}: {formats.p_equation(test.p)}").rstrip(".")
