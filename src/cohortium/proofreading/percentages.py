"""Percentages against the counts beside them, and against the sizes of the groups they speak of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cohortium.proofreading.counts import (
    Item,
    counts,
    is_possible,
    items,
    leading_total,
    nearest_counts,
    percentages_of,
    totals,
    whole,
)
from cohortium.proofreading.printed import INTEGER, REAL, Printed, printed

Remark = tuple[int, int, str, str, str]
"""First and last character of the sentence, rule, what is wrong, what was expected."""

_LIST = re.compile(
    rf"(?<![\d.(\[-]){REAL}\s*%(?!\s*(?:CI|confidence|credible))"
    rf"(?:\s*(?:,\s*and|,|and|versus|vs\.?|v\.?|compared\s+with|to)\s+{REAL}\s*%(?!\s*(?:CI|confidence|credible)))+"
)
_PERCENT = re.compile(rf"({REAL})\s*%")
_SIZE = re.compile(rf"\b[nN]\s*=\s*({INTEGER})")
# What is estimated from follow-up, or is a difference or a level, is no count of patients.
_NO_COUNT = re.compile(
    r"surviv|\bPFS\b|\bOS\b|\bEFS\b|\bDFS\b|cumulative|incidence|\bmonths?\b|\byears?\b|[- ](?:month|year|mo|yr)\b|probabilit"
    r"|estimated?|relapse-free|predict|sensitivit|specificit|accurac|median|mean|reduc|increase|differen|confidence|power"
    r"|duration|weight|adjusted|missing|intensity|kappa|agreement"
)

_OF_THEM = re.compile(r"\bof\s+(?:whom|which|them|these|those)\b")


@dataclass(frozen=True, slots=True)
class Context:
    """What earlier sentences have said.

    sizes    sizes of the groups, by how many groups there are: the latest split that was given
    totals   numbers of patients that the text speaks of
    """

    sizes: dict[int, tuple[int, ...]]
    totals: frozenset[int]


def check_percentages(sentence: str, context: Context) -> Iterator[Remark]:
    """What is wrong with the percentages of a sentence; the sizes of its groups are added to the context."""
    yield from _counts(sentence)
    yield from _of(sentence)
    yield from _split(sentence, context)
    yield from _lists(sentence, context)


def _counts(sentence: str) -> Iterator[Remark]:
    for count in counts(sentence):
        if count.n > count.total:
            yield (
                count.start,
                count.end,
                "count-above-denominator",
                f"{count.n} of {count.total}",
                f"at most {count.total}",
            )
        elif count.percent and count.total and not count.percent.is_rounding_of(100 * count.n / count.total):
            what = f"{count.n}/{count.total} is printed as {count.percent.value:g}%"
            yield (count.start, count.end, "percentage-of-count", what, _share(count.n, count.total, count.percent))


def _share(n: int, total: int, percent: Printed) -> str:
    decimals = 0 if percent.step >= 1 else 1 if percent.step > 0.05 else 2
    return f"{100 * n / total:.{decimals}f}%"


def _of(sentence: str) -> Iterator[Remark]:
    for start, end, percent, total in percentages_of(sentence):
        after = re.split(r"[;(.]", sentence[end:], maxsplit=1)[0]
        is_count = not _NO_COUNT.search(_clause(sentence, start)) and not _NO_COUNT.search(after)
        if is_count and not is_possible(percent, total):
            yield _impossible(start, end, percent, total)


def _impossible(start: int, end: int, percent: Printed, total: int) -> Remark:
    text = f"{percent.value:g}% of {total} is not possible"
    return (
        start,
        end,
        "impossible-percentage",
        text,
        f"a percentage that a count gives: {nearest_counts(percent, total)}",
    )


def _split(sentence: str, context: Context) -> Iterator[Remark]:
    """Counts with percentages in a row: their denominator is the total that the sentence or the text gives."""
    row = items(sentence)
    stated = leading_total(sentence)
    is_whole = len(row) > 1 and _is_whole(row) and not _NO_COUNT.search(sentence[: row[0].start])
    total = stated
    if is_whole:
        n_all = sum(item.n for item in row)
        known = context.totals if stated is None else {stated}
        if n_all in known:
            context.sizes[len(row)] = tuple(item.n for item in row)
            total = n_all
        elif known and (near := min(known, key=lambda other: abs(other - n_all))) and abs(near - n_all) <= 0.1 * near:
            listed = " + ".join(str(item.n) for item in row)
            yield row[0].start, row[-1].end, "sum-of-groups", f"{listed} = {n_all}", f"a sum of {near}"
            total = None
    if total:
        for item in row:
            # `of whom 71 (70%)` is a share of those before.
            if _OF_THEM.search(sentence[: item.start]):
                break
            if item.n <= total and not item.percent.is_rounding_of(100 * item.n / total):
                what = f"{item.n} of {total} is printed as {item.percent.value:g}%"
                yield item.start, item.end, "percentage-of-count", what, _share(item.n, total, item.percent)


def _is_whole(row: Sequence[Item]) -> bool:
    """Whether percentages in a row make up 100, as far as rounding allows."""
    return abs(sum(item.percent.value for item in row) - 100) <= sum(item.percent.step for item in row) / 2 + 1e-9


def _lists(sentence: str, context: Context) -> Iterator[Remark]:
    """Percentages in a row, each of its own group: sizes in the same sentence, else the latest split of that many groups."""
    for match in _LIST.finditer(sentence):
        percents = [printed(text) for text in _PERCENT.findall(match[0])]
        after = re.split(r"[;(.]", sentence[match.end() :], maxsplit=1)[0]
        if _NO_COUNT.search(_clause(sentence, match.start())) or _NO_COUNT.search(after):
            continue
        here = tuple(whole(text) for text in _SIZE.findall(sentence))
        sizes = here or context.sizes.get(len(percents), ())
        if len(sizes) != len(percents):
            continue
        spots = [match.start() + spot.start() for spot in _PERCENT.finditer(match[0])]
        for spot, percent, size in zip(spots, percents, sizes, strict=True):
            if not is_possible(percent, size):
                yield _impossible(spot, match.end(), percent, size)


def _clause(sentence: str, position: int) -> str:
    """The words before a position, back to the last semicolon or closing bracket."""
    begin = max(sentence.rfind(mark, 0, position) for mark in ";)")
    return sentence[begin + 1 : position]


def learn(sentence: str, context: Context) -> None:
    """Keep the sizes of groups that a sentence gives as `(n = 109)`."""
    sizes = tuple(whole(text) for text in _SIZE.findall(sentence))
    if len(sizes) > 1:
        context.sizes[len(sizes)] = sizes


def all_totals(texts: Sequence[str]) -> frozenset[int]:
    """Numbers of patients that any of the texts speaks of."""
    return frozenset(total for text in texts for total in totals(text))
