"""The `[[derive]]` section that makes a variable from others: a category by cases, or a number by an expression."""

from __future__ import annotations

from pydantic import Field

from cohortium.study.section import Expression, Printed, Section, VariableName


class Case(Section):
    """One case of a derived category; the first that holds decides."""

    level: Printed = Field(description="Level assigned, as printed.")
    where: Expression | None = Field(default=None, description="Expression under which the level applies.")
    otherwise: bool = Field(default=False, description="True: applies when no earlier case does.")


class Derive(Section):
    """`[[derive]]`: a variable made from others, a category (`cases`) or a number (`value`)."""

    name: VariableName = Field(description="Name of the new variable.")
    label: Printed = Field(description="Label as printed.")
    cases: tuple[Case, ...] = Field(default=(), max_length=200, description="Cases of a derived category, in order.")
    value: Expression | None = Field(default=None, description="Expression of a derived number.")
    unit: str = Field(default="", description="Unit of a derived number.")
    minimum: float | None = Field(default=None, description="Smallest possible value of a derived number.")
    maximum: float | None = Field(default=None, description="Largest possible value of a derived number.")
    decimals: int = Field(default=0, ge=0, le=3, description="Decimals to which a derived number is rounded.")
