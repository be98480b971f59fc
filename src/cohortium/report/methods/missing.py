"""How values that are not known were counted, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report.labels import inside_sentence, joined, variable_label

if TYPE_CHECKING:
    from cohortium.study.analyses import Cox, Logistic, Missingness
    from cohortium.study.study import Study

MOST_PATTERNS_OF = 12


def missingness(study: Study, analysis: Missingness) -> Iterator[str]:
    """What was counted."""
    labels = joined([inside_sentence(variable_label(study, name)) for name in analysis.variables])
    yield f"Values not known were counted for {labels}, one by one and in pairs."
    if len(analysis.variables) <= MOST_PATTERNS_OF:
        yield "Patients were counted by the combination of variables that is not known of them."
    yield "A complete-case analysis was followed through the variables in this order."


def imputation(study: Study, analysis: Cox | Logistic) -> Iterator[str]:
    """How values were imputed and models pooled."""
    section = next(each for each in study.file.imputation if each.name == analysis.imputation)
    labels = joined([inside_sentence(variable_label(study, name)) for name in section.variables])
    others = [inside_sentence(variable_label(study, name)) for name in section.auxiliary]
    others += [f"event and cumulative hazard of {_endpoint(study, name)}" for name in section.endpoints]
    beside = f" and from {joined(others)}" if others else ""
    yield (
        f"Missing values of {labels} were imputed {section.m} times by chained equations ({section.iterations} "
        f"iterations), each from the others{beside}: numbers by Bayesian linear regression, rounded and kept in their "
        "declared range, categories by logistic regression. The models were fitted to every imputation and pooled by "
        "Rubin's rules with Barnard and Rubin's degrees of freedom (limits and tests by Student's t, tests of several "
        "coefficients by the D1 statistic of Li, Raghunathan and Rubin). The multivariable model was also fitted to "
        "the complete cases."
    )


def _endpoint(study: Study, name: str) -> str:
    return inside_sentence(study.endpoint(name).label)
