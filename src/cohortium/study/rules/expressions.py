"""Expressions fit the study's variables, and derived variables are complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from cohortium.errors import Problem
from cohortium.study.derive import Derive
from cohortium.study.draft import Draft, Rule, identifier_fault
from cohortium.study.expressions import ExpressionError, compile_expression
from cohortium.study.locate import Path
from cohortium.study.variables import Variable


def _compiles(
    draft: Draft, path: Path, text: str, expected: Literal["boolean", "number"], usable: Mapping[str, Variable]
) -> Iterator[Problem]:
    if draft.mentions_broken(text):
        return
    try:
        compiled = compile_expression(text, usable, expected=expected)
    except ExpressionError as error:
        for problem in error.problems:
            yield draft.problem(path, *_better(draft, problem, usable))
        return
    dates = sorted(name for name in compiled.names if usable[name].kind == "date")
    if dates and draft.file.time.origin is None:
        yield draft.problem(path, f"uses the date {dates[0]}, but the study has no day 0", "set origin in [time]")


def _better(draft: Draft, problem: Problem, usable: Mapping[str, Variable]) -> tuple[str, str]:
    """What an unknown variable really is: an identifier, or derived further down."""
    name = problem.what.removeprefix("unknown variable ").strip("'")
    declared = draft.dictionary.get(name)
    if declared is not None and declared.identifier:
        return identifier_fault(name)
    later = draft.variables.get(name)
    if later is not None and name not in usable:
        return f"{name} is derived in line {later.line}, after its use", "move its [[derive]] up"
    return problem.what, problem.hint


def steps_are_conditions(draft: Draft) -> Iterator[Problem]:
    """Each cohort step is a condition."""
    for index, step in enumerate(draft.file.cohort.step):
        yield from _compiles(draft, ("cohort", "step", index, "where"), step.where, "boolean", draft.variables)


def derived_expressions_fit(draft: Draft) -> Iterator[Problem]:
    """A derived variable uses the dictionary, the site and what is derived above it."""
    for index, derive in enumerate(draft.file.derive):
        if not isinstance(derive, Derive):
            continue
        usable = draft.above(index)
        if derive.value is not None:
            yield from _compiles(draft, ("derive", index, "value"), derive.value, "number", usable)
        for position, case in enumerate(derive.cases):
            if case.where is not None:
                path = ("derive", index, "cases", position, "where")
                yield from _compiles(draft, path, case.where, "boolean", usable)


def events_are_conditions(draft: Draft) -> Iterator[Problem]:
    """`event_where`, `among` and the `where` of a cause are conditions."""
    for index, endpoint in enumerate(draft.file.endpoint):
        for key in ("event_where", "among"):
            if (text := getattr(endpoint, key)) is not None:
                yield from _compiles(draft, ("endpoint", index, key), text, "boolean", draft.variables)
        for number, cause in enumerate(endpoint.causes):
            if cause.where is not None:
                path: Path = ("endpoint", index, "causes", number, "where")
                yield from _compiles(draft, path, cause.where, "boolean", draft.variables)


def derived_has_one_form(draft: Draft) -> Iterator[Problem]:
    """A derived variable has either cases or a value, and only a number has a unit and a range."""
    for index, derive in enumerate(draft.file.derive):
        if not isinstance(derive, Derive):
            continue
        path: Path = ("derive", index)
        if bool(derive.cases) == (derive.value is not None):
            what = "has both cases and value" if derive.cases else "has neither cases nor value"
            yield draft.problem(path, f"{what}; expected cases for a category or value for a number")
        elif derive.cases:
            for key in sorted({"unit", "minimum", "maximum", "decimals"} & derive.model_fields_set):
                yield draft.problem((*path, key), "is for a derived number; this variable is a category")
        elif derive.minimum is not None and derive.maximum is not None and derive.minimum > derive.maximum:
            yield draft.problem((*path, "minimum"), f"is above maximum ({derive.maximum:g})")


def cases_end_with_otherwise(draft: Draft) -> Iterator[Problem]:
    """Each case has a condition, except that the last may be `otherwise`; without one the rest is unknown."""
    for index, derive in enumerate(draft.file.derive):
        if isinstance(derive, Derive):
            yield from _cases(draft, index, derive)


def _cases(draft: Draft, index: int, derive: Derive) -> Iterator[Problem]:
    for position, case in enumerate(derive.cases):
        path: Path = ("derive", index, "cases", position)
        if case.otherwise == (case.where is not None):
            what = "has both where and otherwise" if case.otherwise else "has neither where nor otherwise = true"
            yield draft.problem(path, f"{what}; expected one of them")
        if case.otherwise and position < len(derive.cases) - 1:
            yield draft.problem(path, "otherwise = true is not in the last case, so the cases after it never apply")


RULES: tuple[Rule, ...] = (
    steps_are_conditions,
    derived_expressions_fit,
    events_are_conditions,
    derived_has_one_form,
    cases_end_with_otherwise,
)
