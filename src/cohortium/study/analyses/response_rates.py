"""Rates of binary outcomes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.form import ImputableForm
from cohortium.study.analyses.outcome import Outcome
from cohortium.study.section import Printed, VariableName


class ResponseRates(ImputableForm):
    """Rates of binary outcomes, such as response, with intervals, by group."""

    method: Literal["response-rates"] = Field(description="Chooses this form of analysis.")
    variable: VariableName | None = Field(
        default=None, description="Category whose levels are the outcomes, e.g. `best_response`."
    )
    outcomes: tuple[Outcome, ...] = Field(
        min_length=1,
        max_length=100,
        description='Outcomes in order: `[{ label = "Overall response", levels = ["CR", "PR"] }]`.',
    )
    not_evaluable: tuple[Printed, ...] = Field(
        default=(),
        description="Levels of `variable` that say that it could not be assessed: these patients count among all "
        "treated, without the outcome, and not among the evaluable.",
    )
    categories: bool = Field(
        default=False, description="True: patients are counted at each level of `variable` too, and those not known."
    )
    by: VariableName | None = Field(default=None, description="Categorical variable whose levels are the groups.")
    overall: bool = Field(default=True, description="Whether all patients together are shown too.")
    populations: tuple[Literal["all-treated", "response-evaluable"], ...] = Field(
        default=("all-treated", "response-evaluable"),
        min_length=1,
        description="Denominators: all patients of the cohort, or those whose outcome is known.",
    )
    interval: Literal["exact", "wilson", "jeffreys"] = Field(
        default="exact", description="Interval of a rate; `exact` is Clopper and Pearson's."
    )
    compare: Literal["difference", "ratio", "none"] = Field(
        default="difference", description="How each group is compared with the reference group, besides a test."
    )
    difference_interval: Literal["newcombe", "miettinen-nurminen"] = Field(
        default="newcombe", description="Interval of a difference; a ratio has Miettinen and Nurminen's."
    )
    reference: str | None = Field(
        default=None, description="Level of `by` that the other groups are compared with; the first when absent."
    )
    confidence: float = Field(default=0.95, gt=0, lt=1, description="Confidence level.")
