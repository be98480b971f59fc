"""The estimate of a Cox model as rows of the results table: every term, then the model, then what follows the fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.estimators.cox.after.tabulate import rows_after
from cohortium.estimators.cox.tabulation.grid import grid_rows
from cohortium.estimators.cox.tabulation.model import model_rows
from cohortium.estimators.cox.tabulation.subgroups import subgroup_rows
from cohortium.estimators.regression.lines import term_rows
from cohortium.estimators.regression.term_tests import test_rows
from cohortium.estimators.weighting.e_value_rows import e_value_rows

if TYPE_CHECKING:
    from cohortium.estimators.contract import Task
    from cohortium.estimators.cox.estimate import CoxEstimate
    from cohortium.results import Statistic


def tabulate(task: Task, estimate: CoxEstimate) -> list[Statistic]:
    """Rows of the results table."""
    spec = estimate.spec
    if spec.effect:
        return subgroup_rows(task, estimate)
    rows = [row for term in spec.terms for row in term_rows(task, estimate, term)]
    rows += e_value_rows(rows, spec.e_value)
    rows += [row for term in spec.terms for row in test_rows(task, estimate, term)]
    return [*rows, *model_rows(task, estimate), *rows_after(task, estimate), *grid_rows(task, estimate)]
