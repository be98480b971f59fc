"""The days on which a study's decisions are the same: what a run says in place of the day on which it ran."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cohortium.governance.ethics.decide import decide_all
from cohortium.study.study import Study

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day on which every site is allowed or refused for the same reasons; None where it is open."""

    first: dt.date | None
    last: dt.date | None

    def __str__(self) -> str:
        if self.first and self.last:
            return f"from {self.first} to {self.last}"
        if self.first:
            return f"from {self.first} on"
        return f"until {self.last}" if self.last else "at any time"


def period_of(study: Study, day: dt.date) -> Period:
    """The longest run of days around a day with the decisions of that day.

    Every day of the period gives the same period, so a run that prints it is the same bytes on each of them.
    """
    wanted = [(d.allowed, d.reason) for d in decide_all(study, day).values()]

    def is_same(other: dt.date) -> bool:
        return [(d.allowed, d.reason) for d in decide_all(study, other).values()] == wanted

    # Between two of these days nothing changes.
    changes = sorted(_first_days(study))
    first, last = None, None
    for change in reversed([change for change in changes if change <= day]):
        if not is_same(change - _DAY):
            first = change
            break
    for change in (change for change in changes if change > day):
        if not is_same(change):
            last = change - _DAY
            break
    return Period(first, last)


def _first_days(study: Study) -> set[dt.date]:
    """The days on which a record begins to hold, or no longer holds."""
    days = set()
    for site in study.file.site:
        if site.ethics:
            days |= {site.ethics.approved, *_day_after(site.ethics.expires)}
        if site.agreement:
            days |= {site.agreement.signed, *_day_after(site.agreement.expires)}
    return days - {dt.date.min}


def _day_after(day: dt.date | None) -> tuple[dt.date, ...]:
    # 9999-12-31 is how some write `never`, and has no day after.
    return (day + _DAY,) if day is not None and day < dt.date.max else ()
