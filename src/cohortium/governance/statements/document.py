"""A document of headed blocks, and the records that are missing for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cohortium.errors import Problem

GAP = "[MISSING: {}]"


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of a paragraph, raised or not."""

    text: str
    raised: bool = False


Paragraph = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A heading with its paragraphs, and what is missing for them; `sheet` replaces them in plain text."""

    heading: str
    paragraphs: tuple[Paragraph, ...]
    missing: tuple[Problem, ...] = ()
    sheet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The front and back matter as text."""

    title: str
    blocks: tuple[Block, ...]

    @property
    def missing(self) -> tuple[Problem, ...]:
        """Every record that is missing, in the order of the text."""
        return tuple(dict.fromkeys(problem for block in self.blocks for problem in block.missing))


def paragraph(text: str) -> Paragraph:
    """A paragraph of plain characters."""
    return (Run(text),)


def text_of(runs: Paragraph) -> str:
    """The characters of a paragraph; raised ones stand in brackets."""
    text = "".join(f" ({run.text})" if run.raised else run.text for run in runs)
    return text[1:] if runs and runs[0].raised else text


def block(heading: str, sentences: Iterable[str], missing: Iterable[Problem] = (), *, marks: bool = True) -> Block:
    """A block of one paragraph; each missing record leaves a visible mark at its end."""
    gaps = tuple(missing)
    shown = [*sentences, *([gap(problem) for problem in gaps] if marks else [])]
    return Block(heading, (paragraph(" ".join(shown)),) if shown else (), gaps)


def gap(problem: Problem) -> str:
    """The mark of a missing record in a draft."""
    return GAP.format(f"{problem.where}: {problem.what}")


def missing(where: str, what: str, hint: str = "") -> Problem:
    """A record that is missing: where it belongs and what it is."""
    return Problem(where, what, hint)
