"""Xtrackers (DWS) constituents workbooks: the fund, its ISIN and the day stand above the table, if at all.

The export of a product has `Type of Security` and `Weighting` in every edition, and neither values nor codes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from esgscan.identifiers import read_isin
from esgscan.sources.asked import find_day
from esgscan.sources.sheets import above, listed

if TYPE_CHECKING:
    from esgscan.portfolio.blocks import Block
    from esgscan.sources.asked import Asked
    from esgscan.sources.listed import ListedFund
    from esgscan.sources.sheets import Sheets

TABLES = (("Name", "ISIN", "Type of Security", "Weighting"), ("Name", "ISIN", "Wertpapierart", "Gewichtung"))


def recognises(sheets: Sheets) -> bool:
    """Whether a table has the columns of the export, in English or in German."""
    return _table(sheets) is not None


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the fund."""
    table = _table(sheets)
    assert table is not None  # noqa: S101 - the file was recognised by it
    cells = [cell for texts in above(table) for cell in texts]
    words = [word for cell in cells for word in cell.replace(":", " ").split()]
    isin = next(filter(None, map(read_isin, words)), None)
    day = next(filter(None, map(find_day, [*cells, *words])), None)
    name = next((cell for cell in cells if "xtrackers" in cell.casefold() and read_isin(cell) is None), "")
    found = listed(table, name=asked.name, publisher="Xtrackers", as_of=asked.day_of(day), fund=name)
    return [replace(found, isin=isin)]


def _table(sheets: Sheets) -> Block | None:
    return next(filter(None, (sheets.with_header(*words) for words in TABLES)), None)
