"""Cumulative incidence of competing causes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cohortium.study.analyses.form import ImputableForm
from cohortium.study.section import VariableName


class CumulativeIncidence(ImputableForm):
    """Cumulative incidence of every cause of an endpoint (Aalen-Johansen), with intervals and numbers at risk."""

    method: Literal["cumulative-incidence"] = Field(description="Chooses this form of analysis.")
    endpoint: VariableName = Field(description="Endpoint to estimate; its causes compete.")
    by: VariableName | None = Field(default=None, description="Categorical variable whose levels are the groups.")
    interval: Literal["log-log", "log", "plain", "arcsine"] = Field(
        default="log-log",
        description="Transformation of the interval; `log-log` is the logarithm of minus the logarithm of the "
        "cumulative incidence.",
    )
    variance: Literal["greenwood", "aalen"] = Field(
        default="greenwood",
        description="Form of the variance: `greenwood` is that of R's multi-state `survfit`, `aalen` that of R's "
        "`cmprsk::cuminc`.",
    )
    confidence: float = Field(default=0.95, gt=0, lt=1, description="Confidence level.")
    at_months: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        default=(), max_length=500, description="Months at which cumulative incidence is tabulated."
    )
