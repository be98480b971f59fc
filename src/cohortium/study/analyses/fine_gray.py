"""Regression of the subdistribution hazard."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.covariate import AnyCovariate
from cohortium.study.analyses.form import ImputableForm
from cohortium.study.section import Printed, VariableName


class FineGray(ImputableForm):
    """Proportional subdistribution hazards of one cause (Fine and Gray)."""

    method: Literal["fine-gray"] = Field(description="Chooses this form of analysis.")
    endpoint: VariableName = Field(description="Endpoint with competing causes.")
    cause: Printed = Field(description="Label of the cause that is modeled.")
    covariates: tuple[AnyCovariate, ...] = Field(min_length=1, description="Covariates in order.")
    strata: tuple[VariableName, ...] = Field(
        default=(),
        description="Categorical variables whose combinations have their own baseline; `site` is the institution.",
    )
    censoring_by: VariableName | None = Field(
        default=None,
        description="Categorical variable in whose levels the distribution of censoring is estimated apart; `site` is "
        "the institution. One distribution for all when left out.",
    )
    univariable: bool = Field(default=False, description="True: each covariate is also fitted alone.")
    confidence: float = Field(default=0.95, gt=0, lt=1, description="Confidence level.")
