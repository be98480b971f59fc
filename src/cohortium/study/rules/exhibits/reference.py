"""A reference from a table or figure to an analysis."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.analyses import Analysis
from cohortium.study.draft import Draft
from cohortium.study.locate import Path
from cohortium.study.suggest import shown


def by_name(draft: Draft) -> dict[str, Analysis]:
    """The analyses by name."""
    # Of two with one name the first counts; the second is a problem of its own.
    return {analysis.name: analysis for analysis in reversed(draft.file.analysis)}


def check_method(draft: Draft, path: Path, name: str, methods: tuple[str, ...], purpose: str) -> Iterator[Problem]:
    """A problem unless the analysis of that name exists and is of one of the methods."""
    analyses = by_name(draft)
    fitting = [other.name for other in draft.file.analysis if other.method in methods]
    yield from draft.check_reference(path, "analysis", name, [analysis.name for analysis in draft.file.analysis])
    analysis = analyses.get(name)
    if analysis is not None and analysis.method not in methods:
        hint = f"such as {shown(fitting[0])}" if fitting else ""
        expected = " or ".join(methods)
        yield draft.problem(path, f"{name} is a {analysis.method} analysis; {purpose} shows {expected}", hint)
