"""A baseline table in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report.labels import inside_sentence, joined, variable_label
from cohortium.report.methods.proportions import TEST

if TYPE_CHECKING:
    from cohortium.study.analyses import Baseline
    from cohortium.study.study import Study

_NUMBERS = {
    "rank": ("the Wilcoxon rank sum test", "the Kruskal-Wallis test"),
    "mean": ("Student's t test", "analysis of variance"),
    "welch": ("Welch's t test", "Welch's analysis of variance"),
}


def baseline(study: Study, analysis: Baseline) -> Iterator[str]:
    """What is described, and by which tests the groups are compared."""
    yield "Counts with percentages of the known values; means with standard deviations, medians with quartiles."
    if analysis.quantile_type == "type-2":
        yield "Quartiles by definition 2 of Hyndman and Fan, as in SAS."
    if analysis.by is None:
        return
    if analysis.tests:
        yield from _tests(study, analysis, analysis.by)
    if analysis.standardized_differences:
        pairs = ", as the mean over all pairs of groups" if len(study.variable(analysis.by).levels) > 2 else ""
        yield f"Standardized mean differences{pairs}."


def _tests(study: Study, analysis: Baseline, by: str) -> Iterator[str]:
    kinds = {name: study.variable(name).kind == "category" for name in analysis.variables}
    trends = [name for name in analysis.trend if kinds[name]]
    used = []
    if any(is_category and name not in trends for name, is_category in kinds.items()):
        used.append(f"categories by {TEST}")
    if trends:
        labels = joined([inside_sentence(variable_label(study, name)) for name in trends])
        used.append(f"{labels} by the chi-square test for linear trend")
    if not all(kinds.values()):
        used.append(f"numbers by {_NUMBERS[analysis.number_test][len(study.variable(by).levels) > 2]}")
    yield f"The groups were compared, patients with unknown values left out: {'; '.join(used)}."
