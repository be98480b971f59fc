"""What every `[[derive]]` section with a `rule` has in common: what it reads and which variables it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import Field

from cohortium.study.section import Printed, Section, VariableName
from cohortium.study.variables import Kind, Variable


@dataclass(frozen=True, slots=True)
class Input:
    """A variable of `patients` that a rule reads; the rule sees it under the name of the key.

    key       key of the section that names the variable
    variable  name of the variable in the study
    kinds     kinds that fit
    quantity  code of a quantity: the variable's unit is converted to the quantity's own; empty for none
    levels    printed level, in lower case, to the code that the rule sees; empty where any level fits
    """

    key: str
    variable: str
    kinds: tuple[Kind, ...] = ("number", "integer")
    quantity: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)


LESION_LEVELS: Mapping[str, str] = {
    "positive": "positive", "yes": "positive", "present": "positive", "detected": "positive",
    "negative": "negative", "no": "negative", "absent": "negative", "not detected": "negative",
    "not tested": "not-tested", "not done": "not-tested",
}  # fmt: skip
"""How a finding that may not have been looked for is printed; a value that is not known is not tested."""

YES_NO_LEVELS: Mapping[str, str] = {"yes": "yes", "no": "no"}


class RuleSection(Section):
    """A variable (or several) made by a clinical rule that is named; every parameter of the rule is a key."""

    name: VariableName = Field(description="Name of the first variable that the rule makes; the others begin with it.")
    label: Printed = Field(description="Label as printed.")

    def inputs(self) -> tuple[Input, ...]:
        """Variables of `patients` that the rule reads."""
        return ()

    def tables(self) -> tuple[str, ...]:
        """Tidy tables that the rule reads, by name."""
        return ()

    def records(self) -> tuple[str, ...]:
        """Names of [[derive]] sections above, of which the rule reads the records."""
        return ()

    def variables(self) -> tuple[Variable, ...]:
        """The variables that the rule makes, the first being `name`."""
        raise NotImplementedError
