"""Satrix holdings files (South Africa): weights are fractions, and MARKET CAP is the company's, not the position's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.sources.asked import find_day
from esgscan.sources.sheets import listed, without

if TYPE_CHECKING:
    from esgscan.sources.asked import Asked
    from esgscan.sources.listed import ListedFund
    from esgscan.sources.sheets import Sheets

TABLE = ("Code", "Share name", "Weight", "Market cap")
SOUTH_AFRICAN_DATE = "%d/%m/%Y"


def recognises(sheets: Sheets) -> bool:
    """Whether a table has the columns of Satrix's."""
    return sheets.with_header(*TABLE) is not None


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the fund; its name is not in the file."""
    table = sheets.with_header(*TABLE)
    assert table is not None  # noqa: S101 - the file was recognised by it
    day = find_day(next(iter(sheets.stated("last updated")), ""), SOUTH_AFRICAN_DATE)
    lines = without(table, "Market cap", "Closing")
    return [listed(lines, name=asked.name, publisher="Satrix", as_of=asked.day_of(day), currency="ZAR")]
