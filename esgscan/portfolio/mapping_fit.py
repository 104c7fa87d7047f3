"""Whether a mapping file fits a portfolio file, and the mapping that a reading makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.errors import OptionError
from esgscan.portfolio.blocks import find_blocks
from esgscan.portfolio.columns import NAMEABLE, find_column
from esgscan.portfolio.grids import letter, place
from esgscan.portfolio.headers import plain
from esgscan.portfolio.mappings import MappedTable, MappingFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.portfolio.grids import Grid
    from esgscan.portfolio.lines import Lines

AGAIN = "save the mapping again with: esgscan inspect FILE --save-mapping"


def mapped_grid(grids: Sequence[Grid], sheet: str, mapping: MappingFile, *, name: str) -> Grid:
    """Find the sheet that a mapping is for.

    Raises:
        OptionError: The file has no such sheet.
    """
    found = next((grid for grid in grids if grid.sheet == sheet), None)
    if found is None:
        titles = ", ".join(repr(grid.sheet) for grid in grids if grid.sheet)
        what = f"The mapping is for the sheet {sheet!r}, which {name!r} does not have."
        mend = f"write one of {titles} into the mapping, or {AGAIN}" if titles else AGAIN
        raise OptionError(what, where=mapping.source, mend=mend)
    return found


def check_mapping(grid: Grid, tables: Sequence[MappedTable], mapping: MappingFile, *, name: str) -> None:
    """Check that each header stands in its row.

    Raises:
        OptionError: A column of the mapping is not there.
    """
    for table in tables:
        if table.header_row > len(grid.rows):
            what = f"The mapping has its header in row {table.header_row}; {name!r} has {len(grid.rows)} rows."
            raise OptionError(what, where=mapping.source, mend=AGAIN)
        header = find_blocks(grid, name=name, header_rows=[table.header_row])[0].header
        missing = [column for column in table.columns.values() if find_column(column, header) is None]
        if missing:
            shown = ", ".join(map(repr, missing))
            what = f"The mapping does not fit {name!r}: row {table.header_row} has no column {shown}."
            raise OptionError(what, where=mapping.source, mend=_mend(grid, table))


def columns_of(table: MappedTable, header: Sequence[str]) -> tuple[int, int]:
    """Give the first column of a table that stands beside another one, and the end of its last."""
    at = [found for column in table.columns.values() if (found := find_column(column, header)) is not None]
    return min(at), max(at) + 1


def make_mapping(found: Sequence[Lines], *, decimal: str, dates: str) -> MappingFile:
    """Make the mapping that reads a file as it was read.

    Args:
        found: The tables.
        decimal: The decimal mark that the user gave, if any.
        dates: The order of dates that the user gave, if any.
    """
    marks = {lines.decimal for lines in found if lines.decimal} | {
        lines.numbers[meaning].decimal or "." for lines in found for meaning in lines.ambiguous
    }
    headers = [_header_of(lines) for lines in found]
    orders = {str(lines.dates.order) for lines in found if lines.dates and lines.dates.order}
    return MappingFile(
        source="",
        tables=[_mapped(lines, is_only=headers.count(_header_of(lines)) == 1) for lines in found],
        decimal=decimal or (marks.pop() if len(marks) == 1 else ""),
        dates=dates or (orders.pop() if len(orders) == 1 else ""),
    )


def _header_of(lines: Lines) -> tuple[str, int]:
    return lines.block.sheet, lines.block.header_row


def _mapped(lines: Lines, *, is_only: bool) -> MappedTable:
    """Map one table; beside another one in the same rows, columns are told by their letters."""
    block, layout = lines.block, lines.layout
    index = dict(layout.index)
    for meaning, unit in (("market_value", "currency"), ("price", "local_currency")):
        if index.get(meaning) in layout.units:  # the unit of a number stands in a column without a header
            index.setdefault(unit, layout.units[index[meaning]])
    columns = {
        meaning: _told(block.header, index[meaning]) if is_only else letter(index[meaning])
        for meaning in NAMEABLE
        if meaning in index
    }
    return MappedTable(sheet=block.sheet, header_row=block.header_row, columns=columns)


def _told(header: Sequence[str], position: int) -> str:
    """Tell a column by its header, or by its letter where its header does not tell it."""
    text = header[position]
    is_only = text.strip() and sum(plain(other) == plain(text) for other in header) == 1
    return text if is_only and find_column(text, header) == position else letter(position)


def _mend(grid: Grid, table: MappedTable) -> str:
    """Say where the header stands now, if it stands elsewhere."""
    wanted = {plain(column) for column in table.columns.values() if len(column) > 2}
    for number, row in enumerate(grid.rows, start=1):
        if wanted and wanted <= {plain(cell) for cell in row if type(cell) is str and len(cell) < 200}:
            return f"its header stands in {place('the file', grid.sheet, number)}: write header_row = {number}"
    return AGAIN
