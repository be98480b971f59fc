"""Balance before and after weighting."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.form import AnalysisForm
from cohortium.study.section import Name, VariableName


class Balance(AnalysisForm):
    """How far the groups of a propensity score differ before and after weighting."""

    method: Literal["balance"] = Field(description="Chooses this form of analysis.")
    weighting: Name = Field(description="Name of the propensity score.")
    also: tuple[VariableName, ...] = Field(
        default=(), max_length=200, description="Variables to compare besides the covariates of the score."
    )
