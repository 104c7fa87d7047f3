"""Bytes of a file -> sheets of cells. The ending of a name is only a hint: the bytes decide what a file is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from esgscan.errors import PortfolioError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Cell: TypeAlias = str | float | int | bool | date | datetime | time | timedelta | None

LARGEST_INPUT = 256 * 2**20
FIRST_BYTES = 65_536
NOTHING = b" \t\r\n\x00\x1a\xef\xbb\xbf"
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
BINARY = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One sheet: `rows[0]` is row 1 of the spreadsheet, and a row may be shorter than the next."""

    sheet: str
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GridFile:
    """A file as sheets of cells.

    Attributes:
        name: The file's name, for messages.
        format: What it is by its bytes: xlsx, xlsb, xls, ods, csv, spreadsheetml, html, flex, json, parquet, table.
        grids: The sheets in their order; a text file has one, without a name.
        encoding: Encoding of a text file.
        delimiter: Delimiter of a text file.
        hidden: Sheets that are hidden and were left out.
        remarks: What a reader must know of the file as such, one sentence each.
    """

    name: str
    format: str
    grids: tuple[Grid, ...]
    encoding: str = ""
    delimiter: str = ""
    hidden: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def read_grids(data: bytes, *, name: str, sheet: str | None = None) -> GridFile:
    """Read the sheets of a file.

    Args:
        data: The file.
        name: Its name, for messages.
        sheet: The only sheet to read; without it every visible one.

    Raises:
        PortfolioError: The bytes are no table: empty, cut off, locked, binary, or larger than we read.
    """
    if len(data) > LARGEST_INPUT:
        what = f"The file is larger than {LARGEST_INPUT // 2**20} MiB."
        raise PortfolioError(what, where=name, mend="remove what is not the portfolio, or split the file")
    if not data[:FIRST_BYTES].strip(NOTHING) and not data.strip(NOTHING):
        raise PortfolioError(f"{name!r} is empty.", where=name, mend="export the portfolio again")
    return _reader(data, name)(data, name=name, sheet=sheet)


def _reader(data: bytes, name: str) -> Callable[..., GridFile]:
    """Choose the reader by the first bytes."""
    from esgscan.portfolio import markup, texts, workbooks

    head = without_boms(data[:4096]).lstrip()
    if data[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return workbooks.read_zip
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return workbooks.read_ole
    if data[:4] == b"PAR1":
        return markup.read_parquet
    if head.startswith(b"version https://git-lfs"):
        what = f"{name!r} is a Git LFS pointer, not the file itself."
        raise PortfolioError(what, where=name, mend="fetch the file with: git lfs pull")
    for magic, words in BINARY.items():
        if data.startswith(magic):
            raise PortfolioError(f"{name!r} is {words}, not a table.", where=name, mend="export it as .xlsx or .csv")
    text_head = head.replace(b"\x00", b"").lstrip()
    if text_head.startswith(b"<"):
        return markup.read_markup
    if text_head.startswith((b"{", b"[{", b"[ {", b"[\n", b"[\r")):
        return markup.read_json
    return texts.read_text


def columns_grid(columns: Mapping[str, Sequence[Any]]) -> Grid:
    """Make a grid of named columns: their names are row 1."""
    rows: list[Sequence[Cell]] = [[str(name) for name in columns]]
    rows.extend(zip(*columns.values(), strict=True))
    return Grid(sheet="", rows=rows)


def without_boms(data: bytes) -> bytes:
    """Take byte order marks off the front; some publishers write two."""
    while data.startswith(BOMS):
        data = data[3:] if data.startswith(BOMS[0]) else data[2:]
    return data


def letter(index: int) -> str:
    """Give a spreadsheet's name for a column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(letters: str) -> int | None:
    """Give the number of a column from its letters, in either case: A is 0; what is no column gives nothing."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        return None
    index = 0
    for char in letters.upper():
        index = index * 26 + ord(char) - 64
    return index - 1


def place(name: str, sheet: str, row: int, column: int | None = None) -> str:
    """Say where a cell is: `holdings.xlsx, sheet 'Depot', cell F14`, or `depot.csv, row 14`."""
    at = f"row {row}" if column is None else f"cell {letter(column)}{row}"
    return f"{name}, sheet {sheet!r}, {at}" if sheet else f"{name}, {at}"
