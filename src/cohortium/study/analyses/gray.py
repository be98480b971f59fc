"""Gray's test of equal cumulative incidence."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.form import ImputableForm
from cohortium.study.section import VariableName


class Gray(ImputableForm):
    """Gray's test of equal cumulative incidence between groups, one for each cause, optionally stratified."""

    method: Literal["gray"] = Field(description="Chooses this form of analysis.")
    endpoint: VariableName = Field(description="Endpoint to compare; each of its causes is tested.")
    by: VariableName = Field(description="Categorical variable whose levels are compared.")
    strata: tuple[VariableName, ...] = Field(
        default=(), description="Categorical variables whose combinations are the strata; `site` is the institution."
    )
    rho: float = Field(
        default=0.0,
        ge=0,
        le=100,
        description="Power of one minus the cumulative incidence by which the times are weighted; above 0, early "
        "differences count more.",
    )
