"""How a patient's endpoint ended, in words: the declared levels of the event and of the reason."""

from __future__ import annotations

from cohortium.study.derive.censoring import OF_RESPONDERS, PROGRESSION_ENDED, Elements, EndpointKind

CENSORED = "censored"

PROGRESSION = "progression"
DEATH = "death"
NEW_THERAPY = "new therapy"
RESPONSE = "response"
BEST_RESPONSE = "best response"
DEATH_WITHOUT_PROGRESSION = "death without progression"

CLINICAL_PROGRESSION = "clinical progression"
DEATH_FROM_PROGRESSION = "death from progression"
FIRST_RESPONSE = "first response"

LAST_ASSESSMENT = "alive without progression: censored at last adequate assessment"
BEFORE_NEW_THERAPY = "censored at last adequate assessment before new therapy"
BEFORE_CLINICAL = "censored at last adequate assessment before clinical progression"
BEFORE_DEATH = "censored at last adequate assessment before death"
BEFORE_CUTOFF = "event after data cut-off not counted: censored at last adequate assessment"
BEFORE_GAP = "censored at the last assessment before a gap of missed assessments"
AT_BRIDGE = "censored at planned bridge"
AT_DEATH = "censored at death"
NOT_ASSESSED = "no baseline or no assessment after it: censored at day 0"
LAST_CONTACT = "alive at last contact"
AT_CUTOFF = "alive at data cut-off"

NO_RESPONSE = "no response: the endpoint does not apply"

UNKNOWN_START = "not known: start missing"
UNKNOWN_BASELINE = "not known: baseline assessment not recorded"
UNKNOWN_PROGRESSION = "not known: a progression or response without its day"
UNKNOWN_THERAPY = "not known: a new therapy without its day, or before the start"
UNKNOWN_DEATH = "not known: day of death missing"
UNKNOWN_CAUSE = "not known: whether the death was from progression"
UNKNOWN_CONTACT = "not known: last contact missing"


def event_levels(endpoint: EndpointKind, elements: Elements) -> tuple[str, ...]:
    """What may end the follow-up of an endpoint; every level that a section can make, whatever the data."""
    return (*_events(endpoint, elements), CENSORED)


def _events(endpoint: EndpointKind, elements: Elements) -> tuple[str, ...]:
    therapy = (NEW_THERAPY,) if elements.new_therapy == "event" else ()
    death = (DEATH,) if elements.death == "event" else ()
    return {
        "pfs": (PROGRESSION, *death, *therapy),
        "os": (DEATH,),
        "dor": (PROGRESSION, *death, *therapy),
        "ttr": (RESPONSE,),
        "time-to-best": (BEST_RESPONSE,),
        "ttp": (PROGRESSION,),
        "ttnt": (*therapy, *death),
        "nrm": (DEATH_WITHOUT_PROGRESSION, PROGRESSION),
    }[endpoint]


def reason_levels(endpoint: EndpointKind, elements: Elements, *, has_cause: bool) -> tuple[str, ...]:
    """Why a follow-up ended as it did, events first; every level that a section can make, whatever the data.

    has_cause   whether the section says which deaths are from progression
    """
    return tuple(
        dict.fromkeys(
            (
                *_event_reasons(endpoint, elements, has_cause=has_cause),
                *_censoring_reasons(endpoint, elements),
                *((NO_RESPONSE,) if endpoint in OF_RESPONDERS else ()),
                *_unknown_reasons(endpoint, elements, has_cause=has_cause),
            )
        )
    )


def _event_reasons(endpoint: EndpointKind, elements: Elements, *, has_cause: bool) -> tuple[str, ...]:
    if endpoint == "ttr":
        return (FIRST_RESPONSE,)
    clinical = (CLINICAL_PROGRESSION,) if elements.clinical_progression == "event" else ()
    of_progression = (DEATH_FROM_PROGRESSION,) if has_cause and _tells_deaths_apart(endpoint, elements) else ()
    events = _events(endpoint, elements)
    return (*(name for name in events if name == PROGRESSION), *clinical, *of_progression, *events)


def _censoring_reasons(endpoint: EndpointKind, elements: Elements) -> tuple[str, ...]:
    at_death = (AT_DEATH,) if elements.death == "censor" else ()
    at_bridge = (AT_BRIDGE,) if elements.planned_bridge == "censor" else ()
    if endpoint in ("ttr", "time-to-best"):
        return ()
    if endpoint not in PROGRESSION_ENDED:
        return (*at_death, *at_bridge, LAST_CONTACT, AT_CUTOFF)
    return (
        LAST_ASSESSMENT,
        *((BEFORE_NEW_THERAPY,) if elements.new_therapy == "censor" else ()),
        *((BEFORE_CLINICAL,) if elements.clinical_progression == "censor" else ()),
        *at_bridge,
        *at_death,
        *((BEFORE_DEATH,) if elements.death == "censor-at-last-assessment" else ()),
        *((BEFORE_GAP,) if elements.missed_assessments_days else ()),
        BEFORE_CUTOFF,
        NOT_ASSESSED,
    )


def _unknown_reasons(endpoint: EndpointKind, elements: Elements, *, has_cause: bool) -> tuple[str, ...]:
    assessed = endpoint in (*PROGRESSION_ENDED, *OF_RESPONDERS)
    return (
        UNKNOWN_START,
        *((UNKNOWN_BASELINE,) if assessed else ()),
        *((UNKNOWN_PROGRESSION,) if assessed or endpoint == "nrm" else ()),
        *((UNKNOWN_THERAPY,) if assessed or endpoint == "ttnt" else ()),
        *((UNKNOWN_DEATH,) if endpoint not in ("ttr", "time-to-best") else ()),
        *((UNKNOWN_CAUSE,) if has_cause and _tells_deaths_apart(endpoint, elements) else ()),
        *((UNKNOWN_CONTACT,) if endpoint in ("os", "ttnt", "nrm") else ()),
    )


def _tells_deaths_apart(endpoint: EndpointKind, elements: Elements) -> bool:
    """Whether a death from progression ends the follow-up in another way than other deaths."""
    return endpoint == "nrm" or (endpoint in PROGRESSION_ENDED and elements.death != "event")
