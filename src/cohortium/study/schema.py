"""The study file described: a JSON Schema for editors and the reference page, both made from the models."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from cohortium.study.check import RULES
from cohortium.study.expressions import MAX_DEPTH, MAX_LENGTH
from cohortium.study.expressions.functions import FUNCTIONS
from cohortium.study.keys import REPEATED, in_words, models_in, tag_key, tag_of
from cohortium.study.locate import Path
from cohortium.study.model import StudyFile

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `study.toml`, as an editor uses it."""
    schema: dict[str, Any] = _without_null(StudyFile.model_json_schema())
    # The sites may stand in sites.toml, which an editor does not see.
    schema["required"].remove("site")
    return {"$schema": _DIALECT, **schema, "title": "Cohortium study file", "description": "study.toml of a study."}


def _without_null(node: Any) -> Any:
    """TOML has no null: an optional key is left out, so the schema need not offer it."""
    if isinstance(node, list):
        return [_without_null(item) for item in node]
    if not isinstance(node, dict):
        return node
    cleaned = {key: _without_null(item) for key, item in node.items() if not _is_noise(key, item)}
    options = [option for option in cleaned.get("anyOf", []) if option != {"type": "null"}]
    if len(options) == 1:
        del cleaned["anyOf"]
        return {**options[0], **cleaned}
    return {**cleaned, "anyOf": options} if options else cleaned


def _is_noise(key: str, item: Any) -> bool:
    # A property may itself be named `title`; only a text is pydantic's own title of a node.
    return (key == "default" and item is None) or (key == "title" and isinstance(item, str))


def study_file_reference() -> str:
    """The reference page of the study file, as MyST Markdown."""
    return "\n".join([*_INTRODUCTION, *sections(StudyFile, REPEATED), *_expressions(), *_checks()]) + "\n"


_INTRODUCTION = (
    "# The study file",
    "",
    "`study.toml` holds the protocol as data. It is [TOML](https://toml.io): a section begins with its name in square",
    "brackets, a section that may be given several times has two brackets. Every problem is reported at once, with its",
    "line; elements of a list are counted from 1, so `analysis[2].by` is the key `by` of the second analysis.",
    "",
)


def sections(root: type[BaseModel], repeated: tuple[Path, ...]) -> Iterator[str]:
    """Every section of a file with its keys, as lines of MyST Markdown.

    root      model of the whole file
    repeated  its sections that are written with two brackets
    """
    for name, field in root.model_fields.items():
        for model in models_in(field.annotation):
            tag = tag_of(model)
            heading = f'[[{name}]] with {tag_key(model)} = "{tag}"' if tag else _heading((name,), repeated)
            yield from _section(heading, model, (name,), repeated)


def _heading(path: tuple[str, ...], repeated: tuple[Path, ...]) -> str:
    header = ".".join(path)
    return f"[[{header}]]" if path in repeated else f"[{header}]"


def _section(heading: str, model: type[BaseModel], path: tuple[str, ...], repeated: tuple[Path, ...]) -> Iterator[str]:
    yield f"{'#' * (len(path) + 1)} `{heading}`"
    yield ""
    yield _summary(model)
    yield ""
    yield "| Key | Type | Default | Description |"
    yield "|---|---|---|---|"
    for key, field in model.model_fields.items():
        yield _row(key, field)
    yield ""
    for key, field in model.model_fields.items():
        for inner in models_in(field.annotation):
            inner_path = (*path, key)
            is_list = get_origin(field.annotation) is tuple and inner_path not in repeated
            title = f"{key} = [{{ ... }}]" if is_list else _heading(inner_path, repeated)
            yield from _section(title, inner, inner_path, repeated)


def _summary(model: type[BaseModel]) -> str:
    """The model's own sentence, without the section's name that the heading already gives."""
    text = " ".join((inspect.getdoc(model) or "").split())
    if text.startswith("`["):
        text = text.partition(": ")[2]
    return text[:1].upper() + text[1:]


def _row(key: str, field: FieldInfo) -> str:
    cells = (f"`{key}`", in_words(field.annotation), _default(field), _described(field))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _described(field: FieldInfo) -> str:
    """The description, with the most elements that a list may have."""
    most = next((limit.max_length for limit in field.metadata if hasattr(limit, "max_length")), None)
    is_list = get_origin(field.annotation) is tuple
    return f"{field.description or ''} At most {most:,}." if is_list and most else field.description or ""


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is PydanticUndefined:
        return "required"
    if isinstance(value, BaseModel) or value in (None, "", (), {}):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return ", ".join(f"`{item}`" for item in value)
    return f"`{value}`"


def _expressions() -> Iterator[str]:
    yield from (
        "## Expressions",
        "",
        "A condition such as `n_doses >= 1 and age >= 18`, or a number such as `weight / height ** 2`. It may hold names",
        "of variables, numbers, texts in quotation marks, `True` and `False`, comparisons (`==`, `!=`, `<`, `<=`, `>`,",
        "`>=`, also chained: `18 <= age < 75`), `in` and `not in` a list, `and`, `or`, `not`, `+ - * / **`, brackets, and",
        "the functions below. Nothing else is allowed, and nothing in it is ever executed. An expression has at most",
        f"{MAX_LENGTH:,} characters and at most {MAX_DEPTH} levels of brackets; a long one is split into derived variables.",
        "",
        "- A category is compared with the code or the label of a declared level: `sex == 'Female'`. Where all codes are",
        "  numbers it may be compared with a number too: `ecog >= 2`. A yes/no variable stands for itself: `not diabetes`.",
        "- A date is a whole number of days from the origin: compare it with another date or with a number of days.",
        "- What is unknown stays unknown: `age >= 18` is unknown for a patient without an age, `a or b` is true when one of",
        "  the two is. A patient for whom a cohort step is unknown is not included, and is counted as such.",
        "",
        "| Function | Meaning |",
        "|---|---|",
    )
    yield from (f"| `{function.usage}` | {function.meaning} |" for function in FUNCTIONS.values())


def _checks() -> Iterator[str]:
    yield from ("", "## Checks across sections", "", "Before anything runs, each of these must hold:", "")
    yield from (f"- {' '.join((inspect.getdoc(rule) or '').split())}" for rule in RULES)
