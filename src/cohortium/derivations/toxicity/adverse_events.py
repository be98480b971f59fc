"""Adverse events to each patient's worst grade: of any event, and of declared groups."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import polars as pl

from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.toxicity.bounds import LEAST, MOST, grade_code, grade_columns, worst
from cohortium.derivations.toxicity.event_rows import first_onset, is_fatal, of_terms, plain_term, within_days
from cohortium.derivations.toxicity.impossible import (
    CONTRADICTIONS,
    GRADES_OF_TERM,
    Span,
    findings,
    grade_is_possible,
    wrong_grade,
)
from cohortium.study.tables import PATIENT

if TYPE_CHECKING:
    from cohortium.study.derive.adverse_events import AdverseEvents, EventGroup

FATAL = 5

INTERVENTION_GRADES: Mapping[str, int] = MappingProxyType(
    {"none": 1, "local": 1, "oral": 2, "intravenous": 3, "procedure": 3, "urgent": 4}
)
"""Grade of an infection by the treatment that it needed, CTCAE 5.0 [V2 for catheter infection, M for the others]."""

_RECORD = ("onset", "end", "term", "grade", "at_least", "at_most", "group")


def adverse_events(tables: Tables, section: AdverseEvents) -> Derived:
    """The rule `adverse-events`: worst grade of any event and of each group."""
    limits = {
        **GRADES_OF_TERM,
        **{each.term.strip().lower(): (each.lowest, each.highest) for each in section.grade_limits},
    }
    rows = tables.events
    if section.not_attributed == "left-out":
        rows = rows.filter(pl.col("attributed").fill_null(value=True))
    counted = within_days(_graded(rows, section, limits), section.from_day, section.to_day)
    groups = {section.name: counted} | {
        f"{section.name}_{group.name}": _of_group(counted, group) for group in section.groups
    }
    patients = tables.patients
    columns = [_columns(patients, found, name, section) for name, found in groups.items()]
    made = pl.concat([patients.select(PATIENT), *columns], how="horizontal")
    impossible = (*CONTRADICTIONS, wrong_grade(limits))
    return Derived(made, _records(groups), findings=findings(tables.events, impossible))


def _graded(rows: pl.DataFrame, section: AdverseEvents, limits: Mapping[str, Span]) -> pl.DataFrame:
    """Rows with the limits of their grade; a grade that is refused is not known."""
    least, most = pl.col("grade"), pl.col("grade")
    fatal = is_fatal()
    if section.infection_grade == "intervention":
        by_treatment = pl.col("intervention").replace_strict(INTERVENTION_GRADES, default=None, return_dtype=pl.Int64)
        derived = pl.when(fatal).then(FATAL).when(~fatal).then(by_treatment)
        least = most = pl.when(is_infection()).then(derived).otherwise(pl.col("grade"))
    possible = grade_is_possible(limits)
    term = plain_term(pl.col("term"))
    names = list(limits)
    lowest = term.replace_strict(names, [limits[name][0] for name in names], default=1, return_dtype=pl.Int64)
    highest = term.replace_strict(names, [limits[name][1] for name in names], default=FATAL, return_dtype=pl.Int64)
    highest = pl.when(pl.col("outcome") != "fatal").then(pl.min_horizontal(highest, FATAL - 1)).otherwise(highest)
    return rows.with_columns(
        pl.when(possible).then(least).fill_null(lowest).cast(pl.Int64).alias(LEAST),
        pl.when(possible).then(most).fill_null(highest).cast(pl.Int64).alias(MOST),
    )


def is_infection() -> pl.Expr:
    """Rows that are infections: a class, an organism or a site of infection is entered."""
    return pl.any_horizontal(pl.col("infection_class", "organism", "infection_site").is_not_null())


def _of_group(rows: pl.DataFrame, group: EventGroup) -> pl.DataFrame:
    """Rows that are, or may be, of a group; the lowest grade is 0 where they only may be."""
    member = pl.lit(not (group.terms or group.infection))
    if group.terms:
        member |= of_terms(group.terms)
    if group.infection:
        member |= is_infection()
    if group.infection_class:
        class_known = pl.col("infection_class")
        unknown = class_known.is_null() | ((class_known == "unknown") & (group.infection_class != "unknown"))
        member &= pl.when(unknown).then(None).otherwise(class_known == group.infection_class)
    if group.infection_site:
        member &= pl.col("infection_site").str.strip_chars().str.to_lowercase() == group.infection_site.strip().lower()
    kept = rows.with_columns(member.alias("#member")).filter(pl.col("#member").fill_null(value=True))
    least = pl.when(pl.col("#member")).then(pl.col(LEAST)).otherwise(0)
    return kept.with_columns(least.alias(LEAST)).drop("#member")


def _columns(patients: pl.DataFrame, rows: pl.DataFrame, name: str, section: AdverseEvents) -> pl.DataFrame:
    found = worst(patients, rows, none_without=section.without_events == "none")
    first = found.join(first_onset(rows), on=PATIENT, how="left", maintain_order="left")
    return first.select(*grade_columns(name), pl.col("first_onset").alias(f"{name}_onset"))


def _records(groups: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Every event that counts, once for each group to which it belongs."""
    parts = [
        rows.select(
            PATIENT, "onset", "end", plain_term(pl.col("term")).alias("term"),
            grade_code(pl.col(LEAST), pl.col(MOST)).alias("grade"), pl.col(LEAST).alias("at_least"),
            pl.col(MOST).alias("at_most"), pl.lit(name).alias("group"),
        )
        for name, rows in groups.items()
    ]  # fmt: skip
    return pl.concat(parts).sort(PATIENT, *_RECORD)
