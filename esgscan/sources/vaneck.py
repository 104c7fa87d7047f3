"""VanEck Australia holdings files: Bloomberg tickers, values in Australian dollars, cash on the last line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.sources.asked import find_day
from esgscan.sources.sheets import above, listed

if TYPE_CHECKING:
    from esgscan.portfolio.blocks import Block
    from esgscan.sources.asked import Asked
    from esgscan.sources.listed import ListedFund
    from esgscan.sources.sheets import Sheets


def recognises(sheets: Sheets) -> bool:
    """Whether a table has the columns of VanEck's."""
    return _table(sheets) is not None


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the fund; neither its name nor its day need be in the file."""
    table = _table(sheets)
    assert table is not None  # noqa: S101 - the file was recognised by it
    days = (find_day(cell) for texts in above(table) for cell in texts)
    as_of = asked.day_of(next(filter(None, days), None))
    return [listed(table, name=asked.name, publisher="VanEck", as_of=as_of, currency="AUD")]


def _table(sheets: Sheets) -> Block | None:
    common = ("Number", "Security name", "% of Net Assets")
    return sheets.with_header(*common, "Ticker") or sheets.with_header(*common, "ASX code")
