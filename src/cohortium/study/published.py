"""`[[published]]`: numbers of an earlier report, beside which the study's own are shown."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cohortium.study.section import Name, Printed, Section


class Published(Section):
    """`[[published]]`: a published number and the row of the results table that reproduces it."""

    label: Printed = Field(description="The number as printed, e.g. `True extramedullary disease`.")
    heading: Printed | None = Field(
        default=None,
        description="Heading of its rows, e.g. `Median overall survival, months`; rows that share it stand together.",
    )
    analysis: Name = Field(description="Name of the analysis that reproduces it.")
    statistic: str = Field(
        min_length=1,
        max_length=64,
        description="Name of the number in the results table, e.g. `n`, `percent`, `median`.",
    )
    group: str = Field(default="", max_length=400, description="Group as printed; all patients together when empty.")
    variable: Printed | None = Field(default=None, description="Variable of the row, where there are several.")
    level: Printed | None = Field(default=None, description="Level or outcome as printed, where there are several.")
    model: Literal["univariable", "multivariable", "subgroup"] | None = Field(
        default=None, description="Of a regression that is fitted in several ways: which one."
    )
    population: Name | None = Field(
        default=None, description="Of response rates with two denominators: `all-treated` or `response-evaluable`."
    )
    months: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="Months of a probability at a time, such as survival at 12 months."
    )
    value: float | Literal["not reached"] | None = Field(
        default=None,
        description="The published number: times in months, rates and probabilities in percent; or `not reached`.",
    )
    below: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="In place of `value`: what was published is that the number is below this one."
    )
    within: Annotated[float, Field(ge=0)] = Field(
        default=0.0, description="How far the study's own number may be from `value`, in its unit; 0 is exactly."
    )
    source: Printed = Field(description="Where it was published, e.g. a DOI.")
