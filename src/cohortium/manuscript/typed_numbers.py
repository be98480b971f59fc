"""Numbers that were typed by hand beside a word of results: they do not follow the data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cohortium.manuscript.references import Reference

_POINT = r"[.\u00b7]"
_NUMBER = rf"(?<![\w.\u00b7])[<>]?(?:\d[\d,]*(?:{_POINT}\d+)?|{_POINT}\d+)(?:\s*/\s*\d[\d,]*)?\s*%?(?![\w])"
_TERM = (
    r"hazard ratios?|odds ratios?|\bHR\b|\bOR\b|\bRR\b|\bCI\b|confidence intervals?|\bp\s*[=<>]|\bP\s*[=<>]|median|mean\b|"
    r"survival|response rates?|responded|responses?\b|\bORR\b|\bPFS\b|\bOS\b|incidence|patients|participants|deaths|died|events|"
    r"progress(?:ed|ion)|percent|%|follow-up|months"
)
_BESIDE = re.compile(rf"(?:{_TERM})[^.\n]{{0,40}}?({_NUMBER})|({_NUMBER})[^.\n]{{0,25}}?(?:{_TERM})")
_POINT_IN_TIME = re.compile(r"(?:\bat|\bby|\bafter|\bwithin|\blast|\bevery|\bper)\s+$", re.IGNORECASE)
_NAME = re.compile(r"(?<!\*)\*(?!\*)[^*\n]+\*(?!\*)|`[^`\n]+`")
_ANY = re.compile(f"({_NUMBER})()")
_ABSTRACT = re.compile(r"^#+\s*(?:abstract|summary)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_SKIPPED_HEADINGS = re.compile(
    r"^#+\s*(?:references|bibliography|methods?|statistical|acknowledg|funding)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number that stands beside a word of results and is no reference."""

    line: int
    text: str
    number: str


def typed_numbers(text: str, references: Sequence[Reference]) -> Iterator[TypedNumber]:
    """Every such number outside methods, references, code and names, which stand in italics (`*Grade 3*`).

    In the abstract it is every number, beside whatever word it stands.

    Leave one that is meant with `{{ typed("9.9 months", source="...") }}`.
    """
    blank = list(text)
    for reference in references:
        blank[reference.start : reference.end] = [
            "\x00" if c != "\n" else c for c in blank[reference.start : reference.end]
        ]
    skipped = abstract = 0
    unnamed = _NAME.sub(lambda match: "\x00" * len(match[0]), "".join(blank))
    for line, words in enumerate(unnamed.splitlines(), start=1):
        if words.startswith("#"):
            level = len(words) - len(words.lstrip("#"))
            if not skipped or level <= skipped:
                skipped = level if _SKIPPED_HEADINGS.match(words) else 0
            if not abstract or level <= abstract:
                abstract = level if _ABSTRACT.match(words) else 0
        elif abstract:
            yield from _in_line(line, words, _ANY)
        elif not skipped and not words.startswith(("    ", "```", "|", "[")):
            yield from _in_line(line, words, _BESIDE)


def _in_line(line: int, words: str, pattern: re.Pattern[str]) -> Iterator[TypedNumber]:
    seen = set()
    for match in pattern.finditer(words):
        number = match[1] or match[2]
        place = match.start(1) if match[1] else match.start(2)
        if place not in seen and not _is_no_result(words, place, number):
            seen.add(place)
            around = words[max(0, place - 30) : place + 30].replace("\x00", "")
            yield TypedNumber(line, " ".join(around.split()), number.strip())


def _is_no_result(words: str, place: int, number: str) -> bool:
    """Whether a number is a year, a confidence level or a point in time: `2024`, `95%`, `at 12 months`, `12-month`."""
    is_time = _POINT_IN_TIME.search(words[:place]) or words[place + len(number) :].startswith("-")
    return bool(is_time or number.strip().startswith("95%") or _YEAR.fullmatch(number.strip()))
