"""A site's mapping against the study: the tables, columns, codes, quantities and units that it names exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cohortium.intake.columns import read_variables
from cohortium.intake.table_columns import FLAGS
from cohortium.intake.wide import HEAD
from cohortium.study.locate import Path
from cohortium.study.quantities import QUANTITIES
from cohortium.study.rules.clinical_rules import accepted_units
from cohortium.study.shape import Fault
from cohortium.study.site_mapping import AssessmentsHabits, MappingFile, PatientsHabits, TableHabits
from cohortium.study.study import Study
from cohortium.study.suggest import did_you_mean, one_of, shown
from cohortium.study.tables import ASSESSMENTS, PATIENT, PATIENTS, TIDY_TABLES

Codes = Mapping[str, Iterable[str] | None]
"""Columns of a table with their codes; None where a column has none."""


def mapping_faults(study: Study, mapping: MappingFile) -> Iterator[Fault]:
    """Everything in a mapping that does not fit the study."""
    declared = {table.name for table in study.file.data.table}
    for name in MappingFile.model_fields:
        habits = mapping.table(name)
        if name == PATIENTS:
            columns: Codes = {v.name: [lv.code for lv in v.levels] or None for v in read_variables(study)}
        else:
            if name in mapping.model_fields_set and name not in declared:
                yield (name,), "the study does not read this table", "remove the section, or declare [[data.table]]"
            columns = _columns(name)
        yield from _names(name, habits, columns)
        yield from _codes(name, habits, columns)
    yield from _patient_units(study, mapping.patients)
    yield from _assessment_units(mapping.assessments)
    yield from _wide(mapping.assessments)


def _columns(table: str) -> Codes:
    columns = {c.name: FLAGS if c.kind == "flag" else c.codes for c in TIDY_TABLES[table].columns}
    return {PATIENT: None, **columns}


def _names(table: str, habits: TableHabits, columns: Codes) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for ours, theirs in habits.columns.items():
        path = (table, "columns", ours)
        if ours not in columns:
            yield path, f"unknown column; {one_of(columns)}", did_you_mean(ours, columns)
        elif (earlier := seen.setdefault(theirs, ours)) != ours:
            yield (
                path,
                f"{shown(theirs)} is already the name of {earlier}",
                "each of our columns has a column of its own",
            )


def _codes(table: str, habits: TableHabits, columns: Codes) -> Iterator[Fault]:
    for name, codes in habits.codes.items():
        path: Path = (table, "codes", name)
        ours = columns.get(name)
        if name not in columns:
            yield path, f"unknown column; {one_of(columns)}", did_you_mean(name, columns)
        elif ours is None:
            coded = [column for column, listed in columns.items() if listed is not None]
            yield path, f"{name} has no codes; {one_of(coded)}", ""
        else:
            for theirs, code in codes.items():
                if code not in ours:
                    yield (
                        (*path, theirs),
                        f"{shown(code)} is no code of {name}; {one_of(ours)}",
                        did_you_mean(code, ours),
                    )


def _patient_units(study: Study, habits: PatientsHabits) -> Iterator[Fault]:
    numbers = {v.name: v for v in study.dictionary if v.kind == "number" and not v.identifier}
    for name, given in habits.units.items():
        path: Path = (PATIENTS, "units", name)
        if name not in numbers:
            yield path, f"is no number of dictionary.csv; {one_of(numbers)}", did_you_mean(name, numbers)
            continue
        found = list(_unit((*path, "unit"), (*path, "quantity"), given.quantity, given.unit))
        yield from found
        declared = numbers[name].unit
        if not found and (not declared or QUANTITIES[given.quantity].factor(declared) is None):
            quantity = QUANTITIES[given.quantity]
            what = f"dictionary.csv has {name} in {shown(declared)}; {one_of(accepted_units(quantity))}"
            yield (
                path,
                what if declared else f"dictionary.csv has {name} without a unit",
                "write the unit as its Field Note",
            )


def _assessment_units(habits: AssessmentsHabits) -> Iterator[Fault]:
    for quantity, unit in habits.units.items():
        path: Path = (ASSESSMENTS.name, "units", quantity)
        yield from _unit(path, path, quantity, unit)


def _wide(habits: AssessmentsHabits) -> Iterator[Fault]:
    for name, column in habits.wide.items():
        path: Path = (ASSESSMENTS.name, "wide", name)
        yield from _unit((*path, "unit"), (*path, "quantity"), column.quantity, column.unit)
        if name in (*habits.columns.values(), PATIENT):
            yield path, "is also the name of a column in [assessments.columns]", "keep one of the two"
    for name in HEAD:
        if habits.wide and name in habits.columns:
            yield (ASSESSMENTS.name, "columns", name), "is not in a file with a column for each quantity", "remove it"


def _unit(unit_path: Path, quantity_path: Path, code: str, unit: str) -> Iterator[Fault]:
    quantity = QUANTITIES.get(code)
    if quantity is None:
        yield quantity_path, f"{shown(code)} is no quantity; {one_of(QUANTITIES)}", did_you_mean(code, QUANTITIES)
    elif unit and quantity.factor(unit) is None:
        units = one_of(accepted_units(quantity)) if quantity.unit else "expected none"
        yield unit_path, f"{shown(unit)} is no unit of the quantity {quantity.label}; {units}", ""
