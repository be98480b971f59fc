"""A file's text columns to typed columns, with the rows that break each rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from cohortium.intake.columns import read_variables
from cohortium.intake.convert import MAX_DIGITS, Check, convert
from cohortium.intake.dates import days_from
from cohortium.study.derive import RuleSection
from cohortium.study.model import Site
from cohortium.study.quantities import QUANTITIES, converted
from cohortium.study.queries import LINE, Severity
from cohortium.study.site_mapping import GivenUnit, PatientsHabits
from cohortium.study.study import Study
from cohortium.study.table_rows import CUTOFF
from cohortium.study.variables import SITE, Variable

ORIGIN = "#origin"
"""Column that holds the day 0 of a patient as a date; it does not leave intake."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule and the rows that break it: `fails` is (n,) Boolean without nulls."""

    variable: str
    rule: str
    expected: str
    fails: pl.Series = field(repr=False)
    severity: Severity = "error"


def trim_findings(cells: pl.DataFrame) -> list[Finding]:
    """Columns in which spaces stood around values; they are taken off, and said once for each column."""
    expected = "no spaces around the value; they were taken off"
    plain = pl.all().str.strip_chars()
    spaced = cells.select((pl.all() != plain) & (plain != ""))
    return [Finding(s.name, "spaces-removed", expected, s & s.is_first_distinct(), "note") for s in spaced if s.any()]


def typed(
    study: Study, site: Site, text: pl.DataFrame, lines: pl.Series, habits: PatientsHabits
) -> tuple[pl.DataFrame, list[Finding], pl.DataFrame]:
    """The typed frame of a site, its findings, and the day 0 of each row as a date in the column `ORIGIN`.

    text    trimmed text columns, null where missing
    lines   (n,) line of the file of each row

    The frame holds the key, the dictionary's variables without identifiers and texts, `site` (null for an unassigned
    site) and the hidden column `LINE`. Dates are whole days from the origin; without an origin in the study they are left out.
    """
    variables = [as_written(variable, habits) for variable in read_variables(study)]
    key = study.file.data.key
    cutoff = cutoff_of(study, site)
    conversions = {v.name: convert(v, cutoff) for v in variables if v.name != key}
    checks = [check for conversion in conversions.values() for check in conversion.checks]
    values = [conversion.value for conversion in conversions.values()]
    masks = [check.fails.fill_null(value=False).alias(f"{number}:fails") for number, check in enumerate(checks)]
    result = text.lazy().select(pl.col(key), *values, *masks).collect()
    findings = [_finding(check, result[f"{number}:fails"]) for number, check in enumerate(checks)]
    frame = in_declared_units(study, result.select(key, *conversions), habits)
    dates = [v.name for v in variables if v.kind == "date"]
    origin = study.file.time.origin
    origins = frame.select(key, (pl.lit(None, pl.Date) if origin is None else pl.col(origin)).alias(ORIGIN))
    if dates and origin is not None:
        findings.append(_origin_missing(frame, origin, dates, [f.fails for f in findings if f.variable == origin]))
        frame = frame.with_columns(days_from(pl.col(name), pl.col(origin)).alias(name) for name in dates)
    elif dates:
        frame = frame.drop(dates)
    if any(isinstance(derive, RuleSection) for derive in study.file.derive):
        day = days_from(pl.lit(cutoff, dtype=pl.Date), pl.lit(origins[ORIGIN]))
        frame = frame.with_columns(day.alias(CUTOFF))
    site_id = None if site.unassigned else site.id
    return frame.with_columns(pl.lit(site_id, dtype=pl.String).alias(SITE), lines.alias(LINE)), findings, origins


def cutoff_of(study: Study, site: Site) -> dt.date | None:
    """Day the site's data were cut; None where neither the site nor the study declares one."""
    return site.data_cutoff or study.file.study.data_cutoff


def as_written(variable: Variable, habits: PatientsHabits) -> Variable:
    """The variable as the site's file writes it: order of dates, decimal sign, limits in the site's unit."""
    given = habits.units.get(variable.name)
    if given is not None and variable.kind == "number":
        factor = _factor(variable, given)
        low, high = (None if limit is None else limit / factor for limit in (variable.minimum, variable.maximum))
        variable = replace(variable, minimum=low, maximum=high, decimals=MAX_DIGITS)
    return replace(
        variable,
        date_order=habits.date_order or variable.date_order,
        decimal_comma=variable.decimal_comma if habits.decimal_comma is None else habits.decimal_comma,
    )


def in_declared_units(study: Study, frame: pl.DataFrame, habits: PatientsHabits) -> pl.DataFrame:
    """The frame with the variables that the site has in another unit in the dictionary's."""
    declared = {variable.name: variable for variable in study.dictionary}
    return frame.with_columns(
        converted(pl.col(name), _factor(declared[name], given)).alias(name)
        for name, given in habits.units.items()
        if name in frame.columns
    )


def _factor(variable: Variable, given: GivenUnit) -> float:
    """From the site's unit to the dictionary's; the mapping was checked, so that both belong to the quantity."""
    quantity = QUANTITIES[given.quantity]
    return (quantity.factor(given.unit) or 1.0) / (quantity.factor(variable.unit) or 1.0)


def _finding(check: Check, fails: pl.Series) -> Finding:
    return Finding(check.variable, check.rule, check.expected, fails)


def _origin_missing(
    frame: pl.DataFrame, origin: str, dates: Sequence[str], already_found: Sequence[pl.Series]
) -> Finding:
    """Rows with dates and no day 0; one that is not readable is a finding already and is not listed twice."""
    others = [name for name in dates if name != origin]
    dated = pl.any_horizontal([pl.col(name).is_not_null() for name in others]) if others else pl.lit(False)
    fails = frame.select((pl.col(origin).is_null() & dated).alias("fails"))["fails"]
    for found in already_found:
        fails &= ~found
    return Finding(origin, "origin-missing", "the day 0 of the patient, from which the other dates are counted", fails)
