"""Tables and figures refer to analyses that they can show: of the right method, asked for what is shown."""

from __future__ import annotations

from cohortium.study.draft import Rule
from cohortium.study.rules.exhibits import asked, methods, panels, shown_together

RULES: tuple[Rule, ...] = (*methods.RULES, *panels.RULES, *asked.RULES, *shown_together.RULES)
