"""How follow-up of an endpoint ends: named rule sets, and what each comes down to for an endpoint.

A rule set never changes once it is released; a changed rule is a new name. FDA: Clinical Trial Endpoints for the Approval
of Cancer Drugs, appendices 2 and 3 (table A strict, table C sensitivity); documented progression, undocumented
progression, deaths and missed visits were read there [V], the other cells are [M]. IMWG 2011: Rajkumar et al., Blood
2011;117:4691 [M]. Every element can be set by itself in the study file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

EndpointKind = Literal["pfs", "os", "dor", "ttr", "time-to-best", "ttp", "ttnt", "nrm"]
NewTherapy = Literal["censor", "event", "ignore"]
ClinicalProgression = Literal["censor", "event", "ignore"]
PlannedBridge = Literal["censor", "ignore"]
Death = Literal["event", "censor", "censor-at-last-assessment"]
RuleSetName = Literal["fda-primary", "fda-strict", "fda-sensitivity", "imwg-2011"]

PROGRESSION_ENDED: tuple[EndpointKind, ...] = ("pfs", "dor", "ttp")
"""Endpoints that end with progression and are censored at an assessment."""
OF_RESPONDERS: tuple[EndpointKind, ...] = ("dor", "ttr", "time-to-best")
"""Endpoints of responders only."""


@dataclass(frozen=True, slots=True)
class Elements:
    """How the follow-up of an endpoint may end before its event.

    new_therapy               new therapy before progression: censored at the last adequate assessment before it, an
                              event, or ignored
    missed_assessments_days   more days than this without an adequate assessment before a progression or a death: censored
                              at the last one before the gap; 0 for off
    clinical_progression      progression in the physician's judgment, not documented
    planned_bridge            planned bridge to cellular therapy or transplant: censored at the infusion, or ignored
    death                     a death that is not from progression
    """

    new_therapy: NewTherapy = "ignore"
    missed_assessments_days: int = 0
    clinical_progression: ClinicalProgression = "ignore"
    planned_bridge: PlannedBridge = "ignore"
    death: Death = "event"


@dataclass(frozen=True, slots=True)
class CensoringRules:
    """A named rule set.

    progression_ended   elements of progression-free survival
    duration_death      what a death without progression is to the duration of response
    """

    name: RuleSetName
    progression_ended: Elements
    duration_death: Death = "event"


_TABLE_A = Elements(new_therapy="censor", clinical_progression="censor", planned_bridge="censor")

FDA_PRIMARY = CensoringRules("fda-primary", _TABLE_A)
"""Table A without its rule of missed visits: retrospective care has no schedule of visits."""

FDA_STRICT = CensoringRules("fda-strict", replace(_TABLE_A, missed_assessments_days=70))
"""Table A to the letter; two missed visits are more than 70 days, for assessments every 28 days."""

FDA_SENSITIVITY = CensoringRules("fda-sensitivity", Elements(new_therapy="event", clinical_progression="event"))
"""Table C: whatever may mean progression is an event, and nothing else ends the follow-up."""

IMWG_2011 = CensoringRules("imwg-2011", _TABLE_A, duration_death="censor")
"""As `fda-primary`; the duration of response does not end with a death that is not from progression."""

RULE_SETS: Mapping[str, CensoringRules] = {
    rules.name: rules for rules in (FDA_PRIMARY, FDA_STRICT, FDA_SENSITIVITY, IMWG_2011)
}

ELEMENTS = ("new_therapy", "missed_assessments_days", "clinical_progression", "planned_bridge", "death")

ALLOWED: Mapping[EndpointKind, Mapping[str, tuple[Any, ...]]] = {
    "pfs": {
        "new_therapy": ("censor", "event", "ignore"),
        "missed_assessments_days": (),
        "clinical_progression": ("censor", "event", "ignore"),
        "planned_bridge": ("censor", "ignore"),
    },
    "os": {},
    "dor": {
        "new_therapy": ("censor", "event", "ignore"),
        "missed_assessments_days": (),
        "clinical_progression": ("censor", "event", "ignore"),
        "planned_bridge": ("censor", "ignore"),
        "death": ("event", "censor", "censor-at-last-assessment"),
    },
    "ttr": {"clinical_progression": ("censor", "event", "ignore"), "planned_bridge": ("censor", "ignore")},
    "time-to-best": {"clinical_progression": ("censor", "event", "ignore"), "planned_bridge": ("censor", "ignore")},
    "ttp": {
        "new_therapy": ("censor", "ignore"),
        "missed_assessments_days": (),
        "clinical_progression": ("censor", "event", "ignore"),
        "planned_bridge": ("censor", "ignore"),
        "death": ("censor", "censor-at-last-assessment"),
    },
    "ttnt": {"planned_bridge": ("censor", "ignore"), "death": ("event", "censor")},
    "nrm": {"clinical_progression": ("event", "ignore")},
}
"""Elements that an endpoint has, and the values that fit; no values listed: any number."""


def elements_of(endpoint: EndpointKind, censoring: RuleSetName, given: Mapping[str, Any]) -> Elements:
    """What a rule set comes down to for an endpoint, with the elements that are given in their place."""
    return replace(_named(endpoint, RULE_SETS[censoring]), **given)


def _named(endpoint: EndpointKind, rules: CensoringRules) -> Elements:
    ended = rules.progression_ended
    competes: ClinicalProgression = "event" if ended.clinical_progression == "event" else "ignore"
    no_event: NewTherapy = "censor" if ended.new_therapy == "event" else ended.new_therapy
    return {
        "pfs": ended,
        "os": Elements(),
        "dor": replace(ended, death=rules.duration_death),
        # What ends the follow-up ends the time in which a response counts: the same responders for all three endpoints.
        "ttr": ended,
        "time-to-best": ended,
        # New therapy is not progression, so that it cannot be the event of the time to progression.
        "ttp": replace(ended, new_therapy=no_event, death="censor"),
        "ttnt": Elements(new_therapy="event", planned_bridge=ended.planned_bridge, death="censor"),
        "nrm": Elements(clinical_progression=competes),
    }[endpoint]


def element_faults(endpoint: EndpointKind, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Elements given that the endpoint has not, or with a value that does not fit: element and what is wrong."""
    allowed = ALLOWED[endpoint]
    faults = []
    for name, value in given.items():
        if name not in allowed:
            known = f"it has {', '.join(allowed)}" if allowed else "it has none of these keys"
            faults.append((name, f"has no meaning for {endpoint}; {known}"))
        elif allowed[name] and value not in allowed[name]:
            faults.append((name, f"'{value}' does not fit {endpoint}; expected one of {', '.join(allowed[name])}"))
    return faults
