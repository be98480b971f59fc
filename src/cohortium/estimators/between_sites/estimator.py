"""Meta-analysis over sites as an entry of the registry."""

from __future__ import annotations

from cohortium.estimators.between_sites.meta import prepare, shapes, size, solve, start, summarize
from cohortium.estimators.between_sites.plan import plan
from cohortium.estimators.between_sites.tabulate import tabulate
from cohortium.estimators.contract import Estimator, no_params

ESTIMATOR = Estimator("meta-analysis", plan, size, no_params, start, shapes, prepare, summarize, solve, tabulate)
"""Two-stage meta-analysis: each site estimates by itself, in one round; the center pools."""
