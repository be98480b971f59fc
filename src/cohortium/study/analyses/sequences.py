"""Sequences of categories, such as lines of therapy."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.form import AnalysisForm
from cohortium.study.section import Printed, VariableName

ARROW = " -> "
"""Between the two variables, or the two levels, of a flow in the results table."""


class Sequences(AnalysisForm):
    """How patients move from step to step: joint counts of consecutive categories, such as lines of therapy."""

    method: Literal["sequences"] = Field(description="Chooses this form of analysis.")
    steps: tuple[VariableName, ...] = Field(
        min_length=2,
        max_length=8,
        description="Categories in the order of the steps, e.g. the regimen of line 1, of line 2, the best response.",
    )
    ended: tuple[Printed, ...] = Field(
        default=(),
        max_length=40,
        description="Levels of the steps that say that a patient never reached the step, e.g. `No further therapy`, by "
        "label or code.",
    )
    by: VariableName | None = Field(default=None, description="Categorical variable whose levels are the groups.")
    overall: bool = Field(default=True, description="Whether all patients together are counted too.")
