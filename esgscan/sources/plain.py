"""A plain table of fund holdings: one line per holding, with the fund and the day on each line.

Columns: `fund` (name, ISIN or ticker of the fund) or `fund_isin`, and `as_of`; then what a portfolio has: name, isin,
ticker, exchange, country, currency, asset_class, market_value or weight. `fund_total` states the value of the whole
fund where the table does not list all of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import polars as pl

from esgscan.errors import SourceError
from esgscan.identifiers import read_isin
from esgscan.sources.listed import ListedFund, positions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.portfolio.blocks import Block
    from esgscan.portfolio.grids import Cell

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
LONGEST_TICKER = 6


def recognises(blocks: Sequence[Block]) -> bool:
    """Whether a table has a column for the day, and the file is one table."""
    return any("as_of" in _own_columns(block) for block in blocks)


def read(blocks: Sequence[Block], *, name: str, has_fund: bool) -> list[ListedFund]:
    """Read the funds of the table, one per fund and day.

    Raises:
        SourceError: A line has no day that can be read, or there is no column for the fund and the user gave none.
    """
    block = next(block for block in blocks if "as_of" in _own_columns(block))
    own = _own_columns(block)
    if not has_fund and not {"fund", "isin", "ticker"} & set(own):
        what = "The table does not say of which fund the holdings are."
        raise SourceError(what, where=name, mend="add a column fund or fund_isin, or give --holdings FUND=PATH")
    lines = positions_of(_without(block, own), name=name)
    places = [row - block.first_row for row in lines["source_row"]]
    given = {
        meaning: [_text(block.columns[own[meaning]][n]) if meaning in own else "" for n in places] for meaning in WORDS
    }
    numbered = pl.DataFrame(given, schema=dict.fromkeys(WORDS, pl.String)).with_row_index("line")
    funds = []
    for (fund, isin, ticker, day, total), rows in numbered.group_by(list(WORDS), maintain_order=True):
        named, of_fund = str(fund), lines[rows["line"].to_list()]
        funds.append(
            ListedFund(
                fund="" if read_isin(named) else named,
                isin=read_isin(str(isin)) or read_isin(named),
                ticker=str(ticker) or _ticker(named),
                as_of=_day(str(day), name, of_fund["source_row"][0]),
                lines=of_fund,
                publisher="the table itself",
                total=_total(str(total), name),
            )
        )
    return funds


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


def _day(text: str, name: str, row: int) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        where = f"{name}, row {row}"
        raise SourceError(f"Cannot read the day '{text}'.", where=where, mend="write it as 2026-05-31") from error


def _total(text: str, name: str) -> float | None:
    if not text:
        return None
    try:
        return float(text.replace(",", ""))
    except ValueError as error:
        what = f"Cannot read the fund's total '{text}'."
        raise SourceError(what, where=f"{name}, column fund_total", mend="write it as 1234567.89") from error
