"""The filled manuscript as blocks of words: what every form of it is made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from markdown_it import MarkdownIt

from cohortium.manuscript.typography import sentence

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Words:
    """Characters in one style; the target of a link stands in `link`."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the article.

    kind   `heading`, `paragraph`, `item` (of a list), `quote`, or a place: `table`, `figure`, `statement`
    words  its words; none for a place
    level  of a heading from 1, of a list from 1
    name   of the table, figure or statement that stands here
    numbered  whether an item belongs to a numbered list
    """

    kind: Literal["heading", "paragraph", "item", "quote", "table", "figure", "statement"]
    words: tuple[Words, ...] = ()
    level: int = 0
    name: str = ""
    numbered: bool = False

    @property
    def text(self) -> str:
        """Its words without styles."""
        return "".join(part.text for part in self.words)


def with_address(part: Words) -> str:
    """Words whose link is printed after them, unless they are the link."""
    address = part.link.removeprefix("mailto:")
    return f"{part.text} ({address})" if address and address not in part.text else part.text


def parser() -> MarkdownIt:
    """CommonMark without HTML: what stands in angle brackets is text; straight quotation marks are curved."""
    return MarkdownIt("commonmark", {"html": False, "typographer": True}).enable("smartquotes")


def article_blocks(text: str, places: Mapping[str, tuple[str, str]]) -> tuple[Block, ...]:
    """The blocks of a filled manuscript.

    text    Markdown with its numbers in place
    places  tables, figures and statements by their marks; a mark is a paragraph of its own
    """
    return tuple(_blocks(parser().parse(text), places))


def _blocks(tokens: Sequence[Token], places: Mapping[str, tuple[str, str]]) -> Iterator[Block]:
    lists: list[bool] = []
    quoted = 0
    heading = 0
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(token.type == "ordered_list_open")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type in ("blockquote_open", "blockquote_close"):
            quoted += 1 if token.type == "blockquote_open" else -1
        elif token.type == "heading_open":
            heading = int(token.tag[1:])
        elif token.type == "inline":
            words = tuple(_words(token.children or ()))
            yield _block(words, heading, lists, places, quoted=bool(quoted))
            heading = 0
        elif token.type in ("fence", "code_block"):
            yield Block("paragraph", (Words(token.content.rstrip("\n"), code=True),))


def _block(
    words: tuple[Words, ...],
    heading: int,
    lists: Sequence[bool],
    places: Mapping[str, tuple[str, str]],
    *,
    quoted: bool,
) -> Block:
    if heading:
        return Block("heading", words, heading)
    text = "".join(part.text for part in words).strip()
    if text in places:
        kind, name = places[text]
        if kind in ("table", "figure", "statement"):
            return Block(kind, name=name)  # type: ignore[arg-type]
    if lists:
        return Block("item", words, len(lists), numbered=lists[-1])
    return Block("quote" if quoted else "paragraph", words)


def _words(tokens: Sequence[Token]) -> Iterator[Words]:
    bold = italic = 0
    link = ""
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            bold += 1 if token.nesting > 0 else -1
        elif token.type in ("em_open", "em_close"):
            italic += 1 if token.nesting > 0 else -1
        elif token.type == "link_open":
            link = str(token.attrs.get("href", ""))
        elif token.type == "link_close":
            link = ""
        else:
            is_code = token.type == "code_inline"
            text = {"softbreak": " ", "hardbreak": "\n"}.get(token.type, token.content)
            yield Words(sentence(text) if token.type == "text" else text, bool(bold), bool(italic), is_code, link)
