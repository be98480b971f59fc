"""Kaplan-Meier survival."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cohortium.study.analyses.form import ImputableForm
from cohortium.study.section import Name, VariableName


class KaplanMeier(ImputableForm):
    """Kaplan-Meier survival with numbers at risk, quantiles and their intervals."""

    method: Literal["kaplan-meier"] = Field(description="Chooses this form of analysis.")
    endpoint: VariableName = Field(description="Endpoint to estimate.")
    by: VariableName | None = Field(default=None, description="Categorical variable whose levels are the curves.")
    reverse: bool = Field(
        default=False, description="True: reverse Kaplan-Meier, whose quantiles describe the follow-up."
    )
    interval: Literal["log-log", "log", "plain", "arcsine"] = Field(
        default="log-log", description="Transformation of the interval."
    )
    confidence: float = Field(default=0.95, gt=0, lt=1, description="Confidence level.")
    quantiles: tuple[Annotated[float, Field(gt=0, lt=1)], ...] = Field(
        default=(0.25, 0.5, 0.75), description="Quantiles of the time to event; 0.5 is the median."
    )
    quantile_rule: Literal["middle", "first"] = Field(
        default="middle",
        description="Where the curve lies exactly on a quantile's level for a while: the middle of that step, or its "
        "first day.",
    )
    at_months: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        default=(), description="Months at which survival is tabulated."
    )
    restricted_mean_months: float | None = Field(
        default=None,
        gt=0,
        description="Months up to which the restricted mean survival time is taken; with `by`, groups are compared with "
        "the first.",
    )
    nelson_aalen: bool = Field(default=False, description="True: the Nelson-Aalen cumulative hazard is tabulated too.")
    weight: VariableName | None = Field(
        default=None, description="Numeric variable with case weights above 0; variances are then robust."
    )
    weighting: Name | None = Field(
        default=None,
        description="Name of the propensity score that patients are weighted by; variances are then robust.",
    )
