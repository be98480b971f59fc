"""The manuscript as a Word file: styled text, real tables, figures in place; the same bytes each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cohortium.governance.statements.word import new_document, to_bytes
from cohortium.governance.statements.xml_text import allowed
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
_PICTURE_INCHES = 6.0


def as_docx(title: str, blocks: Sequence[Block], exhibits: Exhibits) -> bytes:
    """A Word file as journals ask for it: double spaced, tables as tables, each figure with its title below."""
    document = new_document(title)
    _styles(document)
    _page_numbers(document)
    is_turned = False
    begin_pages = _page_begins(blocks)
    for position, block in enumerate(blocks):
        table = exhibits.tables[block.name] if block.kind == "table" else None
        if is_turned != (table is not None and is_wide(table)):
            document.add_section()
            turn(document)
            is_turned = not is_turned
        _add(document, block, exhibits)
        if position in begin_pages:
            document.paragraphs[-1].paragraph_format.page_break_before = True
    return to_bytes(document)


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
    """Headings that begin a page: the first below a title page of statements, and those right above tables or figures."""
    headings = [n for n, block in enumerate(blocks) if block.kind == "heading" and block.level > 1]
    first = {n for n in headings[:1] if any(block.kind == "statement" for block in blocks[:n])}
    return frozenset(
        first | {n for n in headings if blocks[n + 1 : n + 2] and blocks[n + 1].kind in ("table", "figure")}
    )


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
        style = {"quote": "Quote", "item": "List Number" if block.numbered else "List Bullet"}.get(block.kind, "Normal")
        _inline(_spaced(document.add_paragraph(style=style)), block.words)


def _spaced(paragraph: Any) -> Any:
    paragraph.paragraph_format.line_spacing = _LINE_SPACING
    return paragraph


def _inline(paragraph: Any, words: Sequence[Words]) -> None:
    for part in words:
        run = paragraph.add_run(allowed(part.text))
        run.bold, run.italic = part.bold or None, part.italic or None
        if part.code:
            run.font.name = "Courier New"


def _picture(document: Document, exhibits: Exhibits, name: str) -> None:
    from docx.shared import Inches

    picture = exhibits.pictures[name]
    paragraph: Any = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(str(picture.png))
    widest = Inches(_PICTURE_INCHES)
    if shape.width > widest:
        shape.height = round(shape.height * widest / shape.width)
        shape.width = widest
    shape._inline.docPr.set("descr", allowed(picture.alt))  # noqa: SLF001 - the library has no other door to the alt text
    document.add_paragraph().add_run(allowed(picture.title)).bold = True
