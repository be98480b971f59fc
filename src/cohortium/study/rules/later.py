"""Variables that become known after the origin."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.draft import KIND_IN_WORDS, Draft, Rule
from cohortium.study.rules.analyses.each import once

_ANY_KIND = tuple(KIND_IN_WORDS)


def later_variables_exist(draft: Draft) -> Iterator[Problem]:
    """A variable declared as known after the origin exists, is listed once, and is not the origin."""
    names = draft.file.time.after_origin
    yield from once(draft, ("time", "after_origin"), names)
    for index, name in enumerate(names):
        path = ("time", "after_origin", index)
        yield from draft.check_variable(path, name, _ANY_KIND, "a variable")
        if name == draft.file.time.origin:
            yield draft.problem(path, f"{name} is the origin itself")


RULES: tuple[Rule, ...] = (later_variables_exist,)
