"""Cox regression."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from cohortium.study.analyses.form import AnalysisForm
from cohortium.study.section import Section, VariableName


class Covariate(Section):
    """A covariate with its form; a plain name is the same as `{ variable = name }`."""

    variable: VariableName = Field(description="Name of the variable.")
    as_number: bool = Field(default=False, description="True: a category with numeric codes enters as one linear term.")
    per: float = Field(default=1.0, ge=1e-6, le=1e6, description="The hazard ratio of a number is for this many units.")
    reference: str | None = Field(default=None, description="Reference level of a category; the first when absent.")


def _form(value: object) -> str | None:
    """Which of the two forms of a covariate is written, so that an error speaks of that one only."""
    if isinstance(value, str):
        return "name"
    return "table" if isinstance(value, dict | Covariate) else None


AnyCovariate = Annotated[
    Annotated[VariableName, Tag("name")] | Annotated[Covariate, Tag("table")], Discriminator(_form)
]


class Cox(AnalysisForm):
    """Cox proportional-hazards regression."""

    method: Literal["cox"] = Field(description="Chooses this form of analysis.")
    endpoint: VariableName = Field(description="Endpoint to model.")
    covariates: tuple[AnyCovariate, ...] = Field(min_length=1, description="Covariates in order.")
    strata: tuple[VariableName, ...] = Field(
        default=(), description="Categorical variables whose combinations are the strata; `site` is the institution."
    )
    ties: Literal["efron", "breslow"] = Field(default="efron", description="Handling of tied event times.")
    univariable: bool = Field(default=False, description="True: each covariate is also fitted alone.")
    confidence: float = Field(default=0.95, gt=0, lt=1, description="Confidence level.")
