"""Counts, denominators and percentages as a sentence gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cohortium.proofreading.printed import INTEGER, REAL, Printed, printed

_WORDS = r"(?:\s+(?!of\b|and\b|or\b|with\b)[A-Za-z][\w/-]*){0,5}?"
_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SPELLED = {word: number for number, word in enumerate((*_UNITS, *_TEENS), 1)}
_SPELLED |= {word: 10 * number for number, word in enumerate(_TENS, 2)}
_SPELLED |= {f"{ten}-{unit}": _SPELLED[ten] + _SPELLED[unit] for ten in _TENS for unit in _UNITS}
_IN_WORDS = rf"(?i:\b(?:(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_UNITS)}))?|{'|'.join((*_TEENS, *_UNITS))})\b)"
_OVER = rf"(?:(?<![\d./,-])(?P<n>{INTEGER})|(?P<spelled>{_IN_WORDS}))\s*(?:/|\bof(?:\s+the|\s+all)?\b|\bout\s+of\b)\s*(?P<total>{INTEGER})(?![/%\w])(?!\.\d)"
_NO_LEVEL = r"(?!\s*(?:CI|CrI|confidence|credible))"
_COUNT = re.compile(_OVER)
_AFTER = re.compile(
    rf"(?:{_WORDS}\s*[\(\[]|\s*[,;:=])\s*(?P<percent>{REAL})\s*%{_NO_LEVEL}|"
    # `18 of 33 patients, 54.5%,` but not `33 of 40 patients, 100% had`.
    rf"{_WORDS}\s*[,:]\s*(?P<closed>{REAL})\s*%(?=\s*(?:[,.;)\]|]|$))"
)
_BARE_AFTER = re.compile(r"\s*\(\s*(?P<percent>\d+(?:\.\d+)?)\s*\)")
_BARE = re.compile(r"\(%\)[^|]*\|")
_OF_AFTER = re.compile(
    rf"(?<![\d./,-])(?P<n>{INTEGER}){_WORDS}\s*[\(\[]\s*(?P<percent>{REAL})\s*%\s*[\)\]]\s+of\s+(?:the\s+|all\s+)?"
    rf"(?P<total>{INTEGER})(?![/%\w])(?!\.\d)"
)
_BEFORE = re.compile(rf"(?<![\d.-])(?P<percent>{REAL})\s*%\s*[\(\[,;]\s*(?:n\s*=\s*|[A-Za-z]+\s+)?$")
_ITEM = re.compile(rf"(?<![\d./,-])(?P<n>{INTEGER}){_WORDS}\s*[\(\[]\s*(?P<percent>{REAL})\s*%{_NO_LEVEL}")
_NAMED_ITEM = re.compile(rf"[\(\[]\s*[nN]\s*=\s*(?P<n>{INTEGER})\s*[,;]\s*(?P<percent>{REAL})\s*%\s*[\)\]]")
_PERCENT_OF = re.compile(
    rf"(?<![\d.-])(?P<percent>{REAL})\s*%\s+of\s+(?:the\s+|all\s+)?(?P<total>{INTEGER})(?![\d/%])\b"
)
_PERCENT_IN = re.compile(
    rf"(?<![\d.-])(?P<percent>{REAL})\s*%\s+(?:in|among)\s+(?:the\s+|all\s+)?(?P<total>{INTEGER})\s+(?:patients|participants|pts)\b"
)
_OF_PERCENT = re.compile(
    rf"\b(?:Of|Among)\s+(?:the\s+|all\s+)?(?P<total>{INTEGER})\s+(?:patients|participants|pts|women|men),\s+"
    rf"(?P<percent>{REAL})\s*%(?!\s*(?:of|\(|\[|to\b|-))"
)
_COUNTED = re.compile(r"respon|\bORR\b|remission|\brates?\b|occurred|\bseen\b|observed|achieved")
_TOTAL = re.compile(
    rf"(?<![\d./,-])(?P<total>{INTEGER})(?:\s+(?!of\b|and\b|or\b)[A-Za-z][\w/-]*){{0,4}}?\s+"
    r"(?:patients|participants|subjects|individuals|cases|women|men|adults|children)\b|"
    rf"\b[nN]\s*=\s*(?P<named>{INTEGER})(?!\.\d)"
)
_LEAD = re.compile(rf"\b(?:[Oo]f|[Aa]mong|[Ii]n)\s+(?:the\s+|all\s+|these\s+)?(?P<total>{INTEGER})\s+[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Count:
    """A count over its denominator, with the percentage printed beside it, if any.

    start, end   characters of the sentence
    """

    start: int
    end: int
    n: int
    total: int
    percent: Printed | None


@dataclass(frozen=True, slots=True)
class Item:
    """A count with a percentage whose denominator is not printed beside it."""

    start: int
    end: int
    n: int
    percent: Printed


def whole(text: str) -> int:
    """A whole number from its text: `1,234`."""
    return int(text.replace(",", ""))


def counts(sentence: str) -> list[Count]:
    """Every count that stands over its denominator.

    `94/193 (48.7%)`, `94 of 193 patients (48.7%)`, `48.7% (94/193)`, `94 (48.7%) of 193`; in a row of a table whose name
    ends with `(%)`, `94/193 (48.7)`.
    """
    found = [
        Count(match.start(), match.end(), whole(match["n"]), whole(match["total"]), printed(match["percent"]))
        for match in _OF_AFTER.finditer(sentence)
    ]
    is_bare = _BARE.search(sentence) is not None
    for match in _COUNT.finditer(sentence):
        n, total = whole(match["n"]) if match["n"] else _SPELLED[match["spelled"].casefold()], whole(match["total"])
        if _is_date(match[0], n, total):
            continue
        start, end, percent = match.start(), match.end(), None
        if after := _AFTER.match(sentence, match.end()):
            percent, end = printed(after["percent"] or after["closed"]), after.end()
        elif is_bare and (bare := _BARE_AFTER.match(sentence, match.end())):
            percent, end = printed(bare["percent"]), bare.end()
        elif before := _BEFORE.search(sentence[: match.start()]):
            percent, start = printed(before["percent"]), before.start()
        found.append(Count(start, end, n, total, percent))
    return sorted(found, key=lambda count: count.start)


def _is_date(text: str, n: int, total: int) -> bool:
    """Whether `10/2023` or `1/1` in running text is a month of a year."""
    return "/" in text and n <= 12 and 1900 <= total <= 2100


def items(sentence: str) -> list[Item]:
    """Every count with a percentage and no denominator of its own: `109 (28%)`, `(n = 109; 28%)`."""
    taken = [(count.start, count.end) for count in counts(sentence)]
    found = [
        Item(match.start("n"), match.end(), whole(match["n"]), printed(match["percent"]))
        for pattern in (_ITEM, _NAMED_ITEM)
        for match in pattern.finditer(sentence)
        if not any(start < match.end() and match.start() < end for start, end in taken)
    ]
    return sorted(found, key=lambda item: item.start)


def percentages_of(sentence: str) -> Iterator[tuple[int, int, Printed, int]]:
    """Every percentage of a number of patients: first and last character, percentage, denominator.

    `54.1% of 33`, `Of 33 patients, 54.1% responded`; where it is said of a response or an event, `54.1% in 33 patients`.
    """
    patterns = [_PERCENT_OF, _OF_PERCENT, *([_PERCENT_IN] if _COUNTED.search(sentence) else [])]
    for pattern in patterns:
        for match in pattern.finditer(sentence):
            yield match.start(), match.end(), printed(match["percent"]), whole(match["total"])


def totals(text: str) -> list[int]:
    """Numbers of patients that a text speaks of: `385 patients`, `N = 385`."""
    return [whole(match["total"] or match["named"]) for match in _TOTAL.finditer(text)]


def leading_total(sentence: str) -> int | None:
    """The denominator that a sentence begins with: `Of 385 patients, ...`; None when it names none, or several."""
    # `in 87 patients (71.9%)` is a count of some denominator.
    own = {match.start("n") for match in _ITEM.finditer(sentence)}
    found = {whole(match["total"]) for match in _LEAD.finditer(sentence) if match.start("total") not in own}
    return found.pop() if len(found) == 1 else None


def is_possible(percent: Printed, total: int) -> bool:
    """Whether some count of `total` patients rounds to the percentage (GRIM)."""
    if total <= 0:
        return False
    nearest = round(percent.value * total / 100)
    return any(percent.is_rounding_of(100 * n / total) for n in (nearest - 1, nearest, nearest + 1) if 0 <= n <= total)


def nearest_counts(percent: Printed, total: int) -> str:
    """The two counts around a percentage, in words: `17/33 is 51.5%, 18/33 is 54.5%`."""
    decimals = max(0, round(-_log10(percent.step)))
    below = min(max(int(percent.value * total / 100), 0), total)
    around = dict.fromkeys(n for n in (below, below + 1) if n <= total)
    return ", ".join(f"{n}/{total} is {100 * n / total:.{decimals}f}%" for n in around)


def _log10(value: float) -> float:
    from math import log10

    return log10(value)
