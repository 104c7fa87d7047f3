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

ROW, COLUMNS = 0, 60
CELLS = range(1, 12)
SHORT_CELLS = range(12, 19)
SHORT_OFFSET = 11
"""A short record's number less that of its long form."""
ROW_FLAGS, ROW_HIDDEN = 11, 0x10
COLUMN_FLAGS, COLUMN_HIDDEN = 16, 0x01
WIDEST = 16_384


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
        ValueError: A record ends beyond the end of the sheet.
    """
    written = bytearray()
    copied = row = column = last_column = 0
    hidden: set[int] = set()
    columns: set[int] = set()
    for kind, start, body, end in _records(part):
        if kind == ROW and end - body >= 4:
            row, column = struct.unpack_from("<I", part, body)[0], -1
            if end - body > ROW_FLAGS and part[body + ROW_FLAGS] & ROW_HIDDEN:
                hidden.add(row + 1)
        elif kind in CELLS and end - body >= 4:
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
