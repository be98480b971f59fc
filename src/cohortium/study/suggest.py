"""Suggestions for words that are not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from cohortium.study.printable import visible

_SHOWN = 12


def closest(word: str, options: Iterable[str]) -> str | None:
    """The option that a word is most likely a slip of, or None when none is close."""
    known = {option.casefold(): option for option in options}
    close = difflib.get_close_matches(word.casefold(), known, n=1, cutoff=0.62)
    return known[close[0]] if close else None


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """`did you mean 'x'?` for the closest option, or nothing when none is close."""
    close = closest(word, options)
    return f"did you mean '{close}'?" if close else ""


def one_of(options: Iterable[str]) -> str:
    """`expected one of a, b, c`; a long list ends with the number of those not shown."""
    listed = list(dict.fromkeys(options))
    if not listed:
        return "none is declared"
    rest = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    start = "expected" if len(listed) == 1 else "expected one of"
    return f"{start} {', '.join(listed[:_SHOWN])}{rest}"


def shown(value: object, limit: int = 60) -> str:
    """A word of the study file as it stands in a message: quoted, on one line, not too long."""
    text = visible(" ".join(str(value).split()))
    return f"'{text}'" if len(text) <= limit else f"'{text[:limit]}...'"
