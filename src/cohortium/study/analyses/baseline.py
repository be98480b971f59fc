"""The baseline table."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.form import AnalysisForm
from cohortium.study.section import VariableName


class Baseline(AnalysisForm):
    """Baseline characteristics: counts, means and quartiles by group and overall."""

    method: Literal["baseline"] = Field(description="Chooses this form of analysis.")
    by: VariableName | None = Field(default=None, description="Categorical variable whose levels are the columns.")
    variables: tuple[VariableName, ...] = Field(min_length=1, description="Variables in the order of the rows.")
    overall: bool = Field(default=True, description="Whether a column for all patients is shown.")
