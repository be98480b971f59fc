"""Lines of an author list: `Family, Given M. https://orcid.org/...`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cohortium.governance.frontmatter import explicit
from cohortium.governance.frontmatter.reading import Proposal, Span, Unresolved, trimmed
from cohortium.governance.people.model import Author
from cohortium.governance.people.names import plain_letters
from cohortium.governance.people.orcid import is_orcid

_ORCID = re.compile(
    r"[\s(\[]*(?:ORCID(?:\s*iD)?\s*:?\s*)?(?:(?:https?://)?(?:www\.)?orcid\.org/)?"
    r"(?P<id>\d{4}-?\d{4}-?\d{4}-?\d{3}[\dXx])[\s)\].,;]*$",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV|V|2nd|3rd", re.IGNORECASE)
_PLAIN_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|2nd|3rd")
"""A suffix that needs no comma before it; `V` would, being a middle initial more often."""
_PARTICLES = frozenset(
    [
        "af",
        "al",
        "am",
        "auf",
        "aus'm",
        "d'",
        "da",
        "dal",
        "dalla",
        "das",
        "de",
        "del",
        "della",
        "dem",
        "den",
        "der",
        "des",
        "di",
        "do",
        "dos",
        "du",
        "e",
        "el",
        "la",
        "las",
        "le",
        "les",
        "lo",
        "los",
        "op",
        "'t",
        "t'",
        "ten",
        "ter",
        "te",
        "to",
        "und",
        "van",
        "vom",
        "von",
        "y",
        "zu",
        "zum",
        "zur",
    ]
)
_INITIALS = re.compile(r"\s*\(initials ([^()]+)\)$")
_MARKS = re.compile(r"(?:\s*(?:[\d*†‡§¶]|(?<=\d),(?=\d)))+$")
_DEGREE = re.compile(r"(?:,?\s*\b(?:M\.?D|Ph\.?D|Pharm\.?D|M\.?P\.?H|M\.?Sc?|B\.?Sc?|MBBS|FRCP|Dr\.? ?med)\b\.?)+$")
_GROUP = re.compile(r".*\b(?:group|investigators|consortium|collaborators|network|society|committee)", re.IGNORECASE)


def is_author_line(text: str) -> bool:
    """Whether a line outside an author section is one: an ORCID iD at its end, or the shape `Family, Given M.`."""
    if _ORCID.search(text) or explicit.BRACKET.match(text):
        return True
    return len(text) < 60 and re.fullmatch(r"[^\W\d_][^\d:;()]*, [^\W\d_a-z][^\d:;()]*", text) is not None


def read_author_line(source: str, line: Span, taken: set[str]) -> Iterator[Proposal | Unresolved]:
    """The author of a line; what was not read of it stands beside as unresolved.

    taken  ids of the authors before; the new id is added
    """
    text = source[line.start : line.end]
    match = _ORCID.search(text)
    orcid = _with_hyphens(match["id"]) if match else None
    name_end = line.start + match.start() if match else line.end
    if match and orcid and not is_orcid(orcid):
        yield Unresolved("orcid", f"{orcid} has a wrong check digit", trimmed(source, name_end, line.end))
        orcid = None
    initials = ""
    named = source[line.start : name_end].rstrip(" \t,;:")
    if given := _INITIALS.search(named):
        initials, named = given[1], named[: given.start()]
    for pattern, reason in ((_MARKS, "marks after a name are not read"), (_DEGREE, "academic degrees are not kept")):
        if extra := pattern.search(named):
            yield Unresolved("text", reason, trimmed(source, line.start + extra.start(), line.start + extra.end()))
            named = named[: extra.start()].rstrip(" ,")
    parts = _name(named)
    if parts is None:
        reason = "expected `Family, Given M.`; without a comma the family name is not known"
        yield Unresolved("author", reason, line)
        return
    parts.setdefault("initials", initials)
    author = Author.model_validate({"id": _id(parts, taken), "orcid": orcid, **parts})
    yield Proposal("author", author, line)


def _name(text: str) -> dict[str, str] | None:
    if bracket := explicit.BRACKET.fullmatch(text):
        values = explicit.values_of(bracket)
        known = {"given", "particle", "family", "suffix", "group", "initials"}
        return values if bracket[1] == "author" and values.keys() <= known else None
    pieces = [piece.strip() for piece in text.split(",")]
    if any(not piece for piece in pieces) or len(pieces) > 3:
        return None
    if len(pieces) == 1:
        if " " not in text:
            return {"family": text}
        return {"group": text} if _GROUP.match(text) else None
    suffix = ""
    if len(pieces) == 3:
        where = next((i for i in (2, 1) if _SUFFIX.fullmatch(pieces[i])), None)
        if where is None:
            return None
        suffix = pieces.pop(where)
    for i, piece in enumerate(pieces):
        words = piece.split(" ")
        if not suffix and len(words) > 1 and _PLAIN_SUFFIX.fullmatch(words[-1]):
            suffix, pieces[i] = words[-1], " ".join(words[:-1])
    particle, family = _particle(pieces[0])
    given, behind = _behind(pieces[1])
    if particle and behind:
        return None
    return {"given": given, "particle": particle or behind, "family": family, "suffix": suffix}


def _particle(text: str) -> tuple[str, str]:
    """Leading words in small letters are a particle: `van der Berg`."""
    words = text.split(" ")
    n_small = next((i for i, word in enumerate(words) if word.lower() not in _PARTICLES or word != word.lower()), 0)
    return " ".join(words[:n_small]), " ".join(words[n_small:])


def _behind(text: str) -> tuple[str, str]:
    """Trailing particles of `Berg, Jan van der`."""
    words = text.split(" ")
    n_kept = len(words)
    while n_kept > 1 and words[n_kept - 1] in _PARTICLES:
        n_kept -= 1
    return " ".join(words[:n_kept]), " ".join(words[n_kept:])


def _with_hyphens(digits: str) -> str:
    bare = digits.replace("-", "").upper()
    return "-".join(bare[i : i + 4] for i in range(0, 16, 4))


def _id(parts: dict[str, str], taken: set[str]) -> str:
    """A readable id that no other author has: family name and the first letter of the given name."""
    name = parts.get("group") or f"{parts.get('family', '')}-{parts.get('given', '')[:1]}"
    plain = re.sub(r"[^a-z0-9]+", "-", plain_letters(name).lower()).strip("-")[:48]
    base = plain if re.match(r"[a-z]", plain) else f"author-{plain}".rstrip("-")
    number = 1
    while (id_ := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    taken.add(id_)
    return id_
