"""Kinds of planted faults: in which cell, what is written there, and which rule is expected to find it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cohortium.simulation.chart.rows import Chart
from cohortium.simulation.draws import Draws
from cohortium.simulation.sites.habits import Habits
from cohortium.simulation.sites.render import written


@dataclass(frozen=True, slots=True)
class Setting:
    """What a fault may depend on."""

    habits: Habits
    chart: Chart
    cutoff: dt.date
    draws: Draws


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault.

    table, column   where it stands; a row that repeats another has no column
    rule            rule of the query that is expected
    write           what is written, or None where the kind does not fit the site or the patient
    repeats         the row is written a second time, at the end of the file
    """

    name: str
    table: str
    column: str
    rule: str
    write: Callable[[Setting], str | None]
    repeats: bool = False


def _text(text: str) -> Callable[[Setting], str | None]:
    return lambda _: text


def _swapped(setting: Setting) -> str | None:
    """Day and month exchanged, where that leads behind the data cut-off."""
    day = setting.chart.patient["last_contact"]
    if not isinstance(day, dt.date) or day.day > 12 or setting.habits.date_order == "ymd":
        return None
    swapped = dt.date(day.year, day.day, day.month)
    return written(swapped, setting.habits, {}) if swapped > setting.cutoff else None


def _before_birth(setting: Setting) -> str | None:
    return written(dt.date(1800 + setting.draws.integer(0, 49), 6, 15), setting.habits, {})


def _after_death(setting: Setting) -> str | None:
    """A last contact after the death."""
    death = setting.chart.patient["death_date"]
    if not isinstance(death, dt.date):
        return None
    later = death + dt.timedelta(days=setting.draws.integer(10, 40))
    return written(later, setting.habits, {}) if later <= setting.cutoff else None


def _death_before_progression(setting: Setting) -> str | None:
    """A death before the progression that was seen, so before the last contact too."""
    plan = setting.chart.realized.plan
    if plan.death is None or plan.progression is None or plan.progression < 10:
        return None
    return written(plan.first_dose + dt.timedelta(days=plan.progression // 2), setting.habits, {})


def _no_day(setting: Setting) -> str | None:
    form = setting.habits.date_form
    return form.replace("%d", "31").replace("%m", "02").replace("%Y", "2023")


def _wrong_unit(setting: Setting) -> str | None:
    return "mmHg" if setting.habits.names_units and not setting.habits.is_wide else None


def _wrong_decimal(setting: Setting) -> str | None:
    return "3.6" if setting.habits.has_decimal_comma else "3,6"


def _missing(setting: Setting) -> str | None:
    return setting.habits.missing


def _not_wide(text: str) -> Callable[[Setting], str | None]:
    return lambda setting: None if setting.habits.is_wide else text


_ALL = (
    Kind("swapped-day-month", "patients", "last_contact", "after-cutoff", _swapped),
    Kind("date-before-birth", "patients", "diagnosis_date", "impossible-date", _before_birth),
    Kind("contact-after-death", "patients", "last_contact", "date-order", _after_death),
    Kind("death-before-progression", "patients", "death_date", "date-order", _death_before_progression),
    Kind("no-such-day", "events", "onset", "impossible-date", _no_day),
    Kind("duplicate-patient", "patients", "patient_id", "duplicate-key", _text(""), repeats=True),
    Kind("out-of-range", "patients", "age", "out-of-range", _text("212")),
    Kind("wrong-code", "patients", "sex", "unknown-level", _text("X?")),
    Kind("missing-required", "patients", "age", "required-missing", _missing),
    Kind("wrong-decimal-sign", "patients", "albumin", "not-a-number", _wrong_decimal),
    Kind("impossible-unit", "assessments", "unit", "unknown-unit", _wrong_unit),
    Kind("unknown-quantity", "assessments", "quantity", "unknown-level", _not_wide("unheard of")),
    Kind("duplicate-row", "responses", "", "duplicate-row", _text(""), repeats=True),
    Kind("impossible-grade", "events", "grade", "out-of-range", _text("7")),
    Kind("unknown-patient", "therapies", "patient", "unknown-patient", _text("S9999")),
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}
"""Kinds by name."""
