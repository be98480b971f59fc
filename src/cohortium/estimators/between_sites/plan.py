"""A study's meta-analyses as tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.estimators.between_sites.groups import TwoGroups
from cohortium.estimators.between_sites.logrank import LogRankEffect
from cohortium.estimators.between_sites.meta import MetaSpec
from cohortium.estimators.between_sites.model import ModelEffect
from cohortium.estimators.between_sites.proportions import ProportionEffect
from cohortium.estimators.contract import Task
from cohortium.estimators.cox import estimator as cox
from cohortium.estimators.cox.spec import CoxSpec, FactorTerm
from cohortium.estimators.logistic import estimator as logistic
from cohortium.estimators.logistic.spec import LogisticSpec
from cohortium.estimators.planning import factor_of, followup_of, strata_of
from cohortium.estimators.proportions.tabulate_rates import codes_of, outcome_of
from cohortium.estimators.regression.planned import main_term
from cohortium.study.analyses.covariate import form_of
from cohortium.study.variables import SITE

if TYPE_CHECKING:
    from cohortium.estimators.between_sites.meta import Effect
    from cohortium.estimators.proportions.outcome import Outcome
    from cohortium.estimators.regression.terms import Term
    from cohortium.study.analyses import MetaAnalysis
    from cohortium.study.study import Study

PETO = "(O - E) / V, Peto"
MEASURES = {
    "odds-ratio": "odds ratio, inverse variance",
    "risk-ratio": "ratio of proportions, inverse variance",
    "risk-difference": "difference of proportions, inverse variance",
    "peto-odds-ratio": "Peto's odds ratio",
}
ZERO_CELLS = {
    "add-half": "a half added to the cells of a table with a zero",
    "leave-out": "tables with a zero left out",
}


def plan(study: Study, analysis: MetaAnalysis) -> list[Task]:
    """The one task of a `meta-analysis`."""
    effect, label, note = _PLANS[analysis.model](study, analysis)
    population = "cohort"
    if analysis.endpoint is not None:
        population = followup_of(study, analysis.endpoint, nested=True).population
    spec = MetaSpec(
        site=factor_of(study, SITE),
        effect=effect,
        model=analysis.pooling,
        knapp_hartung=analysis.hartung_knapp,
        leave_one_out=analysis.leave_one_out,
        least_patients=analysis.least_patients,
        confidence=analysis.confidence,
        label=label,
        note=note,
        population=population,
    )
    variable = analysis.compared or ""
    return [Task(analysis.name, "meta-analysis", spec, analysis.name, variable=variable)]


def _cox(study: Study, analysis: MetaAnalysis) -> tuple[Effect, str, str]:
    # Every stratum lies inside the site that fits the model, so whole days are kept whatever the study's grid.
    follow = followup_of(study, analysis.endpoint or "", nested=True)
    terms = {form.variable: main_term(study, form) for form in map(form_of, analysis.covariates)}
    model = CoxSpec(
        time=follow.time,
        event=follow.event,
        grid=follow.grid,
        terms=tuple(terms.values()),
        strata=strata_of(study, analysis.strata),
        nested=True,
        ties=analysis.ties,
        confidence=analysis.confidence,
        entry=follow.entry,
    )
    column, label = _column(study, analysis, terms[analysis.effect or ""])
    return ModelEffect(cox.ESTIMATOR, model, column), label, f"Cox model within each site, {analysis.ties.title()} ties"


def _logistic(study: Study, analysis: MetaAnalysis) -> tuple[Effect, str, str]:
    terms = {form.variable: main_term(study, form) for form in map(form_of, analysis.covariates)}
    model = LogisticSpec(
        outcome=_outcome(study, analysis),
        terms=tuple(terms.values()),
        strata=strata_of(study, analysis.strata),
        confidence=analysis.confidence,
    )
    column, label = _column(study, analysis, terms[analysis.effect or ""])
    return ModelEffect(logistic.ESTIMATOR, model, column), label, "logistic model within each site"


def _column(study: Study, analysis: MetaAnalysis, term: Term) -> tuple[str, str]:
    """The column whose coefficient is pooled, and its contrast as printed."""
    if not isinstance(term, FactorTerm):
        return term.name, getattr(term, "note", "")
    reference = term.factor.labels[term.reference]
    level = _other(study, analysis.effect or "", analysis.level, reference)
    return f"{term.name}[{level}]", f"{level} v {reference}"


def _outcome(study: Study, analysis: MetaAnalysis) -> Outcome:
    outcome = analysis.outcome
    if outcome is None:
        raise LookupError(f"analysis {analysis.name} has no outcome")
    return outcome_of(study, outcome.label, outcome.variable, outcome.levels, analysis.not_evaluable)


def _logrank(study: Study, analysis: MetaAnalysis) -> tuple[Effect, str, str]:
    follow = followup_of(study, analysis.endpoint or "", nested=True)
    groups = _groups(study, analysis)
    return LogRankEffect(groups, follow.time, follow.event, follow.grid, follow.entry), groups.label, PETO


def _proportions(study: Study, analysis: MetaAnalysis) -> tuple[Effect, str, str]:
    groups, made = _groups(study, analysis), _outcome(study, analysis)
    measure = analysis.measure or "odds-ratio"
    note = (
        MEASURES[measure] if measure == "peto-odds-ratio" else f"{MEASURES[measure]}; {ZERO_CELLS[analysis.zero_cells]}"
    )
    return ProportionEffect(groups, made, measure, analysis.zero_cells), groups.label, note


def _groups(study: Study, analysis: MetaAnalysis) -> TwoGroups:
    by = factor_of(study, analysis.by or "")
    reference = codes_of(study, by.name, [analysis.reference])[0] if analysis.reference else by.codes[0]
    label = _other(study, by.name, analysis.level, by.labels[by.codes.index(reference)])
    return TwoGroups(by, (by.codes[by.labels.index(label)], reference))


def _other(study: Study, variable: str, level: str | None, reference: str) -> str:
    """The label of the level that is compared with the reference: the one named, or the only other one."""
    levels = study.variable(variable).levels
    return next(
        one.label for one in levels if (one.label != reference if level is None else level in (one.label, one.code))
    )


_PLANS = {"cox": _cox, "logistic": _logistic, "logrank": _logrank, "proportions": _proportions}
