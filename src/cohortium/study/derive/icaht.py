"""Hematotoxicity of immune effector cells by name: neutrophils and platelets, early and late."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.derive.grades import day_variable, grade_variable
from cohortium.study.derive.rule_section import Input, RuleSection
from cohortium.study.section import VariableName
from cohortium.study.variables import Variable

HIGHEST = 4


class Icaht(RuleSection):
    """Immune effector cell-associated hematotoxicity: early and late, of neutrophils and of platelets."""

    rule: Literal["icaht"] = Field(description="The rule: immune effector cell-associated hematotoxicity.")
    version: Literal["EHA-EBMT-2023"] = Field(
        default="EHA-EBMT-2023", description="Version of the consensus grading, named on every record."
    )
    day_0: Literal["infusion", "first-dose"] = Field(
        default="infusion",
        description="What day 0 is: the infusion of cells, or the first step-up dose of a bispecific antibody, for which "
        "the grading was not made; labels then say adapted.",
    )
    interpolated_days: int = Field(
        default=7,
        ge=0,
        le=30,
        description="Longest run of days without a value that is filled, linearly between two values and with the nearest "
        "one at the ends [V2].",
    )
    round_neutrophils_to: int = Field(
        default=10, ge=1, le=100, description="Daily neutrophils are rounded to so many per microliter [V2]."
    )
    joined_days: int = Field(
        default=2,
        ge=0,
        le=30,
        description="Two runs of low neutrophils are one when so many days or fewer lie between them: recovery takes one day "
        "more [V2].",
    )
    open_run_from_day: int = Field(
        default=3,
        ge=-1,
        le=30,
        description="A run that begins by this day and lasts until the last day with a value is grade 4; -1: never [V2].",
    )
    late_to_day: int = Field(default=100, ge=31, le=730, description="Last day of the late window [V2].")
    late_single_value: Literal["graded", "unknown"] = Field(
        default="graded", description="Whether a single value in the late window is graded [V2]."
    )
    unmeasured_days: Literal["not-low", "unknown"] = Field(
        default="not-low",
        description="What days without a value mean after filling: not low, as published [V2], or not known, so that a "
        "grade which they could raise is not known either.",
    )
    last_follow_up: VariableName | None = Field(default=None, description="Last day of follow-up, or death.")
    progression: VariableName | None = Field(default=None, description="Day of progression; ends the late window.")
    next_therapy: VariableName | None = Field(
        default=None, description="First day of the next therapy; ends the late window."
    )

    def inputs(self) -> tuple[Input, ...]:
        """The days that end the windows."""
        keys = ("last_follow_up", "progression", "next_therapy")
        return tuple(Input(key, variable, ("date",)) for key in keys if isinstance(variable := getattr(self, key), str))

    def tables(self) -> tuple[str, ...]:
        """Tidy tables that the rule reads."""
        return ("assessments",)

    def variables(self) -> tuple[Variable, ...]:
        """Early and late grades of neutrophils and of platelets, and the days on which the early ones rest."""
        name = self.name
        label = f"{self.label}, adapted" if self.day_0 == "first-dose" else self.label
        return (
            grade_variable(name, f"{label}, early ({self.version})", HIGHEST),
            grade_variable(f"{name}_late", f"{label}, late ({self.version})", HIGHEST),
            grade_variable(f"{name}_platelets", f"{label}, platelets, early", HIGHEST),
            grade_variable(f"{name}_platelets_late", f"{label}, platelets, late", HIGHEST),
            day_variable(f"{name}_days_500", f"{label}, longest run of neutrophils of 500 or less", 0, 31),
            day_variable(f"{name}_days_100", f"{label}, longest run of neutrophils of 100 or less", 0, 31),
            day_variable(f"{name}_days_unmeasured", f"{label}, days without neutrophils, of days 0 to 30", 0, 31),
        )
