"""A number as it is printed: its value, and the values that round to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

INTEGER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d.]*\d)"
REAL = r"-?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)"
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed number.

    value  the number
    step   one unit of its last digit
    """

    value: float
    step: float

    @property
    def low(self) -> float:
        """The least value that rounds to it."""
        return self.value - self.step / 2

    @property
    def high(self) -> float:
        """The greatest value that rounds to it, halves included."""
        return self.value + self.step / 2

    def is_rounding_of(self, value: float) -> bool:
        """Whether a value rounds to it, halves either way."""
        return abs(value - self.value) <= self.step / 2 + _SLACK


def printed(text: str) -> Printed:
    """A printed number from its text: `1,234`, `.04`, `-0.5`."""
    digits = text.replace(",", "")
    _, _, decimals = digits.partition(".")
    return Printed(float(digits), 10.0 ** -len(decimals))


_LIKE: dict[str, str | int | None] = {
    "\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{EM DASH}": "-", "\N{NON-BREAKING HYPHEN}": "-", "\N{HYPHEN}": "-",
    "\N{FIGURE DASH}": "-", "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "\N{THIN SPACE}": " ",
    "\N{HAIR SPACE}": " ", "\N{FIGURE SPACE}": " ", "\N{LESS-THAN OR EQUAL TO}": "<", "\N{GREATER-THAN OR EQUAL TO}": ">",
    "\N{FULLWIDTH PERCENT SIGN}": "%", "\N{DIVISION SLASH}": "/", "\N{FRACTION SLASH}": "/", "\N{SUPERSCRIPT TWO}": "2",
    "\N{ALMOST EQUAL TO}": "=", "\n": " ", "\t": " ",
}  # fmt: skip
_MID_DOT = re.compile(r"(?<=\d)[\u00b7\u2027\u22c5](?=\d)")
# Lancet and SI: 1 234 with a thin, narrow or fixed space; an ordinary space may stand between two numbers.
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[\u2009\u202f\u00a0]\d{3})+(?!\d)")
_THIN = re.compile("[\u2009\u202f\u00a0]")


def plain(text: str) -> str:
    """The text with one form of each sign, every character in its place."""
    grouped = _THOUSANDS.sub(lambda match: _THIN.sub(",", match[0]), text)
    return _MID_DOT.sub(".", grouped).translate(str.maketrans(_LIKE))
