"""A study's logistic analyses as tasks: the multivariable model, and each covariate alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cohortium.estimators.contract import Task
from cohortium.estimators.logistic.spec import LogisticSpec
from cohortium.estimators.planning import factor_of, strata_label, strata_of
from cohortium.estimators.proportions.outcome import Outcome
from cohortium.estimators.regression.planned import main_term
from cohortium.estimators.regression.terms import ProductTerm
from cohortium.estimators.weighting.e_value_rows import EValueOf
from cohortium.study.analyses.covariate import form_of

if TYPE_CHECKING:
    from cohortium.study.analyses import Logistic
    from cohortium.study.study import Study


def plan(study: Study, analysis: Logistic) -> list[Task]:
    """The tasks of a `logistic` analysis: the multivariable model and, if asked, each covariate alone."""
    forms = [form_of(covariate) for covariate in analysis.covariates]
    mains = {form.variable: main_term(study, form) for form in forms}
    base = _base(study, analysis)
    products = (ProductTerm(tuple(mains[name] for name in parts)) for parts in analysis.interactions)
    wanted = EValueOf(analysis.e_value.effect, analysis.e_value.outcome == "rare") if analysis.e_value else None
    terms = (*mains.values(), *products)
    full = replace(base, terms=terms, risk_groups=analysis.risk_groups, e_value=wanted)
    tasks = [Task(f"{analysis.name}/multivariable", "logistic", full, analysis.name, "multivariable")]
    if analysis.univariable:
        tasks += [
            Task(f"{analysis.name}/univariable/{name}", "logistic", spec, analysis.name, "univariable", name)
            for name, spec in ((name, replace(base, terms=(term,))) for name, term in mains.items())
        ]
    return tasks


def _base(study: Study, analysis: Logistic) -> LogisticSpec:
    """What all models of an analysis share."""
    variable = factor_of(study, analysis.outcome.variable)
    known = {word: code for code, label in zip(variable.codes, variable.labels, strict=True) for word in (label, code)}
    levels = tuple(known[word] for word in analysis.outcome.levels)
    not_evaluable = tuple(known[word] for word in analysis.not_evaluable)
    return LogisticSpec(
        outcome=Outcome(analysis.outcome.label, variable, levels, not_evaluable),
        terms=(),
        strata=strata_of(study, analysis.strata),
        conditional=analysis.conditional,
        weight=analysis.weight or "",
        offset=analysis.offset or "",
        penalty=analysis.penalty,
        interval=analysis.interval,
        profile=True,
        errors=analysis.firth_errors,
        term_tests=analysis.term_tests,
        confidence=analysis.confidence,
        note=_note(study, analysis),
    )


def _note(study: Study, analysis: Logistic) -> str:
    parts = [strata_label(study, analysis.strata)]
    for key, words in (("weight", "weighted by"), ("offset", "offset")):
        if (name := getattr(analysis, key)) is not None:
            parts.append(f"{words} {study.variable(name).label.lower()}")
    return "; ".join(filter(None, parts))
