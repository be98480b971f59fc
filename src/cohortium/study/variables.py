"""A variable of the study: what the dictionary (or a derivation) declares about one column."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Kind = Literal["category", "number", "integer", "date", "text"]
DateOrder = Literal["ymd", "mdy", "dmy"]

SITE = "site"
"""Reserved name of the variable that holds the site's id; its levels are the declared sites."""


@dataclass(frozen=True, slots=True)
class Level:
    """One declared value of a categorical variable: the code in the data and the label in print."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A column that analyses can use.

    name        column name
    label       as printed, without unit
    kind        `category`, `number`, `integer`, `date` (whole days from the origin after intake) or `text`
    levels      declared levels of a category, in order; empty otherwise
    unit        as printed after the label, e.g. `years`; empty for none
    minimum, maximum   declared range of a number; None when not declared
    decimals    declared resolution of a number: 0 for whole numbers, 1 for tenths ...
    required    a missing value is a query
    identifier  marked as identifying; never leaves intake
    line        line in dictionary.csv or study.toml, for messages
    date_order  order in which the site's file writes a date: `ymd`, `mdy` or `dmy`
    decimal_comma   the site's file writes a number with a decimal comma
    """

    name: str
    label: str
    kind: Kind
    levels: tuple[Level, ...] = ()
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    decimals: int = 0
    required: bool = False
    identifier: bool = False
    line: int = 0
    date_order: DateOrder = "ymd"
    decimal_comma: bool = False

    @property
    def title(self) -> str:
        """Label with its unit, as tables print it: `Age, years`."""
        return f"{self.label}, {self.unit}" if self.unit else self.label

    @property
    def has_numeric_codes(self) -> bool:
        """Whether the variable is a category whose every code is a finite number."""
        return self.kind == "category" and bool(self.levels) and all(is_number(level.code) for level in self.levels)


def is_number(text: str) -> bool:
    """Whether a code or a cell of the dictionary is a finite number in plain notation."""
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False
