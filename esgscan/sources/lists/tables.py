"""Lists that are a table with a header line, on a web page or in a file: the lines below it, by column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esgscan.errors import PortfolioError
from esgscan.portfolio.files import read_grids

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esgscan.portfolio.grids import Cell, Grid
    from esgscan.sources.lists.asked import GivenFile

HEADER_ROWS = 30
NO_LETTERS = re.compile(r"[\W_]+")


def read_tables(given: GivenFile) -> Sequence[Grid]:
    """Give the tables of a file; none where it holds none."""
    try:
        return read_grids(given.content, name=given.name).grids
    except PortfolioError:
        return ()


def words(cell: Cell) -> str:
    """Give a header cell as words: `Covered Equipment or Services*` as `covered equipment or services`."""
    return NO_LETTERS.sub(" ", str(cell or "").casefold()).strip()


def rows_below(grid: Grid, *needed: str) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Give the lines below the first header with the needed columns, each with its row number; none without one."""
    columns: list[str] = []
    for number, row in enumerate(grid.rows, start=1):
        if columns:
            cells = dict(zip(columns, row, strict=False))
            if any(str(cell or "").strip() for cell in cells.values()):
                yield number, cells
        elif number <= HEADER_ROWS:
            found = [words(cell) for cell in row]
            columns = found if set(needed) <= set(found) else []


def has_columns(grids: Sequence[Grid], *needed: str) -> bool:
    """Say whether one of the tables has a header with these columns."""
    rows = (row for grid in grids for row in grid.rows[:HEADER_ROWS])
    return any(set(needed) <= {words(cell) for cell in row} for row in rows)


def text(cell: Cell) -> str:
    """Give a cell as text with single white space."""
    return " ".join(str(cell if cell is not None else "").split())
