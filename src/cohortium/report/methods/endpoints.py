"""Each endpoint of a study as a paragraph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cohortium.report.among import among_phrase
from cohortium.report.formats import number_shortest
from cohortium.report.labels import inside_sentence, joined, variable_label
from cohortium.report.rules import Code, Paragraph, with_labels

if TYPE_CHECKING:
    from cohortium.results import Results
    from cohortium.study.endpoints import Cause, Endpoint
    from cohortium.study.study import Study


def endpoint_paragraph(study: Study, results: Results, endpoint: Endpoint) -> Paragraph:
    """`Overall survival: follow-up; an event where ...`, with causes, left truncation, landmark, to whom it applies."""
    *parts, last = _counted(study, endpoint)
    among = among_phrase(study, results, endpoint.name)
    return (*parts, f"{str(last).removesuffix('.')}", *among, ".") if among else (*parts, last)


def _counted(study: Study, endpoint: Endpoint) -> Paragraph:
    if endpoint.of is not None:
        return ("".join(_of_another(study, endpoint)),)
    entry = f"; at risk from {_label(study, endpoint.entry)} on (left truncation)" if endpoint.entry else ""
    if endpoint.time:
        since = f" from {inside_sentence(endpoint.start_label)} on" if endpoint.start_label else ""
        counted = f"{endpoint.label}: {_label(study, endpoint.time)}{since}"
        if endpoint.causes:
            return (counted, *_causes_of_time(study, endpoint.causes), f"{entry}.")
        if not endpoint.event_where:
            return (f"{counted}{entry}.",)
        where = endpoint.event_where
        return f"{counted}; an event where ", Code(where), *with_labels(study, where), f"{entry}."
    censored = f"; censored at {_label(study, endpoint.censor)}" if endpoint.censor else ""
    start = f"{endpoint.label}: from {study.file.time.origin_label} to"
    if endpoint.causes:
        causes = "; ".join(_cause_of_dates(study, cause) for cause in endpoint.causes)
        order = "of two on one day, the one listed first"
        return (f"{start} the first of these competing events: {causes} ({order}){censored}{entry}.",)
    return (f"{start} {_first_of(study, endpoint.event)}{censored}{entry}.",)


def _of_another(study: Study, endpoint: Endpoint) -> Iterator[str]:
    other = inside_sentence(study.endpoint(endpoint.of or "").label)
    yield f"{endpoint.label}: "
    if endpoint.of_causes:
        yield f"{joined([inside_sentence(cause) for cause in endpoint.of_causes])} as the event of {other}; "
        yield "a follow-up that ends with another event is censored then"
    elif endpoint.landmark_months is None:
        yield f"any event of {other}"
    else:
        yield other
    if endpoint.landmark_months is not None:
        months = f"{number_shortest(endpoint.landmark_months)} {'month' if endpoint.landmark_months == 1 else 'months'}"
        yield f"; landmark analysis of the patients still at risk at {months}, with time counted from then"
    yield "."


def _cause_of_dates(study: Study, cause: Cause) -> str:
    """`relapse (relapse in marrow)`; the dates are not named where they say the same."""
    label, dates = inside_sentence(cause.label), _first_of(study, cause.event)
    return label if label == dates else f"{label} ({dates})"


def _causes_of_time(study: Study, causes: Sequence[Cause]) -> Iterator[str | Code]:
    yield "; competing events: "
    for position, cause in enumerate(causes):
        yield f"{'; ' if position else ''}{inside_sentence(cause.label)}"
        if cause.where:
            yield " where "
            yield Code(cause.where)
            yield from with_labels(study, cause.where)


def _label(study: Study, name: str) -> str:
    return inside_sentence(variable_label(study, name))


def _first_of(study: Study, names: Sequence[str]) -> str:
    which = {1: "", 2: "the earlier of "}.get(len(names), "the earliest of ")
    return f"{which}{joined([_label(study, name) for name in names])}"
