"""The words a study file gives to its elements, as tables, figures and text print them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cohortium.report.formats import number_shortest
from cohortium.study.analyses import Analysis, Baseline, Covariate, Cox, KaplanMeier, LogRank
from cohortium.study.variables import SITE

if TYPE_CHECKING:
    from cohortium.study.study import Study


def inside_sentence(label: str) -> str:
    """A label as it stands inside a sentence: `Sex` becomes `sex`, `ECOG score` stays."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def joined(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def abridged(label: str, most: int = 40) -> str:
    """A label inside a line of a figure: what is beyond a number of letters is an ellipsis."""
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"


def variable_label(study: Study, name: str) -> str:
    """The printed label of a variable, without its unit."""
    return "Institution" if name == SITE else study.variable(name).label


def strata_phrase(study: Study, strata: Sequence[str]) -> str:
    """`stratified by institution`, or `unstratified`."""
    if not strata:
        return "unstratified"
    return f"stratified by {joined([inside_sentence(variable_label(study, name)) for name in strata])}"


def analysis_title(study: Study, name: str) -> str:
    """The analysis's label, as a table of its endpoint prints it; the full title when the study file gives none."""
    analysis: Analysis = study.analysis(name)
    return analysis.label or full_title(study, analysis)


def full_title(study: Study, analysis: Analysis) -> str:
    """Endpoint, groups and method: what tells an analysis from all others outside its table."""
    if isinstance(analysis, Baseline):
        return "Baseline characteristics" + _by(study, analysis.by)
    endpoint = study.endpoint(analysis.endpoint).label
    if isinstance(analysis, KaplanMeier):
        if analysis.reverse:
            return f"Follow-up for {inside_sentence(endpoint)}{_by(study, analysis.by)}"
        return endpoint + _by(study, analysis.by)
    if isinstance(analysis, LogRank):
        return f"{endpoint}{_by(study, analysis.by)}, {test_name(study, analysis)}"
    if isinstance(analysis, Cox):
        return f"{endpoint}, Cox regression, {strata_phrase(study, analysis.strata)}"
    return f"Institutions, {inside_sentence(endpoint)}"


def _by(study: Study, variable: str | None) -> str:
    return f" by {inside_sentence(variable_label(study, variable))}" if variable else ""


def test_name(study: Study, analysis: LogRank) -> str:
    """`log-rank test`, with its strata."""
    return f"log-rank test {strata_phrase(study, analysis.strata)}" if analysis.strata else "log-rank test"


def color_index(study: Study, variable: str | None, group: str, position: int) -> int:
    """The place of a group among the declared levels, so that a group keeps its color in every figure."""
    if variable is None:
        return 0
    labels = [level.label for level in study.variable(variable).levels]
    return labels.index(group) if group in labels else position


def months_phrase(study: Study) -> str:
    """`A month is 30.4375 days.`"""
    return f"A month is {number_shortest(study.file.time.month_days)} days."


def covariate_names(analysis: Cox) -> tuple[str, ...]:
    """The variables of a regression in the order of the study file."""
    return tuple(c.variable if isinstance(c, Covariate) else c for c in analysis.covariates)
