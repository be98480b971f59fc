"""An endpoint by rule in sentences: what ends it, where others are censored, and which rule set says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.labels import inside_sentence, joined, variable_label
from cohortium.study.derive.censoring import OF_RESPONDERS, PROGRESSION_ENDED
from cohortium.study.derive.endings import BEST_RESPONSE, CENSORED, RESPONSE, event_levels

if TYPE_CHECKING:
    from cohortium.study.derive.endpoints import TimeToEvent
    from cohortium.study.study import Study

_RULE_SETS = {
    "fda-primary": "the FDA's primary rules (fda-primary: table A, missed visits not judged)",
    "fda-strict": "the FDA's primary rules to the letter (fda-strict: table A)",
    "fda-sensitivity": "the FDA's sensitivity rules (fda-sensitivity: table C, all events)",
    "imwg-2011": "the IMWG's consensus of 2011 (imwg-2011)",
}
_IN_WORDS = {RESPONSE: "the first partial response or better", BEST_RESPONSE: "the first day of the best response"}


def time_to_event(study: Study, section: TimeToEvent) -> Iterator[str]:
    """Start, events, rule set with what the study changes, and each element of it."""
    start = inside_sentence(variable_label(study, section.start)) if section.start else study.file.time.origin_label
    first = "the first partial response or better" if section.endpoint == "dor" else start
    events = [
        _IN_WORDS.get(event, event) for event in event_levels(section.endpoint, section.elements) if event != CENSORED
    ]
    several = f"{', '.join(events[:-1])} or {events[-1]}, whichever comes first"
    together = several if len(events) > 1 else events[0]
    yield f"{section.label}: from {first} to {together}, by {_RULE_SETS[section.censoring]}."
    if overrides := section.overrides():
        names = joined([f"{name} = {value}" for name, value in overrides.items()])
        yield f"Set for this study: {names}."
    if section.endpoint in OF_RESPONDERS:
        yield "Only patients with a partial response or better have it."
    if section.reads_responses:
        yield _responses(study, section)
    if section.endpoint in PROGRESSION_ENDED:
        yield "Patients without an event are censored at the last adequate assessment, on day 0 without one after baseline."
    elif section.endpoint not in OF_RESPONDERS:
        yield "Patients without an event are censored at last contact."
    yield from _elements(section)
    yield "Nothing after the data cut-off counts; a day that is missing is not guessed."


def _responses(study: Study, section: TimeToEvent) -> str:
    if section.response is None:
        return "Responses and progressions are those that the institutions called."
    known = section.response in study.variables
    label = inside_sentence(variable_label(study, section.response)) if known else section.response
    if not section.confirmed:
        return f"Responses and progressions ({label}) count as first seen."
    return f"Responses and progressions ({label}) count when confirmed, on the day of the first sample."


def _elements(section: TimeToEvent) -> Iterator[str]:
    elements = section.elements
    if section.endpoint not in ("ttr", "time-to-best"):
        if elements.new_therapy == "censor":
            yield "New therapy before it censors at the last adequate assessment up to it."
        if elements.clinical_progression == "censor":
            yield "Progression that is not documented censors at the last adequate assessment up to it."
        if elements.clinical_progression == "event":
            yield "Progression that is not documented counts as progression."
        if elements.planned_bridge == "censor":
            yield "A planned bridge to cellular therapy or transplant censors on its day."
    if elements.missed_assessments_days:
        days = formats.count(elements.missed_assessments_days)
        yield f"Progression or death after more than {days} days without an assessment censors at the last one before."
    if elements.death == "censor":
        yield "A death censors on its day."
    if elements.death == "censor-at-last-assessment":
        yield "A death censors at the last adequate assessment before it."
