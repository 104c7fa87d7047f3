"""A list of holdings in a layout that nobody knows: of which fund and day it is, the list itself says or the user."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.portfolio.columns import IDENTITY, map_columns
from esgscan.records import Finding
from esgscan.sources.listed import ListedFund, positions_of
from esgscan.sources.plain import names_its_funds, read_block
from esgscan.sources.sheets import column, is_american
from esgscan.sources.stated import stated_day, stated_fund
from esgscan.terms import Severity

if TYPE_CHECKING:
    from esgscan.portfolio.blocks import Block
    from esgscan.sources.asked import Asked
    from esgscan.sources.sheets import Sheets

FILING = "ACCESSION_NUMBER"
"""The column that says of which filing with the SEC a line is."""


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the longest table as the holdings of one fund, or of those that a column or their sheets name.

    Raises:
        SourceError: There is no table, its lines have neither values nor weights, or nobody says of which day it is.
    """
    if not sheets.blocks:
        what = f"'{asked.name}' holds no table."
        raise SourceError(what, where=asked.name, mend="give a list of holdings")
    if by_sheet := _one_per_sheet(sheets):
        return [one for block in by_sheet for one in _read_table(block, asked)]
    return _read_table(max(sheets.blocks, key=_height), asked)


def _height(block: Block) -> int:
    return block.height


def _one_per_sheet(sheets: Sheets) -> list[Block]:
    """Give the longest table of each sheet of a workbook in which several sheets name a fund each."""
    longest = [max(blocks, key=_height) for grid in sheets.file.grids if (blocks := _lists_of(sheets, grid.sheet))]
    named = [block for block in longest if stated_fund(block).fund]
    return named if len({stated_fund(block).fund for block in named}) > 1 else []


def _lists_of(sheets: Sheets, sheet: str) -> list[Block]:
    """Give the tables of a sheet that list securities with amounts."""
    layouts = [(block, map_columns(block.header, block.columns)) for block in sheets.blocks if block.sheet == sheet]
    return [b for b, layout in layouts if layout.has("market_value", "weight") and layout.has("name", *IDENTITY)]


def _read_table(longest: Block, asked: Asked) -> list[ListedFund]:
    """Read one table as the holdings of one fund, or of those that a column names."""
    if len(set(column(longest, FILING))) > 1:
        what = f"'{asked.name}' is one table of a data set, and holds the lines of many filings."
        mend = "give the folder or the archive with all its tables"
        raise SourceError(what, where=asked.name, mend=mend)
    lines = positions_of(longest, name=asked.name)
    day = stated_day(longest, asked, is_american=is_american(longest, lines))
    if names_its_funds(longest):
        return read_block(longest, asked, day=day)
    said = stated_fund(longest)
    found = ListedFund(
        fund=said.fund,
        isin=said.isin,
        ticker=said.ticker,
        as_of=asked.day_of(day),
        lines=lines,
        publisher="not said in the file",
    )
    return [replace(found, findings=_told(found, asked, is_stated=day is not None))]


def _told(found: ListedFund, asked: Asked, *, is_stated: bool) -> tuple[Finding, ...]:
    """Say which fund and day were read beside the table of an unknown layout, so that nobody takes them unseen."""
    names = [f"'{name}'" for name in (found.fund, found.ticker, found.isin) if name]
    read = [f"the fund {', '.join(names)}"] if names and not asked.fund else []
    read += [f"the day {found.as_of}"] if is_stated else []
    if not read:
        return ()
    what = f"The layout is not known; {' and '.join(read)} {'stand' if len(read) > 1 else 'stands'} beside the table."
    mend = f"--holdings FUND@DATE={asked.name} if that is wrong"
    return (Finding(severity=Severity.INFO, where=asked.name, what=what, mend=mend),)
