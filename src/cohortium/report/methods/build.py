"""The headed paragraphs of the methods section, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cohortium.report.ethics import ethics_sentences
from cohortium.report.labels import full_title, propensity_title
from cohortium.report.methods.baseline import baseline
from cohortium.report.methods.between_sites import family_sentences, meta_analysis, site_outcomes
from cohortium.report.methods.cohort import population_sentences, time_sentences
from cohortium.report.methods.competing import cumulative_incidence, fine_gray, gray
from cohortium.report.methods.derived import derived
from cohortium.report.methods.endpoints import endpoint_paragraph
from cohortium.report.methods.logistic import logistic
from cohortium.report.methods.missing import imputation, imputed_values, missingness
from cohortium.report.methods.numbers import number_sentences
from cohortium.report.methods.proportions import response_rates, stratified_rates
from cohortium.report.methods.regression import cox
from cohortium.report.methods.sequences import sequences
from cohortium.report.methods.survival import kaplan_meier, logrank
from cohortium.report.methods.toxicity import adverse_events, individual_courses
from cohortium.report.methods.weighting import balance, propensity_score
from cohortium.report.rules import Paragraph
from cohortium.study.analyses import (
    AdverseEvents,
    Analysis,
    Balance,
    Baseline,
    Cox,
    CumulativeIncidence,
    FineGray,
    Gray,
    IndividualCourses,
    KaplanMeier,
    Logistic,
    LogRank,
    MetaAnalysis,
    Missingness,
    ResponseRates,
    Sequences,
    SiteOutcomes,
    StratifiedRates,
)

if TYPE_CHECKING:
    from cohortium.results import Results
    from cohortium.study.study import Study


def methods(study: Study, results: Results) -> Iterator[tuple[str, tuple[Paragraph, ...]]]:
    """Headed paragraphs: ethics, population, time and endpoints, each analysis, how numbers are printed."""
    yield "Ethics", _plain(ethics_sentences(study, results))
    yield "Population", _plain(population_sentences(study, results))
    endpoints = (endpoint_paragraph(study, results, each) for each in study.file.endpoint)
    yield "Time and endpoints", (*_plain(time_sentences(study)), *endpoints)
    if study.file.derive:
        yield "Derived variables", tuple(derived(study))
    for imputed in study.file.imputation:
        named = f" ({imputed.name})" if len(study.file.imputation) > 1 else ""
        yield f"Imputation of missing values{named}", _plain(imputed_values(study, imputed))
    for section in study.file.propensity:
        yield propensity_title(study, section), _plain(propensity_score(study, section))
    for analysis in study.file.analysis:
        sentences = [*_analysis(study, results, analysis)]
        if not isinstance(analysis, Cox | Logistic):
            # Sentences on models say it in their place.
            sentences += imputation(study, analysis)
        yield full_title(study, analysis), _plain(sentences)
    if study.file.family:
        yield "Many tests", _plain(family_sentences(study.file.family))
    yield "Numbers", _plain(number_sentences({analysis.method for analysis in study.file.analysis}))


def _plain(sentences: Iterable[str]) -> tuple[Paragraph, ...]:
    return ((" ".join(sentences),),)


def _analysis(study: Study, results: Results, analysis: Analysis) -> Iterator[str]:
    if isinstance(analysis, Balance):
        yield from balance(study, analysis)
    elif isinstance(analysis, Baseline):
        yield from baseline(study, analysis)
    elif isinstance(analysis, Missingness):
        yield from missingness(study, analysis)
    elif isinstance(analysis, ResponseRates):
        yield from response_rates(study, analysis)
    elif isinstance(analysis, StratifiedRates):
        yield from stratified_rates(study, analysis)
    elif isinstance(analysis, AdverseEvents):
        yield from adverse_events(study, analysis)
    elif isinstance(analysis, IndividualCourses):
        yield from individual_courses(study, analysis)
    elif isinstance(analysis, Sequences):
        yield from sequences(study, analysis)
    elif isinstance(analysis, KaplanMeier):
        yield from kaplan_meier(study, analysis)
    elif isinstance(analysis, LogRank):
        yield from logrank(study, analysis)
    elif isinstance(analysis, Cox):
        yield from cox(study, results, analysis)
    elif isinstance(analysis, Logistic):
        yield from logistic(study, results, analysis)
    elif isinstance(analysis, CumulativeIncidence):
        yield from cumulative_incidence(study, analysis)
    elif isinstance(analysis, Gray):
        yield from gray(study, analysis)
    elif isinstance(analysis, FineGray):
        yield from fine_gray(study, analysis)
    elif isinstance(analysis, MetaAnalysis):
        yield from meta_analysis(study, analysis)
    elif isinstance(analysis, SiteOutcomes):
        yield from site_outcomes(analysis)
    else:
        yield "Records received, patients analyzed, events and follow-up added up per institution."
