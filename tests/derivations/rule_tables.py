"""Rules tested by readable tables: values in, expected answers after `||`; `?` is not known.

A table is run as written, again with every measured value written in each other unit of its quantity and converted
back, and again for every mutant of the rule's data: each comparison opened or closed, each limit and each number of
points moved by a step either way, each name left out. Every mutant must change an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import polars as pl

from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.thresholds import Threshold
from cohortium.study.quantities import QUANTITIES
from cohortium.study.tables import THERAPIES, TidyTable

TYPES = {"text": pl.String, "code": pl.String, "integer": pl.Int64, "number": pl.Float64, "date": pl.Int64}
OTHER = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}


def parse(text: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The values and the expected answers of a table."""
    lines = [
        line.split()
        for line in text.strip().splitlines()
        if set(line.strip()) - set("-") and not line.strip().startswith("#")
    ]
    head, *body = lines
    cut = head.index("||")
    assert all(len(line) == len(head) and line[cut] == "||" for line in body)
    columns = {name: [line[i] for line in body] for i, name in enumerate(head) if i != cut}
    frame = pl.DataFrame({name: _typed(values) for name, values in columns.items()}, strict=False)
    return frame.select(head[:cut]), frame.select(head[cut + 1 :])


def _typed(values: list[str]) -> list[Any]:
    known = [None if value == "?" else value for value in values]
    try:
        return [None if value is None else float(value) for value in known]
    except ValueError:
        return known


def tables(patients: pl.DataFrame, therapies: pl.DataFrame | None = None) -> Tables:
    """One site's tables; patients get keys where they have none."""
    if "patient" not in patients.columns:
        patients = patients.with_columns(patient=pl.Series([f"P{i}" for i in range(patients.height)], dtype=pl.String))
    empty = pl.DataFrame()
    return Tables(patients, empty_of(THERAPIES) if therapies is None else therapies, empty, empty, empty)


def empty_of(table: TidyTable) -> pl.DataFrame:
    """A tidy table without rows."""
    return pl.DataFrame(schema={"patient": pl.String, **{c.name: TYPES[c.kind] for c in table.columns}})


def section_of(model: type[Any], columns: list[str], **parameters: Any) -> Any:
    """A section named `it`, whose keys name the columns of a table that bear their names."""
    (rule,) = model.model_fields["rule"].annotation.__args__
    named = {name: name for name in columns if name in model.model_fields}
    return model(name="it", label="It", rule=rule, **{**named, **parameters})


def answers(derived: Derived, expected: list[str]) -> list[list[Any]]:
    """The answers by column: `it` itself is written as the first expected column."""
    columns = derived.columns.rename({"it": "answer"})
    plain = [name if name == "answer" else f"it_{name}" for name in expected]
    assert set(plain) <= set(columns.columns)
    return [_plain(columns[name]) for name in plain]


def _plain(column: pl.Series) -> list[Any]:
    return [round(value, 2) if isinstance(value, float) else value for value in column]


def check(text: str, model: type[Any], rule: Callable[..., Derived], **parameters: Any) -> None:
    """The rule gives the expected answers, in every unit."""
    values, expected = parse(text)
    section = section_of(model, values.columns, **parameters)
    wanted = [_plain(expected[name]) for name in expected.columns]
    assert answers(rule(tables(values), section), expected.columns) == wanted
    for key, column in in_other_units(section, values):
        again = answers(rule(tables(values.with_columns(column.alias(key))), section), expected.columns)
        assert again == wanted, key


def in_other_units(section: Any, values: pl.DataFrame) -> Iterator[tuple[str, pl.Series]]:
    """Each measured column as a site would write it in each other unit, converted to the unit that is kept."""
    for read in section.inputs():
        for unit in QUANTITIES[read.quantity].factors if read.quantity else ():
            factor = QUANTITIES[read.quantity].factor(unit)
            assert factor is not None
            # A site writes a decimal number; converting it back need not give the same bits.
            yield read.key, (values[read.key].cast(pl.Float64) / factor).round_sig_figs(13) * factor


def survivors(
    text: str, model: type[Any], rule: Callable[..., Derived], data: Any, step: Callable[[float], float] | float = 1.0,
    within: Callable[[Any], Any] = lambda mutant: mutant, **parameters: Any,
) -> list[str]:  # fmt: skip
    """Mutants of a rule's data that change no answer of a table."""
    values, expected = parse(text)
    section = section_of(model, values.columns, **parameters)
    wanted = [_plain(expected[name]) for name in expected.columns]
    steps = step if callable(step) else lambda _: step
    made = list(mutants(data, steps))
    assert made
    return [
        name for name, mutant in made
        if answers(rule(tables(values), section, within(mutant)), expected.columns) == wanted
    ]  # fmt: skip


def mutants(data: Any, step: Callable[[float], float], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every piece of data with one comparison, number, name or result changed."""
    if isinstance(data, Threshold):
        yield f"{path} {data} opened or closed", replace(data, comparison=OTHER[data.comparison])
        for sign in (-1, 1):
            yield f"{path} {data} {sign:+}", replace(data, limit=data.limit + sign * step(data.limit))
    elif is_dataclass(data):
        for field in fields(data):
            for name, changed in mutants(getattr(data, field.name), step, f"{path}.{field.name}"):
                yield name, replace(data, **{field.name: changed})
    elif isinstance(data, Mapping):
        for key, value in data.items():
            for name, changed in mutants(value, step, f"{path}[{key}]"):
                yield name, {**data, key: changed}
    elif isinstance(data, tuple):
        for i, value in enumerate(data):
            for name, changed in mutants(value, step, f"{path}[{i}]"):
                yield name, (*data[:i], changed, *data[i + 1 :])
        # A name, a group or a band that is left out; a pair of a name and a number has no part to leave out.
        if len(data) > 1 and len({type(value) for value in data}) == 1 and isinstance(data[0], str | tuple):
            for i, value in enumerate(data):
                yield f"{path} without {value}", data[:i] + data[i + 1 :]
    elif isinstance(data, float) and not isinstance(data, bool):
        for sign in (-1, 1):
            yield f"{path} {data} {sign:+}", data + sign * step(data)
