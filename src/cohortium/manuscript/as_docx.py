"""The manuscript, or its supplement, as a Word file: styled text, real tables, figures in place; the same bytes each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cohortium.governance.statements.word import new_document, to_bytes
from cohortium.governance.statements.xml_text import allowed
from cohortium.manuscript.article import with_address
from cohortium.manuscript.typography import sentence
from cohortium.report.render.docx import add_table, is_wide, turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document

    from cohortium.manuscript.article import Block, Words
    from cohortium.manuscript.exhibits import Exhibits

FONT = "Times New Roman"
_POINTS = 12
_TITLE_POINTS = 16
_HEADING_POINTS = (14, 12, 12)
_LINE_SPACING = 2.0
_LEGEND_POINTS = 10
_PICTURE_INCHES = (6.0, 7.0)
"""The widest and the highest a figure may be, so that its legend stands on the same page."""


def as_docx(title: str, blocks: Sequence[Block], exhibits: Exhibits) -> bytes:
    """A Word file as journals ask for it: double spaced, lines and pages numbered, each figure with its legend below."""
    document = new_document(title)
    _styles(document)
    _page_numbers(document)
    _line_numbers(document)
    is_turned = False
    numbering: Any = None
    begin_pages = _page_begins(blocks)
    for position, block in enumerate(blocks):
        turns = is_turned != _lies(blocks, position, exhibits)
        if turns:
            if position:
                document.add_section()
            turn(document)
            is_turned = not is_turned
        n_before = len(document.paragraphs)
        _add(document, block, exhibits)
        if block.numbered:
            is_first = not position or not blocks[position - 1].numbered
            numbering = _new_list(document) if is_first else numbering
            _number(document.paragraphs[-1], numbering)
        if position in begin_pages and not turns:
            document.paragraphs[n_before].paragraph_format.page_break_before = True
    return to_bytes(document)


def _new_list(document: Document) -> int:
    """The number of a list that begins with 1: those of one style count on from list to list otherwise."""
    from docx.oxml.ns import qn

    numbering: Any = document.part.numbering_part.element
    style: Any = document.styles["List Number"].element
    used = style.pPr.numPr.numId.val
    kind = numbering.num_having_numId(used).find(qn("w:abstractNumId"))
    made = numbering.add_num(int(kind.get(qn("w:val"))))
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(made.numId)


def _number(paragraph: Any, numbering: int) -> None:
    paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = numbering  # noqa: SLF001 - no other door to it


def _lies(blocks: Sequence[Block], position: int, exhibits: Exhibits) -> bool:
    """Whether a block stands on a turned page: a wide table, and the headings right above one."""
    block = next((block for block in blocks[position:] if block.kind != "heading"), blocks[position])
    return block.kind == "table" and is_wide(exhibits.tables[block.name])


def _styles(document: Document) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    styles: Any = document.styles
    for name in ("Normal", "Title", *(f"Heading {level}" for level in range(1, 7))):
        style = styles[name]
        style.font.name = FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
        style.font.color.rgb = RGBColor(0, 0, 0)
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)
    styles["Normal"].font.size = Pt(_POINTS)
    styles["Title"].font.size, styles["Title"].font.bold = Pt(_TITLE_POINTS), True
    for border in styles["Title"].element.xpath("./w:pPr/w:pBdr"):
        border.getparent().remove(border)
    styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for level, points in enumerate(_HEADING_POINTS, 2):
        heading = styles[f"Heading {level}"]
        heading.font.size, heading.font.bold, heading.font.italic = Pt(points), True, level > 2


def _page_begins(blocks: Sequence[Block]) -> frozenset[int]:
    """Blocks that begin a page: the first heading below a title page of statements, headings right above an exhibit, and
    exhibits right below another.
    """
    kinds = [block.kind for block in blocks]
    exhibits = {n for n, kind in enumerate(kinds) if kind in ("table", "figure")}
    headings = [n for n, block in enumerate(blocks) if block.kind == "heading" and block.level > 1]
    first = {n for n in headings[:1] if "statement" in kinds[:n]}
    return frozenset(
        first
        | {n for n in headings if n + 1 in exhibits and kinds[n - 1] != "heading"}
        | {n for n in exhibits if n - 1 in exhibits}
    )


def _line_numbers(document: Document) -> None:
    """Numbers of lines from the first page to the last, as reviewers ask for; tables have none."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    numbering: Any = OxmlElement("w:lnNumType")
    numbering.set(qn("w:countBy"), "1")
    numbering.set(qn("w:restart"), "continuous")
    section: Any = document.sections[0]
    # The schema wants it after the margins and before the columns.
    section._sectPr.find(qn("w:pgMar")).addnext(numbering)  # noqa: SLF001 - the library has no other door to it


def _page_numbers(document: Document) -> None:
    """The number of the page at the foot of each."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph: Any = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)  # noqa: SLF001 - the library has no other door to fields


def _add(document: Document, block: Block, exhibits: Exhibits) -> None:
    if block.kind == "table":
        add_table(document, exhibits.tables[block.name])
    elif block.kind == "figure":
        _picture(document, exhibits, block.name)
    elif block.kind == "statement":
        for paragraph in exhibits.statements[block.name].paragraphs:
            written = _spaced(document.add_paragraph())
            for run in paragraph:
                written.add_run(allowed(run.text)).font.superscript = run.raised or None
    elif block.kind == "heading":
        _inline(document.add_heading(level=min(block.level, 9) if block.level > 1 else 0), block.words)
    else:
        _inline(_spaced(document.add_paragraph(style=_style(block))), block.words)


def _style(block: Block) -> str:
    """The Word style of a paragraph; lists go three levels deep."""
    if block.kind == "item":
        deeper = f" {min(block.level, 3)}" if block.level > 1 else ""
        return f"List {'Number' if block.numbered else 'Bullet'}{deeper}"
    return "Quote" if block.kind == "quote" else "Normal"


def _spaced(paragraph: Any) -> Any:
    paragraph.paragraph_format.line_spacing = _LINE_SPACING
    return paragraph


def _inline(paragraph: Any, words: Sequence[Words]) -> None:
    for part in words:
        run = paragraph.add_run(allowed(with_address(part)))
        run.bold, run.italic = part.bold or None, part.italic or None
        if part.code:
            run.font.name = "Courier New"


def _picture(document: Document, exhibits: Exhibits, name: str) -> None:
    from docx.shared import Inches

    picture = exhibits.pictures[name]
    paragraph: Any = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(str(picture.png))
    across, up = map(Inches, _PICTURE_INCHES)
    scale = min(1.0, across / shape.width, up / shape.height)
    shape.width, shape.height = round(shape.width * scale), round(shape.height * scale)
    shape._inline.docPr.set("descr", allowed(picture.alt))  # noqa: SLF001 - the library has no other door to the alt text
    _legend(document.add_paragraph(), picture.title, " ".join(picture.legend))


def _legend(paragraph: Any, title: str, text: str) -> None:
    from docx.shared import Pt

    for part, is_bold in ((f"{title}.", True), (f" {sentence(text)}" if text else "", False)):
        run = paragraph.add_run(allowed(part))
        run.bold, run.font.size = is_bold or None, Pt(_LEGEND_POINTS)
