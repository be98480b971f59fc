"""Tests of equal survival."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.form import AnalysisForm
from cohortium.study.section import VariableName


class LogRank(AnalysisForm):
    """Log-rank test of equal survival between groups, optionally stratified."""

    method: Literal["logrank"] = Field(description="Chooses this form of analysis.")
    endpoint: VariableName = Field(description="Endpoint to compare.")
    by: VariableName = Field(description="Categorical variable whose levels are compared.")
    strata: tuple[VariableName, ...] = Field(
        default=(), description="Categorical variables whose combinations are the strata; `site` is the institution."
    )
