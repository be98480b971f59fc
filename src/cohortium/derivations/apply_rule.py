"""A clinical rule on a site's rows: its inputs as it wants them, and what it makes joined back by patient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import polars as pl

from cohortium.derivations.registry import REGISTRY
from cohortium.derivations.rule import Derived, Tables
from cohortium.errors import EstimationError
from cohortium.study.derive import RuleSection
from cohortium.study.derive.rule_section import Input
from cohortium.study.quantities import QUANTITIES, converted
from cohortium.study.queries import LINE, Query, row_queries
from cohortium.study.rules.clinical_rules import level_code
from cohortium.study.study import Study
from cohortium.study.table_rows import CUTOFF, NO_TABLES, TableRows
from cohortium.study.tables import PATIENT, PATIENTS, TIDY_TABLES
from cohortium.study.variables import Kind

_TYPES: Mapping[Kind, type[pl.DataType]] = {
    "category": pl.String,
    "text": pl.String,
    "number": pl.Float64,
    "integer": pl.Int64,
    "date": pl.Int64,
}


@dataclass(frozen=True, slots=True)
class Made:
    """What the rules of a study have made of a site's tables, by name of the [[derive]].

    records    rows per patient and visit or event
    listings   further tables for the site's own eyes
    """

    records: Mapping[str, pl.DataFrame] = field(default_factory=dict, repr=False)
    listings: Mapping[str, Mapping[str, pl.DataFrame]] = field(default_factory=dict, repr=False)

    def with_rule(self, name: str, derived: Derived) -> Made:
        """The same with what one more rule made."""
        records = {} if derived.records is None else {name: derived.records}
        return Made({**self.records, **records}, {**self.listings, name: derived.listings})


NOTHING_MADE = Made(MappingProxyType({}), MappingProxyType({}))


def apply_rule(
    study: Study, section: RuleSection, frame: pl.DataFrame, tables: TableRows = NO_TABLES, made: Made = NOTHING_MADE
) -> tuple[pl.DataFrame, Derived]:
    """A site's rows with the variables of a rule, and everything that the rule made.

    frame    the site's patients, with the variables above
    tables   its further tables, of these patients
    made     what the rules above have made

    Raises
        EstimationError: the rule made what its section does not declare, which is a defect of the program.
    """
    derived = REGISTRY[rule_name(section)](rule_tables(study, section, frame, tables, made), section)
    columns = _declared(section, derived.columns)
    return frame.join(
        columns, left_on=study.file.data.key, right_on=PATIENT, how="left", maintain_order="left"
    ), derived


def rule_name(section: RuleSection) -> str:
    """The rule that a section names."""
    return str(getattr(section, "rule"))  # noqa: B009 - each kind of section declares its own


def rule_tables(
    study: Study, section: RuleSection, frame: pl.DataFrame, tables: TableRows, made: Made = NOTHING_MADE
) -> Tables:
    """What a rule reads: inputs under the names of their keys, in the units and codes of the rule."""
    key = study.file.data.key
    cutoff = pl.col(CUTOFF) if CUTOFF in frame.columns else pl.lit(None, dtype=pl.Int64)
    patients = frame.filter(pl.col(key).is_not_null() & pl.col(key).is_first_distinct()).select(
        pl.col(key).alias(PATIENT),
        *(_input(study, needed).alias(needed.key) for needed in section.inputs()),
        cutoff.alias("data_cutoff"),
    )
    frames = {name: tables.frame(name) for name in TIDY_TABLES}
    records = {name: made.records[name] for name in section.records() if name in made.records}
    return Tables(patients, **frames, records=records)


def _input(study: Study, needed: Input) -> pl.Expr:
    variable = study.variable(needed.variable)
    column = pl.col(needed.variable)
    if variable.kind == "category" and needed.levels:
        codes = {level.code: level_code(needed, level.label, level.code) for level in variable.levels}
        return column.replace_strict(codes, default=None, return_dtype=pl.String)
    factor = QUANTITIES[needed.quantity].factor(variable.unit) if needed.quantity else None
    return column if factor is None or factor == 1 else converted(column.cast(pl.Float64), factor)


def _declared(section: RuleSection, columns: pl.DataFrame) -> pl.DataFrame:
    """The columns of the declared variables, one row a patient."""
    variables = section.variables()
    wanted = {variable.name: _TYPES[variable.kind] for variable in variables}
    if {name: type_ for name, type_ in columns.schema.items() if name != PATIENT} != wanted:
        raise EstimationError(f"rule {rule_name(section)} does not make the variables that it declares, a defect")
    for variable in variables:
        made = set(columns[variable.name].to_list()) if variable.kind == "category" else set()
        if made - {None, *(level.code for level in variable.levels)}:
            raise EstimationError(
                f"rule {rule_name(section)} makes a level that {variable.name} does not declare, a defect"
            )
    if columns[PATIENT].has_nulls() or columns[PATIENT].n_unique() < columns.height:
        raise EstimationError(f"rule {rule_name(section)} does not make one row a patient, a defect")
    return columns


def rule_queries(derived: Derived, site: str, tables: TableRows, patients: pl.DataFrame) -> Iterator[Query]:
    """What a rule found in the tables, as queries on their lines.

    patients   `patient` and `LINE` of the patients' file
    """
    for finding in derived.findings:
        rows = patients if finding.table == PATIENTS else tables.frame(finding.table)
        keys = dict(zip(rows[LINE].to_list(), rows[PATIENT].to_list(), strict=True))
        lines = finding.lines.to_list()
        about = Query(
            site, tables.files.get(finding.table, finding.table), None, "", finding.variable, finding.rule,
            finding.expected, finding.severity,
        )  # fmt: skip
        yield from row_queries(about, lines, [keys.get(line) for line in lines])
