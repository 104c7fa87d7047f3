"""BetaShares holdings files (Australia): Bloomberg tickers, an empty SEDOL column, cash by currency at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.sources.asked import find_day
from esgscan.sources.sheets import above, listed

if TYPE_CHECKING:
    from esgscan.sources.asked import Asked
    from esgscan.sources.listed import ListedFund
    from esgscan.sources.sheets import Sheets

TABLE = ("Ticker", "Name", "Asset Class", "Weight (%)", "Shares/Units (#)", "Market Value (AUD)")


def recognises(sheets: Sheets) -> bool:
    """Whether a table has the columns of BetaShares'."""
    return sheets.with_header(*TABLE) is not None


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the fund; neither its name nor its day need be in the file."""
    table = sheets.with_header(*TABLE)
    assert table is not None  # noqa: S101 - the file was recognised by it
    days = (find_day(cell) for texts in above(table) for cell in texts)
    as_of = asked.day_of(next(filter(None, days), None))
    return [listed(table, name=asked.name, publisher="BetaShares", as_of=as_of, currency="AUD")]
