"""Endpoints by a declared rule: days, event and reason of each patient, from dates and responses."""

from __future__ import annotations

from collections.abc import Mapping

from cohortium.derivations.rule import Rule
from cohortium.derivations.time_to_event.endpoint import time_to_event

RULES: Mapping[str, Rule] = {"time-to-event": time_to_event}
