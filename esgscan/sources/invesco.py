"""Invesco US holdings files: the fund's ticker and the day on each line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from esgscan.sources.asked import find_day
from esgscan.sources.sheets import column, listed, without

if TYPE_CHECKING:
    from datetime import date

    from esgscan.portfolio.blocks import Block
    from esgscan.sources.asked import Asked
    from esgscan.sources.listed import ListedFund
    from esgscan.sources.sheets import Sheets

TABLE = ("Fund Ticker", "Security Identifier", "Holding Ticker")
US_DATE = "%m/%d/%Y"


def recognises(sheets: Sheets) -> bool:
    """Whether a table has the columns of Invesco's."""
    return sheets.with_header(*TABLE) is not None


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the funds, one per ticker and day."""
    block = sheets.with_header(*TABLE)
    assert block is not None  # noqa: S101 - the file was recognised by it
    tickers, dates = column(block, "Fund Ticker"), column(block, "Date") or [""] * block.height
    groups: dict[tuple[str, date], list[int]] = {}
    for line, (ticker, day) in enumerate(zip(tickers, dates, strict=True)):
        if ticker:
            groups.setdefault((ticker, asked.day_of(find_day(day, US_DATE))), []).append(line)
    return [_fund(block, lines, ticker, day, asked.name) for (ticker, day), lines in groups.items()]


def _fund(block: Block, lines: list[int], ticker: str, day: date, name: str) -> ListedFund:
    own = replace(block, columns=tuple([cells[line] for line in lines] for cells in block.columns))
    table = without(own, "Fund Ticker", "Date")
    return replace(listed(table, name=name, publisher="Invesco", as_of=day, currency="USD"), ticker=ticker)
