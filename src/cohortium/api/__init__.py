"""The numbers without a study: one-line functions over a frame or a list of frames, one a site."""

from __future__ import annotations

from cohortium.api.adjust import adjust
from cohortium.api.baseline import BaselineTable, baseline_table
from cohortium.api.bootstrap import CoxBootstrap, bootstrap_cox
from cohortium.api.cox import CoxResult, cox
from cohortium.api.cox_tables import SubgroupEffects, cox_table, subgroup_effects
from cohortium.api.cumulative_incidence import CumulativeIncidenceResult, cumulative_incidence
from cohortium.api.e_value import e_value
from cohortium.api.endpoints import time_to_event
from cohortium.api.fine_gray import FineGrayResult, fine_gray
from cohortium.api.gray import GrayResult, gray_test
from cohortium.api.impute import Imputed, impute
from cohortium.api.kaplan_meier import KaplanMeierResult, kaplan_meier
from cohortium.api.landmark import LandmarkResult, landmark
from cohortium.api.logistic import LogisticResult, logistic
from cohortium.api.logrank import LogRankResult, logrank
from cohortium.api.mantel_haenszel import MantelHaenszelResult, mantel_haenszel
from cohortium.api.match import MatchResult, match
from cohortium.api.meta_analysis import meta_analysis
from cohortium.api.missingness import MissingnessResult, missingness
from cohortium.api.pooled import PooledResult, pool, pooled
from cohortium.api.propensity import PropensityResult, propensity
from cohortium.api.proportions import (
    ComparedProportions,
    Proportion,
    difference_of_proportions,
    proportion_interval,
)
from cohortium.api.regimens import regimen_of_line
from cohortium.api.response import ConfirmedResponses, ImwgResponse, confirm_responses, imwg_response
from cohortium.api.response_rates import ResponseRatesResult, response_rates
from cohortium.api.risk import (
    PriorTherapyResult,
    cytogenetic_hits,
    high_risk_cytogenetics,
    prior_therapy,
    r2_iss,
    r_iss,
    soft_tissue_disease,
    trial_eligibility,
)
from cohortium.api.risk_scores import (
    car_hematotox,
    charlson,
    ckd_epi_2021,
    cockcroft_gault,
    easix,
    imwg_frailty,
    mycare,
    simplified_frailty,
)
from cohortium.api.sequences import SequencesResult, sequences
from cohortium.api.site_meta_analysis import SiteMetaAnalysis, site_meta_analysis
from cohortium.api.toxicity import (
    Graded,
    adverse_events,
    crs_grades,
    ctcae_laboratory,
    icaht_grades,
    icans_grades,
    ice_score,
)

__all__ = [
    "BaselineTable",
    "ComparedProportions",
    "ConfirmedResponses",
    "CoxBootstrap",
    "CoxResult",
    "CumulativeIncidenceResult",
    "FineGrayResult",
    "Graded",
    "GrayResult",
    "Imputed",
    "ImwgResponse",
    "KaplanMeierResult",
    "LandmarkResult",
    "LogRankResult",
    "LogisticResult",
    "MantelHaenszelResult",
    "MatchResult",
    "MissingnessResult",
    "PooledResult",
    "PriorTherapyResult",
    "PropensityResult",
    "Proportion",
    "ResponseRatesResult",
    "SequencesResult",
    "SiteMetaAnalysis",
    "SubgroupEffects",
    "adjust",
    "adverse_events",
    "baseline_table",
    "bootstrap_cox",
    "car_hematotox",
    "charlson",
    "ckd_epi_2021",
    "cockcroft_gault",
    "confirm_responses",
    "cox",
    "cox_table",
    "crs_grades",
    "ctcae_laboratory",
    "cumulative_incidence",
    "cytogenetic_hits",
    "difference_of_proportions",
    "e_value",
    "easix",
    "fine_gray",
    "gray_test",
    "high_risk_cytogenetics",
    "icaht_grades",
    "icans_grades",
    "ice_score",
    "impute",
    "imwg_frailty",
    "imwg_response",
    "kaplan_meier",
    "landmark",
    "logistic",
    "logrank",
    "mantel_haenszel",
    "match",
    "meta_analysis",
    "missingness",
    "mycare",
    "pool",
    "pooled",
    "prior_therapy",
    "propensity",
    "proportion_interval",
    "r2_iss",
    "r_iss",
    "regimen_of_line",
    "response_rates",
    "sequences",
    "simplified_frailty",
    "site_meta_analysis",
    "soft_tissue_disease",
    "subgroup_effects",
    "time_to_event",
    "trial_eligibility",
]
