"""The clinical rules: the name that the study file gives to the function that derives it.

To add a topic: write its package with a mapping `RULES` and name it here; its sections are in `study/derive/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from types import MappingProxyType

from cohortium.derivations import (
    cytogenetics,
    eligibility,
    response,
    scores,
    soft_tissue,
    staging,
    therapy_history,
    time_to_event,
    toxicity,
)
from cohortium.derivations.rule import Rule

_TOPICS = (response, time_to_event, staging, cytogenetics, soft_tissue, therapy_history, scores, eligibility, toxicity)

REGISTRY: Mapping[str, Rule] = MappingProxyType(dict(chain.from_iterable(topic.RULES.items() for topic in _TOPICS)))
"""Function of each rule by its name."""
