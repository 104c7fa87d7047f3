"""What the XML of a workbook says and its reader does not: lost cells, hidden rows and columns, the true size."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from esgscan.portfolio.grids import MOST_CELLS, column_index

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

CELL_WITH_ERROR = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*\st="e"[^>]*>.*?<v>([^<]{1,40})</v>', re.DOTALL)
FORMULA_WITHOUT_VALUE = re.compile(
    rb'<c r="([A-Z]+)(\d+)"[^>]*>\s*<f[^>]*>([^<]{0,400})</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
FILLED_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>/]*>')
SECOND_LETTER = re.compile(rb' r="[A-Z][A-Z]')
FAR_COLUMN = re.compile(rb'<c r="([A-Z]{2,3})\d')
HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
HIDDEN_COLUMNS = re.compile(rb'<(?:\w+:)?col\s(?=[^>]*\bhidden="(?:1|true)")[^>]*>')
LINK = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
LINK_ID = re.compile(rb'\bId="([^"]+)"')
LINK_TARGET = re.compile(rb'\bTarget="([^"]+)"')
SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
SHEET_NAME = re.compile(rb'\bname="([^"]*)"')
SHEET_LINK = re.compile(rb'\b\w+:id="([^"]+)"')
BINARY_SHEET = re.compile(rb"\x9c\x01[\x00-\x7f]{1,2}.{8}(?=.\x00\x00\x00)", re.DOTALL)
WIDEST = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFacts:
    """What one sheet says.

    Attributes:
        name: The part of the archive that holds it.
        area: Number of cells its reader will keep.
        lost: Row, column and text of cells that the reader gives as blank, from 0.
        hidden_rows: Hidden rows, from 1.
        hidden_columns: Hidden columns, from 0.
        part: The sheet in a form its reader knows; empty where it knows the one it has.
    """

    name: str = ""
    area: int = 0
    lost: tuple[tuple[int, int, str], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    part: bytes = b""


NOTHING_SAID = SheetFacts()


def read_facts(part: bytes, name: str) -> SheetFacts:
    """Read what the XML of a sheet says beside its cells."""
    return SheetFacts(
        name=name,
        area=_area(part),
        lost=tuple(_lost(part)),
        hidden_rows=_hidden_rows(part),
        hidden_columns=_hidden_columns(part),
    )


def sheet_titles(archive: zipfile.ZipFile, kind: str) -> dict[str, str]:
    """Give the title of each part that holds a sheet; a workbook that does not say leaves it out."""
    book, links = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    if kind == "xlsb":
        book, links = ("xl/workbook.bin", "xl/_rels/workbook.bin.rels")
    if links not in archive.namelist():
        return {}
    targets = {}
    for link in LINK.findall(archive.read(links)):
        found, target = LINK_ID.search(link), LINK_TARGET.search(link)
        if found and target:
            targets[found[1].decode()] = "xl/" + target[1].decode("utf-8", "replace").removeprefix("/xl/")
    content = archive.read(book)
    titles = _binary_titles(content) if kind == "xlsb" else _xml_titles(content)
    return {targets[link]: title for link, title in titles if link in targets}


def _xml_titles(book: bytes) -> Iterator[tuple[str, str]]:
    for tag in SHEET.findall(book):
        title, link = SHEET_NAME.search(tag), SHEET_LINK.search(tag)
        if title and link:
            yield link[1].decode(), unescape(title[1].decode("utf-8", "replace"))


def _binary_titles(book: bytes) -> Iterator[tuple[str, str]]:
    """Find the sheets of a binary workbook: record 156 has two numbers, then the link and the title as counted text."""
    for found in BINARY_SHEET.finditer(book):
        texts, at = [], found.end()
        for _ in range(2):
            length = struct.unpack_from("<I", book, at)[0] if at + 4 <= len(book) else 0
            texts.append(book[at + 4 : at + 4 + 2 * length].decode("utf-16-le", "replace"))
            at += 4 + 2 * length
        yield texts[0], texts[1]


def _area(part: bytes) -> int:
    """Give the number of cells a reader of the sheet would keep."""
    last = part.rfind(b'<c r="')
    if last < 0:
        return 0
    rows = int(re.sub(rb"\D", b"", part[last + 6 : last + 20].split(b'"')[0]) or b"1")
    far = set(FAR_COLUMN.findall(part)) if SECOND_LETTER.search(part) else ()
    columns = max((column_index(c.decode()) or 0 for c in far), default=25) + 1
    if rows * columns <= MOST_CELLS:
        return rows * columns
    filled = [(int(row), column_index(col.decode()) or 0) for col, row in FILLED_CELL.findall(part)]
    if not filled:
        return 0
    tall = max(row for row, _ in filled) - min(row for row, _ in filled) + 1
    return tall * (max(col for _, col in filled) + 1)


def _hidden_rows(part: bytes) -> frozenset[int]:
    """Give the hidden rows of a sheet, from 1."""
    if b'hidden="' not in part:
        return frozenset()
    return frozenset(int(row) for row in HIDDEN_ROW.findall(part))


def _hidden_columns(part: bytes) -> frozenset[int]:
    """Give the hidden columns of a sheet, from 0; they stand before its cells."""
    head = part[: max(part.find(b"sheetData"), 0)]
    hidden: set[int] = set()
    for tag in HIDDEN_COLUMNS.findall(head):
        first, last = (re.search(rb'\b%s="(\d{1,5})"' % bound, tag) for bound in (b"min", b"max"))
        if first and last:
            hidden.update(range(int(first[1]) - 1, min(int(last[1]), WIDEST)))
    return frozenset(hidden)


def _lost(part: bytes) -> Iterator[tuple[int, int, str]]:
    if b't="e"' in part:
        for letters, row, value in CELL_WITH_ERROR.findall(part):
            yield int(row) - 1, column_index(letters.decode()) or 0, value.decode("utf-8", "replace")
    if b"</f>" in part:
        for letters, row, formula in FORMULA_WITHOUT_VALUE.findall(part):
            yield int(row) - 1, column_index(letters.decode()) or 0, "=" + formula.decode("utf-8", "replace")
