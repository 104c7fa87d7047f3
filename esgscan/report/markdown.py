"""A scan as Markdown, for a web page or an issue; what stands in it can never become markup or a link of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esgscan.report.compose import compose
from esgscan.report.document import Beside, Chart, Figures, Paragraph, Statements, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esgscan.records import Scan
    from esgscan.report.document import Block, Cell, Document, Section, Statement

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")
# Text at the beginning of a line that would make a list, a quotation or a heading of it.
LINE_START = re.compile(r"^(\d*)([-+=.)])(?=[-+=\s]|$)")
# What a page that shows Markdown would turn into a link or a mention by itself.
LINKED = re.compile(r"(?i)(?<=\bhttp)(?=s?://)|(?<=\bwww)(?=\.)|(?<=@)(?=\w)")
NOT_A_LINK = "<!-- -->"
LEFT_OUT = "{count:,} lines stand in the HTML file and in the workbook."
CUT = "{count:,} more lines stand in the HTML file and in the workbook."


def render_markdown(scan: Scan) -> str:
    """Render a scan as Markdown in GitHub's dialect; the same scan gives the same text."""
    return render_document(compose(scan))


def render_document(document: Document) -> str:
    """Render a document as Markdown in GitHub's dialect."""
    head = [f"# {escaped(document.title)}", escaped(document.subtitle)]
    body = [part for section in document.sections for part in _section(section, 2)]
    return "\n\n".join([*head, *body, f"*{escaped(document.imprint)}*"]) + "\n"


def escaped(text: str) -> str:
    """Write text so that every character stands for itself."""
    plain = LINE_START.sub(r"\1\\\2", SPECIAL.sub(r"\\\1", " ".join(text.split())))
    return LINKED.sub(NOT_A_LINK, plain)


def _section(section: Section, level: int) -> Iterator[str]:
    title = " ".join(filter(None, [section.title, section.title_zh]))
    yield f"{'#' * level} {escaped(title)}"
    for block in section.blocks:
        yield from _block(block, level + 1)
    for inner in section.sections:
        yield from _section(inner, level + 1)


def _block(block: Block, level: int) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield escaped(block.text)
    elif isinstance(block, Figures):
        yield _grid([[one.label, one.value, one.detail] for one in block.items], ["", "", ""], [False, True, False])
    elif isinstance(block, Statements):
        yield from _statements(block, level)
    elif isinstance(block, Beside):
        yield from _beside(block, level)
    elif isinstance(block, Chart):
        yield f"*{escaped(block.caption)}.* {escaped(block.alt)}"
    else:
        yield from _table(block)


def _statements(block: Statements, level: int) -> Iterator[str]:
    yield f"{'#' * level} {escaped(block.heading)}"
    if block.items:
        yield "\n".join(_statement(item) for item in block.items)


def _statement(item: Statement) -> str:
    lead = f"**{escaped(item.lead)}** " if item.lead else ""
    tier = f" ({escaped(item.tier)})" if item.tier else ""
    detail = f" {escaped(item.detail)}" if item.detail else ""
    return f"- {lead}{escaped(item.text)}{_cites(item.sources)}{tier}{detail}"


def _beside(block: Beside, level: int) -> Iterator[str]:
    for side in (block.left, block.right):
        if side.items:
            yield from _statements(side, level)
    if not block.right.items:
        yield f"{'#' * level} {escaped(block.right.heading)}"
        yield escaped(block.empty)


def _table(table: Table) -> Iterator[str]:
    shown = () if table.is_folded else table.rows[: table.most]
    yield f"**{escaped(table.caption)}**"
    if shown:
        rows = [[_cell(cell) for cell in row] for row in shown]
        headers = [escaped(column.header) for column in table.columns]
        yield _lines(headers, rows, [column.is_figure for column in table.columns])
    left_out = len(table.rows) - len(shown)
    if left_out:
        yield (LEFT_OUT if table.is_folded else CUT).format(count=left_out)


def _cell(cell: Cell) -> str:
    address = f" <{cell.address}>" if re.fullmatch(r"https?://[^\s<>|]+", cell.address) else ""
    return f"{escaped(cell.text)}{_cites(cell.sources)}{address}"


def _cites(numbers: tuple[int, ...]) -> str:
    return f" \\[{', '.join(map(str, numbers))}\\]" if numbers else ""


def _grid(rows: list[list[str]], headers: list[str], figures: list[bool]) -> str:
    return _lines(headers, [[escaped(text) for text in row] for row in rows], figures)


def _lines(headers: list[str], rows: list[list[str]], figures: list[bool]) -> str:
    rule = ["---:" if is_figure else "---" for is_figure in figures]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [headers, rule, *rows])
