"""The sheets of a holdings file as publishers' readers meet them: tables, and what stands above them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from esgscan.portfolio.blocks import Block, find_blocks
from esgscan.sources.listed import ListedFund, positions_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    import polars as pl

    from esgscan.portfolio.grids import Cell, GridFile

BLANKS = re.compile(r"[\s\u00a0\ufeff]+")
AMERICAN = (
    ("% of Net Assets", "Ticker", "Name", "SEDOL", "Market Price ($)"),
    ("Fund Ticker", "Security Ticker", "Exposure Value"),
    ("Account Symbol", "Stock Ticker", "Security Number"),
)
"""Headers of lists that Global X, ProShares and AdvisorShares publish; they have no column for the CUSIP."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """A file as sheets of cells, and the tables found in them."""

    file: GridFile
    blocks: tuple[Block, ...]

    @classmethod
    def of(cls, file: GridFile) -> Sheets:
        """Find the tables of a file."""
        blocks = (block for grid in file.grids for block in find_blocks(grid, name=file.name))
        return cls(file, tuple(replace(block, delimiter=file.delimiter) for block in blocks))

    def with_header(self, *words: str) -> Block | None:
        """Give the first table whose header has all these words."""
        return next((block for block in self.blocks if has_header(block, *words)), None)

    def stated(self, label: str) -> list[str]:
        """Give what stands beside a label above the tables: `Fund Name:` gives the name."""
        for block in self.blocks:
            for texts in above(block):
                if texts[0].casefold().rstrip(":") == label:
                    return texts[1:]
        return []


def has_header(block: Block, *words: str) -> bool:
    """Whether the header of a table has all these words, in any order and case."""
    header = {text(cell).casefold() for cell in block.header}
    return header.issuperset(word.casefold() for word in words)


def above(block: Block) -> Iterator[list[str]]:
    """Give the filled cells of each row above a table."""
    for _, cells in block.above:
        texts = [found for cell in cells if (found := text(cell))]
        if texts:
            yield texts


def text(cell: Cell) -> str:
    """Give a cell as text, blanks of all kinds made one."""
    return BLANKS.sub(" ", str(cell)).strip() if cell is not None else ""


def column(block: Block, word: str) -> list[str]:
    """Give a column of a table as text by its header; empty where there is none."""
    at = next((n for n, cell in enumerate(block.header) if text(cell).casefold() == word.casefold()), None)
    return [] if at is None else [text(cell) for cell in block.columns[at]]


def one_of(texts: Sequence[str]) -> str:
    """Give what all filled cells of a column say; empty where they differ."""
    said = {one for one in texts if one}
    return said.pop() if len(said) == 1 else ""


def is_american(block: Block, lines: pl.DataFrame) -> bool:
    """Whether a list is of a North American publisher, who writes the month before the day: most have CUSIPs."""
    return lines["cusip"].null_count() < lines.height or any(has_header(block, *words) for words in AMERICAN)


def without(block: Block, *words: str) -> Block:
    """Take columns out of a table that would be taken for others."""
    unwanted = {word.casefold() for word in words}
    kept = [n for n, cell in enumerate(block.header) if text(cell).casefold() not in unwanted]
    return replace(block, header=tuple(block.header[n] for n in kept), columns=tuple(block.columns[n] for n in kept))


def rows_of(block: Block, start: int, end: int) -> Block:
    """Cut lines out of a table."""
    columns = tuple(cells[start:end] for cells in block.columns)
    return replace(block, columns=columns, first_row=block.first_row + start)


def listed(block: Block, *, name: str, publisher: str, as_of: date, fund: str = "", currency: str = "") -> ListedFund:
    """Make one fund of one table.

    Raises:
        SourceError: The table has no lines with a value or a weight.
    """
    return ListedFund(
        fund=fund,
        as_of=as_of,
        lines=positions_of(block, name=name),
        publisher=publisher,
        currency=currency or None,
    )
