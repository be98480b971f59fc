"""The study file's own rules in print: each expression as code, with the labels of the variables in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report.labels import inside_sentence
from cohortium.study.expressions import compile_expression

if TYPE_CHECKING:
    from cohortium.study.study import Study


@dataclass(frozen=True, slots=True)
class Code:
    """Text of the study file that is printed letter by letter."""

    text: str


Paragraph = tuple[str | Code, ...]


def with_labels(study: Study, *expressions: str) -> Paragraph:
    """` (status: survival status)` for the variables that expressions use, in the order of the study."""
    used = {name for text in expressions for name in compile_expression(text, study.variables).names}
    parts: list[str | Code] = []
    for name in (name for name in study.variables if name in used):
        parts += [", " if parts else " (", Code(name), f": {inside_sentence(study.variable(name).label)}"]
    return (*parts, ")") if parts else ()
