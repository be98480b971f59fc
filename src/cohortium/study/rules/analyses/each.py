"""Walking through the analyses of a draft, and what several rules ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import Analysis
from cohortium.study.draft import Draft
from cohortium.study.endpoints import Made, made_of
from cohortium.study.locate import Path
from cohortium.study.variables import Kind, Variable

COVARIATE_KINDS: tuple[Kind, ...] = ("category", "number", "integer")
CATEGORY = "a category with declared levels"


def each_analysis(draft: Draft) -> Iterator[tuple[Path, Analysis]]:
    """Analyses with their paths."""
    for index, analysis in enumerate(draft.file.analysis):
        yield ("analysis", index), analysis


def once(draft: Draft, path: Path, names: Iterable[str]) -> Iterator[Problem]:
    """A problem for each name that was listed before."""
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield draft.problem((*path, index), f"{name} is listed twice")
        seen.add(name)


def category_of(draft: Draft, name: str) -> Variable | None:
    """The category of that name; None when it is something else or has a fault of its own."""
    variable = draft.variables.get(name)
    return variable if variable and variable.kind == "category" and not draft.is_excused(name) else None


def made_endpoint(draft: Draft, name: str) -> Made | None:
    """What the endpoint of that name comes down to; None when it has a fault of its own."""
    endpoints = {endpoint.name: endpoint for endpoint in draft.file.endpoint}
    try:
        return made_of(endpoints[name], endpoints)
    except LookupError:
        return None
