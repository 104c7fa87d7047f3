"""Invesco US holdings files: the fund's ticker and the day on each line."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from esgscan.sources.asked import find_day
from esgscan.sources.sheets import column, listed, rows_of, without

if TYPE_CHECKING:
    from esgscan.sources.asked import Asked
    from esgscan.sources.listed import ListedFund
    from esgscan.sources.sheets import Sheets

TABLE = ("Fund Ticker", "Security Identifier", "Holding Ticker")
US_DATE = "%m/%d/%Y"


def recognises(sheets: Sheets) -> bool:
    """Whether a table has the columns of Invesco's."""
    return sheets.with_header(*TABLE) is not None


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the funds, one per run of lines with one ticker and day."""
    block = sheets.with_header(*TABLE)
    assert block is not None  # noqa: S101 - the file was recognised by it
    tickers, days = column(block, "Fund Ticker"), column(block, "Date") or [""] * block.height
    keys = [(ticker, day) for ticker, day in zip(tickers, days, strict=True)]
    found, start = [], 0
    for (ticker, day), lines in groupby(keys):
        end = start + len(list(lines))
        if ticker:
            table = without(rows_of(block, start, end), "Fund Ticker", "Date")
            as_of = asked.day_of(find_day(day, US_DATE))
            one = listed(table, name=asked.name, publisher="Invesco", as_of=as_of, currency="USD")
            found.append(replace(one, ticker=ticker))
        start = end
    return found
