"""Tests of equal survival."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.form import ImputableForm
from cohortium.study.section import VariableName


class LogRank(ImputableForm):
    """Test of equal survival between groups, log-rank or weighted, optionally stratified."""

    method: Literal["logrank"] = Field(description="Chooses this form of analysis.")
    endpoint: VariableName = Field(description="Endpoint to compare.")
    by: VariableName = Field(description="Categorical variable whose levels are compared.")
    strata: tuple[VariableName, ...] = Field(
        default=(), description="Categorical variables whose combinations are the strata; `site` is the institution."
    )
    test: Literal["logrank", "peto-peto", "peto-prentice", "fleming-harrington", "tarone-ware", "gehan-breslow"] = (
        Field(default="logrank", description="How the times are weighted.")
    )
    rho: float | None = Field(
        default=None, ge=0, description="Power of survival in the weights of `fleming-harrington`; 0 when left out."
    )
    gamma: float | None = Field(
        default=None,
        ge=0,
        description="Power of one minus survival in the weights of `fleming-harrington`; 0 when left out.",
    )
    trend: bool = Field(default=False, description="True: a trend over the groups is tested too.")
    scores: tuple[float, ...] = Field(
        default=(), description="Number of each level of `by` for the trend, in order; 1, 2, 3 and so on when left out."
    )
    pairwise: bool = Field(
        default=False,
        description="True: every pair of groups is compared too, with p-values adjusted by Holm's method.",
    )
