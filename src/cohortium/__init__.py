"""Cohortium runs a multi-institution retrospective clinical study from site data to the published article.

For people who only want the numbers: `kaplan_meier`, `logrank`, `cox` and `baseline_table` take a polars or
pandas frame, or a list of frames, one a site, and give the same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cohortium.api import (
        adjust,
        adverse_events,
        baseline_table,
        bootstrap_cox,
        car_hematotox,
        charlson,
        ckd_epi_2021,
        cockcroft_gault,
        confirm_responses,
        cox,
        cox_table,
        crs_grades,
        ctcae_laboratory,
        cumulative_incidence,
        cytogenetic_hits,
        difference_of_proportions,
        e_value,
        easix,
        fine_gray,
        gray_test,
        high_risk_cytogenetics,
        icaht_grades,
        icans_grades,
        ice_score,
        impute,
        imwg_frailty,
        imwg_response,
        kaplan_meier,
        landmark,
        logistic,
        logrank,
        mantel_haenszel,
        match,
        meta_analysis,
        missingness,
        mycare,
        pool,
        pooled,
        prior_therapy,
        propensity,
        proportion_interval,
        r2_iss,
        r_iss,
        regimen_of_line,
        response_rates,
        sequences,
        simplified_frailty,
        site_meta_analysis,
        soft_tissue_disease,
        subgroup_effects,
        time_to_event,
        trial_eligibility,
    )

__version__ = "0.1.0"

__all__ = [
    "__version__",
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


def __getattr__(name: str) -> Any:
    """Load the numbers' functions at first use, so that `cohortium --help` stays fast."""
    if name in __all__:
        import cohortium.api

        return getattr(cohortium.api, name)
    raise AttributeError(f"module 'cohortium' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
