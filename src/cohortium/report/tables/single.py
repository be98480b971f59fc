"""Analyses that a table or figure names, of the method it can show."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from cohortium.errors import OutputError, Problem

if TYPE_CHECKING:
    from cohortium.study.model import Table as TableSpec
    from cohortium.study.study import Study

A = TypeVar("A")


def only_analysis(study: Study, spec: TableSpec, method: type[A]) -> A:
    """The one analysis of a table; OutputError when it names several or one of another method."""
    found = [study.analysis(name) for name in spec.analyses]
    if len(found) == 1 and isinstance(found[0], method):
        return found[0]
    expected = f"expected exactly one analysis of kind {method.__name__}, found {', '.join(spec.analyses) or 'none'}"
    raise OutputError("A table cannot be made.", [Problem(f"table {spec.name}", expected)])
