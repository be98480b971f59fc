"""The logistic model as an entry of the registry."""

from __future__ import annotations

from cohortium.estimators.contract import Estimator
from cohortium.estimators.logistic.plan import plan
from cohortium.estimators.logistic.rounds import asks, prepare, shapes, size, start, summarize
from cohortium.estimators.logistic.solve import solve
from cohortium.estimators.logistic.tabulate import tabulate

ESTIMATOR = Estimator("logistic", plan, size, asks, start, shapes, prepare, summarize, solve, tabulate)
