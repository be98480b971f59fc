"""A study's Cox analyses as tasks: the multivariable model, each covariate alone, an interaction a subgroup."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cohortium.estimators.contract import Task
from cohortium.estimators.cox.after.concordance import Concordance, Kind
from cohortium.estimators.cox.after.prediction import Prediction, Profile
from cohortium.estimators.cox.after.proportional import ProportionalHazards
from cohortium.estimators.cox.profiles import profile_columns
from cohortium.estimators.cox.spec import CoxSpec, FactorTerm, NumberTerm, ProductTerm, Term
from cohortium.estimators.planning import factor_of, followup_of, is_nested, strata_label, strata_of
from cohortium.estimators.regression.planned import main_term
from cohortium.estimators.weighting.e_value_rows import EValueOf
from cohortium.study.analyses.covariate import form_of
from cohortium.study.analyses.time_dependent import PATIENT, episodes_of
from cohortium.study.variables import SITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.estimators.contract import Factor
    from cohortium.estimators.regression.terms import MainTerm
    from cohortium.study.analyses import Cox
    from cohortium.study.analyses.cox import Predict
    from cohortium.study.study import Study


def plan(study: Study, analysis: Cox) -> list[Task]:
    """The tasks of a `cox` analysis: the multivariable model and, if asked, each covariate alone and subgroups."""
    mains = _main_terms(study, analysis)
    base = _base(study, analysis)
    terms = (*mains.values(), *(_product([mains[name] for name in parts]) for parts in analysis.interactions))
    wanted = EValueOf(analysis.e_value.effect, analysis.e_value.outcome == "rare") if analysis.e_value else None
    full = replace(base, terms=terms, e_value=wanted)
    tasks = [_task(analysis, _after_the_fit(study, analysis, full), "multivariable")]
    if analysis.univariable:
        tasks += [_task(analysis, replace(base, terms=(term,)), "univariable", name) for name, term in mains.items()]
    return tasks + _subgroup_tasks(study, analysis, replace(base, terms=terms), mains)


def _product(parts: Sequence[MainTerm]) -> ProductTerm:
    """The interaction of some terms, for as many units of each number as the terms are."""
    notes = [part.note for part in parts if isinstance(part, NumberTerm) and part.note]
    return ProductTerm(tuple(parts), " and ".join(notes))


def _task(analysis: Cox, spec: CoxSpec, model: str, variable: str = "") -> Task:
    key = "/".join(filter(None, [analysis.name, model, variable]))
    return Task(key, "cox", spec, analysis.name, model, variable)


def _base(study: Study, analysis: Cox) -> CoxSpec:
    """What all models of an analysis share."""
    nested = is_nested(analysis.strata)
    follow = followup_of(study, analysis.endpoint, nested=nested)
    is_cut = bool(analysis.time_dependent)
    robust = analysis.robust or analysis.weight or analysis.cluster
    return CoxSpec(
        time=follow.time,
        event=follow.event,
        grid=follow.grid,
        terms=(),
        strata=strata_of(study, analysis.strata),
        nested=nested,
        ties=analysis.ties,
        confidence=analysis.confidence,
        note=_note(study, analysis),
        population=episodes_of(analysis.name) if is_cut else follow.population,
        entry=f"{analysis.endpoint}__entry" if is_cut else follow.entry,
        weight=analysis.weight or "",
        offset=analysis.offset or "",
        # The episodes of a patient belong together unless the study file says what does.
        cluster=analysis.cluster or (PATIENT if is_cut and robust else ""),
        robust=analysis.robust,
        term_tests=analysis.term_tests,
        penalty=analysis.penalty,
        cause=follow.number_of(analysis.cause),
    )


def _note(study: Study, analysis: Cox) -> str:
    parts = [f"{analysis.ties.title()} ties", strata_label(study, analysis.strata)]
    if analysis.cause is not None:
        parts.append(f"cause-specific hazard of {analysis.cause}")
    for key, words in (("weight", "weighted by"), ("offset", "offset"), ("cluster", "clusters of")):
        if (name := getattr(analysis, key)) is not None:
            parts.append(f"{words} {study.variable(name).label.lower()}")
    if analysis.time_dependent:
        parts.append("n counts episodes of follow-up")
    return "; ".join(filter(None, parts))


def _after_the_fit(study: Study, analysis: Cox, spec: CoxSpec) -> CoxSpec:
    """The multivariable model with what is asked of it besides its coefficients."""
    in_site = () if SITE in analysis.strata else (factor_of(study, SITE),)
    return replace(
        spec,
        proportional=ProportionalHazards(analysis.ph_transform) if analysis.ph_test else None,
        concordance=_within_sites(analysis.concordance, in_site) if analysis.concordance else None,
        prediction=_prediction(study, analysis, spec),
    )


def _within_sites(kinds: tuple[Kind, ...], in_site: tuple[Factor, ...]) -> Concordance:
    """Pairs within institutions only: those across could be compared row by row alone."""
    return Concordance(kinds, in_site, nested=True, note="within institution")


def _main_terms(study: Study, analysis: Cox) -> dict[str, MainTerm]:
    forms = [form_of(covariate) for covariate in analysis.covariates]
    terms = {form.variable: main_term(study, form) for form in forms}
    return terms | {covariate.variable: NumberTerm(covariate.variable) for covariate in analysis.time_dependent}


def _subgroup_tasks(study: Study, analysis: Cox, base: CoxSpec, mains: dict[str, MainTerm]) -> list[Task]:
    """One model without the interaction, for all patients, and one with each."""
    if analysis.subgroups is None:
        return []
    effect = mains[analysis.subgroups.effect]
    base = replace(base, effect=effect.name)
    tasks = [_task(analysis, replace(base, term_tests=False), "subgroup")]
    for name in analysis.subgroups.by:
        by = mains.get(name, FactorTerm(factor_of(study, name)))
        added: tuple[Term, ...] = () if name in mains else (by,)
        product = _product([effect, by])
        spec = replace(base, terms=(*base.terms, *added, product), term_tests=True, only_terms=(product.name,))
        tasks.append(_task(analysis, spec, "subgroup", name))
    return tasks


def _prediction(study: Study, analysis: Cox, spec: CoxSpec) -> Prediction | None:
    if not analysis.predict:
        return None
    columns = profile_columns(spec, [_known(study, patient) for patient in analysis.predict])
    profiles = tuple(Profile(patient.label, values) for patient, values in zip(analysis.predict, columns, strict=True))
    times = tuple(months * study.file.time.month_days for months in analysis.at_months)
    return Prediction(profiles, times, interval="log-log")


def _known(study: Study, patient: Predict) -> dict[str, float | str]:
    """The values of a patient: numbers as they are, levels by their code."""
    known: dict[str, float | str] = {}
    for name, value in patient.values.items():
        variable = study.variable(name)
        text = f"{value:g}" if isinstance(value, int | float) else str(value)
        codes = {level.label: level.code for level in variable.levels} | {
            level.code: level.code for level in variable.levels
        }
        known[name] = codes[text] if variable.kind == "category" else float(value)
    return known
