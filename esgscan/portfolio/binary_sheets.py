"""Sheets of `.xlsb`: records whose short form the reader does not know, rewritten; hidden rows and columns.

Some programs write a cell that follows its left neighbour without its column number (records 12 to 18 of [MS-XLSB]
2.5.9). The reader passes over them in silence, so each is given its column before the reader sees the sheet.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esgscan.portfolio.sheet_parts import SheetFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

ROW, COLUMNS, STRINGS = 0, 60, 159
CELLS = range(1, 12)
SHORT_CELLS = range(12, 19)
SHORT_OFFSET = 11
"""A short record's number less that of its long form."""
ROW_FLAGS, ROW_HIDDEN = 11, 0x10
COLUMN_FLAGS, COLUMN_HIDDEN = 16, 0x01
WIDEST, TALLEST = 16_384, 1_048_576
SHORTEST = {ROW: 17, 1: 8, 2: 12, 3: 9, 4: 9, 5: 16, 6: 12, 7: 12, 8: 12, 9: 16, 10: 9, 11: 9, 62: 13} | {
    12: 4, 13: 8, 14: 5, 15: 5, 16: 12, 17: 8, 18: 8
}  # fmt: skip
"""Bytes that a record has at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BinarySheet:
    """One sheet.

    Attributes:
        area: Number of cells that its reader will keep.
        facts: What it says beside its cells.
        part: The sheet with all its cells in the long form; empty where they are.
    """

    area: int
    facts: SheetFacts
    part: bytes


def read_binary_sheet(part: bytes) -> BinarySheet:
    """Walk through the records of a sheet.

    Raises:
        ValueError: A record ends beyond the end of the sheet, is too short, or stands where none of its kind can.
    """
    written = bytearray()
    row = column = -1
    copied = last_column = 0
    hidden: set[int] = set()
    columns: set[int] = set()
    for kind, start, body, end in _records(part):
        _check_record(kind, part, body, end, after=row)
        if kind == ROW:
            row, column = struct.unpack_from("<I", part, body)[0], -1
            if part[body + ROW_FLAGS] & ROW_HIDDEN:
                hidden.add(row + 1)
        elif kind in CELLS:
            column = struct.unpack_from("<I", part, body)[0]
        elif kind in SHORT_CELLS:
            column += 1
            written += part[copied:start]
            written += bytes((kind - SHORT_OFFSET,)) + _length(end - body + 4) + struct.pack("<I", column)
            copied = body
        elif kind == COLUMNS and end - body > COLUMN_FLAGS and part[body + COLUMN_FLAGS] & COLUMN_HIDDEN:
            first, last = struct.unpack_from("<II", part, body)
            columns.update(range(first, min(last, WIDEST - 1) + 1))
        last_column = max(last_column, min(column, WIDEST))
    return BinarySheet(
        area=(row + 1) * (last_column + 1),
        facts=SheetFacts(hidden_rows=frozenset(hidden), hidden_columns=frozenset(columns)),
        part=bytes(written + part[copied:]) if copied else b"",
    )


def check_binary_strings(part: bytes) -> None:
    """Check the texts of a workbook before its reader makes room for as many as they say they are.

    Raises:
        ValueError: A record ends beyond the end, or says that there are more texts than bytes.
    """
    for kind, _, body, end in _records(part):
        if kind == STRINGS and (end - body < 8 or struct.unpack_from("<I", part, body + 4)[0] > len(part)):
            raise ValueError("it says that it holds more texts than it can")


def _check_record(kind: int, part: bytes, body: int, end: int, *, after: int) -> None:
    """Check what the reader takes for granted: it has no end where rows are cut short or stand out of order."""
    if end - body < SHORTEST.get(kind, 0):
        raise ValueError("a record is too short")
    if kind == ROW or kind in CELLS:
        number = struct.unpack_from("<I", part, body)[0]
        if number >= (TALLEST if kind == ROW else WIDEST) or (kind == ROW and number <= after):
            raise ValueError("a row or cell stands where none can")
    if (kind in CELLS or kind in SHORT_CELLS) and after < 0:
        raise ValueError("a cell stands outside a row")


def _records(part: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Give each record's number, its start, and where its content starts and ends."""
    at, size = 0, len(part)
    while at < size:
        start = at
        kind, at = _number(part, at, 2)
        length, at = _number(part, at, 4)
        if at + length > size:
            raise ValueError("a record ends beyond the end of its sheet")
        yield kind, start, at, at + length
        at += length


def _number(part: bytes, at: int, longest: int) -> tuple[int, int]:
    """Read a number of seven bits a byte; that of a record keeps its high bits."""
    value = shift = 0
    for _ in range(longest):
        if at >= len(part):
            raise ValueError("a record is cut off")
        byte = part[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return value, at


def _length(length: int) -> bytes:
    written = bytearray()
    while length >= 0x80:
        written.append(length & 0x7F | 0x80)
        length >>= 7
    return bytes((*written, length))
