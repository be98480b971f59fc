"""The study file's own rules in print: each expression as code, with the labels of the variables in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.labels import inside_sentence
from cohortium.study.expressions import compile_expression

if TYPE_CHECKING:
    from cohortium.study.model import Derive
    from cohortium.study.study import Study


@dataclass(frozen=True, slots=True)
class Code:
    """Text of the study file that is printed letter by letter."""

    text: str


Paragraph = tuple[str | Code, ...]

_FIRST_CASE = (
    "Made from the data by these rules. The first case that holds decides; a category is not known where a case "
    "cannot be judged because a value is missing."
)


def with_labels(study: Study, *expressions: str) -> Paragraph:
    """` (status: survival status)` for the variables that expressions use, in the order of the study."""
    used = {name for text in expressions for name in compile_expression(text, study.variables).names}
    parts: list[str | Code] = []
    for name in (name for name in study.variables if name in used):
        parts += [", " if parts else " (", Code(name), f": {inside_sentence(study.variable(name).label)}"]
    return (*parts, ")") if parts else ()


def derived(study: Study) -> Iterator[Paragraph]:
    """What the rules of all derived variables share, then a paragraph a variable."""
    yield (_FIRST_CASE,)
    yield from (_derived(study, derive) for derive in study.file.derive)


def _derived(study: Study, derive: Derive) -> Paragraph:
    if derive.value is not None:
        unit = f", {derive.unit}" if derive.unit else ""
        rounding = f", rounded to {formats.plural(derive.decimals, 'decimal')}"
        return f"{derive.label}{unit}: ", Code(derive.value), *with_labels(study, derive.value), f"{rounding}."
    parts: list[str | Code] = [f"{derive.label}: "]
    for position, case in enumerate(derive.cases):
        parts.append(
            f"{'; ' if position else ''}\N{LEFT DOUBLE QUOTATION MARK}{case.level}\N{RIGHT DOUBLE QUOTATION MARK}"
        )
        parts += [" where ", Code(case.where)] if case.where else [" otherwise"]
    return (*parts, *with_labels(study, *(case.where for case in derive.cases if case.where)), ".")
