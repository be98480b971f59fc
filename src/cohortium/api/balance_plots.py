"""Balance as frames and figures; the figures are drawn by the report's own functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from cohortium.errors import UsageError
from cohortium.estimators.contract import Task
from cohortium.estimators.weighting.balance.tabulate import tabulate
from cohortium.report.exhibits.love import love_lines
from cohortium.report.figures import love, overlap
from cohortium.report.findings.balance import THRESHOLD, Balance, balance
from cohortium.results import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cohortium.estimators.weighting.balance.solve import BalanceEstimate

_NAME = "plot"


def balance_frame(estimate: BalanceEstimate) -> pl.DataFrame:
    """A row per compared column: means by group, differences and variance ratios, before and after."""
    rows = []
    for column in estimate.columns:
        row: dict[str, Any] = {"variable": column.compared.variable, "level": column.compared.level}
        for head, found in (("", column.before), ("weighted_", column.after)):
            row |= {f"{head}control": found.means[0], f"{head}treated": found.means[1]}
            row |= {f"{head}difference": found.difference, f"{head}variance_ratio": found.ratio}
        rows.append(row)
    return pl.DataFrame(rows).with_columns(pl.selectors.float().fill_nan(None))


def group_frame(estimate: BalanceEstimate) -> pl.DataFrame:
    """A row per group: patients and weights."""
    names = ("group", "n", "trimmed", "weight_sum", "effective_sample_size", "largest_weight")
    return pl.DataFrame([group[:6] for group in estimate.groups], schema=names, orient="row")


def love_figure(estimate: BalanceEstimate, what: str = "weighting") -> Figure:
    """Absolute standardized differences before and after weighting, or what else made the groups alike."""
    found = _found(estimate)
    if all(column.before.difference is None for column in found.columns):
        raise UsageError("no standardized difference is known, so there is nothing to draw")
    return love.draw(list(love_lines(found, str)), threshold=THRESHOLD, what=what)


def overlap_figure(estimate: BalanceEstimate) -> Figure:
    """Patients by propensity score, the treatment upward."""
    control, treated = _found(estimate).groups
    name = estimate.spec.treatment.name
    return overlap.draw(control.scores, treated.scores, labels=(f"{name} {control.label}", f"{name} {treated.label}"))


def _found(estimate: BalanceEstimate) -> Balance:
    return balance(Results(tabulate(Task(_NAME, "balance", estimate.spec, _NAME), estimate)), _NAME)
