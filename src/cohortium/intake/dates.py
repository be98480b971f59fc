"""Dates as the dictionary's validation type writes them, to calendar days and to whole days from the origin.

A year of four digits first is read whatever the declared order: REDCap exports every date in that form.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from cohortium.study.variables import DateOrder, Variable

EARLIEST = dt.date(1850, 1, 1)

_TIME = r"(?:[ T](?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?)?"
_SEPARATED = r"^[0-9]+(?:-[0-9]+-|/[0-9]+/|\.[0-9]+\.)[0-9]+"
_YEAR_FIRST = rf"^([0-9]{{4}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}}){_TIME}$"
_YEAR_LAST = rf"^([0-9]{{1,2}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{4}}){_TIME}$"
_WRITTEN = {
    "ymd": "a date as YYYY-MM-DD",
    "mdy": "a date as MM/DD/YYYY or YYYY-MM-DD",
    "dmy": "a date as DD/MM/YYYY or YYYY-MM-DD",
}
# Which group of _YEAR_LAST holds the month and which the day.
_MONTH_AND_DAY: dict[DateOrder, tuple[int, int]] = {"mdy": (1, 2), "dmy": (2, 1)}


def date_value(variable: Variable) -> pl.Expr:
    """The calendar day of a text column; null where there is none. A time of day is dropped."""
    text = pl.col(variable.name)
    day = _calendar_day(text, _YEAR_FIRST, year=1, month=2, day=3)
    if variable.date_order in _MONTH_AND_DAY:
        month_group, day_group = _MONTH_AND_DAY[variable.date_order]
        year_last = _calendar_day(text, _YEAR_LAST, year=3, month=month_group, day=day_group)
        day = pl.coalesce(day, year_last)
    return pl.when(_has_form(variable)).then(day)


def date_checks(variable: Variable, cutoff: dt.date | None) -> list[tuple[str, str, pl.Expr]]:
    """Rule, expectation and failing rows of a date: its form, the calendar, the data cut-off."""
    has_form = _has_form(variable)
    day = date_value(variable)
    expected = _WRITTEN[variable.date_order]
    checks = [
        ("not-a-date", expected, ~has_form),
        ("impossible-date", f"a day of the calendar, {expected.removeprefix('a date ')}", has_form & _impossible(day)),
    ]
    if cutoff is not None:
        checks.append(("after-cutoff", f"no date after the data cut-off {cutoff.isoformat()}", day > cutoff))
    return checks


def days_from(day: pl.Expr, origin: pl.Expr) -> pl.Expr:
    """Whole days from the origin to the day, Int64; negative before it."""
    return (day - origin).dt.total_days().cast(pl.Int64)


def _has_form(variable: Variable) -> pl.Expr:
    text = pl.col(variable.name)
    form = text.str.contains(_YEAR_FIRST)
    if variable.date_order in _MONTH_AND_DAY:
        form |= text.str.contains(_YEAR_LAST)
    return form & text.str.contains(_SEPARATED)


def _impossible(day: pl.Expr) -> pl.Expr:
    return day.is_null() | (day < EARLIEST)


def _calendar_day(text: pl.Expr, form: str, *, year: int, month: int, day: int) -> pl.Expr:
    parts = [text.str.extract(form, group) for group in (year, month, day)]
    iso = pl.concat_str([parts[0], parts[1].str.zfill(2), parts[2].str.zfill(2)], separator="-")
    return iso.str.to_date("%Y-%m-%d", strict=False)
