"""Names and initials as journals print them.

Initials are plain capitals without full stops, in the order of the printed name: every word and every part of a
hyphenated word of the given names, the particle in the case in which it is written, every word of the family name;
suffixes are left out. Jean-Luc M. van der Berg Jr. is `JLMvdB`. Diacritics are dropped, so that initials can be typed
and searched. Where a journal wants it otherwise, the author's key `initials` says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from cohortium.governance.people.model import Author, People

_UNDECOMPOSED = str.maketrans({
    "Ø": "O", "ø": "o", "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "Þ": "T", "þ": "t", "ı": "i",
    "Æ": "A", "æ": "a", "Œ": "O", "œ": "o", "ß": "s", "ẞ": "S", "Ħ": "H", "ħ": "h",
})  # fmt: skip
_MOST_LETTERS = 30
_HYPHEN = re.compile("[-\u2010\u2011]")
_BETWEEN_PARTS = re.compile(r"[\s.\-\u2010\u2011\u2013,]+")


def published_name(author: Author) -> str:
    """The name as printed in the byline: `Jean-Luc van der Berg Jr.`, or the group's name."""
    words = (author.given, _whole_family(author), author.suffix)
    return author.group or " ".join(word for word in words if word)


def sorted_name(author: Author) -> str:
    """The name with the family name first, as lists of authors give it: `van der Berg, Jean-Luc, Jr.`."""
    return author.group or ", ".join(word for word in (_whole_family(author), author.given, author.suffix) if word)


def citation_name(author: Author) -> str:
    """The name as in a list of references, hyphens kept between initials: `van der Berg J-L Jr.`."""
    pieces = (author.model_copy(update={"given": piece}) for piece in _HYPHEN.split(author.given))
    given = "-".join("".join(part[0].upper() for part in _given_parts(piece)) for piece in pieces)
    return author.group or " ".join(word for word in (_whole_family(author), given, author.suffix) if word)


def initials_of(author: Author) -> str:
    """The author's initials as the name or the key `initials` gives them; a group stands with its name.

    >>> initials_of(Author(id="a", given="Jean-Luc M.", particle="van der", family="Berg", suffix="Jr."))
    'JLMvdB'
    """
    return author.initials or author.group or _initials(author, 1, 1)


def published_initials(people: People) -> dict[str, str]:
    """Initials by author id, extended where two authors would have the same.

    The extension takes the fewest further letters that tell all of them apart, of the last word of the family name
    first (`JSm`, `JSa`), of the first given name where the family names are the same (`JaS`, `JoS`). The key
    `initials` is never extended. Authors whose names are the same letter by letter keep the same initials, and
    `check` calls that an error.
    """
    published = {author.id: initials_of(author) for author in people.author}
    for colliding in collisions(people.author):
        extendable = [author for author in colliding if not author.initials and not author.group]
        kept = {author.id for author in extendable}
        taken = {initials.casefold() for id_, initials in published.items() if id_ not in kept}
        published |= _extended(extendable, taken)
    return published


def collisions(authors: Sequence[Author]) -> list[tuple[Author, ...]]:
    """Authors with the same initials before any extension, in the order of the byline."""
    groups: dict[str, list[Author]] = {}
    for author in authors:
        groups.setdefault(initials_of(author).casefold(), []).append(author)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def plain_letters(text: str) -> str:
    """A text without diacritics: `Łukasz Öztürk` is `Lukasz Ozturk`."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED))
    kept = "".join(character for character in decomposed if not unicodedata.combining(character))
    # Syllables that are no letters with marks, such as Hangul, are put together again.
    return unicodedata.normalize("NFC", kept)


def _whole_family(author: Author) -> str:
    """Particle and family name; `al-` and `d'` stand without a space."""
    is_joined = not author.particle or author.particle.endswith(("-", "'", "\u2019"))
    return author.particle + ("" if is_joined else " ") + author.family


def _extended(authors: Sequence[Author], taken: set[str]) -> Mapping[str, str]:
    """The shortest initials that tell these authors apart from each other and from the rest; none when there are none."""
    for n_family, n_given in _lengths(authors):
        extended = {author.id: _initials(author, n_family, n_given) for author in authors}
        folded = {initials.casefold() for initials in extended.values()}
        if len(folded) == len(authors) and not folded & taken:
            return extended
    return {}


def _lengths(authors: Sequence[Author]) -> Iterator[tuple[int, int]]:
    """How many letters of the family and of the given name to try: fewest first, the family name before the given."""
    n_family = max((len(part) for author in authors for part in _parts(author.family)), default=1)
    n_given = max((len(part) for author in authors for part in _given_parts(author)), default=1)
    pairs = product(range(1, min(n_family, _MOST_LETTERS) + 1), range(1, min(n_given, _MOST_LETTERS) + 1))
    yield from sorted(pairs, key=lambda pair: (sum(pair), pair[1]))


def _initials(author: Author, n_family: int, n_given: int) -> str:
    """Initials with that many letters of the family name's last part and of the first given name."""
    given = [part[0].upper() for part in _given_parts(author)]
    if given and n_given > 1:
        given[0] = _start(_given_parts(author)[0], n_given)
    particle = [part[0] for part in _parts(author.particle)]
    family = [part[0] for part in _parts(author.family)]
    if family:
        family[-1] = _start(_parts(author.family)[-1], n_family)
    return "".join([*given, *particle, *family])


def _given_parts(author: Author) -> list[str]:
    """Parts of the given names; letters written together in a name of mixed case, such as `AJ`, are parts each."""
    is_shouted = author.family.isupper() and len(author.family) > 1
    return [
        piece
        for part in _parts(author.given)
        for piece in (part if 1 < len(part) <= 3 and part.isupper() and not is_shouted else [part])
    ]


def _parts(text: str) -> list[str]:
    """Words and parts of hyphenated words, plain letters only; a word without a letter has no part."""
    words = _BETWEEN_PARTS.split(plain_letters(text))
    return [letters for word in words if (letters := "".join(filter(str.isalpha, word)))]


def _start(part: str, n_letters: int) -> str:
    is_shouted = part.isupper() and len(part) > 2
    return part[0] + (part[1:n_letters].lower() if is_shouted else part[1:n_letters])
