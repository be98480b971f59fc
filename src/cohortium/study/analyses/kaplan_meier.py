"""Kaplan-Meier survival."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cohortium.study.analyses.form import AnalysisForm
from cohortium.study.section import VariableName


class KaplanMeier(AnalysisForm):
    """Kaplan-Meier survival with numbers at risk, quantiles and their intervals."""

    method: Literal["kaplan-meier"] = Field(description="Chooses this form of analysis.")
    endpoint: VariableName = Field(description="Endpoint to estimate.")
    by: VariableName | None = Field(default=None, description="Categorical variable whose levels are the curves.")
    reverse: bool = Field(
        default=False, description="True: reverse Kaplan-Meier, whose quantiles describe the follow-up."
    )
    interval: Literal["log-log", "log", "plain"] = Field(
        default="log-log", description="Transformation of the interval."
    )
    confidence: float = Field(default=0.95, gt=0, lt=1, description="Confidence level.")
    quantiles: tuple[Annotated[float, Field(gt=0, lt=1)], ...] = Field(
        default=(0.25, 0.5, 0.75), description="Quantiles of the time to event; 0.5 is the median."
    )
    at_months: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        default=(), description="Months at which survival is tabulated."
    )
