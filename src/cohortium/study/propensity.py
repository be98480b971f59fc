"""`[[propensity]]`: a propensity score and the weights that analyses make of it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.covariate import AnyCovariate
from cohortium.study.section import Name, Section, VariableName


class Propensity(Section):
    """`[[propensity]]`: the probability of treatment given covariates, fitted over all sites, and weights made of it.

    The score is a logistic regression of treatment. Analyses that name it in `weighting` weight each patient so that the
    groups resemble each other in the covariates.
    """

    name: Name = Field(description="Name by which analyses refer to it.")
    label: str = Field(default="", description="Label as printed; made from the treatment when empty.")
    treatment: VariableName = Field(description="Category with two levels: the treatments that are compared.")
    treated: str = Field(
        min_length=1,
        description="Level of `treatment`, as printed or by its code, whose probability is the score; the other one is "
        "the control.",
    )
    covariates: tuple[AnyCovariate, ...] = Field(
        min_length=1, max_length=200, description="Covariates of the score in order, all known before treatment."
    )
    strata: tuple[VariableName, ...] = Field(
        default=(),
        description="Categories whose combinations have a constant of their own, such as `site`. Patients of a stratum "
        "where all have the same treatment have no score.",
    )
    estimand: Literal["ate", "att", "atc", "overlap"] = Field(
        default="ate",
        description="Whom the comparison describes: all patients (`ate`), those with the treatment (`att`), those "
        "without it (`atc`), or those who might have had either (`overlap`).",
    )
    stabilized: bool = Field(
        default=False,
        description="True: weights of `ate` are multiplied by the share of patients with the same treatment, so that "
        "they add up to about the number of patients.",
    )
    trim: float = Field(
        default=0.0,
        ge=0,
        le=0.2,
        description="Patients whose score is below this or above one minus this have no weight; 0 for none.",
    )
    truncate: float = Field(
        default=1.0,
        gt=0.5,
        le=1,
        description="Weights above this quantile of the weights of all sites are set to it, e.g. 0.99; 1 for none.",
    )
    penalty: Literal["none", "firth"] = Field(
        default="none",
        description="`firth`: the score is fitted with Firth's penalty. Without it a covariate that tells the treatments "
        "apart completely is an error, since then nobody is comparable.",
    )
