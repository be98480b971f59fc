"""`[[family]]`: p-values that are adjusted together."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from cohortium.study.section import Name, Printed, Section


class PValues(Section):
    """Some p-values of an analysis: all of one statistic that stand at the places named."""

    analysis: Name = Field(description="Name of the analysis.")
    statistic: str = Field(
        default="p-value",
        max_length=64,
        description="Name of the p-value in the results table, such as `p-value`, `trend-p` or `interaction-p`.",
    )
    model: Literal["univariable", "multivariable", "subgroup"] | None = Field(
        default=None, description="Of a regression that is fitted in several ways: which one."
    )
    population: Name | None = Field(
        default=None, description="Of response rates with two denominators: `all-treated` or `response-evaluable`."
    )
    variable: Printed | None = Field(
        default=None, description="Variable or term that is tested; all of the analysis when absent."
    )
    level: Printed | None = Field(
        default=None, description="Level, outcome or cause that is tested, as printed; all when absent."
    )
    group: Printed | None = Field(
        default=None, description="Groups that are compared, as in the results table: `B v A`; all when absent."
    )


def _form(value: object) -> str | None:
    if isinstance(value, str):
        return "name"
    return "table" if isinstance(value, dict | PValues) else None


AnyPValues = Annotated[Annotated[Name, Tag("name")] | Annotated[PValues, Tag("table")], Discriminator(_form)]


class Family(Section):
    """`[[family]]`: p-values that are adjusted for being looked at together."""

    name: Name = Field(description="Short name of the family.")
    label: Printed = Field(description="The family as printed, e.g. `primary comparisons`.")
    method: Literal["holm", "benjamini-hochberg", "bonferroni"] = Field(
        default="holm",
        description="`holm` and `bonferroni` keep the chance of any false rejection, `benjamini-hochberg` the expected "
        "share of false ones among the rejections.",
    )
    p_values: tuple[AnyPValues, ...] = Field(
        min_length=1,
        max_length=500,
        description="The p-values: the name of an analysis that has one, or tables that say which: "
        '`["os-test", { analysis = "cox", statistic = "interaction-p" }]`.',
    )


def form_of(p_values: str | PValues) -> PValues:
    """A reference to p-values, whichever way it is written."""
    return p_values if isinstance(p_values, PValues) else PValues(analysis=p_values)
