"""The words of the report and of the manuscript against themselves, by the proofreader."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import html

from cohortium.errors import Problem
from cohortium.manuscript.references import Reference, references
from cohortium.proofreading import Finding, proofread
from cohortium.proofreading.block import Block
from cohortium.proofreading.blocks import text_blocks
from cohortium.proofreading.counts import totals
from cohortium.proofreading.printed import plain

FAILING = frozenset({"impossible-percentage", "percentage-of-count", "count-above-denominator"})
"""Rules of pure arithmetic: no method, rounding or way of reporting makes such a number right."""
_PICTURES = re.compile(r'"data:[^"]*"')
_PARAGRAPHS = "//p | //li | //dd | //figcaption"
_RESULTS = re.compile(r"^(?P<level>#+)\s*(?:abstract|summary|results)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proofread:
    """What fails a run, and what its summary remarks."""

    problems: tuple[Problem, ...]
    remarks: tuple[str, ...]


def report_tree(page: str) -> html.HtmlElement:
    """The report without its pictures."""
    return html.fromstring(_PICTURES.sub('""', page))


def check_report(tree: html.HtmlElement, analyzed: float) -> Proofread:
    """The paragraphs, captions and footnotes of the report, and the number of patients at its head."""
    read = _sorted(proofread(list(_paragraphs(tree))), ())
    return Proofread((*_key_number(tree, analyzed), *read.problems), read.remarks)


def _key_number(tree: html.HtmlElement, analyzed: float) -> Iterator[Problem]:
    for term in tree.xpath("//dt[normalize-space() = 'Patients analyzed']"):
        shown = "".join(term.xpath("following-sibling::dd[1]//text()")).strip()
        if "".join(sign for sign in shown if sign.isdigit()) != f"{analyzed:.0f}":
            yield Problem("report.html", f"«Patients analyzed {shown}», but {analyzed:.0f} were analyzed")


def _paragraphs(tree: html.HtmlElement) -> Iterator[Block]:
    for number, element in enumerate(tree.xpath(_PARAGRAPHS), 1):
        words = " ".join(element.text_content().split())
        if any(sign.isdigit() for sign in words):
            yield Block(f"report.html, paragraph {number}", words)


def check_manuscript(text: str, filled: str, counts: frozenset[int]) -> Proofread:
    """The filled manuscript, and numbers of patients that were typed by hand beside its references.

    text    the manuscript with its references
    filled  the same with numbers
    counts  whole numbers of the results table
    """
    found, _ = references(text, "manuscript.md")
    quoted = tuple(str(name) for reference in found if reference.word == "typed" for name in reference.names)
    blocks = [replace(block, place=f"manuscript.md, {block.place}") for block in text_blocks(filled)]
    read = _sorted(proofread(blocks), quoted)
    return Proofread((*_typed_sizes(text, found, counts), *read.problems), read.remarks)


def _sorted(findings: Sequence[Finding], quoted: Sequence[str]) -> Proofread:
    """Findings that fail and findings that are remarked; what an author quotes from a source is never more than remarked."""
    problems, remarks = [], []
    for finding in findings:
        if finding.rule in FAILING and not any(
            text and (text in finding.quote or finding.quote in text) for text in quoted
        ):
            problems.append(Problem(finding.place, f"«{finding.quote}»: {finding.what}; expected {finding.expected}"))
        else:
            remarks.append(str(finding))
    return Proofread(tuple(problems), tuple(remarks))


def _typed_sizes(text: str, found: Sequence[Reference], counts: frozenset[int]) -> Iterator[Problem]:
    """`385 patients` typed into the abstract or the results where the results table has no such number."""
    blank = list(text)
    for reference in found:
        blank[reference.start : reference.end] = [
            "\x00" if c != "\n" else c for c in text[reference.start : reference.end]
        ]
    level = 0
    for number, line in enumerate("".join(blank).splitlines(), 1):
        if line.startswith("#"):
            own = len(line) - len(line.lstrip("#"))
            heading = _RESULTS.match(line)
            level = own if heading else 0 if own <= level else level
        elif level:
            for size in totals(plain(line)):
                if size not in counts:
                    hint = 'write a reference, or {{ typed("...", source="...") }} for a number of another study'
                    yield Problem(f"manuscript.md:{number}", f"{size} patients is no number of the results table", hint)
