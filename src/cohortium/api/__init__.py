"""The numbers without a study: one-line functions over a frame or a list of frames, one a site."""

from __future__ import annotations

from cohortium.api.baseline import BaselineTable, baseline_table
from cohortium.api.bootstrap import CoxBootstrap, bootstrap_cox
from cohortium.api.cox import CoxResult, cox
from cohortium.api.cox_tables import SubgroupEffects, cox_table, subgroup_effects
from cohortium.api.cumulative_incidence import CumulativeIncidenceResult, cumulative_incidence
from cohortium.api.fine_gray import FineGrayResult, fine_gray
from cohortium.api.gray import GrayResult, gray_test
from cohortium.api.kaplan_meier import KaplanMeierResult, kaplan_meier
from cohortium.api.landmark import LandmarkResult, landmark
from cohortium.api.logrank import LogRankResult, logrank

__all__ = [
    "BaselineTable",
    "CoxBootstrap",
    "CoxResult",
    "CumulativeIncidenceResult",
    "FineGrayResult",
    "GrayResult",
    "KaplanMeierResult",
    "LandmarkResult",
    "LogRankResult",
    "SubgroupEffects",
    "baseline_table",
    "bootstrap_cox",
    "cox",
    "cox_table",
    "cumulative_incidence",
    "fine_gray",
    "gray_test",
    "kaplan_meier",
    "landmark",
    "logrank",
    "subgroup_effects",
]
