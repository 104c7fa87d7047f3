"""A table of securities, with amounts or without, row by row: every row stays, and the user's columns with it.

For the check of many lines at once. What a column means is decided as in a portfolio; what is no position there - a
total, a heading, a note - is a row here, and nothing is skipped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from esgscan.errors import PortfolioError
from esgscan.portfolio.blocks import find_blocks
from esgscan.portfolio.columns import IDENTITY, Shape, map_columns, shape_of
from esgscan.portfolio.grids import letter
from esgscan.portfolio.inputs import open_source
from esgscan.portfolio.lines import as_text, gather_lines
from esgscan.portfolio.positions import identities
from esgscan.portfolio.reading import ReadingOptions
from esgscan.portfolio.sheets import SEARCHED, find_tables, is_short_header

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esgscan.portfolio.blocks import Block
    from esgscan.portfolio.columns import Layout
    from esgscan.portfolio.grids import Cell, Grid, GridFile
    from esgscan.portfolio.inputs import Source

COLUMN_NAME = re.compile(r"[a-z][a-z_ ]*")
ADDED = ("issuer_id", "confidence", "matched_by", "evidence", "security_id")
"""Columns that a check adds."""
WITNESSES = ("exchange", "country", "currency", "local_currency")
NAMING = ("name", *sorted(IDENTITY))


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityTable:
    """A table of securities as it was read.

    Attributes:
        name: The file's name.
        header: The user's column names.
        columns: The user's cells as text, one sequence per column.
        identities: What each row says of its security, by the columns of POSITIONS.
        written: Where one column alone says what a row is, its cells: an identifier, a code or a name, each as typed.
        rows_above: Rows above the header, which are no rows of the table.
        sha256: Hash of what was read.
    """

    name: str
    header: tuple[str, ...]
    columns: tuple[Sequence[str], ...]
    identities: Mapping[str, Sequence[str]]
    written: Sequence[str] | None
    rows_above: int
    sha256: str

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.columns[0])


def read_list(source: Source, *, options: ReadingOptions | None = None, name: str = "") -> SecurityTable:
    """Read a table of securities.

    Args:
        source: Path of a file, its bytes, or a DataFrame.
        options: What the user says about the file.
        name: Name where the source is not a path.

    Raises:
        PortfolioError: The source cannot be read, or holds no table, or several.
        OptionError: `options` names a column that does not exist.
    """
    options = options or ReadingOptions()
    file, digest = open_source(source, name=name, sheet=options.sheet)
    found = [(block, layout) for grid in file.grids for block, layout in _tables(grid, file.name, options)]
    block, layout = _the_only(found, file)
    lines = gather_lines(_without_ours(block), layout)
    naming = [meaning for meaning in NAMING if meaning in layout.index]
    is_alone = len(naming) == 1 and not layout.has(*WITNESSES)
    return SecurityTable(
        name=file.name,
        header=block.header if any(block.header) else _column_names(block),
        columns=tuple(_texts(column) for column in block.columns),
        identities=identities(lines),
        written=lines.texts.get(naming[0]) if is_alone else None,
        rows_above=max(block.header_row - 1, 0),
        sha256=digest,
    )


def _column_names(block: Block) -> tuple[str, ...]:
    """Name the columns of a table without a known header: by its first row where that has words, else by letters.

    The row stays a row: were it a security, a table that takes it for a header would lose it without a word.
    """
    first = tuple(as_text(column[0]) for column in block.columns)
    is_named = len(set(first)) == len(first) > 1 and all(map(COLUMN_NAME.fullmatch, first))
    return first if is_named else tuple(map(letter, range(len(first))))


def _tables(grid: Grid, name: str, options: ReadingOptions) -> list[tuple[Block, Layout]]:
    """Find the tables of one sheet: as in a portfolio, else below a header of few words, else one without a header."""
    header_row = options.header_row
    blocks = [
        table.block
        for table in find_tables(grid, name=name, header_row=header_row, named=options.columns)
        if table.layout.has(*NAMING) and table.block.height
    ]
    if not blocks and header_row is None and any(map(_filled, grid.rows)):
        top = next((row for row, cells in enumerate(grid.rows[:SEARCHED]) if is_short_header(cells)), None)
        blocks = find_blocks(grid, name=name, header_rows=[0 if top is None else top + 1])
    mapped = [(block, _layout(block, options.columns)) for block in blocks if block.height]
    return [(block, layout) for block, layout in mapped if layout.has(*NAMING)]


def _layout(block: Block, named: Mapping[str, str]) -> Layout:
    """Decide what the columns mean; where none is a name, the first text under words that are not known is one."""
    bare = _without_ours(block)
    layout = map_columns(bare.header, bare.columns, named=named)
    if layout.has("name"):
        return layout
    free = [
        position
        for position, header in enumerate(layout.headers)
        if header.text and not header.sureness and shape_of(bare.columns[position]) is Shape.TEXT
    ]
    first = letter(free[0]) if free else "" if layout.has(*NAMING) else "A"
    return map_columns(bare.header, bare.columns, named={**named, "name": first}) if first else layout


def _without_ours(block: Block) -> Block:
    """Empty the columns that say nothing of a security: those of an earlier check, and running numbers."""
    nothing = ("",) * block.height
    is_ours = [
        header.casefold() in ADDED or _is_running(column)
        for header, column in zip(block.header, block.columns, strict=True)
    ]
    pairs = zip(block.header, block.columns, is_ours, strict=True)
    header, columns = zip(*(("", nothing) if ours else (text, column) for text, column, ours in pairs), strict=True)
    return replace(block, header=header, columns=columns)


def _is_running(cells: Sequence[Cell]) -> bool:
    """Whether the cells count the rows, from 0 or 1."""
    if len(cells) < 2 or as_text(cells[0]) not in {"0", "1"}:
        return False
    first = int(as_text(cells[0]))
    return all(as_text(cell) == str(number) for number, cell in enumerate(cells, start=first))


def _filled(cells: Sequence[Cell]) -> list[str]:
    return [text for cell in cells if (text := as_text(cell))]


def _the_only(found: Sequence[tuple[Block, Layout]], file: GridFile) -> tuple[Block, Layout]:
    """Take the only table.

    Raises:
        PortfolioError: There is none, or there are several.
    """
    if len(found) == 1:
        return found[0]
    if not found:
        what = f"{file.name!r} holds no table of securities."
        mend = "name the header row with --header-row (0 if there is none) and columns with --column MEANING=LETTER"
        raise PortfolioError(what, where=file.name, mend=mend)
    places = [f"row {block.header_row}" + (f" of {block.sheet!r}" if block.sheet else "") for block, _ in found]
    what = f"{file.name!r} holds {len(found)} tables, and one is checked at a time: {', '.join(places)}."
    raise PortfolioError(what, where=file.name, mend="choose one with --sheet, or with --header-row")


def _texts(cells: Sequence[Cell]) -> Sequence[str]:
    """Give the cells of a column as text, as the user has them."""
    return cells if set(map(type, cells)) == {str} else [as_text(cell) for cell in cells]  # type: ignore[return-value]
