"""The models as a tree: which keys a section may hold, and in which words their types are said."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from cohortium.study.derive import EXPRESSION
from cohortium.study.locate import Path
from cohortium.study.model import StudyFile
from cohortium.study.section import NAME, PRINTED, VARIABLE_NAME

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

PATTERNS: dict[str, str] = {
    NAME: "a letter followed by letters, digits, `-` and `_`",
    VARIABLE_NAME: "a lower-case letter followed by lower-case letters, digits and `_`",
    PRINTED: "a text that neither begins nor ends with a blank",
    r"^(?:[A-Za-z0-9][A-Za-z0-9._-]*\.csv)?$": "a file name of letters, digits, `.`, `_` and `-` that ends with .csv",
    r"^[0-9]{4}-[0-9]{3}[0-9X]$": "an ISSN such as 1234-5679",
    r"^[A-Za-z0-9][A-Za-z0-9._-]*\.csv$": "a file name of letters, digits, `.`, `_` and `-` that ends with .csv",
}
"""What each pattern of the models means."""

REPEATED: tuple[Path, ...] = (
    ("data", "table"), ("site",), ("cohort", "step"), ("derive",), ("endpoint",), ("imputation",), ("propensity",), ("analysis",), ("family",),
    ("published",), ("table",), ("figure",),
)  # fmt: skip
"""Sections that are written with two brackets, once for each of their kind."""

_SIMPLE: dict[type, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    dt.date: "date, e.g. 2024-04-30",
}


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation speaks of, in order."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for part in get_args(annotation):
        yield from models_in(part)


def tag_key(model: type[BaseModel]) -> str:
    """The key by which a model is told from its siblings: `method` of an analysis, `rule` of a rule; empty for none."""
    for key in ("rule", "method"):
        field = model.model_fields.get(key)
        if field and get_origin(field.annotation) is Literal and len(get_args(field.annotation)) == 1:
            return key
    return ""


def tag_of(model: type[BaseModel]) -> str:
    """The `method` of an analysis model or the `rule` of a rule's; empty for any other section."""
    key = tag_key(model)
    return str(get_args(model.model_fields[key].annotation)[0]) if key else ""


def models_at(path: Path, root: type[BaseModel] = StudyFile) -> list[type[BaseModel]]:
    """The models that may stand at a path as pydantic reports it, union tags included."""
    models: list[type[BaseModel]] = [root]
    is_free = False
    for position, part in enumerate(path):
        if is_free or isinstance(part, int):
            is_free = False
        elif _is_tag(path, position, models):
            models = _chosen(models, part)
        else:
            # The keys of a mapping are the writer's own.
            is_free = any(
                _is_mapping(model.model_fields[part].annotation) for model in models if part in model.model_fields
            )
            models = _below(models, part)
    return models


def _is_mapping(annotation: Any) -> bool:
    return get_origin(annotation) is Mapping


def _chosen(models: list[type[BaseModel]], tag: str) -> list[type[BaseModel]]:
    return [model for model in models if tag_of(model) == tag] or [model for model in models if not tag_of(model)]


def _below(models: list[type[BaseModel]], key: str) -> list[type[BaseModel]]:
    fields = [model.model_fields[key] for model in models if key in model.model_fields]
    return [model for field in fields for model in models_in(field.annotation)]


def _is_tag(path: Path, position: int, models: list[type[BaseModel]]) -> bool:
    """Whether pydantic put the tag of a union there: only after the index of an element, of which several forms exist."""
    part = path[position]
    if not isinstance(part, str) or position == 0 or not isinstance(path[position - 1], int):
        return False
    tags = {tag_of(model) for model in models} - {""}
    if tags:
        return part in tags | {EXPRESSION}
    return part in ("name", "table") and not any(part in model.model_fields for model in models)


def without_tags(path: Path, root: type[BaseModel] = StudyFile) -> Path:
    """The path as it is written in the file: pydantic's union tags taken out."""
    return tuple(
        part for position, part in enumerate(path) if not _is_tag(path, position, models_at(path[:position], root))
    )


def keys_at(path: Path, root: type[BaseModel] = StudyFile) -> list[str]:
    """The keys that may stand in the section at a path."""
    return list(dict.fromkeys(key for model in models_at(path, root) for key in model.model_fields))


def field_at(path: Path, root: type[BaseModel] = StudyFile) -> FieldInfo | None:
    """The field that a path names, or None."""
    for model in models_at(path[:-1], root):
        if isinstance(path[-1], str) and path[-1] in model.model_fields:
            return model.model_fields[path[-1]]
    return None


def in_words(annotation: Any) -> str:
    """A type as a reader of the reference page knows it."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return in_words(arguments[0])
    if origin is Literal:
        return " or ".join(f"`{_visible(value)}`" for value in arguments)
    if origin is tuple:
        listed = list(models_in(arguments[0]))
        return (
            "tables" if len(listed) == 1 and in_words(arguments[0]) == "table" else f"list of {in_words(arguments[0])}"
        )
    if origin is Mapping:
        return "table"
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(in_words(part) for part in arguments if part is not type(None)))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "table"
    return _SIMPLE.get(annotation, "value")


def _visible(value: object) -> str:
    return str(value).replace("\t", "\\t")
