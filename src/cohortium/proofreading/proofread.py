"""The proofreader: blocks of text to findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cohortium.proofreading.arms import check_arms
from cohortium.proofreading.block import Block
from cohortium.proofreading.blocks import sentences, text_blocks
from cohortium.proofreading.decimal_marks import DecimalMark, decimal_mark, first_comma, with_points
from cohortium.proofreading.finding import Finding
from cohortium.proofreading.intervals import check_intervals
from cohortium.proofreading.p_values import check_p_values
from cohortium.proofreading.percentages import Context, Remark, all_totals, check_percentages, learn
from cohortium.proofreading.printed import plain
from cohortium.proofreading.ranges import check_ranges

_LONGEST = 100


def proofread(text: str | Sequence[Block]) -> tuple[Finding, ...]:
    """What does not fit together among the numbers of a text.

    text   a text with paragraphs between empty lines, or its blocks

    Returns findings in the order of the text; none where nothing is wrong that the text itself can show.

    A percentage is compared with its count or the size of its group, a p-value with the usual tests of the counts before it
    or with the statistic before it, an interval with its estimate, its p-value and its count, groups with their sum. The
    arithmetic of each is that of the estimators. Nothing is sent anywhere.

    References: Brown and Heathers 2017 (GRIM); Nuijten et al. 2016 (p-values against statistics).

    >>> [finding.rule for finding in proofread("The response rate was 54.1% of 33 patients.")]
    ['impossible-percentage']
    """
    blocks = tuple(text_blocks(text)) if isinstance(text, str) else tuple(text)
    texts = [plain(block.text) for block in blocks]
    mark = decimal_mark("\n".join(texts))
    if mark is DecimalMark.COMMA:
        texts = [with_points(text) for text in texts]
    context = Context({}, all_totals(texts))
    found: list[Finding] = list(_both_marks(blocks, texts)) if mark is DecimalMark.BOTH else []
    for block, words in zip(blocks, texts, strict=True):
        for start, sentence in sentences(words):
            found += [_finding(block, start, remark) for remark in sorted(set(_remarks(sentence, context)))]
            learn(sentence, context)
    return tuple(found)


def _both_marks(blocks: Sequence[Block], texts: Sequence[str]) -> Iterator[Finding]:
    """The first number with a decimal comma in a text that has decimal points too."""
    for block, text in zip(blocks, texts, strict=True):
        if comma := first_comma(text):
            what = "the text has decimal commas and decimal points; numbers are read as with points"
            yield Finding(block.place, comma[0], "decimal-marks", what, "one decimal mark throughout")
            return


def _remarks(sentence: str, context: Context) -> Iterator[Remark]:
    yield from check_percentages(sentence, context)
    yield from check_p_values(sentence)
    yield from check_intervals(sentence)
    yield from check_ranges(sentence)
    yield from check_arms(sentence)


def _finding(block: Block, start: int, remark: Remark) -> Finding:
    first, last, rule, what, expected = remark
    quote = " ".join(block.text[start + first : start + last].split())
    shown = quote if len(quote) <= _LONGEST else f"{quote[:_LONGEST]}..."
    return Finding(block.place, shown, rule, what, expected)
