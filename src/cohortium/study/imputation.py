"""The `[[imputation]]` sections of the study file: how values that are not known are imputed."""

from __future__ import annotations

from pydantic import Field

from cohortium.study.section import Name, Section, VariableName

PATIENT_KEY = "__patient_key"
"""Reserved column: a whole number made of the patient's key, from which the random numbers of a patient follow."""


class Imputation(Section):
    """`[[imputation]]`: multiple imputation by chained equations, fitted over all sites.

    Each variable is imputed from all others, the auxiliary ones, and events and cumulative hazards of the endpoints:
    numbers by Bayesian linear regression, categories by logistic regression. An analysis asks for it by name.
    """

    name: Name = Field(description="Name by which analyses refer to it.")
    variables: tuple[VariableName, ...] = Field(
        min_length=1,
        max_length=50,
        description="Variables whose unknown values are imputed, in the order in which they are drawn; covariates of "
        "the analyses that are always known belong to them or to `auxiliary`.",
    )
    auxiliary: tuple[VariableName, ...] = Field(
        default=(),
        max_length=50,
        description="Further variables that predict; nothing is imputed for a patient of whom one is not known.",
    )
    endpoints: tuple[VariableName, ...] = Field(
        default=(),
        max_length=10,
        description="Endpoints of the analyses that use it; their events and cumulative hazards predict.",
    )
    m: int = Field(default=20, ge=2, le=200, description="Number of imputations.")
    iterations: int = Field(default=10, ge=1, le=50, description="Rounds through all variables.")
    seed: int | None = Field(default=None, ge=0, description="Seed of the draws; that of the study when absent.")
