"""The Cox model as an entry of the registry."""

from __future__ import annotations

from cohortium.estimators.contract import Estimator
from cohortium.estimators.cox.plan import plan
from cohortium.estimators.cox.solve import solve
from cohortium.estimators.cox.summaries import asks, prepare, shapes, size, start, summarize
from cohortium.estimators.cox.tabulate import tabulate

ESTIMATOR = Estimator("cox", plan, size, asks, start, shapes, prepare, summarize, solve, tabulate)
