"""Balance as rows of the results table."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from cohortium.estimators.weighting.balance.spec import SCORE_BINS
from cohortium.estimators.wording import left_out
from cohortium.results import Statistic

if TYPE_CHECKING:
    from cohortium.estimators.contract import Task
    from cohortium.estimators.weighting.balance.solve import Balanced, BalanceEstimate, Difference, WeightedGroup

UNWEIGHTED, WEIGHTED = "unweighted", "weighted"
POOLED = "difference of means over the pooled standard deviation before weighting"


def tabulate(task: Task, estimate: BalanceEstimate) -> list[Statistic]:
    """Each group's patients, weights and scores; then means and differences of every column, before and after."""
    row = partial(Statistic, analysis=task.analysis, method="balance", population=estimate.spec.population)
    warning = left_out((estimate.n_unscored, "treatment or a covariate of the propensity score not known"))
    rows = [found for group in estimate.groups for found in _group(row, group, warning)]
    for column in estimate.columns:
        rows += _column(row, estimate, column)
    return rows


def _group(row: partial[Statistic], group: WeightedGroup, warning: str) -> Iterator[Statistic]:
    here = partial(row, group=group.group, n=group.n)
    said = "; ".join(filter(None, [warning, "" if group.n else "no patients in this group"]))
    yield here(statistic="n", value=group.n, format="count", warning=said)
    yield here(statistic="trimmed", value=group.n_trimmed, denominator=group.n, format="count")
    nobody = "" if group.weight_sum > 0 else "nobody has a weight"
    for name, value in (
        ("weight-sum", group.weight_sum),
        ("effective-sample-size", group.effective),
        ("largest-weight", group.largest),
    ):
        yield here(statistic=name, model=WEIGHTED, value=None if nobody else value, warning=nobody)
    for place, count in enumerate(group.scores.tolist()):
        bounds = f"{place / SCORE_BINS:.2f} to {(place + 1) / SCORE_BINS:.2f}"
        yield here(statistic="score-count", level=bounds, value=count, denominator=group.n, format="count")


def _column(row: partial[Statistic], estimate: BalanceEstimate, column: Balanced) -> Iterator[Statistic]:
    named = partial(row, variable=column.compared.variable, level=column.compared.level)
    for model, found in ((UNWEIGHTED, column.before), (WEIGHTED, column.after)):
        of_model = partial(named, model=model, n=sum(column.known))
        for group, mean, known in zip(estimate.groups, found.means, column.known, strict=True):
            said = "" if math.isfinite(mean) else found.problem
            yield of_model(statistic="mean", group=group.group, value=_known(mean), n=known, warning=said)
        yield of_model(
            statistic="standardized-difference", value=_known(found.difference), note=POOLED, warning=found.problem
        )
        if not column.compared.level:
            yield of_model(statistic="variance-ratio", value=_known(found.ratio), warning=_no_ratio(found))


def _no_ratio(found: Difference) -> str:
    if math.isfinite(found.ratio):
        return ""
    return found.problem or "the variance of a group is 0 or not known"


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
