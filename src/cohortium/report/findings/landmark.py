"""Who of the patients analyzed at the origin is still at risk at a landmark, checked to add up."""

from __future__ import annotations

from dataclasses import dataclass

from cohortium.errors import OutputError, Problem
from cohortium.results import Results


@dataclass(frozen=True, slots=True)
class LandmarkFlow:
    """The at-risk flow of one landmark.

    endpoint     name of the endpoint counted from the landmark
    n_origin     patients at the origin
    events       patients with the event up to the landmark by cause; one without a name where there is one event
    n_censored   whose follow-up ended up to the landmark without an event
    n_late       under observation only after the landmark
    n_unknown    whose follow-up is not known
    n_at_risk    analyzed from the landmark on
    """

    endpoint: str
    n_origin: int
    events: tuple[tuple[str, int], ...]
    n_censored: int
    n_at_risk: int
    n_late: int = 0
    n_unknown: int = 0

    @property
    def n_left(self) -> int:
        """Patients who are not analyzed from the landmark on."""
        return sum(n for _, n in self.events) + self.n_censored + self.n_late + self.n_unknown


def landmark_flow(results: Results, endpoint: str) -> LandmarkFlow:
    """The flow of a landmark endpoint; OutputError when its numbers are not there or do not add up."""
    rows = results.where(method="landmark", variable=endpoint)
    found = {row.statistic: int(row.value) for row in rows if row.value is not None and not row.level}
    wanted = ("at-origin", "event-before", "censored-before", "at-risk")
    if missing := [name for name in wanted if name not in found]:
        what = f"{', '.join(missing)} missing from the results table"
        raise OutputError("The flow to the landmark cannot be drawn.", [Problem(f"endpoint {endpoint}", what)])
    by_cause = tuple((s.level, int(s.value or 0)) for s in rows.where(statistic="event-before") if s.level)
    flow = LandmarkFlow(
        endpoint,
        n_origin=found["at-origin"],
        events=by_cause or (("", found["event-before"]),),
        n_censored=found["censored-before"],
        n_at_risk=found["at-risk"],
        n_late=found.get("entered-after", 0),
        n_unknown=found.get("unknown", 0),
    )
    if flow.n_origin - flow.n_left != flow.n_at_risk:
        what = f"{flow.n_at_risk} at risk, expected {flow.n_origin} less {flow.n_left}"
        raise OutputError(
            "The flow to the landmark does not add up; no report is written.", [Problem(f"endpoint {endpoint}", what)]
        )
    return flow
