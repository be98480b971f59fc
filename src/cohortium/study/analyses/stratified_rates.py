"""Two groups and a binary outcome over strata."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.form import ImputableForm
from cohortium.study.analyses.outcome import OnlyOutcome
from cohortium.study.section import Printed, VariableName


class StratifiedRates(ImputableForm):
    """Cochran-Mantel-Haenszel test and common odds ratio of two groups over strata, asymptotic and exact."""

    method: Literal["cmh"] = Field(description="Chooses this form of analysis.")
    outcome: OnlyOutcome = Field(
        description='The outcome: `{ label = "Response", variable = "best_response", levels = ["CR", "PR"] }`.'
    )
    not_evaluable: tuple[Printed, ...] = Field(
        default=(), description="Levels that say that the outcome could not be assessed: these patients are left out."
    )
    by: VariableName = Field(description="Categorical variable whose two levels are compared.")
    reference: str | None = Field(
        default=None, description="Level of `by` that the other one is compared with; the first when absent."
    )
    strata: tuple[VariableName, ...] = Field(
        min_length=1,
        description="Categorical variables whose combinations are the strata; `site` is the institution.",
    )
    exact: bool = Field(default=True, description="Whether the exact conditional analysis is made too.")
    confidence: float = Field(default=0.95, gt=0, lt=1, description="Confidence level.")
