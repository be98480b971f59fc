"""Flow of patients through the cohort steps, as counts that add up.

Totals: patients by the step at which they left (whole numbers of shape (steps + 1,), the last position counts
those who passed all), how many of them left because the step was unknown, and how many of those who passed
have no institution. Sites that were refused send nothing; the flow names them with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Done, Estimator, Factor, Integers, Next, Rows, Step, Task, no_params
from cohortium.estimators.planning import factor_of
from cohortium.results import Statistic
from cohortium.study.variables import SITE
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cohortium.governance.ethics import Decision
    from cohortium.study.study import Study

STEP, UNKNOWN = "flow_step", "flow_unknown"


@dataclass(frozen=True)
class FlowSpec:
    """The steps: their labels and how those who leave are named; the label of the last box."""

    labels: tuple[str, ...]
    excluded: tuple[str, ...]
    analyzed: str
    site: Factor
    population: str = "received"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return (self.site,)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return (STEP, UNKNOWN)


@dataclass(frozen=True)
class FlowEstimate:
    """Patients leaving at each step, shape (steps + 1,); the last are those analyzed."""

    spec: FlowSpec
    leaving: Integers
    unknown: Integers
    site_unknown: int


def size(spec: FlowSpec) -> int:
    """Numbers in the totals."""
    return 2 * len(spec.labels) + 3


def start(_spec: FlowSpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(spec: FlowSpec, _params: Params) -> Shapes:
    """Declared shape of the totals."""
    steps = Shape("int", (len(spec.labels) + 1,))
    return {"leaving": steps, "unknown": steps, "site_unknown": Shape("int", ())}


def prepare(rows: Rows, spec: FlowSpec) -> Totals:
    """All counts; nothing depends on the round."""
    size = len(spec.labels) + 1
    step = rows.numbers[STEP].astype(np.int64)
    unknown = rows.numbers[UNKNOWN] == 1.0
    analyzed = step == size - 1
    return Totals(
        {
            "leaving": np.bincount(step, minlength=size),
            "unknown": np.bincount(step[unknown], minlength=size),
            "site_unknown": int((analyzed & (rows.codes[SITE] < 0)).sum()),
        }
    )


def summarize(prepared: Totals, _params: Params) -> Totals:
    """Patients by the step at which they left."""
    return prepared


def solve(spec: FlowSpec, totals: Totals, _step: Next) -> Step:
    """The flow."""
    return Done(FlowEstimate(spec, totals["leaving"], totals["unknown"], int(totals["site_unknown"])))


def plan(study: Study, _analysis: object) -> list[Task]:
    """The one task that every study has."""
    steps = study.file.cohort.step
    spec = FlowSpec(
        labels=tuple(step.label for step in steps),
        excluded=tuple(step.excluded for step in steps),
        analyzed=study.file.cohort.label,
        site=factor_of(study, SITE),
    )
    return [Task("flow", "flow", spec, "flow")]


def tabulate(task: Task, estimate: FlowEstimate) -> list[Statistic]:
    """Rows of the results table: received, each step, analyzed."""
    row = partial(Statistic, analysis=task.analysis, method="flow", format="count")
    received = int(estimate.leaving.sum())
    rows = [row(statistic="received", value=received, level="Records received", population="received")]
    left = received
    for i, label in enumerate(estimate.spec.labels):
        out = int(estimate.leaving[i])
        step = partial(row, level=label, population="received", denominator=left)
        rows += [
            step(statistic="entered", value=left),
            step(statistic="excluded", value=out, note=estimate.spec.excluded[i]),
            step(statistic="excluded-unknown", value=int(estimate.unknown[i])),
            step(statistic="remaining", value=left - out),
        ]
        left -= out
    return [
        *rows,
        row(statistic="analyzed", value=left, level=estimate.spec.analyzed),
        row(statistic="site-unknown", value=estimate.site_unknown, level="Institution not recorded", denominator=left),
    ]


SITES_REFUSED, SITE_REFUSED = "sites-refused", "site-refused"


@dataclass(frozen=True)
class RefusedSite:
    """A site whose data may not be used, as printed, and why."""

    site: str
    name: str
    reason: str


def refused_sites(study: Study, decisions: Mapping[str, Decision]) -> tuple[RefusedSite, ...]:
    """The sites that decisions refuse, in the study file's order."""
    return tuple(
        RefusedSite(site.id, site.name, decisions[site.id].reason)
        for site in study.file.site
        if not decisions[site.id].allowed
    )


def refused_rows(refused: Sequence[RefusedSite], n_sites: int, period: str) -> list[Statistic]:
    """Rows of the results table: how many of the declared sites were refused, and each of them with its reason.

    refused  sites that were refused
    n_sites  sites declared
    period   days on which the decisions are these, in words; printed in place of the day of use

    They come from the records of the study file, never from totals: of a refused site there are none.
    """
    row = partial(Statistic, analysis="flow", method="flow", format="count", variable=SITE, population="received")
    return [
        row(statistic=SITES_REFUSED, value=len(refused), denominator=n_sites, note=period),
        *(row(statistic=SITE_REFUSED, value=1, level=site.name, warning=site.reason) for site in refused),
    ]


ESTIMATOR = Estimator("flow", plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
