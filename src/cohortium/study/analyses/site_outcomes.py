"""An outcome or event rate by site."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.form import AnalysisForm
from cohortium.study.analyses.outcome import OnlyOutcome
from cohortium.study.section import Printed, VariableName


class SiteOutcomes(AnalysisForm):
    """The proportion with an outcome, or the rate of an event, by site with exact limits and control limits."""

    method: Literal["site-outcomes"] = Field(description="Chooses this form of analysis.")
    outcome: OnlyOutcome | None = Field(
        default=None,
        description='The outcome: `{ label = "Response", variable = "best_response", levels = ["CR", "PR"] }`; or give '
        "`endpoint`.",
    )
    not_evaluable: tuple[Printed, ...] = Field(
        default=(), description="Levels that say that the outcome could not be assessed: these patients are left out."
    )
    endpoint: VariableName | None = Field(
        default=None, description="Endpoint whose events are counted per 100 years of follow-up."
    )
    confidence: float = Field(default=0.95, gt=0, lt=1, description="Confidence level of each site's interval.")
