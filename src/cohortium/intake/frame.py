"""A file's text columns to typed columns, with the rows that break each rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from cohortium.intake.columns import read_variables
from cohortium.intake.convert import Check, convert
from cohortium.intake.dates import days_from
from cohortium.study.model import Site
from cohortium.study.queries import LINE, Severity
from cohortium.study.study import Study
from cohortium.study.variables import SITE


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule and the rows that break it: `fails` is (n,) Boolean without nulls."""

    variable: str
    rule: str
    expected: str
    fails: pl.Series = field(repr=False)
    severity: Severity = "error"


def trimmed(study: Study, cells: pl.DataFrame) -> pl.DataFrame:
    """Cells without spaces around them; empty cells and the study's missing codes are null (a key has no codes)."""
    key = study.file.data.key
    missing = ["", *study.file.data.missing_codes]

    def value(name: str) -> pl.Expr:
        text = pl.col(name).str.strip_chars()
        return pl.when(~text.is_in([""] if name == key else missing)).then(text).alias(name)

    return cells.select(value(name) for name in cells.columns)


def trim_findings(cells: pl.DataFrame) -> list[Finding]:
    """Columns in which spaces stood around values; they are taken off, and said once for each column."""
    expected = "no spaces around the value; they were taken off"
    plain = pl.all().str.strip_chars()
    spaced = cells.select((pl.all() != plain) & (plain != ""))
    return [Finding(s.name, "spaces-removed", expected, s & s.is_first_distinct(), "note") for s in spaced if s.any()]


def typed(study: Study, site: Site, text: pl.DataFrame, lines: pl.Series) -> tuple[pl.DataFrame, list[Finding]]:
    """The typed frame of a site, and its findings.

    text    trimmed text columns, null where missing
    lines   (n,) line of the file of each row

    The frame holds the key, the dictionary's variables without identifiers and texts, `site` (null for an unassigned
    site) and the hidden column `LINE`. Dates are whole days from the origin; without an origin in the study they are left out.
    """
    variables = read_variables(study)
    key = study.file.data.key
    conversions = {v.name: convert(v, study.file) for v in variables if v.name != key}
    checks = [check for conversion in conversions.values() for check in conversion.checks]
    values = [conversion.value for conversion in conversions.values()]
    masks = [check.fails.fill_null(value=False).alias(f"{number}:fails") for number, check in enumerate(checks)]
    result = text.lazy().select(pl.col(key), *values, *masks).collect()
    findings = [_finding(check, result[f"{number}:fails"]) for number, check in enumerate(checks)]
    frame = result.select(key, *conversions)
    dates = [v.name for v in variables if v.kind == "date"]
    origin = study.file.time.origin
    if dates and origin is not None:
        findings.append(_origin_missing(frame, origin, dates, [f.fails for f in findings if f.variable == origin]))
        frame = frame.with_columns(days_from(pl.col(name), pl.col(origin)).alias(name) for name in dates)
    elif dates:
        frame = frame.drop(dates)
    site_id = None if site.unassigned else site.id
    return frame.with_columns(pl.lit(site_id, dtype=pl.String).alias(SITE), lines.alias(LINE)), findings


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
