"""Kaplan-Meier survival, its quantiles, restricted means and the Nelson-Aalen hazard."""

from cohortium.estimators.kaplan_meier.curve import Curve
from cohortium.estimators.kaplan_meier.estimator import ESTIMATOR, plan
from cohortium.estimators.kaplan_meier.limits import Interval
from cohortium.estimators.kaplan_meier.quantiles import Quantile, QuantileRule
from cohortium.estimators.kaplan_meier.restricted import MeanContrast, RestrictedMean
from cohortium.estimators.kaplan_meier.solve import KaplanMeierEstimate
from cohortium.estimators.kaplan_meier.spec import KaplanMeierSpec
from cohortium.estimators.kaplan_meier.tabulate import tabulate
from cohortium.estimators.kaplan_meier.times import survival_at

__all__ = [
    "ESTIMATOR",
    "Curve",
    "Interval",
    "KaplanMeierEstimate",
    "KaplanMeierSpec",
    "MeanContrast",
    "Quantile",
    "QuantileRule",
    "RestrictedMean",
    "plan",
    "survival_at",
    "tabulate",
]
