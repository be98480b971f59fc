"""The methods of a study in sentences, written from its study file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.ethics import ethics_sentences, institutions_used, sites_used
from cohortium.report.labels import (
    covariate_names,
    full_title,
    inside_sentence,
    joined,
    months_phrase,
    strata_phrase,
    variable_label,
)
from cohortium.report.rules import Code, Paragraph, derived, with_labels
from cohortium.study.analyses import Analysis, Baseline, Cox, KaplanMeier, LogRank, Sites

if TYPE_CHECKING:
    from cohortium.results import Results
    from cohortium.study.model import Endpoint
    from cohortium.study.study import Study


def methods(study: Study, results: Results) -> Iterator[tuple[str, tuple[Paragraph, ...]]]:
    """Headed paragraphs: ethics, population, time and endpoints, each analysis, how numbers are printed."""
    yield "Ethics", _plain(ethics_sentences(study, results))
    yield "Population", _plain(_population(study, results))
    yield "Time and endpoints", (*_plain(_time(study)), *(_endpoint(study, each) for each in study.file.endpoint))
    if study.file.derive:
        yield "Derived variables", tuple(derived(study))
    for analysis in study.file.analysis:
        yield full_title(study, analysis), _plain(_analysis(study, analysis))
    yield "Numbers", _plain(_numbers({type(analysis) for analysis in study.file.analysis}))


def _plain(sentences: Iterable[str]) -> tuple[Paragraph, ...]:
    return ((" ".join(sentences),),)


def _population(study: Study, results: Results) -> Iterator[str]:
    yield f"Retrospective data from {formats.plural(len(institutions_used(study, results)), 'institution')}."
    if any(site.unassigned for site in sites_used(study, results)):
        yield (
            "Records without a known institution count in unstratified analyses and are left out where an "
            "analysis is stratified by institution."
        )
    if study.file.cohort.step:
        steps = joined([f"({i}) {step.label}" for i, step in enumerate(study.file.cohort.step, 1)])
        yield f"Included in this order: {steps}."
        yield "A record for which a step cannot be judged because a value is missing is excluded at that step."
    else:
        yield "All records received are included."


def _time(study: Study) -> Iterator[str]:
    time = study.file.time
    horizon = formats.number(formats.in_months(time.horizon_days, time.month_days), 1)
    yield f"Time is counted in whole days from {time.origin_label}, up to {formats.count(time.horizon_days)} days"
    yield f"({horizon} months). {months_phrase(study)}"
    if study.file.study.data_cutoff:
        yield f"The data were cut on {study.file.study.data_cutoff.isoformat()}."


def _endpoint(study: Study, endpoint: Endpoint) -> Paragraph:
    if endpoint.time:
        counted = f"{endpoint.label}: {inside_sentence(variable_label(study, endpoint.time))}"
        if not endpoint.event_where:
            return (f"{counted}.",)
        where = endpoint.event_where
        return f"{counted}; an event where ", Code(where), *with_labels(study, where), "."
    events = [inside_sentence(variable_label(study, name)) for name in endpoint.event]
    censored = f"; censored at {inside_sentence(variable_label(study, endpoint.censor))}" if endpoint.censor else ""
    return (f"{endpoint.label}: from {study.file.time.origin_label} to {_first_of(events)}{censored}.",)


def _first_of(events: Sequence[str]) -> str:
    which = {1: "", 2: "the earlier of "}.get(len(events), "the earliest of ")
    return f"{which}{joined(events)}"


def _analysis(study: Study, analysis: Analysis) -> Iterator[str]:
    if isinstance(analysis, Baseline):
        yield "Counts with percentages of the known values; means with standard deviations, medians with quartiles."
    elif isinstance(analysis, KaplanMeier):
        yield from _kaplan_meier(analysis)
    elif isinstance(analysis, LogRank):
        yield f"Two-sided log-rank test of {inside_sentence(study.endpoint(analysis.endpoint).label)}"
        yield f"by {inside_sentence(variable_label(study, analysis.by))}, {strata_phrase(study, analysis.strata)}."
    elif isinstance(analysis, Cox):
        yield from _cox(study, analysis)
    else:
        yield "Records received, patients analyzed, events and follow-up added up per institution."


def _kaplan_meier(analysis: KaplanMeier) -> Iterator[str]:
    kind = (
        "Reverse Kaplan-Meier method (the end of follow-up is the event)" if analysis.reverse else "Kaplan-Meier method"
    )
    level = formats.number_shortest(100 * analysis.confidence)
    yield f"{kind}; {level}% confidence intervals by the {analysis.interval} transformation."
    if analysis.at_months:
        months = joined([formats.number_shortest(month) for month in analysis.at_months])
        yield f"Survival is given at {months} {'month' if list(analysis.at_months) == [1] else 'months'}."


def _cox(study: Study, analysis: Cox) -> Iterator[str]:
    covariates = joined([inside_sentence(variable_label(study, name)) for name in covariate_names(analysis)])
    yield f"Cox proportional-hazards regression with {analysis.ties.capitalize()}'s handling of ties,"
    yield f"{strata_phrase(study, analysis.strata)}; covariates {covariates}."
    if analysis.univariable:
        yield "Each covariate was also fitted alone."
    level = formats.number_shortest(100 * analysis.confidence)
    yield f"Wald {level}% confidence intervals and two-sided p-values; patients with a missing covariate are left out."


def _numbers(kinds: set[type[Analysis]]) -> Iterator[str]:
    yield "Numbers are rounded half away from zero."
    if kinds & {Baseline, Sites}:
        yield (
            "The percentages of a table of counts have one decimal where one of its columns counts 100 patients or "
            "more, and none otherwise."
        )
    if KaplanMeier in kinds:
        yield "Survival percentages have one decimal."
    if kinds & {LogRank, Cox}:
        yield (
            "p-values have two decimals, and three where they are below 0.01 or two would print 0.05; "
            "a p-value below 0.001 is printed as <0.001, one that would round to 1 as >0.99."
        )
    if Cox in kinds:
        yield "Hazard ratios have two decimals below 10, one below 100 and none above; beyond 9999 they are >9999."
