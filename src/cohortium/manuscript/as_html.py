"""The manuscript as one HTML page that runs nothing and fetches nothing."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from cohortium.manuscript.article import with_address
from cohortium.manuscript.typography import sentence
from cohortium.report.render import html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.governance.statements.document import Paragraph
    from cohortium.manuscript.article import Block, Words
    from cohortium.manuscript.exhibits import Exhibits

_TAGS = {
    "p": Markup("<p>{}</p>"), "li": Markup("<li>{}</li>"), "ol": Markup("<ol>{}</ol>"), "ul": Markup("<ul>{}</ul>"),
    "h1": Markup("<h1>{}</h1>"), "h2": Markup("<h2>{}</h2>"), "h3": Markup("<h3>{}</h3>"), "h4": Markup("<h4>{}</h4>"),
    "h5": Markup("<h5>{}</h5>"), "h6": Markup("<h6>{}</h6>"), "blockquote": Markup("<blockquote>{}</blockquote>"),
    "sup": Markup("<sup>{}</sup>"), "code": Markup("<code>{}</code>"), "em": Markup("<em>{}</em>"), "strong": Markup("<strong>{}</strong>"),
}  # fmt: skip


def as_html(title: str, blocks: Sequence[Block], exhibits: Exhibits) -> str:
    """The page."""
    return html.render("manuscript.html.j2", title=title, parts=[_part(block, exhibits) for block in _listed(blocks)])


def _listed(blocks: Sequence[Block]) -> list[Block | list[Block]]:
    """The blocks with the items of a list together."""
    parts: list[Block | list[Block]] = []
    for block in blocks:
        last = parts[-1] if parts else None
        if block.kind == "item" and isinstance(last, list) and last[0].numbered == block.numbered:
            last.append(block)
        else:
            parts.append([block] if block.kind == "item" else block)
    return parts


def _part(block: Block | list[Block], exhibits: Exhibits) -> tuple[str, object]:
    if isinstance(block, list):
        items = Markup("").join(_TAGS["li"].format(_inline(item.words)) for item in block)
        return "markup", _TAGS["ol" if block[0].numbered else "ul"].format(items)
    if block.kind == "table":
        return "table", exhibits.tables[block.name]
    if block.kind == "figure":
        picture = exhibits.pictures[block.name]
        image = "data:image/svg+xml;base64," + base64.b64encode(picture.svg).decode("ascii")
        legend = sentence(" ".join(picture.legend))
        return "figure", {
            "image": image,
            "title": f"{picture.title}.",
            "legend": legend,
            "alt": picture.alt,
            "name": picture.name,
        }
    if block.kind == "statement":
        paragraphs = exhibits.statements[block.name].paragraphs
        return "markup", Markup("").join(_TAGS["p"].format(_raised(paragraph)) for paragraph in paragraphs)
    tag = {"heading": f"h{min(block.level, 6)}", "quote": "blockquote"}.get(block.kind, "p")
    return "markup", _TAGS[tag].format(_inline(block.words))


def _inline(words: Sequence[Words]) -> Markup:
    return Markup("").join(_styled(part) for part in words)


def _raised(paragraph: Paragraph) -> Markup:
    return Markup("").join(_TAGS["sup"].format(run.text) if run.raised else escape(run.text) for run in paragraph)


def _styled(part: Words) -> Markup:
    text = Markup("<br>").join(escape(line) for line in with_address(part).split("\n"))
    for wanted, tag in ((part.code, "code"), (part.italic, "em"), (part.bold, "strong")):
        text = _TAGS[tag].format(text) if wanted else text
    return text
