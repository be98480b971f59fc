"""Patients whose survival a regression predicts, and how well it tells patients apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cohortium.errors import Problem
from cohortium.study.analyses import Cox
from cohortium.study.analyses.covariate import form_of
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.rules.analyses.each import each_analysis, once
from cohortium.study.suggest import did_you_mean, one_of, shown
from cohortium.study.variables import Variable


def concordances_differ(draft: Draft) -> Iterator[Problem]:
    """A kind of concordance is asked for once."""
    for path, analysis in each_analysis(draft):
        if isinstance(analysis, Cox):
            yield from once(draft, (*path, "concordance"), analysis.concordance)


def predictions_are_complete(draft: Draft) -> Iterator[Problem]:
    """A patient to predict for has a value of every covariate; times to predict are within the horizon."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, Cox):
            continue
        yield from _months(draft, path, analysis)
        yield from once(draft, (*path, "predict"), (patient.label for patient in analysis.predict))
        if analysis.predict and analysis.time_dependent:
            what = "survival cannot be predicted for a covariate that begins during follow-up"
            yield draft.problem((*path, "predict"), what, "remove predict, or use a landmark endpoint")
            continue
        for index, patient in enumerate(analysis.predict):
            yield from _values(draft, (*path, "predict", index, "values"), analysis, patient.values)


def _months(draft: Draft, path: Path, analysis: Cox) -> Iterator[Problem]:
    time = draft.file.time
    yield from once(draft, (*path, "at_months"), (f"{value:g}" for value in analysis.at_months))
    if bool(analysis.predict) != bool(analysis.at_months):
        missing = "at_months" if analysis.predict else "predict"
        what = "predict and at_months belong together: for whom, and when"
        yield draft.problem((*path, "predict" if analysis.predict else "at_months"), what, f"add {missing}")
    for index, months in enumerate(analysis.at_months):
        if months * time.month_days > time.horizon_days:
            last = time.horizon_days / time.month_days
            what = f"{months:g} months is beyond the horizon of {time.horizon_days} days ({last:.1f} months)"
            yield draft.problem((*path, "at_months", index), what, "raise horizon_days in [time]")


def _values(draft: Draft, path: Path, analysis: Cox, values: Mapping[str, Any]) -> Iterator[Problem]:
    names = [form_of(covariate).variable for covariate in analysis.covariates]
    for name in names:
        if name not in values and not draft.is_excused(name):
            yield draft.problem(path, f"has no value of {name}", f"add {name} = ...")
    for name, value in values.items():
        variable = draft.variables.get(name)
        if name not in names:
            what = f"{shown(name)} is not a covariate of this model; {one_of(names)}"
            yield draft.problem((*path, name), what, did_you_mean(name, names))
        elif variable is not None and not draft.is_excused(name):
            yield from _value(draft, (*path, name), variable, value)


def _value(draft: Draft, path: Path, variable: Variable, value: object) -> Iterator[Problem]:
    if variable.kind == "category":
        text = f"{value:g}" if isinstance(value, int | float) else value
        if not any(text in (level.code, level.label) for level in variable.levels):
            words = [word for level in variable.levels for word in (level.label, level.code)]
            labels = one_of(level.label for level in variable.levels)
            what = f"{variable.name} has no level {shown(value)}; {labels}"
            yield draft.problem(path, what, did_you_mean(str(value), words))
    elif isinstance(value, bool) or not isinstance(value, int | float):
        yield draft.problem(path, f"{variable.name} is a number; expected a number without quotation marks")
    elif (variable.minimum is not None and value < variable.minimum) or (
        variable.maximum is not None and value > variable.maximum
    ):
        limits = " to ".join("any" if x is None else f"{x:g}" for x in (variable.minimum, variable.maximum))
        yield draft.problem(path, f"{value:g} is outside the declared range of {variable.name}, {limits}")


RULES: tuple[Rule, ...] = (predictions_are_complete, concordances_differ)
