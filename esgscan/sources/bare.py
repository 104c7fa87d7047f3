"""A list of holdings in a layout that nobody knows: of which fund and day it is, the list itself says or the user."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from esgscan.errors import SourceError
from esgscan.portfolio.columns import IDENTITY, map_columns
from esgscan.records import Finding
from esgscan.sources.listed import ListedFund, positions_of
from esgscan.sources.plain import names_its_funds, read_block
from esgscan.sources.sheets import above, column, is_american
from esgscan.sources.stated import Stated, stated_day, stated_fund, stated_total
from esgscan.sources.weighing import NEARLY_WHOLE, WHOLE
from esgscan.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.portfolio.blocks import Block
    from esgscan.sources.asked import Asked
    from esgscan.sources.sheets import Sheets

LARGEST = re.compile(
    r"\b(?:top|largest|größten?|principales|principali|grootste|största)[ -]?(?:\d{1,3}|five|ten|fifteen|twenty)?"
    r" (?:holdings|positions?|positionen|posiciones|posities|posizioni|lignes|titoli|innehav|investments)\b"
    r"|前十大(?:持股|持仓|持倉|重仓|成分)|上位\d*銘柄",
    re.IGNORECASE,
)
"""Words above a list of a fund's largest lines."""
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
    longest = max(sheets.blocks, key=_height)
    others = _other_sheets(sheets, longest)
    return _with_others(_read_table(longest, asked), others, asked) if others else _read_table(longest, asked)


def _other_sheets(sheets: Sheets, longest: Block) -> list[Block]:
    """Give the longest list of every other sheet that names the same fund, or none."""
    fund = stated_fund(longest)
    lists = [
        blocks
        for grid in sheets.file.grids
        if grid.sheet != longest.sheet and (blocks := _lists_of(sheets, grid.sheet))
    ]
    return [block for blocks in lists if stated_fund(block := max(blocks, key=_height)) in {fund, Stated()}]


def _with_others(found: list[ListedFund], others: Sequence[Block], asked: Asked) -> list[ListedFund]:
    """Add the lists of other sheets where the printed weights of all make the whole fund, as in one sheet per class.

    Where weights do not show it, other sheets may repeat the lines or be of another day: they are named.
    """
    own = _printed(found[0].lines)
    if len(found) > 1 or abs(own - 1) <= WHOLE:
        return found
    lines = [positions_of(block, name=asked.name) for block in others]
    if abs(own + sum(map(_printed, lines)) - 1) <= WHOLE:
        return [replace(found[0], lines=pl.concat([found[0].lines, *lines]))]
    shown = ", ".join(f"'{block.sheet}'" for block in others)
    what = f"Only the sheet with the longest list was read; there are lists on {shown} too."
    mend = "put all lines of the fund on one sheet if they belong together"
    said = Finding(severity=Severity.WARNING, where=asked.name, what=what, mend=mend)
    return [replace(found[0], findings=(*found[0].findings, said))]


def _printed(lines: pl.DataFrame) -> float:
    return float(lines["weight"].sum())


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
    _refuse_largest(longest, lines, asked)
    told = _told(found, asked, is_stated=day is not None)
    return [replace(found, findings=(*told, *_less_than_stated(longest, lines, asked)))]


def _refuse_largest(block: Block, lines: pl.DataFrame, asked: Asked) -> None:
    """Refuse the largest lines of a fund where nothing tells what they are a part of."""
    title = next((cell for row in above(block) for cell in row if LARGEST.search(cell)), "")
    if title and not _printed(lines):
        what = f"'{title}' stands above values without weights: what they are a part of is not told."
        mend = "give the whole list, or one with weights or with a column fund_total"
        raise SourceError(what, where=asked.name, mend=mend)


def _less_than_stated(block: Block, lines: pl.DataFrame, asked: Asked) -> tuple[Finding, ...]:
    """Warn of values without weights that add to less than the net assets above them: the list may be a part."""
    total, listed = stated_total(block), float(lines["market_value"].sum())
    if not total or _printed(lines) or not 0 < listed < NEARLY_WHOLE * total:
        return ()
    what = f"The file states net assets of {total:,.2f} above its table; the values add to {listed:,.2f}, taken as all."
    mend = "give the whole list, or write the net assets into a column fund_total if they are in the same currency"
    return (Finding(severity=Severity.WARNING, where=asked.name, what=what, mend=mend),)


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
