"""A manuscript with its references filled in: text, the numbers with their rows, and what is remarked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.errors import Problem, StudyFileError
from cohortium.manuscript.references import Reference, references
from cohortium.manuscript.resolve import NotFoundError, Resolved, resolve
from cohortium.manuscript.terms import PLACES, TERMS
from cohortium.manuscript.typed_numbers import TypedNumber, typed_numbers
from cohortium.study.suggest import did_you_mean, one_of, shown

if TYPE_CHECKING:
    from cohortium.results import Results
    from cohortium.study.study import Study

MANUSCRIPT = "manuscript.md"


@dataclass(frozen=True, slots=True)
class Filled:
    """A manuscript whose numbers are in place.

    text     Markdown; a place of a table, figure or statement is a paragraph `PLACE_MARK kind name`
    numbers  every reference into the results table, in order
    places   what stands at each mark, by mark
    typed    numbers typed by hand beside a word of results
    """

    text: str
    numbers: tuple[Resolved, ...]
    places: Mapping[str, tuple[str, str]]
    typed: tuple[TypedNumber, ...]


def fill(text: str, results: Results, study: Study, headings: tuple[str, ...] = ()) -> Filled:
    """Fill in every reference of a manuscript.

    text      the manuscript as Markdown
    headings  statements that there are

    Raises
        StudyFileError: with every reference that is not known, fits no row or several, each with its line and a suggestion.
    """
    found, problems = references(text, MANUSCRIPT)
    numbers: list[Resolved] = []
    places: dict[str, tuple[str, str]] = {}
    pieces: list[str] = []
    end = 0
    for reference in found:
        pieces.append(text[end : reference.start])
        end = reference.end
        try:
            if reference.word in PLACES:
                pieces.append(_placed(reference, study, headings, places))
            else:
                numbers.append(_resolved(reference, results, study))
                pieces.append(_escaped(numbers[-1].text))
        except NotFoundError as error:
            where = f"{MANUSCRIPT}:{reference.line}"
            problems.append(Problem(where, f"{{{{ {reference.source} }}}}: {error.what}", error.hint))
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise StudyFileError(f"{MANUSCRIPT} has {count}:", sorted(problems, key=_line))
    pieces.append(text[end:])
    return Filled("".join(pieces), tuple(numbers), places, tuple(typed_numbers(text, found)))


def _line(problem: Problem) -> int:
    return int(problem.where.rpartition(":")[2])


def _resolved(reference: Reference, results: Results, study: Study) -> Resolved:
    if reference.word not in TERMS:
        words = (*TERMS, *PLACES)
        raise NotFoundError(
            f"unknown word {shown(reference.word)}; {one_of(words)}", did_you_mean(reference.word, words)
        )
    return resolve(reference, results, study)


def _placed(reference: Reference, study: Study, headings: tuple[str, ...], places: dict[str, tuple[str, str]]) -> str:
    if len(reference.names) != 1:
        raise NotFoundError(f'expected one name, e.g. {reference.word}("name")')
    name = str(reference.names[0])
    if reference.word == "typed":
        if not str(reference.criteria.get("source", "")).strip():
            raise NotFoundError("a typed number needs its source", 'add source="..."')
        return _escaped(name)
    there = {
        "table": tuple(table.name for table in study.file.table),
        "figure": tuple(figure.name for figure in study.file.figure),
        "statement": headings,
    }[reference.word]
    if name not in there:
        raise NotFoundError(f"no {reference.word} {shown(name)}; {one_of(there)}", did_you_mean(name, there))
    mark = f"\ue000{len(places)}\ue001"
    places[mark] = (reference.word, name)
    return mark


def _escaped(text: str) -> str:
    """A number as Markdown prints it, whatever signs it has."""
    return text.replace("\\", "\\\\").replace("*", r"\*").replace("_", r"\_").replace("<", r"\<")
