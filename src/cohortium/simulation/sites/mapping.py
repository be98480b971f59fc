"""`mapping.toml`: the site's habits as intake reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from cohortium.simulation.chart.rows import Chart
from cohortium.simulation.sites.columns import COLUMNS
from cohortium.simulation.sites.habits import Habits
from cohortium.simulation.sites.render import FIRST_LINE, wide_quantities

RESULTS = ("serum-immunofixation", "urine-immunofixation", "marrow-clonal-cells", "plasmacytoma", "imaging", "mrd")
"""Quantities whose result is in words."""


_METHODS = {
    "marrow-plasma-cells": "aspirate", "marrow-clonal-cells": "flow", "mrd": "ngs", "mrd-sensitivity": "ngs", "imaging": "pet-ct",
    "plasmacytoma": "pet-ct", "plasmacytoma-spd": "pet-ct", "plasmacytoma-longest-diameter": "pet-ct",
    "plasmacytoma-short-axis": "pet-ct",
}  # fmt: skip


def mapping_text(charts: Sequence[Chart], habits: Habits) -> str:
    """The text of a site's mapping.toml."""
    lines = [FIRST_LINE, "# How this site writes its files: our names to the site's, the site's codes to ours."]
    for table in COLUMNS:
        lines += ["", f"[{table}]", *_form(table, habits)]
        if table == "assessments" and not habits.is_wide and not habits.names_units and habits.units:
            lines += ["", "[assessments.units]", *_pairs(habits.units)]
        if table == "assessments" and habits.is_wide:
            lines += ["", "[assessments.wide]", *_wide(charts, habits)]
        if table == "patients" and habits.patient_units:
            lines += ["", "[patients.units]", *_units(habits)]
        lines += _columns(table, habits)
        lines += _codes(table, habits)
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A text as TOML."""
    return json.dumps(text, ensure_ascii=False)


def _form(table: str, habits: Habits) -> Iterator[str]:
    yield f"file = {quoted(habits.file(table))}"
    yield f"delimiter = {quoted(habits.delimiter)}"
    yield f"encoding = {quoted(habits.encoding)}"
    if habits.missing:
        yield f"missing_codes = [{quoted(habits.missing)}]"
    yield f"date_order = {quoted(habits.date_order)}"
    yield f"decimal_comma = {str(habits.has_decimal_comma).lower()}"


def _pairs(words: Mapping[str, str]) -> Iterator[str]:
    for ours, theirs in words.items():
        yield f"{quoted(ours)} = {quoted(theirs)}"


def _units(habits: Habits) -> Iterator[str]:
    for variable, (quantity, unit) in habits.patient_units.items():
        yield f"{variable} = {{ quantity = {quoted(quantity)}, unit = {quoted(unit)} }}"


def _wide(charts: Sequence[Chart], habits: Habits) -> Iterator[str]:
    words = habits.codes("assessments", "quantity")
    for quantity in wide_quantities(charts):
        unit = habits.units.get(quantity, "")
        more = ', holds = "result"' if quantity in RESULTS else f", unit = {quoted(unit)}" if unit else ""
        more += f", method = {quoted(_METHODS[quantity])}" if quantity in _METHODS else ""
        yield f"{quoted(words.get(quantity, quantity))} = {{ quantity = {quoted(quantity)}{more} }}"


def _columns(table: str, habits: Habits) -> list[str]:
    words = habits.words[table].columns if table in habits.words else {}
    absent = {"quantity", "value", "unit", "result"} if table == "assessments" and habits.is_wide else set()
    absent |= {"unit"} if table == "assessments" and not habits.names_units else set()
    kept = {ours: theirs for ours, theirs in words.items() if ours not in absent and ours in COLUMNS[table]}
    if table == "assessments" and habits.is_wide:
        kept = {ours: theirs for ours, theirs in kept.items() if ours in {"patient", "day"}}
    return ["", f"[{table}.columns]", *_pairs(kept)] if kept else []


def _codes(table: str, habits: Habits) -> list[str]:
    lines: list[str] = []
    for column, words in (habits.words[table].codes if table in habits.words else {}).items():
        if table == "assessments" and habits.is_wide and column == "quantity":
            continue
        lines += [
            "",
            f"[{table}.codes.{column}]",
            *(f"{quoted(theirs)} = {quoted(ours)}" for ours, theirs in words.items()),
        ]
    return lines
