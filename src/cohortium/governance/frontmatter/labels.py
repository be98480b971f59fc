"""Initials to authors: one author, several, or none exactly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cohortium.governance.people.model import Author, People
from cohortium.governance.people.names import initials_of, plain_letters, published_initials, published_name


@dataclass(frozen=True, slots=True)
class Match:
    """What a label fits: one author, or the names of candidates with the reason why none is assigned."""

    author: str | None
    reason: str = ""
    candidates: tuple[Author, ...] = ()


class Labels:
    """The initials and names by which a text may speak of an article's authors."""

    def __init__(self, authors: Sequence[Author]) -> None:
        self.authors = tuple(authors)
        published = published_initials(People(author=self.authors))
        self._exact: dict[str, list[Author]] = {}
        self._plain: dict[str, list[Author]] = {}
        for author in self.authors:
            for text in {published[author.id], published_name(author)}:
                self._exact.setdefault(letters(text), []).append(author)
            self._plain.setdefault(letters(initials_of(author)), []).append(author)
        self.written = tuple(
            dict.fromkeys(text for a in self.authors for text in (published_name(a), published[a.id], initials_of(a)))
        )

    def match(self, label: str) -> Match:
        """The author of a label; dots, spaces, hyphens, diacritics and case make no difference."""
        key = letters(label)
        plain, exact = self._plain.get(key, []), self._exact.get(key, [])
        if len(exact) == 1 and key:
            return Match(exact[0].id)
        if len(exact or plain) > 1:
            return Match(None, f"the initials fit {len(exact or plain)} authors", tuple(exact or plain))
        if plain:
            return Match(plain[0].id)
        near = tuple(author for author in self.authors if _is_near(key, letters(initials_of(author))))
        reason = "the initials fit no author exactly" if near else "the initials fit no author"
        return Match(None, reason, near)

    def at(self, number: str) -> Match:
        """The author at a place of the byline, counted from 1."""
        place = int(number) if re.fullmatch(r"[0-9]{1,4}", number) else 0
        if 1 <= place <= len(self.authors):
            return Match(self.authors[place - 1].id)
        return Match(None, "the list has no author of that number")


def letters(text: str) -> str:
    """Letters and digits alone, without diacritics and case."""
    return "".join(character for character in plain_letters(text).casefold() if character.isalnum())


def _is_near(key: str, known: str) -> bool:
    """A letter more or less between the same ends, or the same letters in another order."""
    if len(key) < 2 or len(known) < 2:
        return False
    short, long = sorted((key, known), key=len)
    if len(long) - len(short) <= 1 and not Counter(short) - Counter(long):
        return True
    is_part = (short[0], short[-1]) == (long[0], long[-1]) and len(long) - len(short) <= 3
    remaining = iter(long)
    return is_part and all(letter in remaining for letter in short)
