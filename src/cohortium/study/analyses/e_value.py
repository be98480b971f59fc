"""How strong unmeasured confounding would have to be to explain the effect of a covariate."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.section import Section, VariableName


class EValue(Section):
    """E-values of the ratio of one covariate and of its confidence limit."""

    effect: VariableName = Field(description="The covariate: a number, or a category with two levels.")
    outcome: Literal["common", "rare"] = Field(
        default="common",
        description="`rare`: fewer than 15% of the patients have the outcome at the end of follow-up, so that the ratio "
        "is taken as a risk ratio; `common`: it is first turned into an approximate risk ratio.",
    )
