"""What a study has that a checklist can point to: parts of its methods, exhibits by kind, headings of its manuscript."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.manuscript.article import Block, article_blocks
from cohortium.manuscript.numbering import exhibit_labels
from cohortium.manuscript.references import references
from cohortium.report.labels import full_title
from cohortium.report.methods import methods

if TYPE_CHECKING:
    from cohortium.results import Results
    from cohortium.study.study import Study

_EXHIBITS = ("table", "figure")
IN_REPORT = "Report, "
"""How a place begins that is in the report of the results and not in the article."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the manuscript with the paragraphs below it, those of its subsections included."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """The study as a checklist sees it.

    methods     headings of the methods that the report writes
    titles      methods heading of each analysis, by name
    exhibits    (kind, analyses, printed name) of every table and figure
    sections    of the manuscript by heading in lower case; its title under `title`
    statements  headings of the statements that the records give
    placed      headings of the statements that the manuscript places; None where there is no manuscript
    """

    study: Study
    methods: tuple[str, ...]
    titles: Mapping[str, str]
    exhibits: tuple[tuple[str, tuple[str, ...], str], ...]
    sections: Mapping[str, Section]
    statements: tuple[str, ...]
    placed: frozenset[str] | None = None

    def method(self, *headings: str) -> Iterator[str]:
        """Those of the headings that the methods have: in the manuscript where it has them, else in the report."""
        for heading in headings:
            if section := self.sections.get(heading.casefold()):
                yield f"Manuscript, {section.heading}"
            elif heading in self.methods:
                yield f"{IN_REPORT}Methods, {heading}"

    def analyses(self, **wanted: object) -> Iterator[str]:
        """Methods headings of analyses whose keys have a value: `True` for any."""
        for analysis in self.study.file.analysis:
            values = ((getattr(analysis, key, None), value) for key, value in wanted.items())
            if all(bool(own) if value is True else own == value for own, value in values):
                yield from self.method(self.titles[analysis.name])

    def exhibit(self, *kinds: str) -> Iterator[str]:
        """Tables and figures of these kinds, as `table/baseline` or `figure/flow`."""
        yield from (name for kind, _, name in self.exhibits if kind in kinds)

    def showing(self, names: Sequence[str], *kinds: str) -> Iterator[str]:
        """Tables and figures of these kinds that show one of the analyses."""
        yield from (name for kind, shown, name in self.exhibits if kind in kinds and set(shown) & set(names))

    def heading(self, *words: str, saying: str = "") -> Iterator[str]:
        """Headings of the manuscript that hold one of the words, with the paragraph that matches a pattern where one is given."""
        for key, section in self.sections.items():
            if any(word in key for word in words):
                number = next(
                    (n for n, text in enumerate(section.paragraphs, 1) if re.search(saying, text, re.IGNORECASE)), 0
                )
                if number:
                    where = f", paragraph {number}" if saying and key != "title" else ""
                    yield f"Manuscript, {section.heading}{where}"

    def statement(self, *headings: str) -> Iterator[str]:
        """Those of the statements that the records give, in the manuscript where it places them."""
        for heading in headings:
            if heading in self.statements:
                is_placed = self.placed is None or heading in self.placed
                yield f"Statement, {heading}" if is_placed else f"{IN_REPORT}not placed: statement {heading}"


def facts_of(study: Study, results: Results, manuscript: str, statements: Sequence[str]) -> Facts:
    """The facts of a study.

    manuscript  its text with references; empty where it has none
    statements  headings of the statements that its records give
    """
    blocks = _blocks(manuscript)
    labels = exhibit_labels(blocks)
    exhibits = [
        *(("table", spec.kind, spec.name, spec.analyses, spec.title) for spec in study.file.table),
        *(
            ("figure", spec.kind, spec.name, (spec.analysis,) if spec.analysis else (), spec.title)
            for spec in study.file.figure
        ),
    ]
    return Facts(
        study,
        tuple(heading for heading, _ in methods(study, results)),
        {analysis.name: full_title(study, analysis) for analysis in study.file.analysis},
        tuple(
            (f"{sort}/{kind}", shown, _named(labels.get((sort, name)), sort, title))
            for sort, kind, name, shown, title in exhibits
        ),
        _sections(blocks),
        tuple(statements),
        frozenset(block.name for block in blocks if block.kind == "statement") if manuscript else None,
    )


def _named(label: str | None, sort: str, title: str) -> str:
    return f"{label} «{title}»" if label else f"{IN_REPORT}{sort} «{title}»"


def _blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a manuscript with its exhibits and statements in place; what cannot be read is left as it is."""
    found, _ = references(text, "")
    places: dict[str, tuple[str, str]] = {}
    pieces, end = [], 0
    for reference in found:
        if reference.word in (*_EXHIBITS, "statement") and len(reference.names) == 1:
            mark = f"\ue000{len(places)}\ue001"
            places[mark] = (reference.word, str(reference.names[0]))
            pieces += [text[end : reference.start], mark]
            end = reference.end
    return article_blocks("".join([*pieces, text[end:]]), places)


def _sections(blocks: Sequence[Block]) -> dict[str, Section]:
    """Every heading that has words; the article's title by itself."""
    found: dict[str, tuple[str, list[str]]] = {}
    open_: list[tuple[int, str]] = []
    for block in blocks:
        if block.kind == "heading":
            open_ = [(own, name) for own, name in open_ if own < block.level and own > 1]
            name = "title" if block.level == 1 else block.text.casefold()
            open_.append((block.level, name))
            found.setdefault(
                name, ("title" if block.level == 1 else block.text, [block.text] if block.level == 1 else [])
            )
        elif block.text.strip():
            for level, name in open_:
                if level > 1:
                    found[name][1].append(block.text)
    return {name: Section(heading, tuple(texts)) for name, (heading, texts) in found.items() if texts}
