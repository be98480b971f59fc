"""`[[endpoint]]`: a time to event, as frozen models, and what one that is made of another comes down to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field

from cohortium.study.section import Expression, Printed, Section, VariableName


class Cause(Section):
    """One of several events of which the first that happens ends the follow-up (competing risks)."""

    label: Printed = Field(description="The cause as printed, e.g. `Relapse`.")
    event: tuple[VariableName, ...] = Field(
        default=(), max_length=50, description="Date variables; the earliest is the event of this cause."
    )
    where: Expression | None = Field(
        default=None, description="Expression that is true where a follow-up of `time` days ended with this cause."
    )


class Endpoint(Section):
    """`[[endpoint]]`: a time to event, from a day count, from dates, or of another endpoint (`of`).

    A day count has `time` with `event_where` or `causes`, dates have `event` or `causes` with `censor`.
    """

    name: VariableName = Field(description="Short name, e.g. `os`.")
    label: Printed = Field(description="Label as printed, e.g. `Overall survival`.")
    time: VariableName | None = Field(default=None, description="Variable with follow-up in whole days.")
    start_label: Printed | None = Field(
        default=None,
        description="Name of the day from which `time` is counted, in print, where it is not the origin, e.g. `first response`.",
    )
    event_where: Expression | None = Field(default=None, description="Expression that is true for an event.")
    event: tuple[VariableName, ...] = Field(
        default=(), max_length=50, description="Date variables; the earliest is the event."
    )
    censor: VariableName | None = Field(default=None, description="Date variable of last follow-up.")
    entry: VariableName | None = Field(
        default=None,
        description="Date or whole days at which a patient comes under observation, when later than the origin (left "
        "truncation); nobody is at risk up to and including that day.",
    )
    causes: tuple[Cause, ...] = Field(
        default=(),
        max_length=20,
        description="Competing causes in order, instead of `event` or `event_where`. The first to happen is the event; "
        "of two on one day, the one listed first.",
    )
    among: Expression | None = Field(
        default=None,
        description="Expression that is true for patients to whom the endpoint applies, e.g. those who responded. Others are "
        "neither missing nor queried nor analyzed, and what is printed says how many of how many patients it is.",
    )
    of: VariableName | None = Field(
        default=None,
        description="Name of an endpoint above. Alone: any of its causes is the event (event-free survival).",
    )
    of_causes: tuple[Printed, ...] = Field(
        default=(),
        max_length=20,
        description="Labels of those causes of `of` that are the event; a follow-up that ends with another is censored.",
    )
    landmark_months: float | None = Field(
        default=None,
        gt=0,
        description="Landmark: only patients still at risk for `of` then are analyzed, and time is counted from it.",
    )


@dataclass(frozen=True, slots=True)
class Made:
    """What an endpoint comes down to.

    base      the endpoint that is declared by days or dates
    counted   for each of the endpoint's own events (one, or one a cause), the events of `base` that are it, from 1
    causes    labels of the endpoint's own events; one empty label where it has a single event
    landmark  months to the landmark; None when time is counted from the origin
    among     expressions that all hold for the patients to whom it applies; none where it applies to all
    """

    base: Endpoint
    counted: tuple[tuple[int, ...], ...]
    causes: tuple[str, ...]
    landmark: float | None = None
    among: tuple[str, ...] = ()

    @property
    def has_own_patients(self) -> bool:
        """Whether it is analyzed in patients of its own rather than in the whole cohort."""
        return self.landmark is not None or bool(self.among)

    @property
    def has_causes(self) -> bool:
        """Whether the event column holds causes 1..K rather than one event."""
        return len(self.causes) > 1

    def landmark_days(self, month_days: float) -> int:
        """The landmark in whole days; 0 when time is counted from the origin.

        Rounded down: follow-up in whole days is beyond 91.3 days when it is beyond 91.
        """
        return math.floor(self.landmark * month_days + 1e-9) if self.landmark is not None else 0


def months_in_words(months: float) -> str:
    """`6 months`, `1 month`."""
    return f"{months:g} {'month' if months == 1 else 'months'}"


def made_of(endpoint: Endpoint, others: Mapping[str, Endpoint]) -> Made:
    """What an endpoint comes down to; `others` are the endpoints by name.

    Raises
        LookupError: `of` names no endpoint, or names go in a circle.
    """
    if endpoint.of is None:
        labels = tuple(cause.label for cause in endpoint.causes) or ("",)
        return Made(endpoint, tuple((k,) for k in range(1, len(labels) + 1)), labels, among=_among(endpoint))
    if endpoint.of not in others:
        raise LookupError(f"endpoint {endpoint.name} is of an endpoint that is not declared")
    # An endpoint is of another one above it, so that the search comes to an end.
    parent = made_of(others[endpoint.of], {name: e for name, e in others.items() if name != endpoint.of})
    landmark, among = endpoint.landmark_months, parent.among + _among(endpoint)
    if landmark is not None and not endpoint.of_causes:
        return Made(parent.base, parent.counted, parent.causes, landmark, among)
    named = zip(parent.causes, parent.counted, strict=True)
    chosen = [numbers for label, numbers in named if not endpoint.of_causes or label in endpoint.of_causes]
    counted = tuple(sorted(number for numbers in chosen for number in numbers))
    return Made(parent.base, (counted,), ("",), landmark, among)


def _among(endpoint: Endpoint) -> tuple[str, ...]:
    return (endpoint.among,) if endpoint.among is not None else ()
