"""Cumulative incidence of competing causes by the method of Aalen and Johansen."""

from cohortium.estimators.competing.incidence.aalen_johansen import Variance
from cohortium.estimators.competing.incidence.curves import CauseCurve, GroupCurves, incidence_at
from cohortium.estimators.competing.incidence.estimator import ESTIMATOR, plan
from cohortium.estimators.competing.incidence.solve import IncidenceEstimate
from cohortium.estimators.competing.incidence.spec import IncidenceSpec
from cohortium.estimators.competing.incidence.tabulate import tabulate

__all__ = [
    "ESTIMATOR",
    "CauseCurve",
    "GroupCurves",
    "IncidenceEstimate",
    "IncidenceSpec",
    "Variance",
    "incidence_at",
    "plan",
    "tabulate",
]
