"""What one author declares: ties with organizations, `none`, and what fits no rule."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cohortium.governance.frontmatter import explicit
from cohortium.governance.frontmatter.categories import kept_words, named_category
from cohortium.governance.frontmatter.organizations import is_known, split_and
from cohortium.governance.frontmatter.pieces import bracket_groups, pieces, top_level
from cohortium.governance.frontmatter.reading import Span, Unresolved, trimmed
from cohortium.governance.interests.suggest import suggest_organizations
from cohortium.governance.people.model import Category, Interest, PaidTo

_NONE = re.compile(
    r"(?:that\s+(?:they|he|she)\s+)?(?:(?:has|have|had|reports?|declares?|do|does)\s+)?(?:not\s+have\s+any\s+|no\s+)"
    r"(?:(?:relevant|financial|potential|competing|conflicting|actual|perceived|known|other|personal|conflicts?|of|or|"
    r"and|interests?|relationships?|disclosures?|COIs?)\s*)+(?:(?:to\s+(?:declare|disclose|report))?"
    r"(?:\s*(?:relevant\s+to|related\s+to|regarding)\s+this\s+(?:work|article|manuscript|study))?)"
    r"|(?:has|have)?\s*(?:nothing|none)(?:\s+to\s+(?:declare|disclose|report))?|no\s+disclosures?",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*[,(]?\s*\b(?:all\s+|and\s+all\s+)?(?:outside\s+(?:of\s+)?(?:the\s+)?(?:submitted|present|current|this)"
    r"(?:\s+(?:work|study|manuscript))?|during\s+the\s+conduct\s+of\s+(?:the|this)\s+study"
    r"|(?:un|not\s+)related\s+to\s+(?:this|the\s+present|the\s+submitted)\s+(?:work|study|manuscript))\)?\s*$",
    re.IGNORECASE,
)
_INSTITUTION = re.compile(
    r"(?:paid |made |payments? |all )*(?:to )?(?:the |his |her |their |my |our )?(?:author['’]s )?"
    r"inst(?:itution|itutional|\.)?(?: only)?",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"(?:paid |payments? )*(?:to )?(?:(?:the )?author|self|him|her|me|them|person(?:al)?)", re.IGNORECASE
)
_BOTH = re.compile(r"(?:paid )?to the author and (?:to )?the institution", re.IGNORECASE)
_ENDING = re.compile(r"(?<!\bInc)(?<!\bLtd)(?<!\bCo)(?<!\bCorp)(?<!\b[A-Z])\.$")
_COMPANY = re.compile(r"an?\s.*\b(?:company|subsidiary|division|business|affiliate)\b", re.IGNORECASE)


@dataclass(slots=True)
class Ties:
    """What a declaration says: ties, whether it says `none`, and what fits no rule."""

    interests: list[Interest] = field(default_factory=list)
    none: bool = False
    left: list[Unresolved] = field(default_factory=list)


def read_ties(source: str, body: Span) -> Ties:
    """The ties of a declaration's body, the words after its verb."""
    ties = Ties()
    text = _without_ending(source, body)
    if _NONE.fullmatch(source[text.start : text.end]):
        ties.none = True
        return ties
    _List(source, ties).read(text, ())
    return ties


class _List:
    """The categories that hold while the pieces of a declaration are read in order."""

    def __init__(self, source: str, ties: Ties) -> None:
        self.source = source
        self.ties = ties
        self.waiting: list[tuple[_Group, Span]] = []
        self.groups: tuple[_Group, ...] = ()

    def read(self, span: Span, groups: tuple[_Group, ...]) -> None:
        self.groups = groups
        for piece, mark in pieces(self.source, span):
            if mark == ".":
                self._nothing_follows()
                self.groups = ()
            self._piece(piece)
        self._nothing_follows()

    def _piece(self, piece: Span) -> None:
        text = self._text(piece)
        if bracket := explicit.BRACKET.fullmatch(text):
            self._explicit(bracket, piece)
            return
        if tail := _TAIL.search(text):
            piece = trimmed(self.source, piece.start, piece.start + tail.start())
            text = self._text(piece)
            if not text:
                return
        named = named_category(explicit.masked(text))
        if named is None:
            self._organizations(piece)
            return
        words = text[named.words[0] : named.words[1]]
        said, inside = kept_words(named.category, words), self._text(Span(piece.start + named.rest, piece.end))
        is_explained = named.in_brackets and _is_category(inside.removesuffix(")"))
        if is_explained:
            said = _in_one_line(inside.removesuffix(")"))
        group = _Group(named.category, said, named.to_institution)
        if not named.is_open or is_explained:
            self.waiting.append((group, piece))
            return
        self.groups = (*(waiting for waiting, _ in self.waiting), group)
        self.waiting = []
        rest = Span(piece.start + named.rest, piece.end)
        if named.in_brackets and self._text(rest).endswith(")"):
            inner = _List(self.source, self.ties)
            inner.read(trimmed(self.source, rest.start, rest.end - 1), self.groups)
        elif rest.end > rest.start:
            self._organizations(trimmed(self.source, rest.start, rest.end))

    def _organizations(self, piece: Span) -> None:
        if self.waiting or not self.groups:
            self._nothing_follows()
            self._leave(piece, "the text fits no rule")
            return
        named = split_and(self.source, piece)
        if named is None:
            self._leave(piece, "it may be one organization or several, and the table of organizations has none of them")
            return
        for organization in named:
            self._organization(organization)

    def _organization(self, span: Span) -> None:
        name, paid_to, detail = _apart(self._text(span))
        if not re.search(r"[^\W_]", name) or (re.match(r"[a-z]+(?:\s|$)", name) and not is_known(name)):
            self._leave(span, "the text fits no rule")
            return
        for group in self.groups:
            paid: PaidTo = "institution" if group.to_institution and paid_to == "not stated" else paid_to
            said = "; ".join(word for word in (group.words, detail) if word)
            self.ties.interests.append(Interest(category=group.category, organization=name, paid_to=paid, detail=said))
        self._known(name, span)

    def _known(self, name: str, span: Span) -> None:
        if not is_known(name):
            candidates = tuple(suggestion.canonical for suggestion in suggest_organizations(name))
            reason = f"the table of organizations does not have '{name}'"
            self.ties.left.append(Unresolved("organization", reason, span, candidates))

    def _explicit(self, bracket: re.Match[str], piece: Span) -> None:
        values = explicit.values_of(bracket)
        known = {"category", "organization", "paid-to", "detail"}
        if bracket[1] != "interest" or not {"category", "organization"} <= values.keys() <= known:
            self._leave(piece, "the bracket is not of a kind that is read")
            return
        try:
            interest = Interest.model_validate({key.replace("-", "_"): value for key, value in values.items()})
        except ValueError:
            self._leave(piece, "the bracket holds a value that is not allowed")
            return
        self.ties.interests.append(interest)
        self._known(interest.organization, piece)

    def _nothing_follows(self) -> None:
        for _, piece in self.waiting:
            self._leave(piece, "no organization follows")
        self.waiting = []

    def _leave(self, span: Span, reason: str) -> None:
        self.ties.left.append(Unresolved("text", reason, span))

    def _text(self, span: Span) -> str:
        return self.source[span.start : span.end]


@dataclass(frozen=True, slots=True)
class _Group:
    category: Category
    words: str
    to_institution: bool


def _is_category(text: str) -> bool:
    """Whether a text is the words of a category and nothing else: `honoraria (speakers bureau)`."""
    named = named_category(text)
    return named is not None and not named.is_open


def _without_ending(source: str, body: Span) -> Span:
    text = source[body.start : body.end]
    ending = _ENDING.search(text)
    return trimmed(source, body.start, body.end - 1) if ending else body


def _apart(text: str) -> tuple[str, PaidTo, str]:
    """Name, who was paid, and the author's words of `Name (to the institution; speakers bureau)`."""
    if is_known(text):
        return _in_one_line(text), "not stated", ""
    name, groups = bracket_groups(text)
    if groups and _COMPANY.fullmatch(groups[0]):
        name = f"{name} ({groups.pop(0)})"
    paid_to: PaidTo = "not stated"
    details: list[str] = []
    for part in (part for group in groups for part in top_level(group)):
        if _BOTH.fullmatch(part):
            paid_to = "both"
        elif _INSTITUTION.fullmatch(part):
            paid_to = "institution"
        elif _PERSON.fullmatch(part):
            paid_to = "person"
        else:
            details.append(_in_one_line(part))
    return _in_one_line(name), paid_to, "; ".join(details)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
