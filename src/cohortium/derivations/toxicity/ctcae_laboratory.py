"""Laboratory values to each patient's worst grades by CTCAE, and to severe grades by and at given days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.toxicity.bounds import LEAST, MOST, grade_code, grade_columns, reaches, worst
from cohortium.derivations.toxicity.ctcae_criteria import CRITERIA
from cohortium.derivations.toxicity.ctcae_criterion import Criterion
from cohortium.derivations.toxicity.ctcae_grading import HIGHEST, graded
from cohortium.derivations.toxicity.laboratory_rows import usable, with_baseline, with_limits
from cohortium.study.derive.grades import SEVERE
from cohortium.study.tables import PATIENT

if TYPE_CHECKING:
    from cohortium.study.derive.ctcae_laboratory import CtcaeLaboratory

_RECORD = (PATIENT, "day", "term", "value", "grade", "at_least", "at_most", "version")


def ctcae_laboratory(tables: Tables, section: CtcaeLaboratory) -> Derived:
    """The rule `ctcae-laboratory`: worst grade of each term, and when severe grades came and lasted."""
    criteria = {term: CRITERIA[section.version][term] for term in section.terms}
    needed = {criterion.quantity for criterion in criteria.values()}
    rows = with_limits(usable(tables.assessments, needed), tables.patients, section.limits)
    rows = with_baseline(rows, section.baseline_from_day, section.baseline_to_day)
    rows = _counted(rows, section)
    by_term = {term: _graded(rows, criterion, section) for term, criterion in criteria.items()}
    patients = tables.patients
    worst_of = {term: worst(patients, found, none_without=False) for term, found in by_term.items()}
    columns = [_overall(list(worst_of.values())).select(grade_columns(section.name))]
    for term, found in by_term.items():
        name = f"{section.name}_{term.replace('-', '_')}"
        columns.append(worst_of[term].select(grade_columns(name)))
        columns += [_by(patients, found, day, name) for day in section.severe_by_days]
        columns += [_at(patients, found, day, section.ongoing_within_days, name) for day in section.ongoing_at_days]
    made = pl.concat([patients.select(PATIENT), *columns], how="horizontal")
    return Derived(made, _records(by_term, section.version))


def _counted(rows: pl.DataFrame, section: CtcaeLaboratory) -> pl.DataFrame:
    after = rows.filter(pl.col("day") >= section.from_day)
    return after if section.to_day is None else after.filter(pl.col("day") <= section.to_day)


def _graded(rows: pl.DataFrame, criterion: Criterion, section: CtcaeLaboratory) -> pl.DataFrame:
    own = rows.filter(pl.col("quantity") == criterion.quantity)
    normal = section.without_baseline == "normal"
    return graded(own, criterion, section.unit_system, normal_without_baseline=normal)


def _overall(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """The limits of the worst grade of all terms; a term that was not measured may have been of any grade."""
    sides = [frame.select(pl.col(LEAST).alias(f"{i}<"), pl.col(MOST).alias(f"{i}>")) for i, frame in enumerate(frames)]
    every = pl.concat(sides, how="horizontal")
    least = [f"{i}<" for i in range(len(frames))]
    most = [f"{i}>" for i in range(len(frames))]
    return every.select(
        pl.max_horizontal(least).alias(LEAST),
        pl.when(pl.any_horizontal(pl.col(least).is_not_null()))
        .then(pl.max_horizontal(pl.col(most).fill_null(HIGHEST)))
        .alias(MOST),
    )


def _by(patients: pl.DataFrame, rows: pl.DataFrame, day: int, name: str) -> pl.DataFrame:
    """Whether there was a severe grade by a day."""
    found = worst(patients, rows.filter(pl.col("day") <= day), none_without=False)
    return found.select(reaches(pl.col(LEAST), pl.col(MOST), SEVERE).alias(f"{name}_by_{day}"))


def _at(patients: pl.DataFrame, rows: pl.DataFrame, day: int, within: int, name: str) -> pl.DataFrame:
    """Whether the last value up to a day, not too old, was of a severe grade."""
    near = rows.filter(pl.col("day").is_between(day - within, day))
    last = near.filter(pl.col("day") == pl.col("day").max().over(PATIENT))
    found = worst(patients, last, none_without=False)
    return found.select(reaches(pl.col(LEAST), pl.col(MOST), SEVERE).alias(f"{name}_at_{day}"))


def _records(by_term: dict[str, pl.DataFrame], version: str) -> pl.DataFrame:
    """Every graded value."""
    parts = [
        rows.select(
            PATIENT, "day", pl.lit(term).alias("term"), "value", grade_code(pl.col(LEAST), pl.col(MOST)).alias("grade"),
            pl.col(LEAST).alias("at_least"), pl.col(MOST).alias("at_most"), pl.lit(f"CTCAE {version}").alias("version"),
        )
        for term, rows in by_term.items()
    ]  # fmt: skip
    return pl.concat(parts).sort(_RECORD)
