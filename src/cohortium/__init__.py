"""Cohortium runs a multi-institution retrospective clinical study from site data to the published article.

For people who only want the numbers: `kaplan_meier`, `logrank`, `cox` and `baseline_table` take a polars or
pandas frame, or a list of frames, one a site, and give the same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cohortium.api import (
        adjust,
        baseline_table,
        bootstrap_cox,
        confirm_responses,
        cox,
        cox_table,
        cumulative_incidence,
        difference_of_proportions,
        e_value,
        fine_gray,
        gray_test,
        impute,
        imwg_response,
        kaplan_meier,
        landmark,
        logistic,
        logrank,
        mantel_haenszel,
        match,
        meta_analysis,
        missingness,
        pool,
        pooled,
        propensity,
        proportion_interval,
        response_rates,
        site_meta_analysis,
        subgroup_effects,
    )

__version__ = "0.1.0"

__all__ = [
    "__version__",
    "adjust",
    "baseline_table",
    "bootstrap_cox",
    "confirm_responses",
    "cox",
    "cox_table",
    "cumulative_incidence",
    "difference_of_proportions",
    "e_value",
    "fine_gray",
    "gray_test",
    "impute",
    "imwg_response",
    "kaplan_meier",
    "landmark",
    "logistic",
    "logrank",
    "mantel_haenszel",
    "match",
    "meta_analysis",
    "missingness",
    "pool",
    "pooled",
    "propensity",
    "proportion_interval",
    "response_rates",
    "site_meta_analysis",
    "subgroup_effects",
]


def __getattr__(name: str) -> Any:
    """Load the numbers' functions at first use, so that `cohortium --help` stays fast."""
    if name in __all__:
        import cohortium.api

        return getattr(cohortium.api, name)
    raise AttributeError(f"module 'cohortium' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
