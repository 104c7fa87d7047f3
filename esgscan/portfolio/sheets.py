"""Tables of a file: found in its sheets, their columns mapped, told apart, and read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esgscan.identifiers import read_isin
from esgscan.portfolio.blocks import Block, cut_block, find_blocks
from esgscan.portfolio.columns import IDENTITY, Layout, map_columns
from esgscan.portfolio.exclusions import exclude
from esgscan.portfolio.filekinds import FileKind, looks_like_fund, table_kind
from esgscan.portfolio.headers import CORE, is_known, plain, read_header
from esgscan.portfolio.kinds import is_title_of_class, kind_of_class
from esgscan.portfolio.layouts.effects import finish_lines, steer_columns, steer_lines
from esgscan.portfolio.layouts.recognition import Recognised, has_headers, recognise
from esgscan.portfolio.line_currencies import preamble_currency
from esgscan.portfolio.lines import Lines, as_text, gather_lines
from esgscan.portfolio.preambles import preamble_unit
from esgscan.portfolio.valuations import is_valuation, read_valuation
from esgscan.terms import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esgscan.portfolio.grids import Cell, Grid
    from esgscan.portfolio.mappings import MappingFile

PAGE = re.compile(r"(?:page|seite|p[áa]gina|pag\.?|第)\s*\d", re.IGNORECASE)
LONGEST_TITLE = 80
NAME_LABELS = frozenset(
    {"portfolio", "portfolio name", "portefeuille", "cartera", "portafoglio", "fund name", "depotname", "组合名称"}
)

LINES_OF_TITLE = 8
"""Rows above a header among which the heading that names an asset class stands."""
SEARCHED = 30
"""Rows at the top of a sheet among which a header of few words is looked for."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file on its way."""

    block: Block
    layout: Layout
    kind: FileKind
    known: Recognised | None
    section: str = ""


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
    rows = None if header_row is None else [header_row]
    blocks = find_blocks(sheet.grid if sheet else grid, name=name, header_rows=rows)
    if sheet and sheet.row and not blocks:  # the description knows its header, and no word of it is a header word
        blocks = find_blocks(sheet.grid, name=name, header_rows=[sheet.row])
    tables = []
    for block in blocks:
        known = sheet if sheet and has_headers(sheet.layout, block.header) else None
        layout = map_columns(block.header, block.columns, named=named)
        if known:
            layout = steer_columns(layout, known.layout, named=named or {})
        tables.append(_table(grid, block, layout, known))
    return tables


def mapped_tables(
    grids: Sequence[Grid], mapping: MappingFile, *, name: str, named: Mapping[str, str] | None = None
) -> list[Table]:
    """Take the tables that a mapping file tells, and no others.

    Raises:
        OptionError: The mapping does not fit the file.
    """
    from esgscan.portfolio.mapping_fit import check_mapping, columns_of, mapped_grid

    tables = []
    for sheet in dict.fromkeys(table.sheet for table in mapping.tables):
        wanted = sorted((t for t in mapping.tables if t.sheet == sheet), key=lambda t: t.header_row)
        grid = mapped_grid(grids, sheet, mapping, name=name)
        export = recognise(grid, file_format="")
        grid = export.grid if export else grid
        check_mapping(grid, wanted, mapping, name=name)
        rows = [table.header_row for table in wanted]
        blocks = {block.header_row: block for block in find_blocks(grid, name=name, header_rows=sorted(set(rows)))}
        for table in wanted:
            block = blocks[table.header_row]
            if rows.count(table.header_row) > 1:
                block = cut_block(block, *columns_of(table, block.header))
            layout = map_columns(block.header, block.columns, named=named, mapped=table.columns)
            known = export if export and has_headers(export.layout, block.header) else None
            tables.append(_table(grid, block, layout, known))
    return tables


def _table(grid: Grid, block: Block, layout: Layout, known: Recognised | None) -> Table:
    kind = FileKind(known.layout.kind) if known and known.layout.kind else table_kind(block, layout)
    is_fund = kind is FileKind.PORTFOLIO and looks_like_fund(grid)
    section = "" if layout.has("asset_class") else section_above(grid, block.header_row)
    return Table(block, layout, FileKind.FUND if is_fund else kind, known, section)


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


def read_lines(
    block: Block,
    layout: Layout,
    *,
    decimal: str = "",
    dates: str = "",
    delimiter: str = "",
    known: Recognised | None = None,
) -> Lines:
    """Read the lines of a table and tell positions from everything else.

    Args:
        block: The table.
        layout: What its columns mean.
        decimal: As `gather_lines`.
        dates: As `gather_lines`.
        delimiter: As `gather_lines`.
        known: The export that the sheet is, if it is a known one.
    """
    habit = known.layout.decimal if known else ""
    lines = gather_lines(block, layout, decimal=decimal, dates=dates, delimiter=delimiter, habit=habit)
    if known:
        steer_lines(lines, known.layout)
    if is_valuation(lines):
        read_valuation(lines)
    else:
        exclude(lines)
    if known:
        lines.known = known
        finish_lines(lines, known.layout)
    return lines


def file_currency(tables: Sequence[Table]) -> str:
    """Find the currency that a preamble states for the file, or that such files are known to be in."""
    stated = [c for t in tables for c in (preamble_currency(t.block.above), preamble_unit(t.block.above).currency)]
    known = [table.known.layout.currency for table in tables if table.known]
    return next(filter(None, (*stated, *known)), "")


def titles_of(tables: Sequence[Table]) -> list[str]:
    """Name each table by the account above it, else each of several by the lone cell above it."""
    titles = []
    for table in tables:
        above = table.block.above
        account = table.known.account(above) if table.known else ""
        lone = [as_text(cells[0]) for _, row in above if len(cells := filled_cells(row)) == 1]
        title = lone[-1] if lone and len(lone[-1]) < LONGEST_TITLE and len(tables) > 1 else ""
        titles.append(account or ("" if is_section(title) else title))
    return titles


def is_section(title: str) -> bool:
    """Whether a title names a part of a portfolio, `Equities` or `Page 2`, and not a portfolio."""
    is_kind = kind_of_class(title.strip().upper()) is not Kind.UNKNOWN
    return is_kind or PAGE.match(title) is not None or is_known(title)


def section_above(grid: Grid, header_row: int) -> str:
    """Give the asset class that a lone cell right above a table names; other lone cells may stand between them."""
    for row in reversed(grid.rows[max(header_row - 1 - LINES_OF_TITLE, 0) : header_row - 1]):
        cells = filled_cells(row)
        if len(cells) > 1:
            return ""
        if cells and is_title_of_class(as_text(cells[0])):
            return as_text(cells[0])
    return ""


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


def is_short_header(cells: Sequence[Cell]) -> bool:
    """Whether a row is a header though it has too few known words for one of a portfolio: `name,country`."""
    texts = [text for cell in cells if (text := as_text(cell))]
    headers = [read_header(text) for text in texts]
    known = [header for header in headers if header.sureness >= CORE]
    is_words = not any(char.isdigit() for text in texts for char in text)
    return bool(known) and (2 * len(known) >= len(headers) or is_words)


def lists_securities(grid: Grid) -> bool:
    """Whether a sheet is a list of securities without amounts: a header of names and codes, and lines with an ISIN."""
    at = next((at for at, cells in enumerate(grid.rows[:SEARCHED]) if is_short_header(cells)), None)
    below = grid.rows[at + 1 :] if at is not None else []
    return any(isinstance(cell, str) and read_isin(cell) for cells in below[:SEARCHED] for cell in cells)
