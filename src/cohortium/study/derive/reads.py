"""What a key of a rule reads: a number in the unit of a quantity, or a category whose levels mean codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cohortium.study.derive.rule_section import LESION_LEVELS, YES_NO_LEVELS, Input, RuleSection
from cohortium.study.variables import Level, Variable


@dataclass(frozen=True, slots=True)
class Reads:
    """A number (of a quantity, where it has a unit), or a category whose printed levels, in lower case, mean codes.

    or_number   the category may be a number instead; its codes are the numbers
    """

    quantity: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)
    or_number: bool = False


NUMBER = Reads()
FINDING = Reads(levels=LESION_LEVELS)
YES_NO = Reads(levels=YES_NO_LEVELS)
ECOG = Reads(
    levels={written: str(grade) for grade in range(6) for written in (str(grade), f"ecog {grade}", f"grade {grade}")},
    or_number=True,
)
SEX = Reads(levels={"female": "female", "f": "female", "woman": "female", "male": "male", "m": "male", "man": "male"})


def inputs_of(section: RuleSection, reads: Mapping[str, Reads]) -> tuple[Input, ...]:
    """The inputs of a section: the keys that name a variable; a key that is left out, or holds a number, is none."""
    return tuple(
        Input(key, variable, ("number", "integer", "category") if form.or_number else ("category",), levels=form.levels)
        if form.levels
        else Input(key, variable, quantity=form.quantity)
        for key, form in reads.items()
        if isinstance(variable := getattr(section, key), str)
    )


def category(name: str, label: str, levels: Mapping[str, str]) -> Variable:
    """A category that a rule makes, from codes and their labels."""
    return Variable(name, label, "category", tuple(Level(code, printed) for code, printed in levels.items()))
