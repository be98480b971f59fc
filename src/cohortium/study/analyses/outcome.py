"""Binary outcomes: a category with the levels that count."""

from __future__ import annotations

from pydantic import Field

from cohortium.study.section import Printed, Section, VariableName


class Levels(Section):
    """Levels of a category that together are an outcome."""

    label: Printed = Field(description="The outcome as printed, e.g. `Overall response`.")
    levels: tuple[Printed, ...] = Field(
        min_length=1, description="Levels of the variable that count as the outcome, by label or code."
    )


class Outcome(Levels):
    """One of several outcomes of an analysis."""

    variable: VariableName | None = Field(
        default=None, description="Category that holds the levels; that of the analysis when absent."
    )


class OnlyOutcome(Levels):
    """The outcome of an analysis that has one."""

    variable: VariableName = Field(description="Category that holds the levels.")
