"""Tables of a file: found in its sheets, their columns mapped, told apart, and read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from esgscan.portfolio.blocks import Block, find_blocks
from esgscan.portfolio.columns import IDENTITY, Layout, map_columns
from esgscan.portfolio.exclusions import exclude
from esgscan.portfolio.filekinds import FileKind, looks_like_fund, table_kind
from esgscan.portfolio.headers import plain
from esgscan.portfolio.layouts.effects import finish_lines, steer_columns, steer_lines
from esgscan.portfolio.layouts.recognition import Recognised, has_headers, recognise
from esgscan.portfolio.line_currencies import preamble_currency
from esgscan.portfolio.lines import Lines, as_text, gather_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esgscan.portfolio.grids import Cell, Grid

NAME_LABELS = frozenset(
    {"portfolio", "portfolio name", "portefeuille", "cartera", "portafoglio", "fund name", "depotname", "组合名称"}
)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file on its way."""

    block: Block
    layout: Layout
    kind: FileKind
    known: Recognised | None


def find_tables(
    grid: Grid,
    *,
    name: str,
    file_format: str = "",
    header_row: int | None = None,
    named: Mapping[str, str] | None = None,
) -> list[Table]:
    """Find the tables of one sheet and what each is.

    Args:
        grid: The sheet.
        name: The file's name, for messages.
        file_format: What the file is by its bytes.
        header_row: Row of the only header, if the user gave it; no known export is then looked for.
        named: Meaning -> column letter or header text, as the user gave it.
    """
    sheet = recognise(grid, file_format=file_format) if header_row is None else None
    tables = []
    for block in find_blocks(sheet.grid if sheet else grid, name=name, header_row=header_row):
        known = sheet if sheet and has_headers(sheet.layout, block.header) else None
        layout = map_columns(block.header, block.columns, named=named)
        if known:
            layout = steer_columns(layout, known.layout, named=named or {})
        kind = table_kind(block, layout)
        if known and known.layout.kind:
            kind = FileKind(known.layout.kind)
        elif kind is FileKind.PORTFOLIO and looks_like_fund(grid):
            kind = FileKind.FUND
        tables.append(Table(block, layout, kind, known))
    return tables


def read_table(grid: Grid, *, name: str) -> Lines | None:
    """Read the longest table of securities in a sheet; None if there is none.

    For readers of fund holdings: `lines.texts[meaning]` and `lines.numbers[meaning].values` are whole columns,
    `lines.keep` says which lines are holdings, and `lines.block.above` is the preamble.
    """
    tables = [(block, map_columns(block.header, block.columns)) for block in find_blocks(grid, name=name)]
    usable = [(block, layout) for block, layout in tables if layout.has("name", *IDENTITY)]
    if not usable:
        return None
    return read_lines(*max(usable, key=lambda table: table[0].height))


def read_lines(block: Block, layout: Layout, *, known: Recognised | None = None) -> Lines:
    """Read the lines of a table and tell positions from everything else."""
    lines = gather_lines(block, layout, decimal=known.layout.decimal if known else "")
    if known:
        steer_lines(lines, known.layout)
    exclude(lines)
    if known:
        lines.known = known
        finish_lines(lines, known.layout)
    return lines


def file_currency(tables: Sequence[Table]) -> str:
    """Find the currency that a preamble states for the file, or that such files are known to be in."""
    stated = [preamble_currency(table.block.above) for table in tables]
    known = [table.known.layout.currency for table in tables if table.known]
    return next(filter(None, (*stated, *known)), "")


def titles_of(tables: Sequence[Table]) -> list[str]:
    """Name each table by the account above it, else each of several by the lone cell above it."""
    titles = []
    for table in tables:
        above = table.block.above
        account = table.known.account(above) if table.known else ""
        lone = [as_text(cells[0]) for _, row in above if len(cells := filled_cells(row)) == 1]
        title = lone[-1] if lone and len(lone[-1]) < 80 and len(tables) > 1 else ""
        titles.append(account or title)
    return titles


def portfolio_name(tables: Sequence[Table]) -> str:
    """Find the name that the file gives itself above the table."""
    for table in tables:
        for _, row in table.block.above:
            cells = [as_text(cell) for cell in filled_cells(row)]
            if len(cells) > 1 and plain(cells[0]) in NAME_LABELS:
                return cells[1]
    return ""


def filled_cells(row: Sequence[Cell]) -> list[Cell]:
    """Give the cells of a row that hold something."""
    return [cell for cell in row if as_text(cell)]
