"""The `[[analysis]]` sections of the study file: one model a method."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from cohortium.study.section import Name, Section, VariableName


class _Analysis(Section):
    """What every analysis has."""

    name: Name = Field(description="Name by which tables, figures and text refer to the analysis.")
    label: str = Field(default="", description="Label as printed; made from the method when empty.")


class Baseline(_Analysis):
    """Baseline characteristics: counts, means and quartiles by group and overall."""

    method: Literal["baseline"] = Field(description="Chooses this form of analysis.")
    by: VariableName | None = Field(default=None, description="Categorical variable whose levels are the columns.")
    variables: tuple[VariableName, ...] = Field(min_length=1, description="Variables in the order of the rows.")
    overall: bool = Field(default=True, description="Whether a column for all patients is shown.")


class KaplanMeier(_Analysis):
    """Kaplan-Meier survival with numbers at risk, quantiles and their intervals."""

    method: Literal["kaplan-meier"] = Field(description="Chooses this form of analysis.")
    endpoint: VariableName = Field(description="Endpoint to estimate.")
    by: VariableName | None = Field(default=None, description="Categorical variable whose levels are the curves.")
    reverse: bool = Field(
        default=False, description="True: reverse Kaplan-Meier, whose quantiles describe the follow-up."
    )
    interval: Literal["log-log", "log", "plain"] = Field(
        default="log-log", description="Transformation of the interval."
    )
    confidence: float = Field(default=0.95, gt=0, lt=1, description="Confidence level.")
    quantiles: tuple[Annotated[float, Field(gt=0, lt=1)], ...] = Field(
        default=(0.25, 0.5, 0.75), description="Quantiles of the time to event; 0.5 is the median."
    )
    at_months: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        default=(), description="Months at which survival is tabulated."
    )


class LogRank(_Analysis):
    """Log-rank test of equal survival between groups, optionally stratified."""

    method: Literal["logrank"] = Field(description="Chooses this form of analysis.")
    endpoint: VariableName = Field(description="Endpoint to compare.")
    by: VariableName = Field(description="Categorical variable whose levels are compared.")
    strata: tuple[VariableName, ...] = Field(
        default=(), description="Categorical variables whose combinations are the strata; `site` is the institution."
    )


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


class Cox(_Analysis):
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


class Sites(_Analysis):
    """Patients and events per institution."""

    method: Literal["sites"] = Field(description="Chooses this form of analysis.")
    endpoint: VariableName = Field(description="Endpoint whose events and follow-up are counted.")


Analysis = Annotated[Baseline | KaplanMeier | LogRank | Cox | Sites, Field(discriminator="method")]
