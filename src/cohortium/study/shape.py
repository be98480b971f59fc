"""The shape of the study file: each key known, of its type and within its limits, and each fault in one sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from cohortium.study.derive import EXPRESSION
from cohortium.study.keys import PATTERNS, REPEATED, field_at, keys_at, models_at, tag_key, tag_of, without_tags
from cohortium.study.locate import Path
from cohortium.study.model import StudyFile
from cohortium.study.suggest import closest, did_you_mean, one_of, shown

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Fault = tuple[Path, str, str]
"""Path in the file, what is wrong, and a hint."""

Model = TypeVar("Model", bound=BaseModel)

_TYPES: Mapping[str, str] = {
    "string_type": "a text in quotation marks",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false, without quotation marks",
    "date_type": "a date without quotation marks, such as 2024-04-30",
    "date_from_datetime_inexact": "a date without a time, such as 2024-04-30",
    "tuple_type": "a list in square brackets",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "dict_type": "a table",
    "mapping_type": "a table",
}
_LIMITS: Mapping[str, tuple[str, str]] = {
    "greater_than": ("gt", "a number greater than {}"),
    "greater_than_equal": ("ge", "a number of at least {}"),
    "less_than": ("lt", "a number less than {}"),
    "less_than_equal": ("le", "a number of at most {}"),
    "string_too_long": ("max_length", "at most {} characters"),
    "too_long": ("max_length", "at most {} elements"),
}
_WORD = re.compile(r"[\w-]+")
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'")


def read_shape(raw: Mapping[str, Any]) -> tuple[StudyFile | None, list[Fault]]:
    """The study file, or None and every fault of its shape."""
    return read_shape_of(StudyFile, REPEATED, raw)


def read_shape_of(
    root: type[Model], repeated: tuple[Path, ...], raw: Mapping[str, Any]
) -> tuple[Model | None, list[Fault]]:
    """A file of any model, or None and every fault of its shape.

    root      model of the whole file
    repeated  its sections that are written with two brackets
    """
    try:
        return root.model_validate(frozen(raw), strict=True), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        misspelled = {_meant(detail, root) for detail in details if detail["type"] == "extra_forbidden"}
        return None, [_fault(detail, root, repeated) for detail in details if not _is_echo(detail, misspelled)]


def _is_echo(detail: ErrorDetails, misspelled: set[Path]) -> bool:
    """Whether an error only follows from another: a misspelled key is not missing too."""
    if detail["type"] == "missing":
        return tuple(detail["loc"]) in misspelled
    # pydantic calls a list too short when its elements are faulty.
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def frozen(value: Any) -> Any:
    """Lists as tuples throughout, as the strict models want them."""
    if isinstance(value, Mapping):
        return {key: frozen(item) for key, item in value.items()}
    return tuple(frozen(item) for item in value) if isinstance(value, list | tuple) else value


def _meant(detail: ErrorDetails, root: type[BaseModel]) -> Path:
    """The path that an unknown key is most likely a slip of: that key is misspelled, not missing too."""
    location = tuple(detail["loc"])
    return (*location[:-1], closest(str(location[-1]), keys_at(location[:-1], root)) or "")


def _fault(detail: ErrorDetails, root: type[BaseModel], repeated: tuple[Path, ...]) -> Fault:
    location, kind = tuple(detail["loc"]), detail["type"]
    path = without_tags(location, root)
    if kind == "missing":
        return path[:-1], *_missing(location, root)
    if kind == "extra_forbidden":
        return path, *_unknown_key(location, root)
    if kind.startswith("union_tag"):
        return _unknown_choice(path, detail)
    what, hint = _wrong_value(path, detail, repeated)
    return path, what, hint


def _missing(location: Path, root: type[BaseModel]) -> tuple[str, str]:
    key, field = location[-1], field_at(location, root)
    described = f": {field.description}" if field and field.description else ""
    if len(location) == 1:
        return (
            f"the section [{key}] is missing{described}",
            f"add [{key}]" if key != "site" else "add [[site]], or write the sites to sites.toml",
        )
    return f"the key '{key}' is missing{described}", ""


def _unknown_key(location: Path, root: type[BaseModel]) -> tuple[str, str]:
    keys = keys_at(location[:-1], root)
    if location[-2:-1] == (EXPRESSION,):
        keys.append("rule")
    thing = "section" if len(location) == 1 else "key"
    return f"unknown {thing}; {one_of(keys)}", did_you_mean(str(location[-1]), keys)


def _unknown_choice(path: Path, detail: ErrorDetails) -> Fault:
    if path[-2:-1] == ("covariates",):
        hint = "write for example 'age' or { variable = 'age', per = 10 }"
        return path, "is neither a name nor a table; expected a covariate", hint
    choices = [model for model in models_at(path) if tag_of(model)]
    key, tags = tag_key(choices[0]), [tag_of(model) for model in choices]
    given = detail["input"].get(key) if isinstance(detail["input"], Mapping) else None
    if given is None:
        return path, f"the key '{key}' is missing; {one_of(tags)}", ""
    return (*path, key), f"{shown(given)} is not a {key}; {one_of(tags)}", did_you_mean(str(given), tags)


def _wrong_value(path: Path, detail: ErrorDetails, repeated: tuple[Path, ...]) -> tuple[str, str]:
    kind, context, given = detail["type"], detail.get("ctx", {}), detail["input"]
    if kind == "literal_error":
        options = _QUOTED.findall(str(context["expected"]))
        return f"{shown(given)} is not allowed; {one_of(map(_marked, options))}", did_you_mean(str(given), options)
    if kind == "string_pattern_mismatch":
        words = PATTERNS.get(str(context["pattern"]), f"a text of the form {context['pattern']}")
        return f"{shown(given)} does not fit; expected {words}", ""
    if kind == "string_too_short":
        return "is empty; expected at least one character", ""
    if kind == "too_short":
        least = context["min_length"]
        expected = "expected at least one element" if least == 1 else f"expected at least {least} elements"
        return expected if given else f"is empty; {expected}", ""
    if kind in _LIMITS:
        limit, words = _LIMITS[kind]
        return f"expected {words.format(f'{context[limit]:g}')}", ""
    if kind in _TYPES:
        return f"expected {_TYPES[kind]}", _brackets(path, kind, repeated)
    return str(detail["msg"]), ""


def _brackets(path: Path, kind: str, repeated: tuple[Path, ...]) -> str:
    """Single for double brackets is the commonest slip of TOML; the number of knots is asked for elsewhere."""
    if kind == "tuple_type" and path[-1] == "knots":
        return "write the knots, such as [40, 55, 70]: where quantiles lie is not known before the data are"
    if kind == "tuple_type" and path in repeated:
        return f"write [[{'.'.join(map(str, path))}]] with two brackets, as all sections that repeat"
    return f"write [{path[0]}] with one bracket" if kind == "model_type" and len(path) == 1 else ""


def _marked(option: str) -> str:
    """A punctuation mark in quotation marks, so that it is not read as one of the sentence."""
    return option if _WORD.fullmatch(option) else f"'{option}'"
