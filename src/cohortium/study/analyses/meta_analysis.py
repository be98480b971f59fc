"""Two-stage meta-analysis over sites."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.covariate import AnyCovariate
from cohortium.study.analyses.form import ImputableForm
from cohortium.study.analyses.outcome import OnlyOutcome
from cohortium.study.section import Printed, VariableName


class MetaAnalysis(ImputableForm):
    """An effect estimated within each site by itself, and the estimates of all sites pooled."""

    method: Literal["meta-analysis"] = Field(description="Chooses this form of analysis.")
    model: Literal["cox", "logistic", "logrank", "proportions"] = Field(
        description="What each site estimates: the effect of a covariate in a Cox or logistic model, the hazard ratio of "
        "two groups by observed minus expected events (Peto), or two proportions compared."
    )
    endpoint: VariableName | None = Field(default=None, description="Endpoint of `cox` and `logrank`.")
    effect: VariableName | None = Field(
        default=None,
        description="Of `cox` and `logistic`: the covariate whose ratio is pooled; the others adjust for it.",
    )
    covariates: tuple[AnyCovariate, ...] = Field(
        default=(), description="Of `cox` and `logistic`: covariates of each site's model, `effect` among them."
    )
    strata: tuple[VariableName, ...] = Field(
        default=(), description="Of `cox` and `logistic`: categories whose combinations are strata within each site."
    )
    ties: Literal["efron", "breslow"] = Field(default="efron", description="Of `cox`: handling of tied event times.")
    outcome: OnlyOutcome | None = Field(
        default=None,
        description='Of `logistic` and `proportions`: `{ label = "Response", variable = "best_response", levels = ["CR", "PR"] }`.',
    )
    not_evaluable: tuple[Printed, ...] = Field(
        default=(), description="Levels that say that the outcome could not be assessed: these patients are left out."
    )
    measure: Literal["odds-ratio", "risk-ratio", "risk-difference", "peto-odds-ratio"] | None = Field(
        default=None, description="Of `proportions`: how they are compared; `odds-ratio` when left out."
    )
    zero_cells: Literal["add-half", "leave-out"] = Field(
        default="add-half",
        description="Of `proportions`: what becomes of a site with a zero in its table. One in which nobody or everybody "
        "has the outcome is left out of ratios in any case.",
    )
    by: VariableName | None = Field(
        default=None, description="Of `logrank` and `proportions`: category that holds the two groups."
    )
    level: Printed | None = Field(
        default=None,
        description="Level of `by`, or of a categorical `effect`, that is compared with the reference; needed where there "
        "are more than two.",
    )
    reference: Printed | None = Field(
        default=None, description="Level of `by` that it is compared with; the first when absent."
    )
    pooling: Literal["reml", "dersimonian-laird", "common"] = Field(
        default="reml", description="Between-site variance: two estimators of it, or none (`common` effect)."
    )
    hartung_knapp: bool = Field(
        default=True, description="Whether limits of random effects are Hartung and Knapp's, with a t distribution."
    )
    leave_one_out: bool = Field(default=True, description="Whether the pooled estimate without each site is given.")
    least_patients: int = Field(
        default=2, ge=1, le=10_000, description="Patients below which a site's own estimate is not made."
    )
    confidence: float = Field(default=0.95, gt=0, lt=1, description="Confidence level.")

    @property
    def compared(self) -> str | None:
        """The variable whose levels, or values, are compared."""
        return self.effect if self.model in ("cox", "logistic") else self.by
