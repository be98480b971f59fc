"""Regression of the subdistribution hazard (Fine and Gray 1999) as a registered estimator."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cohortium.estimators.contract import Estimator, Task
from cohortium.estimators.fine_gray.prepare import prepare
from cohortium.estimators.fine_gray.solve import solve
from cohortium.estimators.fine_gray.spec import FineGraySpec
from cohortium.estimators.fine_gray.summaries import asks, shapes, size, start, summarize
from cohortium.estimators.fine_gray.tabulate import tabulate
from cohortium.estimators.planning import factor_of, followup_of, is_nested, strata_label, strata_of
from cohortium.estimators.regression.planned import main_term
from cohortium.study.analyses.covariate import form_of

if TYPE_CHECKING:
    from cohortium.study.analyses import FineGray
    from cohortium.study.study import Study


def plan(study: Study, analysis: FineGray) -> list[Task]:
    """The tasks of a `fine-gray` analysis: the multivariable model and, if asked, each covariate alone."""
    terms = [main_term(study, form_of(covariate)) for covariate in analysis.covariates]
    spec = _spec(study, analysis)
    tasks = [_task(analysis, replace(spec, terms=tuple(terms)), "multivariable")]
    if analysis.univariable:
        tasks += [_task(analysis, replace(spec, terms=(term,)), "univariable", term.variable) for term in terms]
    return tasks


def _task(analysis: FineGray, spec: FineGraySpec, model: str, variable: str = "") -> Task:
    key = "/".join(filter(None, [analysis.name, model, variable]))
    return Task(key, "fine-gray", spec, analysis.name, model, variable)


def _spec(study: Study, analysis: FineGray) -> FineGraySpec:
    """What all models of an analysis share; the terms are still to come."""
    nested, by = is_nested(analysis.strata), analysis.censoring_by
    censoring_nested = by is not None and is_nested([by])
    # Times leave the sites unless both the risk sets and the distribution of censoring lie inside them.
    follow = followup_of(study, analysis.endpoint, nested=nested and censoring_nested)
    parts = [strata_label(study, analysis.strata)]
    if by is not None:
        parts.append(f"distribution of censoring by {study.variable(by).label.lower()}")
    return FineGraySpec(
        time=follow.time,
        event=follow.event,
        grid=follow.grid,
        terms=(),
        cause=follow.number_of(analysis.cause),
        n_causes=follow.n_causes,
        cause_label=analysis.cause,
        strata=strata_of(study, analysis.strata),
        nested=nested,
        censoring=None if by is None else factor_of(study, by),
        censoring_nested=censoring_nested,
        confidence=analysis.confidence,
        note="; ".join(filter(None, parts)),
        population=follow.population,
    )


ESTIMATOR = Estimator("fine-gray", plan, size, asks, start, shapes, prepare, summarize, solve, tabulate)
