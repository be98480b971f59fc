"""Variables that become known after the origin: where an analysis uses one as if it were known at the start.

Patients must live long enough to have such a value, so that a group made of it is immortal until then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cohortium.study.derive import RuleSection
from cohortium.study.draft import derived_variables
from cohortium.study.endpoints import months_in_words
from cohortium.study.expressions import compile_expression
from cohortium.study.study import Study


class LaterUse(NamedTuple):
    """A variable that an analysis uses as known at the start, and what of it may become known later.

    analysis    name of the analysis
    variable    the group, stratum, covariate, weight or offset
    population  rows that the analysis counts: `cohort`, or an endpoint with patients of its own
    dates       dates and day counts that the variable is made of
    declared    variables of `[time] after_origin` that it is or is made of
    since       from when time is counted, in words
    landmark    days from the origin to the landmark; 0 without one
    """

    analysis: str
    variable: str
    population: str
    dates: tuple[str, ...]
    declared: tuple[str, ...]
    since: str
    landmark: int

    @property
    def sources(self) -> tuple[str, ...]:
        """Everything that may become known later."""
        return (*self.declared, *self.dates)


def later_uses(study: Study) -> Iterator[LaterUse]:
    """Every use of a variable at the start of an analysis of time that may only become known later."""
    time = study.file.time
    made_of = parts_of(study)
    counts_days = {endpoint.time for endpoint in study.file.endpoint if endpoint.time}
    for analysis in study.file.analysis:
        endpoint = getattr(analysis, "endpoint", None)
        if endpoint is None:
            continue
        made = study.made(endpoint)
        days = made.landmark_days(time.month_days)
        since = (
            f"the landmark at {months_in_words(made.landmark)}" if made.landmark is not None else made.base.start_label
        )
        since = since or time.origin_label
        for variable in dict.fromkeys([*used_at_start(analysis), *_weighted_by(study, analysis)]):
            parts = made_of.get(variable, frozenset())
            dates = tuple(
                name
                for name in study.variables
                if name in parts
                and name != time.origin
                and (study.variables[name].kind == "date" or name in counts_days)
                and name not in time.after_origin
            )
            declared = tuple(name for name in time.after_origin if name in parts)
            if dates or declared:
                population = endpoint if made.has_own_patients else "cohort"
                yield LaterUse(analysis.name, variable, population, dates, declared, since, days)


def _weighted_by(study: Study, analysis: Any) -> Iterator[str]:
    """Variables of the propensity score that weights an analysis."""
    name = getattr(analysis, "weighting", None)
    if name is not None:
        section = study.propensity(name)
        yield from (section.treatment, *section.strata)
        for covariate in section.covariates:
            yield covariate if isinstance(covariate, str) else covariate.variable


def used_at_start(analysis: Any) -> Iterator[str]:
    """Variables that an analysis of time takes as known at its start: groups, strata, covariates, weights, subgroups."""
    by = getattr(analysis, "by", None)
    if by:
        yield by
    yield from getattr(analysis, "strata", ())
    for covariate in getattr(analysis, "covariates", ()):
        yield covariate if isinstance(covariate, str) else covariate.variable
    yield from filter(None, (getattr(analysis, key, None) for key in ("weight", "offset", "censoring_by")))
    subgroups = getattr(analysis, "subgroups", None)
    yield from subgroups.by if subgroups else ()


def parts_of(study: Study) -> Mapping[str, frozenset[str]]:
    """For each variable, itself and everything it is made of; a variable declared as known later is not taken apart."""
    found: dict[str, frozenset[str]] = {name: frozenset((name,)) for name in study.variables}
    for derive in study.file.derive:
        if isinstance(derive, RuleSection):
            # What the records of other rules were made of is said where those rules stand.
            read = [found.get(needed.variable, frozenset()) for needed in derive.inputs()]
            for variable in derived_variables(derive):
                if variable.name not in study.file.time.after_origin:
                    found[variable.name] = frozenset((variable.name,)).union(*read)
            continue
        if derive.name in study.file.time.after_origin:
            continue
        texts = [text for text in (derive.value, *(case.where for case in derive.cases)) if text]
        used = {name for text in texts for name in compile_expression(text, study.variables).names}
        found[derive.name] = frozenset((derive.name,)).union(*(found[name] for name in used))
    return found


def later_notes(study: Study) -> tuple[str, ...]:
    """What can be said of them before any row is read, a sentence each."""
    return tuple(
        f"analysis {use.analysis}: {use.variable} may become known only after {use.since}{_why(use)}; "
        "the run counts the patients in whom it did"
        for use in later_uses(study)
    )


def _why(use: LaterUse) -> str:
    """What of a derived variable may become known later; a variable needs no reason in itself."""
    return "" if use.sources == (use.variable,) else f", since {' and '.join(use.sources)} may"
