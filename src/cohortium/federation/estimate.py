"""`estimate`: the one loop. All tasks of a study advance together, a round at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from cohortium.errors import EstimationError
from cohortium.estimators.contract import Done, Next, Task
from cohortium.estimators.registry import REGISTRY
from cohortium.federation.messages import Request, Response
from cohortium.totals import add_up

MAX_ROUNDS = 5_000
"""An imputation alone may take hundreds of rounds: some for each variable and iteration."""


class Transport(Protocol):
    """Delivers one request to every site and brings back their responses; knows no statistic."""

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites that it reaches."""

    def exchange(self, request: Request) -> Sequence[Response]:
        """One round: the same request to every site, one response from each, in any order."""


@dataclass(frozen=True)
class Estimated:
    """Estimates by task key, and how many rounds they took."""

    estimates: Mapping[str, Any]
    rounds: int


Progress = Callable[[int, int, int], None]
"""Called after each round with the round, the tasks finished and all tasks."""


def estimate(
    tasks: Sequence[Task], study_hash: str, transport: Transport, progress: Progress | None = None
) -> Estimated:
    """Estimate all tasks over all sites.

    Raises
        EstimationError: a site did not answer, answered twice or left a task out, or a task did not end.
    """
    by_key = {task.key: task for task in tasks}
    steps: dict[str, Next] = {task.key: REGISTRY[task.method].start(task.spec) for task in tasks}
    estimates: dict[str, Any] = {}
    rounds = 0
    while steps:
        rounds += 1
        if rounds > MAX_ROUNDS:
            raise EstimationError(f"no end after {MAX_ROUNDS} rounds: {', '.join(steps)}")
        request = Request(study_hash, rounds, {key: step.params for key, step in steps.items()})
        responses = transport.exchange(request)
        _require_complete(request, transport.sites, responses)
        for key in list(steps):
            task = by_key[key]
            totals = add_up([response.totals[key] for response in responses])
            after = REGISTRY[task.method].solve(task.spec, totals, steps[key])
            if isinstance(after, Done):
                estimates[key] = after.estimate
                del steps[key]
            else:
                steps[key] = after
        if progress:
            progress(rounds, len(estimates), len(tasks))
    return Estimated({task.key: estimates[task.key] for task in tasks}, rounds)


def _require_complete(request: Request, sites: Sequence[str], responses: Sequence[Response]) -> None:
    answered = sorted(response.site for response in responses)
    if answered != sorted(sites):
        missing = ", ".join(sorted(set(sites) - set(answered))) or "none"
        raise EstimationError(f"round {request.round}: not exactly one response from every site (missing: {missing})")
    for response in responses:
        if response.round != request.round or set(response.totals) != set(request.params):
            raise EstimationError(f"round {request.round}: {response.site} answered another question")
