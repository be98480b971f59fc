"""A manuscript with its references filled in: text, the numbers with their rows, and what is remarked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from cohortium.errors import Problem, StudyFileError
from cohortium.manuscript.article import Block, article_blocks
from cohortium.manuscript.numbering import exhibit_labels
from cohortium.manuscript.references import Reference, references
from cohortium.manuscript.resolve import NotFoundError, Resolved, resolve
from cohortium.manuscript.terms import PLACES, TERMS
from cohortium.manuscript.typed_numbers import TypedNumber, typed_numbers
from cohortium.study.suggest import did_you_mean, one_of, shown

if TYPE_CHECKING:
    from cohortium.results import Results
    from cohortium.study.study import Study

MANUSCRIPT = "manuscript.md"
_SEEN = re.compile("(\ue002[0-9]+\ue003)")
_EXHIBITS = ("table", "figure")
_NO_KEYS: Mapping[str, tuple[str, ...]] = {"typed": ("source",)}


@dataclass(frozen=True, slots=True)
class Filled:
    """A manuscript whose numbers are in place.

    text     Markdown; a place of a table, figure or statement is a paragraph of its mark
    numbers  every reference into the results table, in order
    places   what stands at each mark, by mark
    typed    numbers typed by hand beside a word of results
    cited    tables and figures that the text refers to, in order, by kind and name
    starts   where in the text each number stands
    """

    text: str
    numbers: tuple[Resolved, ...]
    places: Mapping[str, tuple[str, str]]
    typed: tuple[TypedNumber, ...]
    cited: tuple[tuple[str, str], ...] = ()
    starts: tuple[int, ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The article as blocks."""
        return article_blocks(self.text, self.places)


@dataclass(slots=True)
class _Filling:
    """What is gathered on the way: numbers, marks of places, and marks of references to exhibits by kind and name."""

    numbers: list[Resolved] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    placed: dict[str, Reference] = field(default_factory=dict)
    cited: dict[str, tuple[str, Reference]] = field(default_factory=dict)


def fill(text: str, results: Results, study: Study, headings: tuple[str, ...] = ()) -> Filled:
    """Fill in every reference of a manuscript.

    text      the manuscript as Markdown
    headings  statements that there are

    Raises
        StudyFileError: with every reference that is not known, fits no row or several, each with its line and a suggestion;
            and every table, figure or statement that stands inside a sentence or twice.
    """
    found, problems = references(text, MANUSCRIPT)
    problems += _private(text)
    filling = _Filling()
    marked = ""
    end = 0
    for reference in found:
        marked += text[end : reference.start]
        end = reference.end
        try:
            words = _text_of(reference, results, study, headings, filling)
        except NotFoundError as error:
            problems.append(_problem(reference, error))
        else:
            filling.starts += [len(marked)] * (reference.word in TERMS)
            marked += words
    marked += text[end:]
    blocks = article_blocks(marked, filling.places)
    problems += _out_of_place(blocks, filling)
    labels = exhibit_labels(blocks)
    seen: dict[str, tuple[str, str]] = {}
    for mark, (name, reference) in filling.cited.items():
        try:
            seen[mark] = _cited(name, labels, study)
        except NotFoundError as error:
            problems.append(_problem(reference, error))
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise StudyFileError(f"{MANUSCRIPT} has {count}:", sorted(problems, key=_line))
    pieces = _SEEN.split(marked)
    filled = "".join(labels[seen[piece]] if piece in seen else piece for piece in pieces)
    return Filled(
        filled,
        tuple(filling.numbers),
        filling.places,
        tuple(typed_numbers(text, found)),
        tuple(dict.fromkeys(seen.values())),
        tuple(_moved(filling.starts, pieces, {mark: labels[key] for mark, key in seen.items()})),
    )


def _moved(starts: Sequence[int], pieces: Sequence[str], labels: Mapping[str, str]) -> Iterator[int]:
    """Where the numbers stand once the marks of exhibits are replaced by their labels."""
    ends = list(accumulate(map(len, pieces)))
    longer = list(accumulate(len(labels[piece]) - len(piece) if piece in labels else 0 for piece in pieces))
    for start in starts:
        before = bisect_right(ends, start)
        yield start + (longer[before - 1] if before else 0)


def _private(text: str) -> Iterator[Problem]:
    """Characters that mark places while the text is filled."""
    for number, line in enumerate(text.split("\n"), 1):
        if any("\ue000" <= sign <= "\ue003" for sign in line):
            yield Problem(f"{MANUSCRIPT}:{number}", "holds a private-use character", "take it out; it prints nothing")


def _problem(reference: Reference, error: NotFoundError) -> Problem:
    return Problem(f"{MANUSCRIPT}:{reference.line}", f"{{{{ {reference.source} }}}}: {error.what}", error.hint)


def _line(problem: Problem) -> int:
    return int(problem.where.rpartition(":")[2])


def _text_of(reference: Reference, results: Results, study: Study, headings: tuple[str, ...], filling: _Filling) -> str:
    """What stands in the text instead of a reference: a number, quoted words, or the mark of a place."""
    if reference.word in TERMS:
        filling.numbers.append(resolve(reference, results, study))
        return _escaped(filling.numbers[-1].text)
    if reference.word not in PLACES:
        words = (*TERMS, *PLACES)
        raise NotFoundError(
            f"unknown word {shown(reference.word)}; {one_of(words)}", did_you_mean(reference.word, words)
        )
    name = _only_name(reference)
    if reference.word == "typed":
        if not str(reference.criteria.get("source", "")).strip():
            raise NotFoundError("a typed number needs its source", 'add source="..."')
        return _escaped(name)
    if reference.word == "see":
        _require_known(name, "table or figure", _known(study, "table") + _known(study, "figure"))
        mark = f"\ue002{len(filling.cited)}\ue003"
        filling.cited[mark] = (name, reference)
        return mark
    there = headings if reference.word == "statement" else _known(study, reference.word)
    _require_known(name, reference.word, there)
    mark = f"\ue000{len(filling.places)}\ue001"
    filling.places[mark], filling.placed[mark] = (reference.word, name), reference
    return mark


def _only_name(reference: Reference) -> str:
    allowed = _NO_KEYS.get(reference.word, ())
    if unknown := [key for key in reference.criteria if key not in allowed]:
        keys = f"; {one_of(allowed)}" if allowed else "; expected none"
        raise NotFoundError(f"unknown key {shown(unknown[0])}{keys}")
    if len(reference.names) != 1:
        raise NotFoundError(f'expected one name, e.g. {reference.word}("name")')
    return str(reference.names[0])


def _known(study: Study, kind: str) -> tuple[str, ...]:
    specs = study.file.table if kind == "table" else study.file.figure
    return tuple(spec.name for spec in specs)


def _require_known(name: str, kind: str, there: Sequence[str]) -> None:
    if name not in there:
        raise NotFoundError(f"no {kind} {shown(name)}; {one_of(there)}", did_you_mean(name, there))


def _out_of_place(blocks: Sequence[Block], filling: _Filling) -> Iterator[Problem]:
    """Exhibits that stand inside a sentence, and those that stand a second time."""
    inside = {mark for mark in filling.placed for block in blocks if mark in block.text}
    first: dict[tuple[str, str], int] = {}
    for mark, reference in filling.placed.items():
        place = filling.places[mark]
        if place in first and place[0] in _EXHIBITS:
            what, hint = f"stands in line {first[place]} already", f'refer to it with {{{{ see("{place[1]}") }}}}'
            yield _problem(reference, NotFoundError(what, hint))
        elif mark in inside:
            hint = "give it a paragraph of its own, with an empty line before and after"
            if place[0] in _EXHIBITS:
                hint += f', and refer to it with {{{{ see("{place[1]}") }}}}'
            yield _problem(reference, NotFoundError("stands inside a sentence", hint))
        first.setdefault(place, reference.line)


def _cited(name: str, labels: Mapping[tuple[str, str], str], study: Study) -> tuple[str, str]:
    """The kind and name of an exhibit that the text refers to."""
    keys = [(kind, name) for kind in _EXHIBITS if (kind, name) in labels]
    if len(keys) == 1:
        return keys[0]
    if keys:
        raise NotFoundError(f"{shown(name)} is a table and a figure", "give one of them another name in study.toml")
    kind = next(kind for kind in _EXHIBITS if name in _known(study, kind))
    raise NotFoundError(f"{kind} {shown(name)} is not placed", f'place it with {{{{ {kind}("{name}") }}}}')


def _escaped(text: str) -> str:
    """A number as Markdown prints it, whatever signs it has."""
    return text.replace("\\", "\\\\").replace("*", r"\*").replace("_", r"\_").replace("<", r"\<")
