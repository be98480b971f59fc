"""What ends soon: reminders 60, 30 and 7 days before a decision or an agreement lapses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from cohortium.governance.ethics.decide import relied_on
from cohortium.study.model import Site
from cohortium.study.study import Study

REMINDER_DAYS: tuple[int, ...] = (7, 30, 60)
"""Days before the last day on which something is due, the most urgent first."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One record that ends within 60 days, or that has ended.

    site       id of the site
    what       `ethics decision of <board>` or `data-use agreement`
    last_day   last day on which it holds
    days_left  days from the day of asking to that day; negative when it has ended
    within     7, 30 or 60; 0 when it has ended
    """

    site: str
    what: str
    last_day: dt.date
    days_left: int
    within: int


def deadlines(study: Study, day: dt.date) -> tuple[Deadline, ...]:
    """What has ended, and what ends within 7, 30 and 60 days: the earliest first, then in the order of the sites."""
    found = [deadline for site in study.file.site for deadline in _of_site(study, site, day)]
    return tuple(sorted(found, key=lambda deadline: deadline.days_left))


def _of_site(study: Study, site: Site, day: dt.date) -> Iterator[Deadline]:
    for what, last_day in _ending(study, site):
        days_left = (last_day - day).days
        within = 0 if days_left < 0 else next((days for days in REMINDER_DAYS if days_left <= days), None)
        if within is not None:
            yield Deadline(site.id, what, last_day, days_left, within)


def _ending(study: Study, site: Site) -> Iterator[tuple[str, dt.date]]:
    other = relied_on(study, site)
    for ethics in (site.ethics, other.ethics if other else None):
        if ethics and ethics.expires:
            yield f"ethics decision of {ethics.board}", ethics.expires
    if site.agreement and site.agreement.expires:
        yield "data-use agreement", site.agreement.expires
