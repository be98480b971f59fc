"""The headed paragraphs of the methods section, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cohortium.report.ethics import ethics_sentences
from cohortium.report.labels import full_title
from cohortium.report.methods.cohort import population_sentences, time_sentences
from cohortium.report.methods.competing import cumulative_incidence, fine_gray, gray
from cohortium.report.methods.endpoints import endpoint_paragraph
from cohortium.report.methods.numbers import number_sentences
from cohortium.report.methods.proportions import response_rates, stratified_rates
from cohortium.report.methods.regression import cox
from cohortium.report.methods.survival import kaplan_meier, logrank
from cohortium.report.rules import Paragraph, derived
from cohortium.study.analyses import (
    Analysis,
    Baseline,
    Cox,
    CumulativeIncidence,
    FineGray,
    Gray,
    KaplanMeier,
    LogRank,
    ResponseRates,
    StratifiedRates,
)

if TYPE_CHECKING:
    from cohortium.results import Results
    from cohortium.study.study import Study


def methods(study: Study, results: Results) -> Iterator[tuple[str, tuple[Paragraph, ...]]]:
    """Headed paragraphs: ethics, population, time and endpoints, each analysis, how numbers are printed."""
    yield "Ethics", _plain(ethics_sentences(study, results))
    yield "Population", _plain(population_sentences(study, results))
    endpoints = (endpoint_paragraph(study, each) for each in study.file.endpoint)
    yield "Time and endpoints", (*_plain(time_sentences(study)), *endpoints)
    if study.file.derive:
        yield "Derived variables", tuple(derived(study))
    for analysis in study.file.analysis:
        yield full_title(study, analysis), _plain(_analysis(study, results, analysis))
    yield "Numbers", _plain(number_sentences({analysis.method for analysis in study.file.analysis}))


def _plain(sentences: Iterable[str]) -> tuple[Paragraph, ...]:
    return ((" ".join(sentences),),)


def _analysis(study: Study, results: Results, analysis: Analysis) -> Iterator[str]:
    if isinstance(analysis, Baseline):
        yield "Counts with percentages of the known values; means with standard deviations, medians with quartiles."
    elif isinstance(analysis, ResponseRates):
        yield from response_rates(study, analysis)
    elif isinstance(analysis, StratifiedRates):
        yield from stratified_rates(study, analysis)
    elif isinstance(analysis, KaplanMeier):
        yield from kaplan_meier(study, analysis)
    elif isinstance(analysis, LogRank):
        yield from logrank(study, analysis)
    elif isinstance(analysis, Cox):
        yield from cox(study, results, analysis)
    elif isinstance(analysis, CumulativeIncidence):
        yield from cumulative_incidence(study, analysis)
    elif isinstance(analysis, Gray):
        yield from gray(study, analysis)
    elif isinstance(analysis, FineGray):
        yield from fine_gray(study, analysis)
    else:
        yield "Records received, patients analyzed, events and follow-up added up per institution."
