"""Families name p-values that the study will have: none unknown, none asked for twice, none that could be several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cohortium.errors import Problem
from cohortium.study.analyses import (
    Analysis,
    Baseline,
    Cox,
    FineGray,
    Gray,
    Logistic,
    LogRank,
    MetaAnalysis,
    ResponseRates,
    StratifiedRates,
)
from cohortium.study.analyses.covariate import form_of as covariate_form
from cohortium.study.draft import Draft, Rule
from cohortium.study.families import PValues, form_of
from cohortium.study.locate import Path
from cohortium.study.suggest import did_you_mean, one_of, shown

_ASKED: Mapping[tuple[type, str], tuple[Callable[[Any], bool], str]] = {
    (LogRank, "trend-p"): (lambda a: a.trend, "trend = true"),
    (LogRank, "pairwise-p"): (lambda a: a.pairwise, "pairwise = true"),
    (Cox, "ph-p"): (lambda a: a.ph_test, "ph_test = true"),
    (Cox, "term-likelihood-ratio-p"): (lambda a: a.term_tests, "term_tests = true"),
    (Logistic, "term-likelihood-ratio-p"): (lambda a: a.term_tests, "term_tests = true"),
    (Cox, "interaction-p"): (lambda a: a.subgroups is not None, 'subgroups = { effect = "...", by = ["..."] }'),
    (Cox, "interaction-wald-p"): (lambda a: a.subgroups is not None, 'subgroups = { effect = "...", by = ["..."] }'),
    (StratifiedRates, "exact-p"): (lambda a: a.exact, "exact = true"),
    (Baseline, "p-value"): (lambda a: a.tests, "tests = true"),
    (ResponseRates, "p-value"): (lambda a: a.by is not None and a.compare != "none", "by, and a way to compare"),
    (MetaAnalysis, "without-site-p"): (lambda a: a.leave_one_out, "leave_one_out = true"),
}
"""What an analysis must ask for so that it has a p-value, and the key that does."""

P_VALUES: Mapping[type, tuple[str, ...]] = {
    Baseline: ("p-value",),
    ResponseRates: ("p-value",),
    StratifiedRates: ("p-value", "exact-p", "p-value-corrected", "breslow-day-p"),
    LogRank: ("p-value", "trend-p", "pairwise-p"),
    Gray: ("p-value",),
    Cox: ("p-value", "term-likelihood-ratio-p", "term-wald-p", "interaction-p", "interaction-wald-p", "ph-p"),
    FineGray: ("p-value",),
    Logistic: ("p-value", "term-likelihood-ratio-p", "term-wald-p"),
    MetaAnalysis: ("p-value", "q-p", "without-site-p"),
}
"""P-values of each method by their names in the results table; the first is the one a plain name means."""


def families_name_p_values(draft: Draft) -> Iterator[Problem]:
    """Each reference is to an analysis with that p-value; a plain name is that of an analysis with a single one."""
    analyses = {analysis.name: analysis for analysis in reversed(draft.file.analysis)}
    for index, family in enumerate(draft.file.family):
        for position, given in enumerate(family.p_values):
            path: Path = ("family", index, "p_values", position)
            wanted = form_of(given)
            place = path if isinstance(given, str) else (*path, "analysis")
            yield from draft.check_reference(place, "analysis", wanted.analysis, [a.name for a in draft.file.analysis])
            if wanted.analysis in analyses:
                plain = isinstance(given, str)
                yield from _reference(draft, path, analyses[wanted.analysis], wanted, plain=plain)


def _reference(draft: Draft, path: Path, analysis: Analysis, wanted: PValues, *, plain: bool) -> Iterator[Problem]:
    known = P_VALUES.get(type(analysis), ())
    at = path if plain else (*path, "statistic")
    if not known:
        yield draft.problem(path, f"{analysis.name} is a {analysis.method} analysis, which has no p-value")
        return
    if wanted.statistic not in known:
        what = f"a {analysis.method} analysis has no {shown(wanted.statistic)}; {one_of(known)}"
        yield draft.problem(at, what, did_you_mean(wanted.statistic, known))
        return
    is_asked, key = _ASKED.get((type(analysis), wanted.statistic), (lambda _: True, ""))
    if not is_asked(analysis):
        yield draft.problem(at, f"{analysis.name} has no {wanted.statistic}", f"it needs {key}")
        return
    yield from _places(draft, path, analysis, wanted)
    if plain and (several := _several(analysis)):
        example = f'{{ analysis = "{analysis.name}", statistic = "{wanted.statistic}", variable = "..." }}'
        what = f"{analysis.name} has several p-values: {several}"
        yield draft.problem(path, what, f"write {example}, without variable for all of them")
    elif not plain and (unsaid := _unsaid(analysis, wanted)):
        yield draft.problem(path, *unsaid)


def _several(analysis: Analysis) -> str:
    """Why a plain name could mean more than one p-value; empty when it cannot."""
    if isinstance(analysis, Cox | FineGray | Logistic):
        if getattr(analysis, "univariable", False):
            return "one a covariate and model"
        # A category of more than two levels has a p-value a level, which only the dictionary knows.
        return "one a covariate and level"
    if isinstance(analysis, Baseline):
        return "one a variable" if len(analysis.variables) > 1 else ""
    if isinstance(analysis, ResponseRates):
        return "one an outcome, denominator and comparison"
    if isinstance(analysis, Gray):
        return "one a cause"
    return ""


def _unsaid(analysis: Analysis, wanted: PValues) -> tuple[str, str] | None:
    """What a table must say besides, so that it does not mix p-values of the same hypothesis."""
    fits = ["multivariable"] if isinstance(analysis, Cox | FineGray | Logistic) else []
    fits += ["univariable"] if getattr(analysis, "univariable", False) else []
    fits += ["subgroup"] if getattr(analysis, "subgroups", None) is not None else []
    if (
        len(fits) > 1
        and wanted.model is None
        and wanted.statistic not in ("interaction-p", "interaction-wald-p", "ph-p")
    ):
        return f"{analysis.name} has p-values of several models: {', '.join(fits)}", "add model = 'multivariable'"
    if isinstance(analysis, ResponseRates) and wanted.population is None and len(analysis.populations) > 1:
        return f"{analysis.name} has p-values of two denominators", f"add population = '{analysis.populations[0]}'"
    return None


def _places(draft: Draft, path: Path, analysis: Analysis, wanted: PValues) -> Iterator[Problem]:
    if wanted.variable is None:
        return
    names = variables_of(analysis, wanted.statistic)
    if wanted.variable not in names:
        what = f"{analysis.name} has no {wanted.statistic} of {shown(wanted.variable)}; {one_of(names)}"
        yield draft.problem((*path, "variable"), what, did_you_mean(wanted.variable, names))


def variables_of(analysis: Analysis, statistic: str) -> tuple[str, ...]:
    """What the rows of a p-value have in their column `variable`."""
    if isinstance(analysis, Cox) and statistic in ("interaction-p", "interaction-wald-p"):
        return analysis.subgroups.by if analysis.subgroups else ()
    if isinstance(analysis, Cox):
        later = (covariate.variable for covariate in analysis.time_dependent)
        products = (" x ".join(parts) for parts in analysis.interactions)
        every = ("GLOBAL",) if statistic == "ph-p" else ()
        return (*(covariate_form(c).variable for c in analysis.covariates), *later, *products, *every)
    if isinstance(analysis, Logistic):
        products = (" x ".join(parts) for parts in analysis.interactions)
        return (*(covariate_form(c).variable for c in analysis.covariates), *products)
    if isinstance(analysis, FineGray):
        return tuple(covariate_form(c).variable for c in analysis.covariates)
    if isinstance(analysis, Baseline):
        return tuple(analysis.variables)
    if isinstance(analysis, ResponseRates):
        return tuple(dict.fromkeys(o.variable or analysis.variable or "" for o in analysis.outcomes))
    if isinstance(analysis, StratifiedRates):
        return (analysis.outcome.variable,)
    if isinstance(analysis, MetaAnalysis):
        return tuple(filter(None, [analysis.compared]))
    return (str(getattr(analysis, "endpoint", "")),)


def references_are_listed_once(draft: Draft) -> Iterator[Problem]:
    """A p-value is in a family once."""
    for index, family in enumerate(draft.file.family):
        seen: list[PValues] = []
        for position, given in enumerate(family.p_values):
            wanted = form_of(given)
            if wanted in seen:
                yield draft.problem(("family", index, "p_values", position), f"{wanted.analysis} is listed twice")
            seen.append(wanted)


RULES: tuple[Rule, ...] = (families_name_p_values, references_are_listed_once)
