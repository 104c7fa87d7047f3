"""Sheets of cells, and the names by which a spreadsheet calls rows and columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from esgscan.errors import PortfolioError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Cell: TypeAlias = str | float | int | bool | date | datetime | time | timedelta | None

MOST_CELLS = 6_000_000
"""100,000 lines of 60 columns. A sheet is kept as the rectangle of its cells: one stray cell far out makes it huge."""

BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One sheet: `rows[0]` is row 1 of the spreadsheet, and a row may be shorter than the next.

    Attributes:
        sheet: Its name; empty in a file that has only one table.
        rows: Its cells.
        hidden_rows: Rows that the file hides, from 1; they are among `rows`.
        hidden_columns: Columns that the file hides, from 0.
    """

    sheet: str
    rows: Sequence[Sequence[Cell]]
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class GridFile:
    """A file as sheets of cells.

    Attributes:
        name: The file's name, for messages.
        format: What it is by its bytes: xlsx, xlsb, xls, ods, fods, csv, fixed-width, spreadsheetml, html, flex, json,
            jsonl, parquet, table.
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


def columns_grid(columns: Mapping[str, Sequence[Any]]) -> Grid:
    """Make a grid of named columns: their names are row 1."""
    rows: list[Sequence[Cell]] = [[str(name) for name in columns]]
    rows.extend(zip(*columns.values(), strict=True))
    return Grid(sheet="", rows=rows)


def refuse_far_cells(name: str, sheet: str) -> NoReturn:
    """Refuse a sheet whose filled rectangle is too large, whatever its number of cells.

    Raises:
        PortfolioError: Always.
    """
    what = f"A sheet spans more than {MOST_CELLS:,} cells: a cell is filled far from the others."
    mend = "delete the stray cells, or copy the portfolio to a new workbook"
    raise PortfolioError(what, where=f"{name}, sheet {sheet!r}", mend=mend)


def refuse_large(name: str, what: str) -> NoReturn:
    """Refuse what would take more memory than a portfolio needs.

    Raises:
        PortfolioError: Always.
    """
    mend = "remove what is not the portfolio, or split the file"
    raise PortfolioError(f"{name!r} holds {what}, more than a portfolio has.", where=name, mend=mend)


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
