"""Patients, events and follow-up per institution.

Totals: by declared site (the last position counts records without institution), whole numbers of shape
(sites + 1,): records received, patients analyzed, events, and days of follow-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Done, Estimator, Factor, Integers, Next, Rows, Step, Task, no_params
from cohortium.estimators.flow import STEP
from cohortium.estimators.planning import factor_of, followup_of
from cohortium.results import Statistic
from cohortium.study.variables import SITE
from cohortium.totals import Params, Shape, Shapes, Totals

if TYPE_CHECKING:
    from cohortium.study.analyses import Sites
    from cohortium.study.study import Study

_COUNTS = ("received", "patients", "events", "followup_days")


@dataclass(frozen=True)
class SitesSpec:
    """Which endpoint to count, and the number of cohort steps that an analyzed patient has passed.

    applies   numeric column: 1 for the patients to whom the endpoint applies; empty when to all
    """

    time: str
    event: str
    site: Factor
    n_steps: int
    unassigned: tuple[str, ...] = ()
    population: str = "received"
    applies: str = ""

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed."""
        return (self.site,)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed."""
        return (self.time, self.event, STEP, *filter(None, (self.applies,)))


@dataclass(frozen=True)
class SitesEstimate:
    """Counts by site, shape (sites + 1,) each; the last position is for records without institution."""

    spec: SitesSpec
    received: Integers
    patients: Integers
    events: Integers
    followup_days: Integers


def size(spec: SitesSpec) -> int:
    """Numbers in the totals."""
    return len(_COUNTS) * (len(spec.site) + 1)


def start(_spec: SitesSpec) -> Next:
    """The only round, without parameters."""
    return Next(Params({}))


def shapes(spec: SitesSpec, _params: Params) -> Shapes:
    """Declared shape of the totals."""
    return dict.fromkeys(_COUNTS, Shape("int", (len(spec.site) + 1,)))


def prepare(rows: Rows, spec: SitesSpec) -> Totals:
    """All counts; nothing depends on the round."""
    size = len(spec.site) + 1
    site = rows.codes[SITE].astype(np.int64)
    site = np.where(site < 0, size - 1, site)
    analyzed = rows.numbers[STEP] == spec.n_steps
    if spec.applies:
        analyzed &= rows.numbers[spec.applies] == 1.0
    event = analyzed & (rows.numbers[spec.event] > 0.0)
    followed = analyzed & ~np.isnan(rows.numbers[spec.time])
    days = np.zeros(size, np.int64)
    np.add.at(days, site[followed], np.rint(rows.numbers[spec.time][followed]).astype(np.int64))
    return Totals(
        {
            "received": np.bincount(site, minlength=size),
            "patients": np.bincount(site[analyzed], minlength=size),
            "events": np.bincount(site[event], minlength=size),
            "followup_days": days,
        }
    )


def summarize(prepared: Totals, _params: Params) -> Totals:
    """Counts by site."""
    return prepared


def solve(spec: SitesSpec, totals: Totals, _step: Next) -> Step:
    """The counts."""
    return Done(SitesEstimate(spec, *(totals[name] for name in _COUNTS)))


def plan(study: Study, analysis: Sites) -> list[Task]:
    """The one task of a `sites` analysis."""
    follow = followup_of(study, analysis.endpoint)
    spec = SitesSpec(
        time=follow.time,
        event=follow.event,
        site=factor_of(study, SITE),
        n_steps=len(study.file.cohort.step),
        unassigned=tuple(site.name for site in study.file.site if site.unassigned),
        applies=f"{analysis.endpoint}__applies" if study.made(analysis.endpoint).among else "",
    )
    return [Task(analysis.name, "sites", spec, analysis.name, variable=analysis.endpoint)]


def tabulate(task: Task, estimate: SitesEstimate) -> list[Statistic]:
    """Rows of the results table: a row of counts per site, unassigned records last, and the total."""
    labels = [*estimate.spec.site.labels, " and ".join(estimate.spec.unassigned) or "Institution not recorded"]
    shown = range(len(labels)) if estimate.received[-1] or estimate.spec.unassigned else range(len(labels) - 1)
    counts = np.stack([estimate.received, estimate.patients, estimate.events, estimate.followup_days])
    rows = [row for i in shown for row in _rows(task, labels[i], counts[:, i], counts.sum(axis=1))]
    return rows + _rows(task, "", counts.sum(axis=1), counts.sum(axis=1))


def _rows(task: Task, label: str, counts: Integers, total: Integers) -> list[Statistic]:
    received, patients, events, days = (int(count) for count in counts)
    row = partial(
        Statistic, analysis=task.analysis, method="sites", variable=task.variable, level=label, format="count"
    )
    return [
        row(statistic="received", value=received, population="received", denominator=int(total[0])),
        row(statistic="patients", value=patients, denominator=int(total[1]), n=patients),
        row(statistic="events", value=events, denominator=patients, n=patients),
        row(statistic="follow-up", value=days, unit="days", n=patients, format="number:0"),
    ]


ESTIMATOR = Estimator("sites", plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
