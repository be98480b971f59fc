"""Adverse events by name: which rows of `events` make a group, and in which days."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from cohortium.study.derive.grades import LONGEST, day_variable, grades_of
from cohortium.study.derive.rule_section import RuleSection
from cohortium.study.section import Printed, Section, VariableName
from cohortium.study.variables import Variable

InfectionClass = Literal["bacterial", "viral", "fungal", "protozoal", "unknown"]
EventTerm = Annotated[str, Field(min_length=1, max_length=80)]


class EventGroup(Section):
    """A group of adverse events, of which each patient's worst grade is derived."""

    name: VariableName = Field(description="End of the variables' names, e.g. `pneumonia`.")
    label: Printed = Field(description="Label as printed.")
    terms: tuple[EventTerm, ...] = Field(
        default=(), max_length=200, description="Terms of the group, compared without case; any term when left out."
    )
    infection: bool = Field(
        default=False,
        description="True: rows that are infections, because a class, an organism or a site of infection is entered; added "
        "to `terms`.",
    )
    infection_class: InfectionClass | None = Field(
        default=None, description="Only infections of this class; a class that is not known could be it."
    )
    infection_site: EventTerm | None = Field(default=None, description="Only infections of this site, e.g. `lung`.")

    @model_validator(mode="after")
    def _infections(self) -> Self:
        if (self.infection_class or self.infection_site) and not (self.infection or self.terms):
            raise ValueError("infection_class and infection_site need infection = true, or terms")
        return self


class GradeLimits(Section):
    """Grades that a term can have; others are refused."""

    term: EventTerm = Field(description="Term, compared without case.")
    lowest: int = Field(default=1, ge=1, le=5, description="Lowest grade of the term.")
    highest: int = Field(default=5, ge=1, le=5, description="Highest grade of the term.")


class AdverseEvents(RuleSection):
    """Each patient's worst grade of any adverse event, and of each group."""

    rule: Literal["adverse-events"] = Field(description="The rule: adverse events by patient.")
    groups: tuple[EventGroup, ...] = Field(default=(), max_length=100, description="Groups of events.")
    from_day: int = Field(default=0, ge=-3650, le=3650, description="First day of onset that counts.")
    to_day: int | None = Field(
        default=None, ge=0, le=3650, description="Last day of onset that counts; no limit when left out."
    )
    infection_grade: Literal["site", "intervention"] = Field(
        default="site",
        description="Grade of an infection: as the site graded it, or from the treatment given (none or local 1, oral 2, "
        "intravenous or procedure 3, urgent 4, fatal 5) [M].",
    )
    not_attributed: Literal["counts", "left-out"] = Field(
        default="left-out", description="Events whose finding has another cause than the term (`attributed` is no)."
    )
    without_events: Literal["none", "unknown"] = Field(
        default="none", description="What it means that a patient has no row: no event, or not known."
    )
    grade_limits: tuple[GradeLimits, ...] = Field(
        default=(), max_length=200, description="Grades of further terms that are refused, beside the built-in ones."
    )

    @model_validator(mode="after")
    def _names(self) -> Self:
        names = [group.name for group in self.groups]
        if len(set(names)) < len(names):
            raise ValueError("two groups have one name")
        return self

    def tables(self) -> tuple[str, ...]:
        """Tidy tables that the rule reads."""
        return ("events",)

    def variables(self) -> tuple[Variable, ...]:
        """Of any event and of each group: worst grade, any, severe, lowest possible, day of the first."""
        days = (self.from_day, self.to_day or LONGEST)
        pairs = [(self.name, self.label), *((f"{self.name}_{group.name}", group.label) for group in self.groups)]
        return tuple(
            variable
            for name, label in pairs
            for variable in (
                *grades_of(name, label),
                day_variable(f"{name}_onset", f"{label}, onset of the first", *days),
            )
        )
