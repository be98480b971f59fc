"""What is imputed can be, and the analyses that ask for it can be pooled."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import Analysis, CumulativeIncidence, ResponseRates
from cohortium.study.analyses.covariate import form_of
from cohortium.study.analyses.form import ImputableForm
from cohortium.study.derive import AnyDerive, RuleSection
from cohortium.study.draft import Draft, Rule, derived_variables
from cohortium.study.expressions import compile_expression
from cohortium.study.imputation import Imputation
from cohortium.study.locate import Path
from cohortium.study.rules.analyses.each import COVARIATE_KINDS, each_analysis, made_endpoint, once
from cohortium.study.variables import SITE

_NOT_POOLED = {
    "time_dependent": "episodes of time-dependent covariates",
    "subgroups": "effects in subgroups",
    "predict": "predicted survival",
    "concordance": "concordance",
    "risk_groups": "groups by predicted risk",
    "nelson_aalen": "the cumulative hazard curve",
}
_CURVES = ("kaplan-meier", "cumulative-incidence")
"""Kinds of figures that draw a curve."""


def imputed_variables_fit(draft: Draft) -> Iterator[Problem]:
    """Variables are categories and numbers with a range, each once."""
    for index, section in enumerate(draft.file.imputation):
        path: Path = ("imputation", index)
        listed = (*section.variables, *section.auxiliary)
        for key in ("variables", "auxiliary"):
            yield from once(draft, (*path, key), getattr(section, key))
            for position, name in enumerate(getattr(section, key)):
                place = (*path, key, position)
                yield from draft.check_variable(place, name, COVARIATE_KINDS, "a category or a number")
                if key == "auxiliary" and name in section.variables:
                    yield draft.problem(place, f"{name} is imputed, so that it predicts already", "remove it here")
                yield from _range(draft, place, name)
                yield from _made_of_others(draft, place, name, listed)


def imputed_endpoints_exist(draft: Draft) -> Iterator[Problem]:
    """Endpoints that predict are declared, begin at the origin and are of all patients."""
    names = [endpoint.name for endpoint in draft.file.endpoint]
    for index, section in enumerate(draft.file.imputation):
        yield from once(draft, ("imputation", index, "endpoints"), section.endpoints)
        for position, name in enumerate(section.endpoints):
            place = ("imputation", index, "endpoints", position)
            yield from draft.check_reference(place, "endpoint", name, names)
            made = made_endpoint(draft, name) if name in names else None
            if made is not None and made.landmark is not None:
                yield draft.problem(place, f"{name} begins at a landmark; expected an endpoint from the origin")
            elif made is not None and made.among:
                yield draft.problem(
                    place, f"{name} applies to some patients only; expected an endpoint of all patients"
                )


def analyses_can_be_pooled(draft: Draft) -> Iterator[Problem]:
    """An analysis of imputed values asks for nothing that cannot be pooled, and its endpoint predicts."""
    sections = {section.name: section for section in reversed(draft.file.imputation)}
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, ImputableForm) or analysis.imputation is None:
            continue
        place = (*path, "imputation")
        yield from draft.check_reference(place, "imputation", analysis.imputation, list(sections))
        for key, what in _NOT_POOLED.items():
            if getattr(analysis, key, None):
                hint = "ask for it in an analysis without imputation"
                yield draft.problem((*path, key), f"{what} cannot be pooled over imputations", hint)
        yield from _intervals(draft, path, analysis)
        section = sections.get(analysis.imputation)
        if section is not None:
            yield from _predicts(draft, path, analysis, section)


def _intervals(draft: Draft, path: Path, analysis: Analysis) -> Iterator[Problem]:
    """Intervals of rates that have a form over imputations."""
    if not isinstance(analysis, ResponseRates):
        return
    for key, only in (("interval", "wilson"), ("difference_interval", "newcombe")):
        if key in analysis.model_fields_set and getattr(analysis, key) != only:
            what = f"'{getattr(analysis, key)}' has no form over imputations"
            yield draft.problem((*path, key), what, f"set {key} = '{only}'")


def times_are_named(draft: Draft) -> Iterator[Problem]:
    """Cumulative incidence over imputations, which has no curve, is asked for at some times."""
    for path, analysis in each_analysis(draft):
        if isinstance(analysis, CumulativeIncidence) and analysis.imputation is not None and not analysis.at_months:
            what = "no times are named, and a curve is not pooled over imputations"
            yield draft.problem((*path, "imputation"), what, "add at_months = [12, 24]")


def curves_are_not_pooled(draft: Draft) -> Iterator[Problem]:
    """A figure of curves draws an analysis of the rows as they are."""
    imputed = {a.name for a in draft.file.analysis if isinstance(a, ImputableForm) and a.imputation is not None}
    for index, figure in enumerate(draft.file.figure):
        if figure.kind in _CURVES and figure.analysis in imputed:
            what = f"{figure.analysis} is pooled over imputations, which gives no curve"
            hint = "draw the analysis without imputation; what is pooled stands in a survival table"
            yield draft.problem(("figure", index, "analysis"), what, hint)


def _predicts(draft: Draft, path: Path, analysis: Analysis, section: Imputation) -> Iterator[Problem]:
    """What the analysis relates to each other must be related in the imputation, or the relation is diluted."""
    place = (*path, "imputation")
    endpoint = getattr(analysis, "endpoint", None)
    if endpoint is not None and endpoint not in section.endpoints:
        what = f"the endpoint {endpoint} is not among the endpoints of the imputation {section.name}"
        yield draft.problem(place, what, f"add it to endpoints of {section.name}, or effects are diluted")
    others = [name for name in _used(analysis) if name not in (*section.variables, *section.auxiliary, SITE)]
    if others:
        what = f"{', '.join(others)} of this analysis does not take part in the imputation {section.name}"
        yield draft.problem(place, what, f"add it to variables or auxiliary of {section.name}")


def _used(analysis: Analysis) -> list[str]:
    """Variables that the analysis relates to each other."""
    used = [form_of(covariate).variable for covariate in getattr(analysis, "covariates", ())]
    used += [name for name in (getattr(analysis, key, None) for key in ("by", "variable")) if name]
    used += getattr(analysis, "variables", ())
    outcomes = (*getattr(analysis, "outcomes", ()), getattr(analysis, "outcome", None))
    used += [outcome.variable for outcome in outcomes if outcome is not None and outcome.variable]
    return list(dict.fromkeys(used))


def _range(draft: Draft, path: Path, name: str) -> Iterator[Problem]:
    variable = draft.variables.get(name)
    if variable is None or variable.kind == "category" or draft.is_excused(name):
        return
    if variable.kind in COVARIATE_KINDS and (variable.minimum is None or variable.maximum is None):
        is_derived = name not in draft.dictionary
        where = "minimum and maximum in [[derive]]" if is_derived else "Text Validation Min and Max in dictionary.csv"
        yield draft.problem(path, f"{name} has no declared range, in which imputed values are kept", f"give {where}")


def _made_of_others(draft: Draft, path: Path, name: str, listed: tuple[str, ...]) -> Iterator[Problem]:
    """A derived variable beside one that it is made of would be imputed against its own definition."""
    derive = next((each for each in draft.file.derive if name in [made.name for made in derived_variables(each)]), None)
    if derive is None or not draft.complete:
        return
    both = [other for other in listed if other in _parts(draft, derive)]
    if both:
        what = f"{name} is derived from {', '.join(both)}, which takes part too; imputed values would not agree"
        yield draft.problem(path, what, "keep one of them")


def _parts(draft: Draft, derive: AnyDerive) -> frozenset[str]:
    if isinstance(derive, RuleSection):
        return frozenset(needed.variable for needed in derive.inputs())
    texts = [text for text in (derive.value, *(case.where for case in derive.cases)) if text]
    fine = [text for text in texts if not draft.mentions_broken(text)]
    try:
        return frozenset().union(*(compile_expression(text, draft.variables).names for text in fine))
    except ValueError:
        # A fault of the expression is a problem of its own.
        return frozenset()


RULES: tuple[Rule, ...] = (
    imputed_variables_fit,
    imputed_endpoints_exist,
    analyses_can_be_pooled,
    times_are_named,
    curves_are_not_pooled,
)
