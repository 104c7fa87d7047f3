"""Schwab Asset Management holdings files: the day on each line, FIGI and MIC, weights without values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.sources.asked import find_day
from esgscan.sources.sheets import column, listed, without

if TYPE_CHECKING:
    from esgscan.sources.asked import Asked
    from esgscan.sources.listed import ListedFund
    from esgscan.sources.sheets import Sheets

TABLE = ("As-Of-Date", "Symbol", "Quantity", "Percent of Assets")


def recognises(sheets: Sheets) -> bool:
    """Whether a table has the columns of Schwab's."""
    return sheets.with_header(*TABLE) is not None


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the fund; its name is not in the file."""
    table = sheets.with_header(*TABLE)
    assert table is not None  # noqa: S101 - the file was recognised by it
    days = [day for cell in column(table, "As-Of-Date") if (day := find_day(cell))]
    lines = without(table, "As-Of-Date", "Exchange (fx) Rate", "Currency")
    as_of = asked.day_of(max(days, default=None))
    return [listed(lines, name=asked.name, publisher="Schwab Asset Management", as_of=as_of)]
