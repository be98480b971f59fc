"""A clinical rule over a frame: columns under the names of the rule's keys, values as codes, answers in the rows' order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl
from pydantic import ValidationError

from cohortium.api.arguments import require_known
from cohortium.api.frames import Sites
from cohortium.derivations.rule import Rule, Tables
from cohortium.errors import UsageError
from cohortium.study.derive.rule_section import Input, RuleSection

if TYPE_CHECKING:
    from cohortium.api.frames import Frame

_NO_ROWS = pl.DataFrame()


def by_rule(
    rule: Rule, model: type[RuleSection], frame: Frame, columns: Mapping[str, str] | None, **keys: Any
) -> pl.DataFrame:
    """The variables that a rule makes, a row for each row of the frame.

    columns   key of the rule to the column of the frame; a key that is not among them is the column of that name
    keys      the other keys of the rule; None: left out

    Raises
        UsageError: a key that the rule does not have, a column that is missing or of another kind.
    """
    parameters = {key: value for key, value in keys.items() if value is not None}
    names = _names(model, frame, columns or {}, parameters)
    section = made(model, {**{key: key for key in names}, **parameters})
    given = Sites([frame], list(names.values())).given[0] if names else pl.DataFrame()
    reads = {read.key: read for read in section.inputs()}
    values = [_values(given[column], reads[key]).alias(key) for key, column in names.items()]
    height = given.height if names else len(frame)
    patients = pl.DataFrame([pl.Series("patient", range(height), dtype=pl.Int64).cast(pl.String), *values])
    tables = Tables(patients, _NO_ROWS, _NO_ROWS, _NO_ROWS, _NO_ROWS)
    return rule(tables, section).columns.drop("patient")


def made(model: type[RuleSection], keys: Mapping[str, Any]) -> Any:
    """The section with these keys; UsageError for values that it does not allow."""
    try:
        return model(rule=rule_name(model), **keys)  # type: ignore[call-arg]
    except ValidationError as error:
        found = [f"{'.'.join(map(str, one['loc']))}: {one['msg'].lower()}" for one in error.errors()]
        raise UsageError("; ".join(found)) from None


def rule_name(model: type[RuleSection]) -> str:
    """The rule's name in a study file."""
    return str(model.model_fields["rule"].annotation.__args__[0])  # type: ignore[union-attr]


def _names(
    model: type[RuleSection], frame: Any, columns: Mapping[str, str], parameters: Mapping[str, Any]
) -> dict[str, str]:
    """The column of each key that has one."""
    blank = model.model_construct(**{key: key for key in model.model_fields})  # type: ignore[arg-type]
    readable = [read.key for read in blank.inputs() if read.key not in parameters]
    require_known("columns", columns, readable)
    names = {key: key for key in readable if key in frame.columns} | dict(columns)
    needed = [key for key in readable if model.model_fields[key].is_required() and key not in names]
    if needed:
        raise UsageError(f"no column for {', '.join(needed)}; name it in `columns`, or the column after the key")
    return names


def _values(column: pl.Series, read: Input) -> pl.Series:
    """A column as the rule reads it: a number, or codes."""
    if read.levels:
        return coded(column, read.levels)
    if not (column.dtype.is_numeric() or column.dtype == pl.Null):
        raise UsageError(f"column {column.name}: expected numbers, got {column.dtype}")
    return column.cast(pl.Float64).fill_nan(None)


def coded(column: pl.Series, levels: Mapping[str, str]) -> pl.Series:
    """A column as codes: truth values are yes and no, texts are compared without case.

    Raises
        UsageError: a value that is none of the levels.
    """
    if column.dtype == pl.Boolean:
        text = column.replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
    elif column.dtype.is_numeric():
        text = column.cast(pl.Int64).cast(pl.String)
    else:
        text = column.cast(pl.String).str.strip_chars().str.to_lowercase()
    codes = {**levels, **{code.lower(): code for code in levels.values()}}
    found = text.replace_strict(codes, default=None, return_dtype=pl.String)
    if found.null_count() > text.null_count():
        raise UsageError(f"column {column.name}: expected one of {', '.join(codes)}; recode it first")
    return found


def tidy(frame: Frame, schema: Mapping[str, Any], columns: Mapping[str, str], needed: Sequence[str]) -> pl.DataFrame:
    """A frame with the columns of a tidy table; those that it lacks are nowhere known."""
    require_known("columns", columns, list(schema))
    names = {name: name for name in schema if name in frame.columns} | dict(columns)
    missing = [name for name in needed if name not in names]
    if missing:
        raise UsageError(f"no column for {', '.join(missing)}; name it in `columns`, or the column after the key")
    given = Sites([frame], list(names.values())).given[0]
    try:
        return given.select(
            pl.col(names[name]).cast(kind).alias(name) if name in names else pl.lit(None, dtype=kind).alias(name)
            for name, kind in schema.items()
        )
    except pl.exceptions.InvalidOperationError:
        raise UsageError("days and numbers of lines: expected whole numbers; convert them first") from None
