"""Tables inside a sheet: header rows under preambles, one below another, and what stands above each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from esgscan.errors import PortfolioError
from esgscan.identifiers import read_isin
from esgscan.portfolio.columns import AMOUNTS, IDENTITY
from esgscan.portfolio.headers import CORE, DATED, Header, is_day, is_known, is_unit, read_header
from esgscan.portfolio.number_cells import is_missing, looks_numeric

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.portfolio.grids import Cell, Grid

SEARCHED_CLOSELY = 120
"""Rows at the top of a sheet in which every row may be a header; below, only rows without a number."""
WIDEST = 400
LONGEST_TITLE = 200
MOST_IN_PREAMBLE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One table of a sheet.

    Attributes:
        sheet: The sheet.
        header_row: Row of the header, from 1.
        header: Its cells as text.
        first_row: Row of the first line.
        columns: The cells of the lines, one sequence per column, all of one length.
        above: Rows of the preamble or title, with their row numbers.
        delimiter: Delimiter of the text file that it is in.
    """

    sheet: str
    header_row: int
    header: tuple[str, ...]
    first_row: int
    columns: tuple[Sequence[Cell], ...]
    above: tuple[tuple[int, Sequence[Cell]], ...] = ()
    delimiter: str = ""

    @property
    def height(self) -> int:
        """Number of lines."""
        return len(self.columns[0]) if self.columns else 0

    def row(self, line: int) -> int:
        """Give the spreadsheet row of a line."""
        return self.first_row + line


def find_blocks(grid: Grid, *, name: str, header_rows: Sequence[int] | None = None) -> list[Block]:
    """Find the tables of a sheet by their header rows.

    Args:
        grid: The sheet.
        name: The file's name, for messages.
        header_rows: Rows of the headers, if they are known; 0 for a table without one.

    Raises:
        PortfolioError: The sheet has no such row.
    """
    if header_rows is not None and 0 in header_rows:
        return [_headless(grid)]
    starts = _header_rows(grid.rows)
    if header_rows is not None:
        found = {bottom: (top, bottom) for top, bottom in starts}
        starts = [found.get(row - 1, (row - 1, row - 1)) for row in sorted(header_rows)]
        for _, bottom in starts:
            if not 0 <= bottom < len(grid.rows):
                what = f"There is no row {bottom + 1}; the sheet has {len(grid.rows)}."
                raise PortfolioError(what, where=f"{name}, sheet {grid.sheet!r}", mend="give another --header-row")
    blocks, above_from = [], 0
    for number, (top, bottom) in enumerate(starts):
        until = starts[number + 1][0] if number + 1 < len(starts) else len(grid.rows)
        end = _without_title(grid.rows, bottom + 1, until) if number + 1 < len(starts) else until
        block = _block(grid, top, bottom, end, above_from)
        blocks.extend([block] if header_rows else _side_by_side(block))
        above_from = end
    return blocks


def _side_by_side(block: Block) -> list[Block]:
    """Take apart tables that stand beside each other, an empty column between them or the same header twice."""
    gaps = [i for i, text in enumerate(block.header) if not text and not _filled(block.columns[i])]
    runs = [
        run for run in _runs(block.header, gaps) if _is_table([read_header(t) for t in block.header[slice(*run)] if t])
    ]
    return [cut_block(block, *run) for run in runs] if len(runs) > 1 else [block]


def _is_table(headers: Sequence[Header]) -> bool:
    """Whether the headers between two gaps are those of a table of its own: one that says what its lines are."""
    named = {meaning for header in headers if header.sureness >= CORE for meaning in header.meanings}
    named |= set(headers[0].meanings) & {"currency"} if headers else set()
    return is_header(headers) and bool(named & (IDENTITY | {"name", "account", "asset_class", "currency"}))


def _runs(header: Sequence[str], gaps: Sequence[int]) -> list[tuple[int, int]]:
    """Give the runs of columns between gaps, as (first, end); one that holds its headers twice is two."""
    runs, start = [], 0
    for end in [*gaps, len(header)]:
        width = end - start
        half = start + width // 2
        if width > 3 and width % 2 == 0 and header[start:half] == header[half:end]:
            runs += [(start, half), (half, end)]
        elif width > 1:
            runs.append((start, end))
        start = end + 1
    return runs


def cut_block(block: Block, start: int, end: int) -> Block:
    """Keep some columns of a block where they stand; all others become empty."""
    empty = ("",) * block.height

    def within(cells: Sequence[Cell]) -> list[Cell]:
        return [cell if start <= at < end else "" for at, cell in enumerate(cells)]

    return replace(
        block,
        header=tuple(text if start <= at < end else "" for at, text in enumerate(block.header)),
        columns=tuple(column if start <= at < end else empty for at, column in enumerate(block.columns)),
        above=tuple((row, within(cells)) for row, cells in block.above),
    )


def is_header(headers: Sequence[Header]) -> bool:
    """Whether the cells of a row are the header of a table of securities."""
    known = [h for h in headers if h.sureness]
    sure = {m for h in known if h.sureness >= CORE for m in h.meanings}
    meanings = {m for h in known for m in h.meanings}
    if len(known) < 2:
        return False
    identity = bool(sure & (IDENTITY | {"name"}))
    if identity and meanings & AMOUNTS:
        return True
    dated = sum(DATED in h.meanings for h in known)
    if identity and dated and (dated > 1 or len(known) > 1 + dated):
        return True
    if len(known) == len(headers) >= 3 and all(h.sureness >= CORE for h in known) and sure & AMOUNTS:
        return True  # such as `Account | Currency | Market Value`, the header of the cash of a statement
    share = 2 * len(known) >= len(headers)
    trades = sum(h.sureness >= CORE and bool({"transaction", "lot"} & set(h.meanings)) for h in known)
    if trades > 1 and meanings & AMOUNTS:
        return True  # such as a bank's list of payments, few of whose many columns have known words
    return len(known) >= 3 and share and (identity or trades > 1 or len(sure & AMOUNTS) > 1)


def _header_rows(rows: Sequence[Sequence[Cell]]) -> list[tuple[int, int]]:
    """Find header rows as (first, last) row of the header; two lines that make one header are one pair."""
    found: list[tuple[int, int]] = []
    texts_of_first: frozenset[str] = frozenset()
    numbered = 0
    for index, row in enumerate(rows):
        if index >= SEARCHED_CLOSELY and numbered < len(row) and type(row[numbered]) is float:
            continue  # a line like those before it: its number stands where theirs did
        if found and found[-1] == (index - 1, index - 1) and _goes_on(row, rows[index - 1]):
            found[-1] = (index - 1, index)
            continue
        if index >= SEARCHED_CLOSELY and not _may_be_header(row):
            numbered = next((at for at, cell in enumerate(row) if type(cell) is float), 0)
            continue
        texts = [c.strip() for c in row[:WIDEST] if type(c) is str and c.strip()]
        texts += [c.isoformat()[:10] for c in row[:WIDEST] if isinstance(c, date)] if texts else []
        if len(texts) < 2 or _is_data(row) or not is_header([read_header(t) for t in texts if not is_missing(t)]):
            continue
        if found and found[-1][1] == index - 1:
            same = frozenset(texts) == texts_of_first
            found[-1] = (index, index) if same else (found[-1][0], index)
        else:
            found.append((index, index))
        texts_of_first = frozenset(texts)
    return found


def _goes_on(row: Sequence[Cell], above: Sequence[Cell]) -> bool:
    """Whether the row below a header goes on with it: words for columns or units, nothing that a line would have."""
    filled = [c for c in row[:WIDEST] if c is not None and (type(c) is not str or c.strip())]
    texts = [c.strip() for c in filled if type(c) is str]
    if not texts or len(texts) < len(filled):
        return False
    if _names_units(row, above):
        return True
    if any(looks_numeric(t) or _is_isin(t) for t in texts):
        return False
    known = [h for h in map(read_header, texts) if h.sureness >= CORE]
    amounts = any(AMOUNTS & set(h.meanings) for h in known)
    if amounts and 2 * len(known) >= len(texts) and not is_header([read_header(t) for t in texts]):
        return True
    return len(texts) > 1 and _tells_groups_apart(row, above)


def _names_units(row: Sequence[Cell], above: Sequence[Cell]) -> bool:
    """Whether every word of a row is the unit of the amounts that the header above it names: `USD m`, `(000)`, `%`."""
    units = [(at, _text(cell)) for at, cell in enumerate(row[:WIDEST]) if _text(cell)]
    headers = [(unit, read_header(_text(above[at]) if at < len(above) else "")) for at, unit in units]
    return all(AMOUNTS & set(header.meanings) and is_unit(unit) for unit, header in headers)


def _tells_groups_apart(row: Sequence[Cell], groups: Sequence[Cell]) -> bool:
    """Whether a row names the columns under headers that stand over several: `Local`, `Base` under `Market Value`."""
    named = [_text(cell) for cell in groups[:WIDEST]]
    last = max((at for at, text in enumerate(named) if text), default=0)
    has_groups = len(set(filter(None, named))) < len(named[: last + 1]) or len(row) > last + 1
    lower = [(at, _text(cell)) for at, cell in enumerate(row[:WIDEST]) if _text(cell)]
    joined = list(map(_text, _joined(groups, row)))
    return has_groups and all(joined[at].endswith(text) and is_known(joined[at]) for at, text in lower)


def _is_data(row: Sequence[Cell]) -> bool:
    """Whether a row has too many numbers, or an ISIN, to be a header, whatever words it has."""
    filled = [c for c in row[:WIDEST] if c is not None and (type(c) is not str or c.strip())]
    numbers = sum(looks_numeric(c) and not (type(c) is str and is_day(c)) for c in filled)
    return (numbers > 1 and 5 * numbers >= len(filled)) or any(type(c) is str and _is_isin(c) for c in filled)


def _is_isin(text: str) -> bool:
    return len(text) == 12 and text[-1].isdigit() and read_isin(text) is not None


def _may_be_header(row: Sequence[Cell]) -> bool:
    """Whether a row deep in a sheet has no number in it: cheap, since every line is asked."""
    filled = 0
    for cell in row:
        if cell is None or cell == "":
            continue
        if type(cell) is not str or cell[-1].isdigit() or len(cell) > LONGEST_TITLE:
            return False
        filled += 1
    return filled > 1


def _without_title(rows: Sequence[Sequence[Cell]], first: int, until: int) -> int:
    """Give the end of a table above another: what stands between, below a blank row, is the preamble of the next.

    A preamble has one or two cells a row. In a table so narrow that its lines have no more, one is as much as counts.
    """
    most = 2 if first < until and _filled(rows[first]) > MOST_IN_PREAMBLE else 1
    start = until
    while start > first and _filled(rows[start - 1]) <= most:
        start -= 1
    return next((row for row in range(start, until) if _filled(rows[row]) == 0), until)


def _block(grid: Grid, top: int, bottom: int, end: int, above_from: int) -> Block:
    rows = grid.rows[bottom + 1 : end]
    header_cells = _joined(grid.rows[top], grid.rows[bottom]) if top != bottom else list(grid.rows[top])
    width = min(max(len(header_cells), max(map(len, rows), default=0)), WIDEST)
    header = tuple(_text(header_cells[i]) if i < len(header_cells) else "" for i in range(width))
    columns = _turned(rows)[:width]
    columns += tuple(("",) * len(rows) for _ in range(width - len(columns)))
    above = tuple((r + 1, grid.rows[r]) for r in range(above_from, top) if _filled(grid.rows[r]))
    return Block(
        sheet=grid.sheet,
        header_row=bottom + 1,
        header=header,
        first_row=bottom + 2,
        columns=columns,
        above=above[-40:],
    )


def _turned(rows: Sequence[Sequence[Cell]]) -> tuple[Sequence[Cell], ...]:
    """Make columns of rows; where all are of one length, by steps through all cells, which is four times faster."""
    lengths = set(map(len, rows))
    if len(lengths) != 1:
        return tuple(zip_longest(*rows, fillvalue=""))
    (length,) = lengths
    cells = list(chain.from_iterable(rows))
    return tuple(cells[start::length] for start in range(length))


def _headless(grid: Grid) -> Block:
    """Take a whole sheet as lines; its columns have no names."""
    columns = _turned(grid.rows)[:WIDEST]
    return Block(sheet=grid.sheet, header_row=0, header=("",) * len(columns), first_row=1, columns=columns)


def _joined(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[Cell]:
    """Make one header of two lines: a pair that is a known phrase is taken together, else the cell that is known."""
    joined: list[Cell] = []
    carried = ""
    for above, below in zip_longest(upper, lower, fillvalue=""):
        first, second = _text(above), _text(below)
        carried = first or carried
        both = f"{carried} {second}" if second else first
        options = [text for text in (both, second, first) if text]
        sure = (text for text in options if is_known(text))
        joined.append(next(sure, options[0] if options else ""))
    return joined


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def _filled(row: Sequence[Cell]) -> int:
    """Count the cells that hold something; a lone no-break space does not."""
    return sum(1 for cell in row if cell is not None and (type(cell) is not str or cell.strip()))
