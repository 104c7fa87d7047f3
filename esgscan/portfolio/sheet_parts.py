"""What the XML of a workbook says and its reader does not: lost cells, hidden rows and columns, the true size."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from esgscan.portfolio.grids import column_index

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

CELL_WITH_ERROR = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*\st="e"[^>]*>.*?<v>([^<]{1,40})</v>', re.DOTALL)
FORMULA_WITHOUT_VALUE = re.compile(
    rb'<c r="([A-Z]+)(\d+)"[^>]*>\s*<f[^>]*>([^<]{0,400})</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
CELL = re.compile(rb'r="([A-Z]{1,3})(\d{1,7})"')
HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s(?=[^>]*\bhidden="(?:1|true))[^>]*?\br="(\d+)"')
HIDDEN_COLUMNS = re.compile(rb'<(?:\w+:)?col\s(?=[^>]*\bhidden="(?:1|true))[^>]*>')
BOUND = {bound: re.compile(rb'\b%s="(\d{1,5})"' % bound) for bound in (b"min", b"max")}
CHUNK = 2**20
TAIL = 4_000
LETTERS = 26
BEYOND = [
    *(re.compile(rb'r="(?:[A-Z][A-Z]|[%c-Z]\d)' % (65 + known)) for known in range(LETTERS)),
    re.compile(rb'r="[A-Z][A-Z]'),
]
"""By the number of columns known: a cell in a column beyond them."""
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
        lost: Row, column and text of cells that the reader gives as blank, from 0.
        hidden_rows: Hidden rows, from 1.
        hidden_columns: Hidden columns, from 0.
    """

    lost: tuple[tuple[int, int, str], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


NOTHING_SAID = SheetFacts()


def sheet_area(stream: IO[bytes]) -> int:
    """Give the number of cells that a reader of a sheet's XML would keep: from its first row to its last cell."""
    rows, columns, first_row = 0, 1, 0
    for piece in _pieces(stream):
        first_row = first_row or _row_of_first(piece)
        rows = max(rows, _row_of_last(piece))
        if BEYOND[min(columns, LETTERS)].search(piece):
            letters = {found[0] for found in CELL.findall(piece)}
            columns = max(columns, *(1 + (column_index(column.decode()) or 0) for column in letters))
    return max(rows - first_row + 1, 0) * columns


def read_facts(stream: IO[bytes]) -> SheetFacts:
    """Read what the XML of a sheet says beside its cells."""
    lost: list[tuple[int, int, str]] = []
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    for piece in _pieces(stream):
        if b'"e"' in piece or b"</f>" in piece:
            lost.extend(_lost(piece))
        if b"hidden=" in piece:
            hidden_rows.update(int(row) for row in HIDDEN_ROW.findall(piece))
            hidden_columns.update(_hidden_columns(piece))
    return SheetFacts(lost=tuple(lost), hidden_rows=frozenset(hidden_rows), hidden_columns=frozenset(hidden_columns))


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
            yield link[1].decode(), _unescaped(title[1].decode("utf-8", "replace"))


def _unescaped(title: str) -> str:
    if "&" not in title:
        return title
    from html import unescape

    return unescape(title)


def _binary_titles(book: bytes) -> Iterator[tuple[str, str]]:
    """Find the sheets of a binary workbook: record 156 has two numbers, then the link and the title as counted text."""
    for found in BINARY_SHEET.finditer(book):
        texts, at = [], found.end()
        for _ in range(2):
            length = struct.unpack_from("<I", book, at)[0] if at + 4 <= len(book) else 0
            texts.append(book[at + 4 : at + 4 + 2 * length].decode("utf-16-le", "replace"))
            at += 4 + 2 * length
        yield texts[0], texts[1]


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Give a sheet in pieces that end before a cell."""
    rest = b""
    while chunk := stream.read(CHUNK):
        whole = rest + chunk
        cut = whole.rfind(b"<c")
        cut = cut if cut > 0 else len(whole)
        yield _in_double_quotes(whole[:cut])
        rest = whole[cut:]
    yield _in_double_quotes(rest)


def _in_double_quotes(piece: bytes) -> bytes:
    """Write attributes in double quotes, as nearly all programs do."""
    return piece.replace(b"'", b'"') if b"'" in piece and b"='" in piece else piece


def _row_of_first(piece: bytes) -> int:
    found = CELL.search(piece)
    return int(found[2]) if found else 0


def _row_of_last(piece: bytes) -> int:
    """Give the row of the last cell of a piece; cells are short, so the end is enough."""
    return max((int(row) for _, row in CELL.findall(piece[-TAIL:])), default=0)


def _hidden_columns(piece: bytes) -> Iterator[int]:
    for tag in HIDDEN_COLUMNS.findall(piece):
        first, last = (bound.search(tag) for bound in BOUND.values())
        if first and last:
            yield from range(int(first[1]) - 1, min(int(last[1]), WIDEST))


def _lost(part: bytes) -> Iterator[tuple[int, int, str]]:
    if b'"e"' in part:
        for letters, row, value in CELL_WITH_ERROR.findall(part):
            yield int(row) - 1, column_index(letters.decode()) or 0, value.decode("utf-8", "replace")
    if b"</f>" in part:
        for letters, row, formula in FORMULA_WITHOUT_VALUE.findall(part):
            yield int(row) - 1, column_index(letters.decode()) or 0, "=" + formula.decode("utf-8", "replace")
