"""What a study has that a checklist can point to: parts of its methods, exhibits by kind, headings of its manuscript."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.report.labels import full_title
from cohortium.report.methods import methods

if TYPE_CHECKING:
    from cohortium.results import Results
    from cohortium.study.study import Study

_HEADING = re.compile(r"^(#+)\s+(.*?)\s*#*$")


@dataclass(frozen=True, slots=True)
class Facts:
    """The study as a checklist sees it.

    methods     headings of the methods that the report writes
    titles      methods heading of each analysis, by name
    exhibits    (kind, analyses, printed name) of every table and figure
    sections    text of the manuscript by heading in lower case, subsections included; the text before the first under `title`
    statements  headings of the statements that the records give
    """

    study: Study
    methods: tuple[str, ...]
    titles: Mapping[str, str]
    exhibits: tuple[tuple[str, tuple[str, ...], str], ...]
    sections: Mapping[str, str]
    statements: tuple[str, ...]

    def method(self, *headings: str) -> Iterator[str]:
        """Those of the headings that the methods have."""
        yield from (f"Methods, {heading}" for heading in headings if heading in self.methods)

    def analyses(self, **wanted: object) -> Iterator[str]:
        """Methods headings of analyses whose keys have a value: `True` for any."""
        for analysis in self.study.file.analysis:
            values = ((getattr(analysis, key, None), value) for key, value in wanted.items())
            if all(bool(own) if value is True else own == value for own, value in values):
                yield f"Methods, {self.titles[analysis.name]}"

    def exhibit(self, *kinds: str) -> Iterator[str]:
        """Tables and figures of these kinds, as `table/baseline` or `figure/flow`."""
        yield from (name for kind, _, name in self.exhibits if kind in kinds)

    def showing(self, names: Sequence[str], *kinds: str) -> Iterator[str]:
        """Tables and figures of these kinds that show one of the analyses."""
        yield from (name for kind, shown, name in self.exhibits if kind in kinds and set(shown) & set(names))

    def heading(self, *words: str, saying: str = "") -> Iterator[str]:
        """Headings of the manuscript that hold one of the words, and whose text matches a pattern where one is given."""
        for heading, text in self.sections.items():
            if any(word in heading for word in words) and (not saying or re.search(saying, text, re.IGNORECASE)):
                yield f"Manuscript, {heading}"

    def statement(self, *headings: str) -> Iterator[str]:
        """Those of the statements that the records give."""
        yield from (f"Statement, {heading}" for heading in headings if heading in self.statements)


def facts_of(study: Study, results: Results, manuscript: str, statements: Sequence[str]) -> Facts:
    """The facts of a study.

    manuscript  its text with references; empty where it has none
    statements  headings of the statements that its records give
    """
    tables = [(f"table/{spec.kind}", spec.analyses, f"Table «{spec.title}»") for spec in study.file.table]
    figures = [
        (f"figure/{spec.kind}", (spec.analysis,) if spec.analysis else (), f"Figure «{spec.title}»")
        for spec in study.file.figure
    ]
    return Facts(
        study,
        tuple(heading for heading, _ in methods(study, results)),
        {analysis.name: full_title(study, analysis) for analysis in study.file.analysis},
        (*tables, *figures),
        _sections(manuscript),
        tuple(statements),
    )


def _sections(text: str) -> dict[str, str]:
    """The text of every heading that has words, those of its subsections included; the article's title by itself."""
    found: dict[str, list[str]] = {}
    open_: list[tuple[int, str]] = []
    for line in text.splitlines():
        if match := _HEADING.match(line):
            level = len(match[1])
            open_ = [(own, name) for own, name in open_ if own < level and own > 1]
            name = "title" if level == 1 else match[2].casefold()
            open_.append((level, name))
            found.setdefault(name, [match[2]] if level == 1 else [])
        elif line.strip():
            for _, name in open_:
                found[name].append(line)
    return {name: "\n".join(lines) for name, lines in found.items() if lines}
