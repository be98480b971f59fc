"""A study's sequences as tasks, and their counts as rows of the results table."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cohortium.estimators.contract import Estimator, Factor, Task, no_params
from cohortium.estimators.planning import factor_of
from cohortium.estimators.sequences.totals import (
    GroupSequences,
    SequencesEstimate,
    SequencesSpec,
    prepare,
    shapes,
    size,
    solve,
    start,
    summarize,
)
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic
from cohortium.study.analyses.sequences import ARROW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cohortium.study.analyses import Sequences
    from cohortium.study.study import Study

METHOD = "sequences"
NOBODY = "no patients"
_OF_ALL, _OF_SOURCE = "of all patients", "of the patients at the step before"


def plan(study: Study, analysis: Sequences) -> list[Task]:
    """The one task of a `sequences` analysis."""
    steps = tuple(factor_of(study, name) for name in analysis.steps)
    by = factor_of(study, analysis.by) if analysis.by else None
    spec = SequencesSpec(steps, ended_labels(steps, analysis.ended), by, analysis.overall)
    return [Task(analysis.name, METHOD, spec, analysis.name)]


def ended_labels(steps: tuple[Factor, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    """Printed levels that are named by label or code."""
    pairs = [pair for step in steps for pair in zip(step.codes, step.labels, strict=True)]
    return tuple(dict.fromkeys(label for code, label in pairs if {code, label} & set(words)))


def tabulate(task: Task, estimate: SequencesEstimate) -> list[Statistic]:
    """Rows of the results table, group by group: patients at each level of each step, then those between two levels."""
    warning = left_out((estimate.missing_group, "group not known"))
    rows: list[Statistic] = []
    for group in estimate.groups:
        row = partial(Statistic, task.analysis, METHOD, group=group.group, format="count")
        said = "; ".join(filter(None, (warning if group.group else "", "" if group.n else NOBODY)))
        rows.append(row(statistic="n", value=group.n, n=group.n, warning=said))
        for place, step in enumerate(estimate.spec.steps):
            rows += _levels(row, estimate.spec, step, group.at(place), group.n)
        for place, (one, other) in enumerate(pairwise(estimate.spec.steps)):
            rows += _flows(row, estimate.spec, (one, other), group, place)
    return rows


def _levels(
    row: partial[Statistic], spec: SequencesSpec, step: Factor, counts: np.ndarray, n: int
) -> Iterator[Statistic]:
    """Patients at each level, not known, and who reached the step."""
    of = partial(row, variable=step.name, n=n, denominator=n)
    for label, count in zip(step.labels, counts.tolist(), strict=False):
        yield of(statistic="count", level=label, value=count)
        yield _share(of, "percent", count, n, level=label)
    unknown = int(counts[-1])
    yield of(statistic="missing", value=unknown)
    yield _share(of, "missing-percent", unknown, n)
    ended = sum(count for label, count in zip(step.labels, counts.tolist(), strict=False) if label in spec.ended)
    reached = n - unknown - ended
    why = NOBODY if not n else f"no patient is known to have reached {step.name}"
    yield of(statistic="reached", value=reached, warning="" if reached else why)


def _flows(
    row: partial[Statistic], spec: SequencesSpec, pair: tuple[Factor, Factor], group: GroupSequences, place: int
) -> Iterator[Statistic]:
    """Patients who are at one level and then at another, where there are any; a level that is not known has no name."""
    one, other = pair
    counts, sources = group.flows[place], group.at(place)
    sides = ((*one.labels, ""), (*other.labels, ""))
    for i, j in np.argwhere(counts).tolist():
        count, source, level = int(counts[i, j]), int(sources[i]), f"{sides[0][i]}{ARROW}{sides[1][j]}"
        of = partial(row, variable=f"{one.name}{ARROW}{other.name}", level=level, n=source)
        is_odd = sides[0][i] in spec.ended and sides[1][j] not in (*spec.ended, "")
        odd = f"{count} patient{'' if count == 1 else 's'} at a step after the end of the sequence" if is_odd else ""
        yield of(statistic="flow", value=count, denominator=group.n, warning=odd)
        yield _share(of, "flow-percent", count, source, denominator=source, note=_OF_SOURCE)
        yield _share(of, "flow-percent-of-all", count, group.n, denominator=group.n, note=_OF_ALL)


def _share(of: partial[Statistic], statistic: str, count: int, n: int, **more: object) -> Statistic:
    value = 100 * count / n if n else None
    warning = "" if n else NOBODY
    return of(statistic=statistic, value=value, unit="percent", format="percent", warning=warning, **more)


ESTIMATOR = Estimator(METHOD, plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
