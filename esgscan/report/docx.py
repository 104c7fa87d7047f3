"""A Document as a Word file, for letters that somebody will go on writing in."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from esgscan.report.archives import settled
from esgscan.report.cells import ILLEGAL
from esgscan.report.document import Beside, Chart, Figures, Paragraph, Statements

if TYPE_CHECKING:
    from esgscan.report.document import Block, Cell, Document, Section, Statement, Table

FONT, CHINESE_FONT = "Calibri", "Microsoft YaHei"
QUIET = RGBColor(0x5F, 0x56, 0x51)
ACCENT = RGBColor(0x8C, 0x2D, 0x19)
SIZES = {"a4": (Mm(210), Mm(297)), "letter": (Mm(215.9), Mm(279.4))}
MARGIN = Mm(25)


def render_docx(document: Document, *, paper: str) -> bytes:
    """Render a document as .docx; the same document gives the same bytes."""
    made = docx.Document()
    _set_up(made, paper)
    made.add_heading(_legal(document.title), 0)
    made.add_paragraph(_legal(document.subtitle))
    for section in document.sections:
        _section(made, section, 1)
    _quiet(made.add_paragraph(), document.imprint)
    at = datetime.fromisoformat(document.generated_at).replace(tzinfo=None)
    properties = made.core_properties
    properties.title, properties.author, properties.comments = _legal(document.title), "", ""
    properties.created = properties.modified = at
    properties.last_modified_by = ""
    written = BytesIO()
    made.save(written)
    return settled(written, at)


def _set_up(made: Any, paper: str) -> None:
    page = made.sections[0]
    page.page_width, page.page_height = SIZES[paper]
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = MARGIN
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3", "List Bullet"):
        font = made.styles[name].font
        font.name = FONT
        fonts = made.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
        fonts.set(qn("w:eastAsia"), CHINESE_FONT)
        if name.startswith(("Heading", "Title")):
            font.color.rgb = ACCENT
    made.styles["Title"].font.size = Pt(20)
    made.styles["Normal"].font.size = Pt(10.5)


def _section(made: Any, section: Section, level: int) -> None:
    made.add_heading(_legal(" ".join(filter(None, [section.title, section.title_zh]))), level)
    for block in section.blocks:
        _block(made, block, level + 1)
    for inner in section.sections:
        _section(made, inner, level + 1)


def _block(made: Any, block: Block, level: int) -> None:
    if isinstance(block, Paragraph):
        made.add_paragraph(_legal(block.text))
    elif isinstance(block, Statements):
        _statements(made, block, level)
    elif isinstance(block, Beside):
        _statements(made, block.left, level)
        _statements(made, block.right, level)
    elif isinstance(block, Figures):
        for one in block.items:
            made.add_paragraph(_legal(f"{one.label}: {one.value} {one.detail}"), style="List Bullet")
    elif isinstance(block, Chart):
        made.add_paragraph(_legal(f"{block.caption}. {block.alt}"))
    else:
        _table(made, block)


def _statements(made: Any, block: Statements, level: int) -> None:
    made.add_heading(_legal(block.heading), level)
    for item in block.items:
        _statement(made.add_paragraph(style="List Bullet"), item)


def _statement(paragraph: Any, item: Statement) -> None:
    if item.lead:
        paragraph.add_run(f"{_legal(item.lead)} ").bold = True
    paragraph.add_run(f"{_legal(item.text)}{_cites(item.sources)}")
    if item.tier:
        _quiet(paragraph, f" ({item.tier})")
    if item.detail:
        _quiet(paragraph, f" {item.detail}")


def _table(made: Any, block: Table) -> None:
    caption = made.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    caption.add_run(_legal(block.caption)).bold = True
    table = made.add_table(rows=1, cols=len(block.columns))
    table.style = "Table Grid"
    whole, room = sum(column.width for column in block.columns), made.sections[0].page_width - 2 * MARGIN
    for place, column in enumerate(block.columns):
        table.columns[place].width = int(room * column.width / whole)
        _fill(table.rows[0].cells[place], column.header, is_figure=column.is_figure, is_bold=True)
    _repeat(table.rows[0])
    for row in block.rows:
        cells = table.add_row().cells
        for place, cell in enumerate(row):
            _fill(cells[place], _written(cell), is_figure=block.columns[place].is_figure)
    made.add_paragraph()


def _written(cell: Cell) -> str:
    address = f"\n{cell.address}" if cell.address else ""
    return f"{cell.text}{_cites(cell.sources)}{address}"


def _fill(cell: Any, text: str, *, is_figure: bool, is_bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(_legal(text))
    run.bold, run.font.size = is_bold, Pt(9)
    if is_figure:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repeat(row: Any) -> None:
    """Let a header stand on each page that its table reaches."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - python-docx has no name for it


def _quiet(paragraph: Any, text: str) -> None:
    run = paragraph.add_run(_legal(text))
    run.font.size, run.font.color.rgb = Pt(9), QUIET


def _cites(numbers: tuple[int, ...]) -> str:
    return f" [{', '.join(map(str, numbers))}]" if numbers else ""


def _legal(text: str) -> str:
    return ILLEGAL.sub(" ", text)
