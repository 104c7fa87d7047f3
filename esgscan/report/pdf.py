"""A scan as a PDF: set by typst from one template, with fonts of its own, tagged for those who have it read out."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Literal

import typst

from esgscan.report.compose import compose
from esgscan.report.document import Beside, Section, Table
from esgscan.report.formats import PAPERS

if TYPE_CHECKING:
    from esgscan.records import Scan
    from esgscan.report.document import Block, Cell, Document

STANDARD: Literal["ua-1"] = "ua-1"
MISSING = "〓"
"""What printers put in the place of a character that they have no type for."""
MISSING_TEXT = (
    f" {MISSING} stands for a character that the fonts of this report lack; the HTML file and the workbook show it."
)
FOLDED = "{count:,} lines stand in the HTML file and in the workbook."
CUT = "{count:,} more lines stand in the HTML file and in the workbook."


def render_pdf(scan: Scan) -> bytes:
    """Render a scan as a PDF on the paper that the run asks for; the same scan gives the same bytes."""
    paper = PAPERS[str(scan.run.options.get("paper") or "a4")]
    data = typeset(document_data(compose(scan)) | {"paper": paper})
    at = datetime.fromisoformat(scan.run.generated_at)
    resources = files("esgscan.report")
    template = resources.joinpath("templates", "report.typ").read_bytes()
    with as_file(resources.joinpath("fonts")) as folder:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
        compiler = typst.Compiler(input=template, font_paths=fonts, sys_inputs={"data": json.dumps(data)})
        made = compiler.compile(format="pdf", pdf_standards=STANDARD, timestamp=at.replace(tzinfo=at.tzinfo or UTC))
    assert isinstance(made, bytes)  # noqa: S101 - one document is one file
    return made


def document_data(document: Document) -> dict[str, Any]:
    """Lay a document out as the template reads it."""
    day = datetime.fromisoformat(document.generated_at)
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "as_of": document.as_of,
        "imprint": document.imprint,
        "keywords": list(document.keywords),
        "day": [day.year, day.month, day.day],
        "sections": [_section(section) for section in document.sections],
    }


def typeset(data: dict[str, Any]) -> dict[str, Any]:
    """Put a sign in the place of each character that the fonts lack, and explain it in the imprint."""
    set_in_type: dict[str, Any] = _with_known_characters(data)
    if MISSING in json.dumps(set_in_type, ensure_ascii=False):
        set_in_type["imprint"] += MISSING_TEXT
    return set_in_type


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "title_zh": section.title_zh,
        "is_new_page": section.is_new_page,
        "blocks": [_block(block) for block in section.blocks],
        "sections": [_section(inner) for inner in section.sections],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Table):
        return {"kind": block.kind, **_table(block)}
    if isinstance(block, Beside):
        return {"kind": block.kind, "left": _plain(block.left), "right": _plain(block.right), "empty": block.empty}
    return {"kind": block.kind, **_plain(block)}


def _table(table: Table) -> dict[str, Any]:
    shown = () if table.is_folded else table.rows[: table.most]
    left_out = len(table.rows) - len(shown)
    note = (FOLDED if table.is_folded else CUT).format(count=left_out) if left_out else ""
    numbers = table.numbers[: len(shown)] or (None,) * len(shown)
    return {
        "caption": table.caption,
        "columns": [_plain(column) for column in table.columns],
        "rows": [
            [_cell(c, number if n == 0 else None) for n, c in enumerate(row)]
            for row, number in zip(shown, numbers, strict=True)
        ],
        "is_folded": table.is_folded,
        "note": note,
    }


def _row(row: tuple[Cell, ...], number: int | None) -> list[dict[str, Any]]:
    """Lay out a row; its number, if it has one, goes to its first cell, where links lead."""
    return [_cell(cell, None if place else number) for place, cell in enumerate(row)]


def _cell(cell: Cell, number: int | None) -> dict[str, Any]:
    written: dict[str, Any] = {"text": cell.text, "sources": list(cell.sources), "address": cell.address}
    return written if number is None else {**written, "number": number}


def _plain(record: Any) -> dict[str, Any]:
    """Turn a flat record, or one that holds a list of flat ones, into a dictionary."""
    return {one.name: _part(one.name, getattr(record, one.name)) for one in fields(record)}


def _part(name: str, value: Any) -> Any:
    if name == "items":
        return [_plain(part) for part in value]
    return list(value) if isinstance(value, tuple) else value


def _with_known_characters(value: Any) -> Any:
    if isinstance(value, str):
        return _known(value)
    if isinstance(value, dict):
        return {name: _with_known_characters(part) for name, part in value.items()}
    return [_with_known_characters(part) for part in value] if isinstance(value, list) else value


def _known(text: str) -> str:
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text)
    known = _characters()
    return "".join(one if one in known or one == "\n" else MISSING for one in composed)


@cache
def _characters() -> frozenset[str]:
    text = files("esgscan.report").joinpath("fonts", "characters.txt").read_text(encoding="utf-8")
    return frozenset(text)
