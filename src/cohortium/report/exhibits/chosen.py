"""The analysis that a figure names, of the method it can draw, and what stands for one without numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from cohortium.errors import OutputError, Problem
from cohortium.report.figures import blank
from cohortium.report.figures.readout import NothingToRead
from cohortium.report.figures.save import Drawing
from cohortium.report.findings.warned import as_sentence

if TYPE_CHECKING:
    from cohortium.results import Results
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


def without_numbers(results: Results, spec: FigureSpec, what: str, statistics: tuple[str, ...]) -> Drawing:
    """The drawing of an analysis whose data did not give the numbers: what is missing, and why.

    what        e.g. `cumulative hazard`
    statistics  rows of the results table that say why

    Raises
        OutputError: the results table has neither the numbers nor a reason.
    """
    rows = results.where(analysis=spec.analysis or "")
    reasons = [row.warning for row in rows if row.statistic in statistics and row.value is None and row.warning]
    counted = rows.where(statistic="n")
    if len(counted) and not any(row.value for row in counted):
        reasons = ["no patients in any group"]
    if not reasons:
        problem = Problem(f"figure {spec.name}", f"{spec.analysis} gives no {what}")
        raise OutputError("A figure cannot be drawn.", [problem])
    text = as_sentence(f"No {what}: {'; '.join(dict.fromkeys(reasons))}")
    return Drawing(blank.draw(text, width=spec.width), text, (text,), (), NothingToRead(text))
