"""Endpoints with competing causes are for methods of competing risks."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import Cox, KaplanMeier, LogRank
from cohortium.study.draft import Draft, Rule
from cohortium.study.rules.analyses.each import each_analysis, made_endpoint


def single_event_methods_have_one_event(draft: Draft) -> Iterator[Problem]:
    """Kaplan-Meier curves and log-rank tests have an endpoint with a single event; so have Cox models without a cause."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, KaplanMeier | LogRank | Cox):
            continue
        made = made_endpoint(draft, analysis.endpoint)
        if made is None or not made.has_causes or (isinstance(analysis, Cox) and analysis.cause):
            continue
        what = f"{analysis.endpoint} has {len(made.causes)} competing causes; {analysis.method} has one event"
        one = "name the cause to model, or " if isinstance(analysis, Cox) else ""
        hint = (
            f"{one}declare an endpoint with of = '{analysis.endpoint}' for any cause, with of_causes for some of them"
        )
        yield draft.problem((*path, "endpoint"), what, hint)


RULES: tuple[Rule, ...] = (single_event_methods_have_one_event,)
