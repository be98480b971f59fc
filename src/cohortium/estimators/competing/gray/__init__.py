"""Gray's test of equal cumulative incidence between groups, also stratified."""

from cohortium.estimators.competing.gray.estimator import ESTIMATOR, plan
from cohortium.estimators.competing.gray.solve import CauseTest, GrayEstimate
from cohortium.estimators.competing.gray.spec import GraySpec
from cohortium.estimators.competing.gray.tabulate import tabulate

__all__ = ["ESTIMATOR", "CauseTest", "GrayEstimate", "GraySpec", "plan", "tabulate"]
