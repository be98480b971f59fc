"""How journals print numbers: one frozen style, a named preset for each journal, and the one in force.

The style in force is a context variable, as `decimal` keeps its precision: `printed_in` sets it for what a study prints and
puts the former one back, so that nothing leaks into another run, thread or test, and no function between the study file
and a number has to hand it on.

Marks: [S] read in a source, [K] general knowledge; a [K] rule is to be checked with the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from string import ascii_lowercase
from types import MappingProxyType
from typing import Literal

EN_DASH = "\N{EN DASH}"
THIN_SPACE = "\N{THIN SPACE}"
MIDDLE_DOT = "\N{MIDDLE DOT}"
TO = " to "
_SYMBOLS = ("*", "\N{DAGGER}", "\N{DOUBLE DAGGER}", "\N{SECTION SIGN}", "\N{PILCROW SIGN}")

StyleName = Literal["default", "nejm", "jama", "lancet", "jco", "blood"]
PRule = Literal["beside-0.05", "below-0.05", "plain", "from-0.1"]


def letters(position: int) -> str:
    """The mark of the note at a place: a, b, c; after z comes aa."""
    turns, rest = divmod(position, len(ascii_lowercase))
    return ascii_lowercase[rest] if turns == 0 else letters(turns - 1) + ascii_lowercase[rest]


def symbols(position: int) -> str:
    """The mark of the note at a place: `* † ‡ § ¶`, then each doubled, then trebled."""
    turns, rest = divmod(position, len(_SYMBOLS))
    return _SYMBOLS[rest] * (turns + 1)


@dataclass(frozen=True, slots=True)
class Style:
    """How numbers are printed.

    name               of the preset
    p_rule             decimals of a p-value, at most three, never below 0.001. `beside-0.05`: two, three below 0.01 and
                       wherever two would print 0.05; `below-0.05`: the same, but a p-value of 0.05 or more keeps two;
                       `plain`: two, three below 0.01; `from-0.1`: two from 0.1, else three
    p_letter           `p` or `P`
    p_head             head of a column of p-values in the table of baseline characteristics
    p_leading_zero     False: `.04`
    p_spaces           `p = 0.04` or `p=0.04`
    decimal_mark       between units and tenths
    thousands          between groups of three digits
    group_from         smallest number whose digits are grouped
    between            between the limits of an interval; ` to ` wherever a limit is negative
    after_confidence   between `95% CI` and its limits
    quartiles          head of a row of medians with quartiles
    percent_decimals   (smallest column, decimals of its percentages), largest column first; none below all
    mark               the mark of the note at a place
    mark_separator     between marks of one cell
    """

    name: StyleName
    p_rule: PRule = "beside-0.05"
    p_letter: str = "p"
    p_head: str = "P value"
    p_leading_zero: bool = True
    p_spaces: bool = True
    decimal_mark: str = "."
    thousands: str = ","
    group_from: int = 10_000
    between: str = TO
    after_confidence: str = ", "
    quartiles: str = "Median (Q1 to Q3)"
    percent_decimals: tuple[tuple[int, int], ...] = ((100, 1),)
    mark: Callable[[int], str] = letters
    mark_separator: str = ","


DEFAULT = Style("default")
NEJM = Style(
    "nejm",
    p_rule="plain",  # [S]
    p_letter="P",  # [K]
    p_spaces=False,  # [K]
    quartiles="Median (IQR)",  # [S]
    mark=symbols,  # [K]
    mark_separator="",  # [K]
)
JAMA = Style(
    "jama",
    p_rule="below-0.05",  # [S]
    p_letter="P",  # [S]
    p_leading_zero=False,  # [S]
    p_spaces=False,  # [S]
    between=EN_DASH,  # [S]
    quartiles="Median (IQR)",  # [S]
)
LANCET = Style(
    "lancet",
    p_rule="from-0.1",  # [S]
    p_head="p value",  # [S]
    p_spaces=False,  # [K]
    decimal_mark=MIDDLE_DOT,  # [S]
    thousands=THIN_SPACE,  # [K]
    between=EN_DASH,  # [K]
    after_confidence=" ",  # [K]
    quartiles="Median (IQR)",  # [S]
    mark=symbols,  # [K]
    mark_separator="",  # [K]
)
JCO = Style(
    "jco",
    p_rule="plain",  # [S]
    p_letter="P",  # [S]
    p_leading_zero=False,  # [S]
)
BLOOD = Style(
    "blood",
    p_rule="below-0.05",  # [K]
    p_letter="P",  # [K]
    p_leading_zero=False,  # [K]
    between=EN_DASH,  # [K]
    mark=symbols,  # [K]
    mark_separator="",  # [K]
)
PRESETS: Mapping[StyleName, Style] = MappingProxyType(
    {style.name: style for style in (DEFAULT, NEJM, JAMA, LANCET, JCO, BLOOD)}
)
"""The presets by name; a preset never changes once released."""

_IN_FORCE: ContextVar[Style] = ContextVar("style of printed numbers", default=DEFAULT)


def in_force() -> Style:
    """The style that numbers are printed in here; the default outside `printed_in`."""
    return _IN_FORCE.get()


@contextmanager
def printed_in(style: StyleName) -> Iterator[None]:
    """Everything inside is printed in a preset, everything after it as before."""
    token = _IN_FORCE.set(PRESETS[style])
    try:
        yield
    finally:
        _IN_FORCE.reset(token)
