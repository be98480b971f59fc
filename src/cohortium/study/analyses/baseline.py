"""The baseline table."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.analyses.form import ImputableForm
from cohortium.study.section import VariableName


class Baseline(ImputableForm):
    """Baseline characteristics: counts, means and quartiles by group and overall."""

    method: Literal["baseline"] = Field(description="Chooses this form of analysis.")
    by: VariableName | None = Field(default=None, description="Categorical variable whose levels are the columns.")
    variables: tuple[VariableName, ...] = Field(min_length=1, description="Variables in the order of the rows.")
    overall: bool = Field(default=True, description="Whether a column for all patients is shown.")
    tests: bool = Field(
        default=True, description="Whether the groups shown are compared, each variable by one test that is named."
    )
    number_test: Literal["rank", "mean", "welch"] = Field(
        default="rank",
        description="Test of numbers: `rank` (Wilcoxon, Kruskal-Wallis), `mean` (t, analysis of variance) or `welch`.",
    )
    trend: tuple[VariableName, ...] = Field(
        default=(), description="Ordered categories that are compared by a test for linear trend."
    )
    standardized_differences: bool = Field(
        default=False, description="Whether standardized mean differences are shown."
    )
    quantile_type: Literal["type-7", "type-2"] = Field(
        default="type-7", description="Definition of quartiles: `type-7` is the default of R, `type-2` that of SAS."
    )
    range: bool = Field(default=False, description="Whether minimum and maximum of numbers are shown.")
