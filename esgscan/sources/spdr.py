"""State Street SPDR holdings files: workbooks of the US and of Europe, CSV of Australia.

The US workbook has neither values nor ISINs; its CUSIPs lack the check digit in older files.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from esgscan.identifiers import read_isin
from esgscan.sources.asked import find_day
from esgscan.sources.sheets import listed

if TYPE_CHECKING:
    from esgscan.portfolio.blocks import Block
    from esgscan.sources.asked import Asked
    from esgscan.sources.listed import ListedFund
    from esgscan.sources.sheets import Sheets

US = ("Name", "Ticker", "Identifier", "SEDOL", "Weight", "Shares Held")
EMEA = ("ISIN", "SEDOL", "Security Name", "Percent of Fund")
AU = ("ISIN", "SEDOL", "Ticker", "Weight (%)", "Trade Country Name")


def recognises(sheets: Sheets) -> bool:
    """Whether a table has the columns of one of the three, or stands below the labels of a workbook of SPDR's."""
    return _table(sheets) is not None


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the fund; name, ticker, ISIN and day stand above the table, if at all."""
    table = _table(sheets)
    assert table is not None  # noqa: S101 - the file was recognised by it
    dated = [*sheets.stated("holdings"), *sheets.stated("holdings as of"), *sheets.stated("as of")]
    day = next(filter(None, map(find_day, dated)), None)
    found = listed(
        table,
        name=asked.name,
        publisher="State Street SPDR",
        as_of=asked.day_of(day),
        fund=next(iter(sheets.stated("fund name")), ""),
    )
    isin = read_isin(next(iter(sheets.stated("isin")), ""))
    ticker = next(iter(sheets.stated("ticker symbol")), "") or None
    return [replace(found, isin=isin, ticker=ticker)]


def _table(sheets: Sheets) -> Block | None:
    known = (sheets.with_header(*words) for words in (US, EMEA, AU))
    is_labelled = sheets.stated("fund name") and (sheets.stated("holdings") or sheets.stated("holdings as of"))
    return next(filter(None, known), sheets.blocks[0] if is_labelled else None)
