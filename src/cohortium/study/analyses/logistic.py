"""Logistic regression."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.covariate import AnyCovariate
from cohortium.study.analyses.e_value import EValue
from cohortium.study.analyses.form import ImputableForm
from cohortium.study.analyses.outcome import OnlyOutcome
from cohortium.study.section import Printed, VariableName


class Logistic(ImputableForm):
    """Logistic regression of a binary outcome."""

    method: Literal["logistic"] = Field(description="Chooses this form of analysis.")
    outcome: OnlyOutcome = Field(
        description='The outcome: `{ label = "Response", variable = "best_response", levels = ["CR", "PR"] }`.'
    )
    not_evaluable: tuple[Printed, ...] = Field(
        default=(),
        description="Levels of the outcome's variable that say that it could not be assessed; these patients are left "
        "out.",
    )
    covariates: tuple[AnyCovariate, ...] = Field(min_length=1, description="Covariates in order.")
    interactions: tuple[tuple[VariableName, ...], ...] = Field(
        default=(),
        max_length=50,
        description="Lists of covariates whose products enter the multivariable model, e.g. [['age', 'sex']].",
    )
    strata: tuple[VariableName, ...] = Field(
        default=(),
        description="Categorical variables whose combinations have each a constant of their own; `site` is the "
        "institution.",
    )
    conditional: bool = Field(
        default=False,
        description="True: the exact likelihood given the number of events of each stratum, for many or small strata; "
        "`site` is one of the strata.",
    )
    univariable: bool = Field(default=False, description="True: each covariate is also fitted alone.")
    confidence: float = Field(default=0.95, gt=0, lt=1, description="Confidence level.")
    weight: VariableName | None = Field(
        default=None,
        description="Number above 0 by which a patient counts, as if there were so many; standard errors are those of "
        "that many patients.",
    )
    offset: VariableName | None = Field(
        default=None, description="Number added to the log odds with a coefficient of 1."
    )
    penalty: Literal["if-needed", "firth", "none"] = Field(
        default="if-needed",
        description="Firth's penalized likelihood: for a model with a coefficient that has no finite estimate "
        "(`if-needed`), for every model (`firth`), or never (`none`). The output names it.",
    )
    interval: Literal["wald", "profile"] | None = Field(
        default=None,
        description="Printed intervals: Wald's or of the profile likelihood; when absent, profile likelihood for "
        "penalized fits and Wald for others. The results table holds both.",
    )
    firth_errors: Literal["information", "augmented"] = Field(
        default="information",
        description="Standard errors of penalized fits: from the information, or of the augmented data as in R's "
        "logistf. The output names them.",
    )
    e_value: EValue | None = Field(
        default=None,
        description="How strong unmeasured confounding would have to be to explain the effect of a covariate: "
        '`{ effect = "arm" }`.',
    )
    term_tests: bool = Field(
        default=True, description="Whether each covariate is tested as a whole by likelihood ratio."
    )
    risk_groups: int = Field(
        default=0,
        ge=0,
        le=100,
        description="Number of groups by predicted risk in which the multivariable model is checked against what was "
        "observed; discrimination comes with it. 0 for neither.",
    )
