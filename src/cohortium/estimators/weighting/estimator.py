"""Analyses weighted by a propensity score, and its balance, as entries of the registry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cohortium.estimators.combined.together import Member
from cohortium.estimators.contract import Task
from cohortium.estimators.weighting.balance.tabulate import tabulate as balance_rows
from cohortium.estimators.weighting.plan import plan_balance
from cohortium.estimators.weighting.weighted import WeightedSpec, problem_of, score_and_limit, weighted_estimator

if TYPE_CHECKING:
    from cohortium.estimators.combined.chained import ChainedEstimate
    from cohortium.results import Statistic
    from cohortium.study.study import Study

_SAID = "weighted"


def tabulate(task: Task, estimate: ChainedEstimate) -> list[Statistic]:
    """The rows of the weighted fit, which say by what they are weighted."""
    spec: WeightedSpec = task.spec
    inner: Member = spec.inner
    rows = inner.estimator.tabulate(replace(task, method=inner.estimator.name, spec=inner.spec), estimate.second)
    score, _ = score_and_limit(estimate.first)
    return [_said(row, spec.weighting.phrase, problem_of(score)) for row in rows]


def tabulate_balance(task: Task, estimate: ChainedEstimate) -> list[Statistic]:
    """The rows of the balance, and the limit of truncated weights."""
    spec: WeightedSpec = task.spec
    score, limit = score_and_limit(estimate.first)
    problem = problem_of(score)
    rows = [_said(row, spec.weighting.phrase, problem) for row in balance_rows(task, estimate.second)]
    if limit > 0:
        note = f"quantile {spec.weighting.truncate:g} of the weights"
        first = rows[0]
        limited = replace(
            first, statistic="weight-limit", group="", value=limit, n=None, format="statistic", warning=""
        )
        rows.append(replace(limited, model="weighted", note=note))
    return rows


def _said(row: Statistic, phrase: str, problem: str) -> Statistic:
    """A row with how it is weighted in its note, and with the reason when there are no weights."""
    parts = [part for part in row.note.split("; ") if part and part != _SAID]
    is_unweighted = row.model == "unweighted" or row.note == "reference" or row.format in ("p", "count")
    at = next((place for place, part in enumerate(parts) if part.startswith("robust")), len(parts))
    note = row.note if is_unweighted else "; ".join([*parts[:at], phrase, *parts[at:]])
    if not problem or (row.value is not None and row.statistic not in ("n", "model-n")):
        return replace(row, note=note)
    return replace(row, note=note, warning=problem)


def plan(_study: Study, _analysis: Any) -> list[Task]:
    """No task of its own: see `weighting_of` in `plan.py`."""
    return []


ESTIMATOR = weighted_estimator("propensity", plan, tabulate)
BALANCE_ESTIMATOR = weighted_estimator("balance", plan_balance, tabulate_balance)
