"""Cytokine release syndrome and neurotoxicity by name: their grades from what was found and given (ASTCT consensus)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cohortium.study.derive.grades import LONGEST, day_variable, grade_variable, grades_of, yes_no
from cohortium.study.derive.rule_section import RuleSection
from cohortium.study.variables import Variable


class _AstctEvents(RuleSection):
    """What the two rules have in common: which rows of `events` count."""

    version: Literal["ASTCT-2019"] = Field(
        default="ASTCT-2019", description="Version of the consensus grading, named on every record."
    )
    from_day: int = Field(default=0, ge=-30, le=3650, description="First day of onset that counts.")
    to_day: int | None = Field(
        default=None, ge=0, le=3650, description="Last day of onset that counts; no limit when left out."
    )
    without_events: Literal["none", "unknown"] = Field(
        default="none", description="What it means that a patient has no row of the term: none, or not known."
    )

    def tables(self) -> tuple[str, ...]:
        """Tidy tables that the rule reads."""
        return ("events",)

    def variables(self) -> tuple[Variable, ...]:
        """Maximum grade, any, severe, lowest possible; the site's grade; onset, duration and treatment."""
        label = self.label
        return (
            *grades_of(self.name, f"{label} ({self.version})"),
            grade_variable(f"{self.name}_site", f"{label}, as graded by the site"),
            day_variable(f"{self.name}_onset", f"{label}, onset", self.from_day, self.to_day or LONGEST),
            day_variable(f"{self.name}_duration", f"{label}, duration", 1),
            yes_no(f"{self.name}_tocilizumab", f"{label}, tocilizumab"),
            yes_no(f"{self.name}_corticosteroids", f"{label}, corticosteroids"),
        )


class Crs(_AstctEvents):
    """Cytokine release syndrome: grade from fever, blood pressure support and oxygen."""

    rule: Literal["crs"] = Field(description="The rule: cytokine release syndrome.")
    term: str = Field(default="crs", min_length=1, max_length=60, description="Term of its rows in `events`.")
    unknown_temperature: Literal["fever", "unknown"] = Field(
        default="fever",
        description="What an unknown temperature means: fever, because the site called the event so, or not known [M].",
    )
    fever_after_treatment: Literal["not-needed", "needed"] = Field(
        default="not-needed",
        description="Whether fever is needed for grading once tocilizumab or corticosteroids were given [M].",
    )


class Icans(_AstctEvents):
    """Immune effector cell-associated neurotoxicity syndrome: grade from the worst of five domains."""

    rule: Literal["icans"] = Field(description="The rule: immune effector cell-associated neurotoxicity syndrome.")
    term: str = Field(default="icans", min_length=1, max_length=60, description="Term of its rows in `events`.")
