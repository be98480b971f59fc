"""Derived variables in print: cases and expressions as code, rules by name, endpoints by rule in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import BaseModel

from cohortium.report import formats
from cohortium.report.labels import inside_sentence
from cohortium.report.methods.time_to_event import time_to_event
from cohortium.report.rules import Code, Paragraph, with_labels
from cohortium.study.derive import RuleSection
from cohortium.study.derive.endpoints import TimeToEvent

if TYPE_CHECKING:
    from cohortium.study.derive import AnyDerive
    from cohortium.study.study import Study

_FIRST_CASE = (
    "Made from the data by these rules. The first case that holds decides; a category is not known where a case "
    "cannot be judged because a value is missing."
)


def derived(study: Study) -> Iterator[Paragraph]:
    """What variables by cases share, where there are any, then a paragraph a variable."""
    if any(not isinstance(derive, RuleSection) and derive.cases for derive in study.file.derive):
        yield (_FIRST_CASE,)
    yield from (_derived(study, derive) for derive in study.file.derive)


def _derived(study: Study, derive: AnyDerive) -> Paragraph:
    if isinstance(derive, TimeToEvent):
        return (" ".join(time_to_event(study, derive)),)
    if isinstance(derive, RuleSection):
        return _by_rule(study, derive)
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


def _by_rule(study: Study, section: RuleSection) -> Paragraph:
    """The rule that is named, its version and every other key."""
    parts: list[str | Code] = [f"{section.label}: by the rule ", Code(str(getattr(section, "rule")))]  # noqa: B009
    keys = {
        key: value for key, value in section if key not in ("name", "label", "rule") and value not in (None, (), "")
    }
    for position, (key, value) in enumerate(keys.items()):
        parts += ["; " if position else " with ", f"{key.replace('_', ' ')} ", Code(_written(value))]
    names = [needed.variable for needed in section.inputs() if needed.variable in study.variables]
    for position, name in enumerate(names):
        parts += [", " if position else " (", Code(name), f": {inside_sentence(study.variable(name).label)}"]
    return (*parts, ").") if names else (*parts, ".")


def _keys_written(section: BaseModel) -> str:
    """`Bacterial infection (infection, infection class bacterial)`: the label, and the keys that are set."""
    set_keys = {key: value for key, value in section if value not in (None, (), "", False) and key != "name"}
    label = set_keys.pop("label", "")
    said = ", ".join(
        key.replace("_", " ") if value is True else f"{key.replace('_', ' ')} {_written(value)}"
        for key, value in set_keys.items()
    )
    return f"{label} ({said})" if label and said else f"{label}{said}"


def _written(value: object) -> str:
    if isinstance(value, tuple):
        mark = "; " if any(isinstance(item, BaseModel) for item in value) else ", "
        return mark.join(_written(item) for item in value)
    if isinstance(value, BaseModel):
        return _keys_written(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
