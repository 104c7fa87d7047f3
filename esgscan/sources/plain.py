"""A plain table of fund holdings: one line per holding, with the fund and the day on each line.

Columns: `fund` (name, ISIN or ticker of the fund) or `fund_isin`, and `as_of`; then what a portfolio has: name, isin,
ticker, exchange, country, currency, asset_class, market_value or weight. `fund_total` states the value of the whole
fund where the table does not list all of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.identifiers import read_isin
from esgscan.portfolio.dates import read_dates
from esgscan.portfolio.numbers import read_numbers
from esgscan.sources.asked import LONGEST_TICKER
from esgscan.sources.listed import ListedFund, positions_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import polars as pl

    from esgscan.portfolio.blocks import Block
    from esgscan.portfolio.grids import Cell
    from esgscan.sources.asked import Asked
    from esgscan.sources.sheets import Sheets

COLUMNS = (
    "fund (or fund_isin), as_of, name, isin, ticker, exchange, country, currency, asset_class, market_value (or weight)"
)
WORDS = {
    "fund": ("fund", "fund_name", "fund name", "fund_id", "fund id", "fonds", "fonds name"),
    "isin": ("fund_isin", "fund isin"),
    "ticker": ("fund_ticker", "fund ticker"),
    "as_of": ("as_of", "as of", "as_of_date", "as-of date", "holdings date", "date", "stand"),
    "total": ("fund_total", "fund total", "total_market_value", "fund_value", "net_assets"),
}
"""Header words of the columns that say what the lines belong to; the others are those of a portfolio."""


def recognises(sheets: Sheets) -> bool:
    """Whether a table has a column for the day, and the file is one table."""
    return any("as_of" in _own_columns(block) for block in sheets.blocks)


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the funds of the table, one per fund and day.

    Raises:
        SourceError: A line has no day that can be read, or there is no column for the fund and the user gave none.
    """
    block = next(block for block in sheets.blocks if "as_of" in _own_columns(block))
    own = _own_columns(block)
    if not asked.fund and not {"fund", "isin", "ticker"} & set(own):
        what = "The table does not say of which fund the holdings are."
        raise SourceError(what, where=asked.name, mend="add a column fund or fund_isin, or give --holdings FUND=PATH")
    lines = positions_of(_without(block, own), name=asked.name)
    days = _days(block.columns[own["as_of"]], asked.name)
    groups: dict[tuple[str, ...], list[int]] = {}
    for n, row in enumerate(lines["source_row"]):
        cells = (_text(block.columns[own[word]][row - block.first_row]) if word in own else "" for word in WORDS)
        groups.setdefault(tuple(cells), []).append(n)
    return [_fund(dict(zip(WORDS, said, strict=True)), days, lines[rows], asked.name) for said, rows in groups.items()]


def _fund(said: dict[str, str], days: Mapping[str, date], lines: pl.DataFrame, name: str) -> ListedFund:
    named = said["fund"]
    return ListedFund(
        fund="" if read_isin(named) else named,
        isin=read_isin(said["isin"]) or read_isin(named),
        ticker=said["ticker"] or _ticker(named),
        as_of=_day(said["as_of"], days, name, int(lines["source_row"][0])),
        lines=lines,
        publisher="the table itself",
        total=_total(said["total"], name),
    )


def _own_columns(block: Block) -> dict[str, int]:
    """Find the columns that say what the lines belong to: meaning -> position."""
    headers = [header.strip().casefold() for header in block.header]
    found: dict[str, int] = {}
    for meaning, words in WORDS.items():
        at = next((headers.index(word) for word in words if word in headers), None)
        if at is not None:
            found[meaning] = at
    return found


def _without(block: Block, own: dict[str, int]) -> Block:
    """Take those columns out, so that what is left reads like a portfolio."""
    kept = [n for n in range(len(block.header)) if n not in own.values()]
    return replace(
        block,
        header=tuple(block.header[n] for n in kept),
        columns=tuple(block.columns[n] for n in kept),
    )


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell).strip()


def _ticker(fund: str) -> str | None:
    return fund if fund.isupper() and fund.isalnum() and len(fund) <= LONGEST_TICKER else None


def _days(cells: Sequence[Cell], name: str) -> Mapping[str, date]:
    """Read the column of days, by the text of its cells.

    Raises:
        SourceError: No cell shows whether the day or the month stands first.
    """
    read = read_dates(cells)
    if read.is_ambiguous:
        shown = next(_text(cell) for cell, day in zip(cells, read.values, strict=True) if day)
        what = f"Cannot tell day and month of '{shown}' apart."
        raise SourceError(what, where=f"{name}, column as_of", mend="write it as 2026-05-31")
    return {_text(cell): day for cell, day in zip(cells, read.values, strict=True) if day}


def _day(text: str, days: Mapping[str, date], name: str, row: int) -> date:
    if text in days:
        return days[text]
    raise SourceError(f"Cannot read the day '{text}'.", where=f"{name}, row {row}", mend="write it as 2026-05-31")


def _total(text: str, name: str) -> float | None:
    if not text:
        return None
    read = read_numbers([text])
    if read.values[0] is None or read.is_ambiguous:
        what = f"Cannot read the fund's total '{text}'."
        raise SourceError(what, where=f"{name}, column fund_total", mend="write it as 1234567.89")
    return read.values[0]
