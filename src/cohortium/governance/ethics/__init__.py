"""Whether a site's data may be used on a day: its ethics decision, its data-use agreement, and what ends when."""

from __future__ import annotations

from cohortium.governance.ethics.decide import (
    Decision,
    agreement_faults,
    decide_all,
    decide_use,
    ethics_faults,
    require_one_allowed,
)
from cohortium.governance.ethics.due import REMINDER_DAYS, Deadline, deadlines
from cohortium.governance.ethics.period import Period, period_of

__all__ = [
    "REMINDER_DAYS",
    "Deadline",
    "Decision",
    "Period",
    "agreement_faults",
    "deadlines",
    "decide_all",
    "decide_use",
    "ethics_faults",
    "period_of",
    "require_one_allowed",
]
