"""Cox regression."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from cohortium.study.analyses.covariate import AnyCovariate, Covariate
from cohortium.study.analyses.e_value import EValue
from cohortium.study.analyses.form import ImputableForm
from cohortium.study.analyses.time_dependent import TimeDependent
from cohortium.study.section import Name, Printed, Section, VariableName

__all__ = ["AnyCovariate", "Covariate", "Cox", "Predict", "Subgroups"]


class Predict(Section):
    """A patient whose survival the model predicts."""

    label: Printed = Field(description="The patient as printed, e.g. `60 years, female`.")
    values: dict[str, Any] = Field(
        description="A value for every covariate: a number, or a level of a category as printed or by its code."
    )


class Subgroups(Section):
    """The effect of one covariate within the levels of others, each in a model with that interaction."""

    effect: VariableName = Field(description="The covariate whose hazard ratio is wanted in each subgroup.")
    by: tuple[VariableName, ...] = Field(
        min_length=1, max_length=50, description="Categories whose levels are the subgroups, one interaction each."
    )


class Cox(ImputableForm):
    """Cox proportional-hazards regression."""

    method: Literal["cox"] = Field(description="Chooses this form of analysis.")
    endpoint: VariableName = Field(description="Endpoint to model.")
    cause: Printed | None = Field(
        default=None,
        description="Label of the cause of an endpoint with competing causes whose hazard is modeled; follow-up that "
        "ends with another cause is censored.",
    )
    covariates: tuple[AnyCovariate, ...] = Field(
        default=(), description="Covariates in order; at least one unless there are time-dependent ones."
    )
    time_dependent: tuple[TimeDependent, ...] = Field(
        default=(), max_length=20, description="Covariates that begin during follow-up, after those of `covariates`."
    )
    interactions: tuple[tuple[VariableName, ...], ...] = Field(
        default=(),
        max_length=50,
        description="Lists of covariates whose products enter the multivariable model, e.g. [['age', 'sex']].",
    )
    strata: tuple[VariableName, ...] = Field(
        default=(), description="Categorical variables whose combinations are the strata; `site` is the institution."
    )
    ties: Literal["efron", "breslow"] = Field(default="efron", description="Handling of tied event times.")
    univariable: bool = Field(default=False, description="True: each covariate is also fitted alone.")
    confidence: float = Field(default=0.95, gt=0, lt=1, description="Confidence level.")
    weight: VariableName | None = Field(
        default=None, description="Number above 0 by which a patient counts; standard errors are then robust."
    )
    weighting: Name | None = Field(
        default=None,
        description="Name of the propensity score that patients are weighted by; standard errors are then robust.",
    )
    offset: VariableName | None = Field(
        default=None, description="Number added to the log hazard with a coefficient of 1."
    )
    cluster: VariableName | None = Field(
        default=None,
        description="Whole number that patients of one cluster (family, ward) share, unique within a site; standard "
        "errors are then robust.",
    )
    robust: bool = Field(default=False, description="True: standard errors are those of the sandwich estimator.")
    penalty: Literal["if-needed", "firth", "none"] = Field(
        default="if-needed",
        description="Firth's penalized likelihood: for a model with a coefficient that has no finite estimate "
        "(`if-needed`), for every model (`firth`), or never (`none`). The output names it.",
    )
    e_value: EValue | None = Field(
        default=None,
        description="How strong unmeasured confounding would have to be to explain the effect of a covariate: "
        '`{ effect = "arm" }`.',
    )
    term_tests: bool = Field(
        default=True, description="Whether each covariate is tested as a whole in the multivariable model."
    )
    ph_test: bool = Field(
        default=True, description="Whether proportional hazards are tested in the multivariable model."
    )
    ph_transform: Literal["km", "rank", "identity", "log"] = Field(
        default="km", description="Scale of time of the test of proportional hazards; `km` is that of R."
    )
    concordance: tuple[Literal["harrell", "uno"], ...] = Field(
        default=(), max_length=2, description="Concordance of the multivariable model, compared within institutions."
    )
    predict: tuple[Predict, ...] = Field(
        default=(), max_length=50, description="Patients whose survival the multivariable model predicts."
    )
    at_months: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        default=(), max_length=500, description="Months at which predicted survival is tabulated."
    )
    subgroups: Subgroups | None = Field(
        default=None, description="Effect of one covariate in subgroups, adjusted for the other covariates."
    )
