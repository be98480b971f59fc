"""What a table or figure of toxicity, eligibility or individual patients needs of its analyses."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import AdverseEvents, Baseline, IndividualCourses, Sequences
from cohortium.study.draft import Draft, Rule
from cohortium.study.rules.analyses.each import category_of
from cohortium.study.rules.analyses.proportions import check_levels
from cohortium.study.rules.exhibits.reference import by_name

BARS = ("waterfall", "swimmer")
_COLUMNS = ("by", "overall", "split")
MOST_STEPS_SINGLE = 4
"""Steps of a Sankey diagram in 88 mm: a column of words is 14 mm wide then."""


def events_have_the_same_columns(draft: Draft) -> Iterator[Problem]:
    """Analyses of adverse events in one table have the same groups and the same columns of grades."""
    for index, table in enumerate(draft.file.table):
        if table.kind != "adverse-events":
            continue
        found = [(position, by_name(draft).get(name)) for position, name in enumerate(table.analyses)]
        events = [(position, each) for position, each in found if isinstance(each, AdverseEvents)]
        for position, each in events[1:]:
            unlike = [key for key in _COLUMNS if getattr(each, key) != getattr(events[0][1], key)]
            if unlike:
                what = (
                    f"{each.name} differs in {', '.join(unlike)} from {events[0][1].name}, so that columns do not match"
                )
                yield draft.problem(
                    ("table", index, "analyses", position), what, "give both the same, or make two tables"
                )


def criteria_are_met_or_not(draft: Draft) -> Iterator[Problem]:
    """The rows of a table of eligibility are categories of two levels."""
    for index, table in enumerate(draft.file.table):
        analysis = by_name(draft).get(table.analyses[0]) if table.analyses else None
        if table.kind != "eligibility" or not isinstance(analysis, Baseline):
            continue
        for name in analysis.variables:
            variable = category_of(draft, name)
            n_levels = len(variable.levels) if variable else 0
            if name in draft.variables and not draft.is_excused(name) and n_levels != 2:
                what = f"{name} has no two levels, such as met and not met"
                yield draft.problem(("table", index, "analyses", 0), what, f"leave it out of {analysis.name}")


def bars_are_of_individuals(draft: Draft) -> Iterator[Problem]:
    """A limit of bars stands in figures of individual patients; so does a choice of responses."""
    for index, figure in enumerate(draft.file.figure):
        for key in ("most_bars", "responses"):
            if figure.kind not in BARS and key in figure.model_fields_set:
                what = f"is for a {' or '.join(BARS)} figure; this is a {figure.kind} figure"
                yield draft.problem(("figure", index, key), what, f"remove {key}")
        analysis = by_name(draft).get(figure.analysis or "")
        if isinstance(analysis, IndividualCourses) and (response := category_of(draft, analysis.response)):
            yield from check_levels(draft, ("figure", index, "responses"), response, figure.responses)


def steps_have_room(draft: Draft) -> Iterator[Problem]:
    """The words of every step of a Sankey diagram fit into a column of the journal."""
    for index, figure in enumerate(draft.file.figure):
        analysis = by_name(draft).get(figure.analysis or "")
        if figure.kind != "sankey" or figure.width != "single" or not isinstance(analysis, Sequences):
            continue
        if len(analysis.steps) > MOST_STEPS_SINGLE:
            what = f"{figure.analysis} has {len(analysis.steps)} steps; in a single column there is room for {MOST_STEPS_SINGLE}"
            yield draft.problem(("figure", index, "width"), what, 'set width = "double"')


RULES: tuple[Rule, ...] = (
    events_have_the_same_columns,
    criteria_are_met_or_not,
    bars_are_of_individuals,
    steps_have_room,
)
