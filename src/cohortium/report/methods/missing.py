"""How values that are not known were counted, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cohortium.report.labels import analysis_title, inside_sentence, joined, variable_label

if TYPE_CHECKING:
    from cohortium.study.analyses import Analysis, Missingness
    from cohortium.study.imputation import Imputation
    from cohortium.study.study import Study

MOST_PATTERNS_OF = 12


def missingness(study: Study, analysis: Missingness) -> Iterator[str]:
    """What was counted."""
    labels = joined([inside_sentence(variable_label(study, name)) for name in analysis.variables])
    yield f"Values not known were counted for {labels}, one by one and in pairs."
    if len(analysis.variables) <= MOST_PATTERNS_OF:
        yield "Patients were counted by the combination of variables that is not known of them."
    yield "A complete-case analysis was followed through the variables in this order."


def imputed_values(study: Study, section: Imputation) -> Iterator[str]:
    """How values were imputed."""
    labels = joined([inside_sentence(variable_label(study, name)) for name in section.variables])
    others = [inside_sentence(variable_label(study, name)) for name in section.auxiliary]
    others += [f"event and cumulative hazard of {_endpoint(study, name)}" for name in section.endpoints]
    beside = f" and from {joined(others)}" if others else ""
    yield (
        f"Missing values of {labels} were imputed {section.m} times by chained equations ({section.iterations} "
        f"iterations), each from the others{beside}: numbers by Bayesian linear regression, rounded and kept in their "
        "declared range, categories by logistic regression."
    )


def imputation(study: Study, analysis: Analysis) -> Iterator[str]:
    """How estimates were pooled over imputations; nothing for an analysis of the rows as they are."""
    name = getattr(analysis, "imputation", None)
    if name is None:
        return
    if len(study.file.imputation) > 1:
        yield f"Missing values are those of the imputation {name}."
    yield _POOLED.get(analysis.method, _MODELS)


def imputed_notes(study: Study, analyses: Sequence[str]) -> Iterator[str]:
    """For the foot of a table: which of its analyses are pooled over imputations."""
    chosen = [study.analysis(name) for name in analyses]
    pooled = [analysis for analysis in chosen if getattr(analysis, "imputation", None) is not None]
    sizes = {each.name: each.m for each in study.file.imputation}
    for analysis in pooled:
        which = f"{analysis_title(study, analysis.name)}: pooled" if len(chosen) > 1 else "Pooled"
        yield f"{which} over {sizes[analysis.imputation]} imputations of missing values; counts are means over imputations."  # type: ignore[union-attr, index]


_RUBIN = "pooled by Rubin's rules with Barnard and Rubin's degrees of freedom"
_D2 = "chi-square statistics by the D2 statistic of Li, Meng, Raghunathan and Rubin"
_MODELS = (
    f"The models were fitted to every imputation and {_RUBIN} (limits and tests by Student's t, tests of several "
    "coefficients by the D1 statistic of Li, Raghunathan and Rubin). The multivariable model was also fitted to the "
    "complete cases."
)
_CURVES = (
    f"Values at the times named, made of every imputation, were {_RUBIN} on the scale of their interval; quantiles of time "
    "are medians over imputations, without limits."
)
_POOLED = {
    "response-rates": (
        f"Rates and differences of rates, made of every imputation, were {_RUBIN}; intervals are Wilson's over imputations "
        "(Lott and Reiter), those of differences Newcombe's from them, those of ratios logarithmic; groups were compared "
        "by Student's t, more than two by the D1 statistic of Li, Raghunathan and Rubin."
    ),
    "cmh": f"The logarithm of the common odds ratio of every imputation was {_RUBIN}; {_D2}.",
    "baseline": (
        "Counts, means and quartiles are means over imputations, standard deviations the root of the mean variance; two "
        f"means were compared by the t test {_RUBIN}, other tests were pooled as {_D2}."
    ),
    "kaplan-meier": _CURVES,
    "cumulative-incidence": _CURVES,
    "logrank": f"The tests of all imputations were pooled: {_D2}.",
    "gray": f"The tests of all imputations were pooled: {_D2}.",
    "meta-analysis": (
        "Within each institution the estimates of all imputations were pooled by Rubin's rules first, then those of the "
        "institutions were pooled."
    ),
}


def _endpoint(study: Study, name: str) -> str:
    return inside_sentence(study.endpoint(name).label)
