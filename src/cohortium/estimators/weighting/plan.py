"""From the study file's propensity scores to specifications: the score, weighted analyses, balance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cohortium.estimators.combined.together import Member
from cohortium.estimators.contract import Estimator, Task
from cohortium.estimators.logistic.spec import LogisticSpec
from cohortium.estimators.planning import factor_of, strata_label, strata_of
from cohortium.estimators.proportions.outcome import Outcome
from cohortium.estimators.regression.planned import main_term
from cohortium.estimators.weighting.balance.estimator import BALANCE
from cohortium.estimators.weighting.balance.spec import BalanceSpec
from cohortium.estimators.weighting.model import WEIGHT, Weighting
from cohortium.estimators.weighting.weighted import WeightedSpec
from cohortium.study.analyses.covariate import form_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.study.analyses import Balance
    from cohortium.study.propensity import Propensity
    from cohortium.study.study import Study

SCORE_MODEL = "propensity score"
"""Model of the rows of a score's own coefficients."""


def weighting_of(study: Study, section: Propensity) -> Weighting:
    """The weights that a `[[propensity]]` section describes."""
    treatment = factor_of(study, section.treatment)
    label = f"{study.variable(section.treatment).label}: {study.label_of(section.treatment, _code(study, section))}"
    fit = LogisticSpec(
        outcome=Outcome(label, treatment, (_code(study, section),)),
        terms=tuple(main_term(study, form_of(covariate)) for covariate in section.covariates),
        strata=strata_of(study, section.strata),
        penalty=section.penalty,
        note="; ".join(filter(None, ["propensity score", strata_label(study, section.strata)])),
    )
    truncate = 0.0 if section.truncate == 1 else section.truncate
    return Weighting(fit, section.estimand, section.stabilized, section.trim, truncate)


def plan_scores(study: Study) -> list[Task]:
    """A task for each propensity score: the coefficients of its model."""
    return [
        Task(f"{section.name}/score", "logistic", weighting_of(study, section).fit, section.name, SCORE_MODEL)
        for section in study.file.propensity
    ]


def plan_balance(study: Study, analysis: Balance) -> list[Task]:
    """The one task of a `balance` analysis."""
    section = study.propensity(analysis.weighting)
    names = dict.fromkeys([*(form_of(covariate).variable for covariate in section.covariates), *analysis.also])
    variables = tuple(factor_of(study, n) if study.variable(n).kind == "category" else n for n in names)
    spec = BalanceSpec(factor_of(study, section.treatment), _code(study, section), variables)
    weighted = WeightedSpec(weighting_of(study, section), Member(BALANCE, spec))
    return [Task(analysis.name, "balance", weighted, analysis.name)]


def with_weights(study: Study, analysis: Any, estimator: Estimator, tasks: Sequence[Task]) -> Sequence[Task]:
    """The tasks of an analysis: as they are, or weighted where the analysis names a propensity score."""
    name = getattr(analysis, "weighting", None)
    if name is None or analysis.method == "balance":
        return tasks
    weighting = weighting_of(study, study.propensity(name))
    found = []
    for task in tasks:
        # The score is fitted to the patients that the analysis counts.
        fit = replace(weighting.fit, population=task.spec.population)
        inner = replace(task.spec, weight=WEIGHT)
        spec = WeightedSpec(replace(weighting, fit=fit), Member(estimator, inner))
        found.append(replace(task, method="propensity", spec=spec))
    return found


def _code(study: Study, section: Propensity) -> str:
    """The code of the level that is the treatment."""
    levels = study.variable(section.treatment).levels
    return next(level.code for level in levels if section.treated in (level.label, level.code))
