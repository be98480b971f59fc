"""Analyses of competing risks: which cause, and what cannot go with them."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import Cox, FineGray, Gray
from cohortium.study.analyses.covariate import form_of
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.rules.analyses.each import CATEGORY, each_analysis, made_endpoint
from cohortium.study.suggest import did_you_mean, one_of, shown


def causes_are_of_the_endpoint(draft: Draft) -> Iterator[Problem]:
    """The cause of a regression is one of several causes of its endpoint."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, FineGray | Cox) or analysis.cause is None:
            continue
        made = made_endpoint(draft, analysis.endpoint)
        if made is None:
            continue
        if not made.has_causes:
            hint = "use method = 'cox'" if isinstance(analysis, FineGray) else "remove cause"
            yield draft.problem((*path, "cause"), f"{analysis.endpoint} has a single event; no cause competes", hint)
        elif analysis.cause not in made.causes:
            what = f"{analysis.endpoint} has no cause {shown(analysis.cause)}; {one_of(made.causes)}"
            yield draft.problem((*path, "cause"), what, did_you_mean(analysis.cause, made.causes))


def nobody_enters_late(draft: Draft) -> Iterator[Problem]:
    """Gray's test and Fine-Gray regression follow patients from the origin."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, FineGray | Gray):
            continue
        made = made_endpoint(draft, analysis.endpoint)
        if made is not None and made.base.entry is not None and made.landmark is None:
            what = f"{analysis.endpoint} has left truncation, for which {analysis.method} is not defined here"
            hint = "use cumulative-incidence and cox with a cause, which allow for it, or a landmark endpoint"
            yield draft.problem((*path, "endpoint"), what, hint)


def censoring_is_by_a_category(draft: Draft) -> Iterator[Problem]:
    """The distribution of censoring is estimated in the levels of a category."""
    for path, analysis in each_analysis(draft):
        if isinstance(analysis, FineGray) and analysis.censoring_by is not None:
            place = (*path, "censoring_by")
            yield from draft.check_variable(place, analysis.censoring_by, ("category",), CATEGORY)


def subdistribution_terms_have_one_ratio(draft: Draft) -> Iterator[Problem]:
    """A covariate of a Fine-Gray model has ratios that can be printed: it is no spline."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, FineGray):
            continue
        for index, covariate in enumerate(map(form_of, analysis.covariates)):
            if covariate.spline is not None:
                place: Path = (*path, "covariates", index, "spline")
                yield draft.problem(place, "a Fine-Gray model has no splines", "remove spline")


RULES: tuple[Rule, ...] = (
    causes_are_of_the_endpoint,
    nobody_enters_late,
    censoring_is_by_a_category,
    subdistribution_terms_have_one_ratio,
)
