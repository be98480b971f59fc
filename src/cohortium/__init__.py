"""Cohortium runs a multi-institution retrospective clinical study from site data to the published article.

For people who only want the numbers: `kaplan_meier`, `logrank`, `cox` and `baseline_table` take a polars or
pandas frame, or a list of frames, one a site, and give the same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cohortium.api import (
        baseline_table,
        bootstrap_cox,
        cox,
        cox_table,
        cumulative_incidence,
        fine_gray,
        gray_test,
        kaplan_meier,
        landmark,
        logrank,
        subgroup_effects,
    )

__version__ = "0.1.0"

__all__ = [
    "__version__",
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


def __getattr__(name: str) -> Any:
    """Load the numbers' functions at first use, so that `cohortium --help` stays fast."""
    if name in __all__:
        import cohortium.api

        return getattr(cohortium.api, name)
    raise AttributeError(f"module 'cohortium' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
