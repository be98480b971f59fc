"""The analysis that a figure names, of the method it can draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from cohortium.errors import OutputError, Problem

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

A = TypeVar("A")


def chosen_analysis(study: Study, spec: FigureSpec, method: type[A]) -> A:
    """The analysis of a figure; OutputError when it names none or one of another method."""
    analysis = study.analysis(spec.analysis) if spec.analysis else None
    if isinstance(analysis, method):
        return analysis
    raise unfit(spec, method.__name__)


def unfit(spec: FigureSpec, expected: str) -> OutputError:
    """The error of a figure whose analysis it cannot draw."""
    what = f"expected an analysis of kind {expected}, found {spec.analysis or 'none'}"
    return OutputError("A figure cannot be drawn.", [Problem(f"figure {spec.name}", what)])


def without_numbers(spec: FigureSpec, what: str) -> OutputError:
    """The error of a figure whose analysis did not give the numbers to draw."""
    return OutputError(
        "A figure cannot be drawn.", [Problem(f"figure {spec.name}", f"{spec.analysis} gives no {what}")]
    )
