"""Grades of toxicity as variables: a category of the worst grade, whether there was any, whether it was severe."""

from __future__ import annotations

from collections.abc import Mapping

from cohortium.study.variables import Level, Variable

SEVERE = 3
"""A grade of this or more is severe."""

LONGEST = 3650
"""Days from day 0, or of duration, above which a number of days is taken as not known."""

GRADE_LABELS: Mapping[int, str] = {0: "None"} | {grade: f"Grade {grade}" for grade in range(1, 6)}

YES_NO_LEVELS = (Level("yes", "Yes"), Level("no", "No"))


def grade_variable(name: str, label: str, highest: int = 5) -> Variable:
    """A category of grades from none to the highest."""
    levels = tuple(Level(str(grade), GRADE_LABELS[grade]) for grade in range(highest + 1))
    return Variable(name, label, "category", levels)


def yes_no(name: str, label: str) -> Variable:
    """A category of yes and no."""
    return Variable(name, label, "category", YES_NO_LEVELS)


def day_variable(name: str, label: str, minimum: int = 0, maximum: int = LONGEST) -> Variable:
    """A whole number of days, with the range that counting it needs."""
    return Variable(name, label, "integer", unit="days", minimum=minimum, maximum=maximum)


def grades_of(name: str, label: str, highest: int = 5) -> tuple[Variable, ...]:
    """The worst grade, whether there was any, whether it was severe, and the least that the worst grade can be."""
    return (
        grade_variable(name, label, highest),
        yes_no(f"{name}_any", f"{label}, any grade"),
        yes_no(f"{name}_severe", f"{label}, grade {SEVERE} or higher"),
        Variable(f"{name}_at_least", f"{label}, lowest possible grade", "integer", minimum=0, maximum=highest),
    )
