"""Steps of a sequence are categories, each once; levels that end it are levels of a step."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import Sequences
from cohortium.study.analyses.sequences import ARROW
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.rules.analyses.each import CATEGORY, category_of, each_analysis, once
from cohortium.study.suggest import did_you_mean, one_of, shown
from cohortium.study.variables import Variable


def steps_are_categories(draft: Draft) -> Iterator[Problem]:
    """A step is a declared category, listed once, and not the groups."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, Sequences):
            continue
        yield from once(draft, (*path, "steps"), analysis.steps)
        for index, name in enumerate(analysis.steps):
            place: Path = (*path, "steps", index)
            yield from draft.check_variable(place, name, ("category",), CATEGORY)
            if name == analysis.by:
                yield draft.problem(place, f"{name} makes the groups, so it cannot be a step too")
            if variable := category_of(draft, name):
                yield from _flows_have_names(draft, place, variable)


def _flows_have_names(draft: Draft, place: Path, variable: Variable) -> Iterator[Problem]:
    """A flow is named by its two levels, so that a level must not look like a flow."""
    for level in variable.levels:
        if ARROW in f" {level.label} ":
            what = f"the level {shown(level.label)} of {variable.name} has '{ARROW.strip()}' in its label, which names flows"
            yield draft.problem(place, what, "print it in another way, e.g. with 'to'")


def ended_are_levels(draft: Draft) -> Iterator[Problem]:
    """What ends a sequence is a level of a step, and not every level of it."""
    for path, analysis in each_analysis(draft):
        if not isinstance(analysis, Sequences) or not analysis.ended:
            continue
        steps = [category_of(draft, name) for name in analysis.steps]
        known = [step for step in steps if step is not None]
        if len(known) < len(steps):
            continue
        yield from once(draft, (*path, "ended"), analysis.ended)
        words = [word for step in known for level in step.levels for word in (level.label, level.code)]
        for index, word in enumerate(analysis.ended):
            if word not in words:
                labels = dict.fromkeys(level.label for step in known for level in step.levels)
                what = f"no step has a level {shown(word)}; {one_of(labels)}"
                yield draft.problem((*path, "ended", index), what, did_you_mean(word, words))
        for step in known:
            if all({level.label, level.code} & set(analysis.ended) for level in step.levels):
                what = f"names every level of {step.name}, so that nobody could reach it"
                yield draft.problem(
                    (*path, "ended"), what, "name only the levels of patients who never reached the step"
                )


RULES: tuple[Rule, ...] = (steps_are_categories, ended_are_levels)
