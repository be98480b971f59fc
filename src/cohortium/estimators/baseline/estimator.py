"""The baseline table as an entry of the registry."""

from __future__ import annotations

from cohortium.estimators.baseline.counts import prepare, shapes, size, solve, start, summarize
from cohortium.estimators.baseline.tabulate import plan, tabulate
from cohortium.estimators.contract import Estimator, no_params

ESTIMATOR = Estimator("baseline", plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
