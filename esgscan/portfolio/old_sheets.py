"""Sheets of binary `.xls`: how far their cells reach, and which rows and columns they hide.

The reader reserves the rectangle of all cells at once, and one cell in the last row and column would be four thousand
million; so the records of [MS-XLS] are walked through before.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from esgscan.portfolio.sheet_parts import SheetFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_STRINGS = 2_000_000
STREAMS = ("Workbook", "Book")
BEGIN = frozenset({0x0809, 0x0409, 0x0209, 0x0009})
END, SHEET, COLUMNS, ROW = 0x000A, 0x0085, 0x007D, 0x0208
CELLS = frozenset({0x0203, 0x0003, 0x027E, 0x00FD, 0x0204, 0x0004, 0x0006, 0x0206, 0x0406, 0x0205, 0x0005, 0x00D6})
SEVERAL_CELLS = frozenset({0x00BD, 0x00BE})
DIMENSIONS, STRINGS = 0x0200, 0x00FC
ROW_HIDDEN, COLUMN_HIDDEN = 0x20, 0x01


@dataclass(slots=True)
class _Reach:
    """What is seen of one sheet."""

    first_row: int = 1 << 16
    last_row: int = -1
    columns: int = 0
    stated: int = 0
    """Number of cells that the sheet says it has; its reader believes it."""
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def cell(self, row: int, column: int) -> None:
        """Take a cell."""
        self.first_row, self.last_row = min(self.first_row, row), max(self.last_row, row)
        self.columns = max(self.columns, column + 1)


def read_old_sheets(data: bytes) -> dict[str, tuple[int, SheetFacts]]:
    """Give for each sheet, by its title, the number of cells its reader will keep and what it hides.

    Raises:
        ValueError: A record is too short.
        OSError: The file is no compound document, or holds no workbook.
    """
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as document:
        name = next((name for name in STREAMS if document.exists(name)), "")
        if not name:
            raise OSError("it holds no workbook")
        stream = document.openstream(name).read()
    titles: dict[int, str] = {}
    sheets: dict[int, _Reach] = {}
    current = _Reach()
    try:
        for at, kind, body in _records(stream):
            if kind in BEGIN:
                current = sheets.setdefault(at, _Reach())
            elif kind == SHEET:
                titles[struct.unpack_from("<I", body)[0]] = _title(body)
            else:
                _take(current, kind, body)
    except (struct.error, IndexError) as error:
        raise ValueError("a record is too short") from error
    return {titles.get(at, str(at)): _facts(reach) for at, reach in sheets.items()}


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Give where each record starts, its number and its content."""
    at, size = 0, len(stream)
    while at + 4 <= size:
        kind, length = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _take(sheet: _Reach, kind: int, body: bytes) -> None:
    if kind == DIMENSIONS:
        first, last, left, right = struct.unpack_from("<IIHH" if len(body) >= 12 else "<HHHH", body)
        if last < first or right < left:
            raise ValueError("it says that a sheet ends before it begins")
        sheet.stated = (last - first) * (right - left)
    elif kind == STRINGS and struct.unpack_from("<II", body)[1] > MOST_STRINGS:
        raise ValueError("it says that it holds more texts than a workbook can")
    elif kind in CELLS:
        sheet.cell(*struct.unpack_from("<HH", body))
    elif kind in SEVERAL_CELLS:
        sheet.cell(struct.unpack_from("<H", body)[0], struct.unpack_from("<H", body, len(body) - 2)[0])
    elif kind == ROW and body[12] & ROW_HIDDEN:
        sheet.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
    elif kind == COLUMNS and body[8] & COLUMN_HIDDEN:
        first, last = struct.unpack_from("<HH", body)
        sheet.hidden_columns.update(range(first, min(last, 255) + 1))


def _title(body: bytes) -> str:
    """Read the title of a sheet: counted letters of one or two bytes."""
    length, flags = body[6], body[7]
    return (
        body[8 : 8 + 2 * length].decode("utf-16-le", "replace") if flags & 1 else body[8 : 8 + length].decode("latin-1")
    )


def _facts(reach: _Reach) -> tuple[int, SheetFacts]:
    kept = max(reach.last_row - reach.first_row + 1, 0) * reach.columns
    return max(kept, reach.stated), SheetFacts(
        hidden_rows=frozenset(reach.hidden_rows), hidden_columns=frozenset(reach.hidden_columns)
    )
