"""Tests of equal survival: log-rank and its weighted forms, stratified, for trend and in pairs."""

from cohortium.estimators.logrank.estimator import ESTIMATOR, plan
from cohortium.estimators.logrank.solve import LogRankEstimate, PairTest, Trend
from cohortium.estimators.logrank.spec import LogRankSpec
from cohortium.estimators.logrank.tabulate import tabulate
from cohortium.estimators.logrank.weights import TestName

__all__ = ["ESTIMATOR", "LogRankEstimate", "LogRankSpec", "PairTest", "TestName", "Trend", "plan", "tabulate"]
