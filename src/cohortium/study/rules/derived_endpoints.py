"""Endpoints that are of another endpoint: event-free survival, chosen causes, landmarks."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.draft import Draft, Rule
from cohortium.study.endpoints import Endpoint
from cohortium.study.locate import Path
from cohortium.study.suggest import did_you_mean, one_of, shown

_RESERVED = ("received", "cohort")


def endpoints_are_of_earlier_ones(draft: Draft) -> Iterator[Problem]:
    """`of` names an endpoint above that is not a landmark itself, and nothing is declared twice."""
    above: dict[str, Endpoint] = {}
    for index, endpoint in enumerate(draft.file.endpoint):
        path: Path = ("endpoint", index)
        if endpoint.of is None:
            for key in ("of_causes", "landmark_months"):
                if getattr(endpoint, key):
                    yield draft.problem((*path, key), "is for an endpoint of another; the key 'of' is missing")
        else:
            yield from _of(draft, path, endpoint, above)
        above[endpoint.name] = endpoint


def _of(draft: Draft, path: Path, endpoint: Endpoint, above: dict[str, Endpoint]) -> Iterator[Problem]:
    name = endpoint.of or ""
    yield from draft.check_reference((*path, "of"), "endpoint above", name, above)
    if name in above and above[name].landmark_months is not None:
        what = f"{name} is counted from a landmark already; expected an endpoint that is counted from the origin"
        yield draft.problem((*path, "of"), what)
    if endpoint.entry is not None:
        yield draft.problem((*path, "entry"), f"comes from {name}", "remove it")


def causes_are_of_the_endpoint(draft: Draft) -> Iterator[Problem]:
    """`of_causes` names causes of that endpoint, each once."""
    causes = {
        endpoint.name: [cause.label for cause in endpoint.causes]
        for endpoint in draft.file.endpoint
        if endpoint.of is None
    }
    for index, endpoint in enumerate(draft.file.endpoint):
        if endpoint.of is None or endpoint.of not in {other.name for other in draft.file.endpoint}:
            continue
        labels = causes.get(endpoint.of, [])
        for position, label in enumerate(endpoint.of_causes):
            path: Path = ("endpoint", index, "of_causes", position)
            if not labels:
                yield draft.problem(path, f"{endpoint.of} has a single event, so none of its causes can be chosen")
            elif label not in labels:
                what = f"{endpoint.of} has no cause {shown(label)}; {one_of(labels)}"
                yield draft.problem(path, what, did_you_mean(label, labels))
            elif label in endpoint.of_causes[:position]:
                yield draft.problem(path, f"{label} is listed twice")


def endpoints_with_own_patients_fit(draft: Draft) -> Iterator[Problem]:
    """An endpoint that applies to some patients is also the name of these; a landmark takes them from what it is of."""
    for index, endpoint in enumerate(draft.file.endpoint):
        if endpoint.among is None:
            continue
        path: Path = ("endpoint", index, "among")
        if endpoint.landmark_months is not None:
            what = "is for an endpoint that is counted from the origin; a landmark has the patients of the endpoint it is of"
            yield draft.problem(path, what, f"move it to {endpoint.of}, or to an endpoint of {endpoint.of}")
        if endpoint.name in _RESERVED:
            what = f"'{endpoint.name}' is reserved; an endpoint with among is also the name of its patients"
            yield draft.problem(("endpoint", index, "name"), what)


def landmarks_are_within_the_horizon(draft: Draft) -> Iterator[Problem]:
    """A landmark lies a whole day or more after the origin and before the horizon, and is not named as a population."""
    time = draft.file.time
    for index, endpoint in enumerate(draft.file.endpoint):
        if endpoint.landmark_months is None:
            continue
        path: Path = ("endpoint", index, "landmark_months")
        days = endpoint.landmark_months * time.month_days
        if days >= time.horizon_days:
            last = time.horizon_days / time.month_days
            what = (
                f"{endpoint.landmark_months:g} months is not before the horizon of {time.horizon_days} days "
                f"({last:.1f} months)"
            )
            yield draft.problem(path, what, "raise horizon_days in [time]")
        elif days < 1:
            yield draft.problem(path, f"{endpoint.landmark_months:g} months is less than a day after the origin")
        if endpoint.name in _RESERVED:
            what = f"'{endpoint.name}' is reserved; a landmark endpoint is also the name of its patients"
            yield draft.problem(("endpoint", index, "name"), what)


RULES: tuple[Rule, ...] = (
    endpoints_are_of_earlier_ones,
    causes_are_of_the_endpoint,
    landmarks_are_within_the_horizon,
    endpoints_with_own_patients_fit,
)
