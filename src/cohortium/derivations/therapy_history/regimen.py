"""The rule `regimen-of-line`: from rows of `therapies` to the category of one line, or that there never was one."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from cohortium.derivations.rule import Derived, Tables
from cohortium.derivations.turn import first_turn
from cohortium.study.derive.regimen import Counted, Regimen, RegimenOfLine

_ROLES: Mapping[Counted, str] = {
    "from-first": "prior",
    "before-study-drug": "prior",
    "after-study-drug": "subsequent",
}


def regimen_of_line(tables: Tables, section: RegimenOfLine) -> Derived:
    """The category of one line of every patient; a patient without a row of therapy is unknown.

    Unknown, too, where a row has no role or no line, where the line is missing between others, and where a class that is
    not known could change the category.
    """
    rows = tables.therapies.with_columns(is_counted=pl.col("role") == _ROLES[section.counted])
    regimens = _regimens(rows.filter(pl.col("is_counted") & pl.col("line").is_not_null()), section)
    found = _wanted(rows, section).join(regimens, on=["patient", "line"], how="left")
    answer = pl.when("is_open").then(None).when("is_never").then(pl.lit(section.never)).otherwise(pl.col("regimen"))
    answers = found.select("patient", answer.alias(section.name))
    columns = tables.patients.select("patient").join(answers, on="patient", how="left", maintain_order="left")
    return Derived(columns, regimens.sort("patient", "line"))


def _wanted(rows: pl.DataFrame, section: RegimenOfLine) -> pl.DataFrame:
    """Per patient with rows: the number of the line, whether it never was (`is_never`), whether that is open (`is_open`)."""
    is_counted, line = pl.col("is_counted"), pl.col("line")
    ends = rows.group_by("patient", maintain_order=True).agg(
        is_open=(is_counted.is_null() | (is_counted & line.is_null())).any(),
        first=line.filter(is_counted.fill_null(False)).min(),
        last=line.filter(is_counted.fill_null(False)).max(),
    )
    wanted = {
        "from-first": pl.lit(section.line),
        "before-study-drug": pl.col("last") - section.line + 1,
        "after-study-drug": pl.col("first") + section.line - 1,
    }[section.counted].cast(pl.Int64)
    is_there = (wanted >= 1) & (wanted <= pl.col("last"))
    return ends.select("patient", "is_open", line=wanted, is_never=~is_there.fill_null(False))


def _regimens(rows: pl.DataFrame, section: RegimenOfLine) -> pl.DataFrame:
    """Per patient and line, the category (null where it is open) and the drugs, for the site's own eyes."""
    labels = [*(regimen.label for regimen in section.regimens), section.other]
    turn = first_turn([_is_of(regimen) for regimen in section.regimens]).fill_null(2 * len(section.regimens))
    held = [2 * place for place in range(len(labels))]
    drugs = pl.col("drug").unique().sort().str.join(", ")
    return rows.group_by("patient", "line", maintain_order=True).agg(
        regimen=turn.replace_strict(held, labels, default=None, return_dtype=pl.String), drugs=drugs
    )


def _is_of(regimen: Regimen) -> pl.Expr:
    """Whether the drugs of a line make a category; null where a class that is not known could."""
    drug_class = pl.col("drug_class")
    conditions = [(drug_class == needed).any(ignore_nulls=False) for needed in regimen.all_of]
    if regimen.any_of:
        conditions.append(drug_class.is_in(list(regimen.any_of)).any(ignore_nulls=False))
    return pl.all_horizontal(conditions)
