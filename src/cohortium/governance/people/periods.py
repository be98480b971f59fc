"""Periods in calendar months."""

from __future__ import annotations

import calendar
import datetime as dt

WINDOW_MONTHS = 36
"""The period that the disclosure form of the ICMJE asks about."""


def months_before(day: dt.date, n_months: int) -> dt.date:
    """The same day of the month that many months earlier, or the month's last day where it is shorter.

    >>> months_before(dt.date(2024, 2, 29), 36)
    datetime.date(2021, 2, 28)
    """
    years, month = divmod(day.year * 12 + day.month - 1 - n_months, 12)
    return dt.date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))
