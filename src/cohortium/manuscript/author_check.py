"""What a copy editor would send back: limits of the journal, exhibits that are not referred to, gaps in statements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.manuscript.journal_limits import LIMITS, Limits, limits_of
from cohortium.manuscript.numbering import divided, exhibit_labels
from cohortium.manuscript.sections import abstract_parts, references_in, section
from cohortium.manuscript.words import count_words
from cohortium.report.render.csv import lines

if TYPE_CHECKING:
    from cohortium.governance.statements.document import Block as Statement
    from cohortium.manuscript.article import Block
    from cohortium.manuscript.fill import Filled
    from cohortium.report.journal_style import StyleName
    from cohortium.study.study import Study

COLUMNS = ("journal", "what", "found", "limit", "verdict")
WITHIN, OVER, OTHER = "within", "over", "differs"
_OWN = "this study"
_NO_BREAK = "\N{NO-BREAK SPACE}"
_WHAT = {
    "abstract_words": "words of the abstract",
    "text_words": "words of the text",
    "exhibits": "tables and figures",
    "figures": "figures",
    "references": "references",
    "title_characters": "characters of the title",
}
_BEGINS_WITH_NUMBER = re.compile(r"(?:^|[.!?]\s+)(\d[\d,.\u00b7]*%?)(?=\s+([a-z]\S*))")
_SHORTENED = re.compile(r"(?:\b(?:vs?|Figs?|e\.g|i\.e|al|approx|[Nn]os?|Dr|ca|cf|St))\.\s+$")


@dataclass(frozen=True, slots=True)
class Compared:
    """A measure of the manuscript beside a journal's limit."""

    journal: str
    what: str
    found: str
    limit: str
    verdict: str


def compare(blocks: Sequence[Block], study: Study) -> tuple[Compared, ...]:
    """The manuscript beside the limits of every journal that has some, those in force for the study first."""
    report = study.file.report
    measured, headings = _measured(blocks), abstract_parts(blocks)
    found = list(_beside(_OWN, measured, headings, limits_of(report.style, report.limits)))
    for journal, limits in LIMITS.items():
        found += _beside(journal, measured, headings, limits)
    return tuple(found)


def check_csv(compared: Sequence[Compared]) -> str:
    """The comparison as CSV."""
    return lines([COLUMNS, *([getattr(one, column) for column in COLUMNS] for one in compared)])


def remarks(
    filled: Filled, blocks: Sequence[Block], compared: Sequence[Compared], study: Study, statements: Sequence[Statement]
) -> tuple[str, ...]:
    """What is said at the end of a run, one sentence each."""
    return (
        *_over(compared, study.file.report.style),
        *_not_cited(filled, blocks),
        *_without_number(filled),
        *_gaps(blocks, statements),
        *_numbers_first(blocks),
    )


def _measured(blocks: Sequence[Block]) -> Mapping[str, int]:
    article, _ = divided(blocks)
    words = count_words(article)
    kinds = [kind for kind, _ in exhibit_labels(article)]
    title = next((block.text for block in blocks if block.kind == "heading" and block.level == 1), "")
    return {
        "abstract_words": words.abstract,
        "text_words": words.text,
        "exhibits": len(kinds),
        "figures": kinds.count("figure"),
        "references": len(references_in(blocks)),
        "title_characters": len(title),
    }


def _beside(journal: str, measured: Mapping[str, int], headings: Sequence[str], limits: Limits) -> Iterator[Compared]:
    for key, found in measured.items():
        limit = getattr(limits, key)
        if limit is not None:
            yield Compared(journal, _WHAT[key], str(found), str(limit), OVER if found > limit else WITHIN)
    wanted = limits.abstract_headings
    if wanted is not None:
        same = [heading.casefold() for heading in headings] == [heading.casefold() for heading in wanted]
        said, asked = ("; ".join(names) or "none" for names in (headings, wanted))
        yield Compared(journal, "headings of the abstract", said, asked, WITHIN if same else OTHER)


def _over(compared: Sequence[Compared], style: StyleName) -> Iterator[str]:
    source = "the study file" if style == "default" else f"the style {style} or the study file; check the journal"
    for one in compared:
        if one.journal == _OWN and one.verdict == OVER:
            yield f"manuscript: {one.found} {one.what}, limit {one.limit} ({source})"
        elif one.journal == _OWN and one.verdict == OTHER:
            yield f"manuscript: headings of the abstract are {one.found}; expected {one.limit} ({source})"


def _not_cited(filled: Filled, blocks: Sequence[Block]) -> Iterator[str]:
    """Exhibits that the text does not refer to, and those referred to before an earlier one."""
    labels = exhibit_labels(blocks)
    text = " ".join(block.text for block in blocks if block.kind != "heading").replace(_NO_BREAK, " ")
    typed = {label for label in labels.values() if re.search(rf"\b{label}\b", text)}
    silent = [key for key, label in labels.items() if key not in filled.cited and label not in typed]
    if silent:
        named = ", ".join(labels[key] for key in silent)
        yield f'manuscript: not referred to in the text: {named}; write {{{{ see("{silent[0][1]}") }}}}'
    for kind in ("table", "figure"):
        placed = [key for key in labels if key[0] == kind and key in filled.cited]
        cited = [key for key in filled.cited if key[0] == kind]
        if placed != cited:
            order = ", ".join(labels[key] for key in cited)
            yield f"manuscript: {kind}s are referred to in the order {order}; journals want them numbered as the text names them"


def _without_number(filled: Filled) -> Iterator[str]:
    """References whose statistic has no number: the text says so, and here stands why."""
    for found in filled.numbers:
        row = found.statistic
        if row.value is None and row.warning != "not reached":
            reason = row.warning or "it could not be estimated"
            yield f"manuscript.md:{found.reference.line}: {{{{ {found.reference.source} }}}} has no number: {reason}"


def _gaps(blocks: Sequence[Block], statements: Sequence[Statement]) -> Iterator[str]:
    placed = {block.name for block in blocks if block.kind == "statement"}
    for statement in statements:
        if statement.heading in placed and statement.missing:
            gaps = "; ".join(f"{problem.where} {problem.what}" for problem in statement.missing)
            yield f"manuscript: statement {statement.heading} has a gap: {gaps}"


def _numbers_first(blocks: Sequence[Block]) -> Iterator[str]:
    """Sentences that begin with a number."""
    listed = set(map(id, section(blocks, "references")))
    for block in blocks:
        if block.kind == "paragraph" and id(block) not in listed:
            for match in _BEGINS_WITH_NUMBER.finditer(block.text):
                if not _SHORTENED.search(block.text[: match.start(1)]):
                    yield f"manuscript: a sentence begins with a number: «{match[1]} {match[2]} ...»"
