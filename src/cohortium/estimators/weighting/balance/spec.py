"""What the balance of two groups is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from cohortium.estimators.contract import Factor
from cohortium.estimators.weighting.model import SCORE, WEIGHT

SCORE_BINS = 50
"""Bins of the propensity score, 0.02 wide."""


class Compared(NamedTuple):
    """One column that is compared: a number, or the indicator of a category's level."""

    variable: str
    level: str = ""


@dataclass(frozen=True)
class BalanceSpec:
    """What is compared, before and after weighting.

    treatment   the category of treatment
    treated     code of its level that is the treatment; the other one is the control
    variables   names of numeric columns, and categories
    """

    treatment: Factor
    treated: str
    variables: tuple[str | Factor, ...]
    population: str = "cohort"

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Categorical columns needed, each once."""
        named = {v.name: v for v in (self.treatment, *self.variables) if isinstance(v, Factor)}
        return tuple(named.values())

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numeric columns needed, each once: those of weighting too."""
        return tuple(dict.fromkeys([WEIGHT, SCORE, *(v for v in self.variables if isinstance(v, str))]))

    @property
    def compared(self) -> tuple[Compared, ...]:
        """The columns that are compared, in order; every level of a category is one."""
        found: list[Compared] = []
        for variable in self.variables:
            if isinstance(variable, str):
                found.append(Compared(variable))
            else:
                found += [Compared(variable.name, label) for label in variable.labels]
        return tuple(found)

    @property
    def group_labels(self) -> tuple[str, ...]:
        """Control and treatment as printed."""
        at = self.treatment.codes.index(self.treated)
        return (self.treatment.labels[1 - at], self.treatment.labels[at])
