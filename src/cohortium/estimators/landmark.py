"""Who is left at a landmark: of those at the origin, how many had the event before, were censored before, are at risk.

Totals: whole numbers of shape (K + 3,): follow-up not known, events up to the landmark by cause 1..K, censored up to
it, at risk after it; and one count of patients who come under observation only later.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Done, Estimator, Factor, Integers, Next, Reals, Rows, Step, Task, no_params
from cohortium.estimators.planning import followup_of
from cohortium.results import Statistic
from cohortium.study.endpoints import months_in_words
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.study.endpoints import Endpoint
    from cohortium.study.study import Study

METHOD = "landmark"


@dataclass(frozen=True)
class LandmarkSpec:
    """Which follow-up, and where the landmark is.

    time, event  names of numeric columns: follow-up in days, 0 censored or 1..K
    day          landmark in whole days from the origin
    label        the landmark as printed, e.g. `6 months`
    causes       events as printed; one empty label for a single event
    entry        numeric column: under observation after this day; empty when from the origin
    """

    time: str
    event: str
    day: float
    label: str
    causes: tuple[str, ...] = ("",)
    entry: str = ""
    population: str = "cohort"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return tuple(filter(None, (self.time, self.event, self.entry)))


@dataclass(frozen=True)
class LandmarkEstimate:
    """The flow to a landmark; the counts add up to the patients at the origin.

    n              patients at the origin
    unknown        follow-up not known
    event_before   shape (K,): events up to and on the landmark, by cause
    censored_before  follow-up ended without an event up to and on the landmark
    entered_after  under observation only after the landmark
    at_risk        analyzed from the landmark
    """

    spec: LandmarkSpec
    n: int
    unknown: int
    event_before: Integers
    censored_before: int
    entered_after: int
    at_risk: int


def size(spec: LandmarkSpec) -> int:
    """Numbers in the totals."""
    return len(spec.causes) + 4


def start(_spec: LandmarkSpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(spec: LandmarkSpec, _params: Params) -> Shapes:
    """Declared shape of the totals."""
    return {"flow": Shape("int", (len(spec.causes) + 3,)), "entered_after": Shape("int", ())}


def prepare(rows: Rows, spec: LandmarkSpec) -> Totals:
    """All counts; nothing depends on the round."""
    k = len(spec.causes)
    time, event = rows.numbers[spec.time], rows.numbers[spec.event]
    entry = rows.numbers[spec.entry] if spec.entry else np.full(rows.n, -np.inf)
    place = places(time, event, entry, spec.day, k)
    late = (place == k + 2) & (entry > spec.day)
    counts = np.bincount(place[~late], minlength=k + 3)
    return Totals({"flow": counts, "entered_after": int(late.sum())})


def places(time: Reals, event: Reals, entry: Reals, day: float, n_causes: int) -> Integers:
    """Where each patient is at the landmark, shape (n,).

    time, event, entry  shape (n,); NaN where not known
    day                 the landmark; what happens on it has happened before

    Returns 0 not known, 1..K event of that cause before, K + 1 censored before, K + 2 still followed.
    """
    known = ~np.isnan(time) & ~np.isnan(event) & ~np.isnan(entry)
    ended = known & (time <= day)
    place = np.where(known, n_causes + 2, 0)
    place[ended] = np.where(event[ended] > 0, event[ended], n_causes + 1).astype(np.int64)
    return place


def summarize(prepared: Totals, _params: Params) -> Totals:
    """The counts."""
    return prepared


def solve(spec: LandmarkSpec, totals: Totals, _step: Next) -> Step:
    """The flow."""
    flow, late = totals["flow"], int(totals["entered_after"])
    k = len(spec.causes)
    n = int(flow.sum()) + late
    return Done(LandmarkEstimate(spec, n, int(flow[0]), flow[1 : k + 1], int(flow[k + 1]), late, int(flow[k + 2])))


def plan(study: Study, _analysis: object = None) -> list[Task]:
    """A task for every landmark endpoint of the study."""
    return [_task(study, endpoint) for endpoint in study.file.endpoint if endpoint.landmark_months is not None]


def _task(study: Study, endpoint: Endpoint) -> Task:
    followed = followup_of(study, endpoint.of or "")
    spec = LandmarkSpec(
        time=followed.time,
        event=followed.event,
        day=study.made(endpoint.name).landmark_days(study.file.time.month_days),
        label=months_in_words(endpoint.landmark_months or 0.0),
        causes=followed.causes,
        entry=followed.entry,
        population=followed.population,
    )
    return Task(f"landmark/{endpoint.name}", METHOD, spec, METHOD, variable=endpoint.name)


def tabulate(task: Task, estimate: LandmarkEstimate) -> list[Statistic]:
    """Rows of the results table: at the origin, what happened before the landmark, at risk at it."""
    spec, n = estimate.spec, estimate.n
    row = partial(
        Statistic, analysis=task.analysis, method=METHOD, variable=task.variable, time=float(spec.day), n=n,
        denominator=n, format="count", note=f"landmark at {spec.label}",
    )  # fmt: skip
    before = int(estimate.event_before.sum())
    rows = [row(statistic="at-origin", value=n, time=0.0)]
    if estimate.unknown:
        rows.append(row(statistic="unknown", value=estimate.unknown, warning="follow-up not known"))
    rows.append(row(statistic="event-before", value=before))
    if len(spec.causes) > 1:
        by_cause = zip(spec.causes, estimate.event_before, strict=True)
        rows += [row(statistic="event-before", value=int(count), level=cause) for cause, count in by_cause]
    rows.append(row(statistic="censored-before", value=estimate.censored_before))
    if spec.entry:
        rows.append(row(statistic="entered-after", value=estimate.entered_after))
    nobody = "" if estimate.at_risk else "nobody is at risk at the landmark"
    return [*rows, row(statistic="at-risk", value=estimate.at_risk, warning=nobody)]


ESTIMATOR = Estimator(METHOD, plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
