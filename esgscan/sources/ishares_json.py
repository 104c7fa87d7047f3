"""Holdings of iShares as their pages get them, in JSON (`.ajax?fileType=json`): lines of cells, and no header.

Amounts are objects with what is shown and the number, `{"display": "5.00", "raw": 5.0}`. The columns differ by country
and year. Which is the weight and which the value the numbers say: the weights add to a hundred, and the value left of
them is in proportion. Neither fund nor day stands in the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esgscan.errors import SourceError
from esgscan.identifiers import read_isin
from esgscan.portfolio.grids import Grid, GridFile
from esgscan.sources.asked import find_day
from esgscan.sources.ishares import PUBLISHER
from esgscan.sources.sheets import Sheets, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from esgscan.portfolio.grids import Cell
    from esgscan.sources.asked import Asked
    from esgscan.sources.listed import ListedFund

LINES = "aaData"
RAW = "raw"
FIRST = ("Ticker", "Name")
BEFORE = ("Sector", "Asset Class", "Market Value", "Weight (%)")
"""What stands up to the weight."""
LAST = ("Location", "Exchange")
CURRENCIES = {1: ("Market Currency",), 3: ("Currency", "FX Rate", "Market Currency")}
"""What stands behind the exchange: the currency of the market, or before it that of the fund and the rate."""
WHOLE = (90.0, 110.0)
"""What weights in percent may add to, with what rounding and shorts do."""
NEAR = 0.02
LARGE = 1.0
"""Weights from here on are exact enough to be compared with the values."""
FEWEST = 10
"""Cells of a line."""


def recognises(content: Any) -> bool:
    """Whether JSON has the key of the lines, and its first line has amounts as objects."""
    rows = _rows(content)
    return bool(rows) and any(isinstance(cell, dict) and RAW in cell for cell in rows[0])


def read(content: Mapping[str, Any], asked: Asked) -> list[ListedFund]:
    """Read the lines; fund and day are the user's, or those of the file's name.

    Raises:
        SourceError: No column has weights and the one before it values, or nobody says fund or day.
    """
    rows = [[_value(cell) for cell in row] for row in _rows(content)]
    header = _header(rows, asked.name)
    sheets = Sheets.of(GridFile(name=asked.name, format="json", grids=(Grid(sheet="", rows=[header, *rows]),)))
    return [listed(sheets.blocks[0], name=asked.name, publisher=PUBLISHER, as_of=asked.day_of(_day(content)))]


def _rows(content: Any) -> list[list[Any]]:
    rows = content.get(LINES) if isinstance(content, dict) else None
    lists = [row for row in rows if isinstance(row, list) and len(row) >= FEWEST] if isinstance(rows, list) else []
    return lists if rows and len(lists) == len(rows) else []


def _value(cell: Any) -> Cell:
    raw = cell.get(RAW, cell.get("display")) if isinstance(cell, dict) else cell
    return raw if isinstance(raw, (int, float)) or raw is None else str(raw)


def _day(content: Mapping[str, Any]) -> date | None:
    return find_day(str(content.get("asOfDate", "")))


def _header(rows: Sequence[Sequence[Cell]], name: str) -> list[Cell]:
    """Name the columns: the first by their places, amounts by their numbers, codes by their check digits."""
    columns = list(zip(*rows, strict=False))
    weight = next((n for n in range(len(FIRST) + 1, len(columns)) if _are_weights(columns[n], columns[n - 1])), None)
    if weight is None:
        what = "No column of the list has weights that the values before it give."
        raise SourceError(what, where=name, mend="give the CSV of the same fund")
    header: list[Cell] = [None] * len(columns)
    header[weight - len(BEFORE) + 1 : weight + 1] = BEFORE
    header[: len(FIRST)] = FIRST
    isin = next((n for n, cells in enumerate(columns) if any(read_isin(str(cell)) for cell in cells)), None)
    if isin is not None:
        header[isin] = "ISIN"
    place = next((n for row in rows if (n := _place(row, isin or weight))), None)
    if place is not None:
        _name_the_market(header, place)
    return header


def _place(row: Sequence[Cell], start: int) -> int | None:
    """Find the country of a line: a word behind the price, and before the exchange and a currency."""
    words = [
        n for n in range(start + 1, len(row) - len(LAST)) if isinstance(row[n], str) and isinstance(row[n + 1], str)
    ]
    return next((n for n in words if isinstance(row[n - 1], (int, float))), None)


def _name_the_market(header: list[Cell], place: int) -> None:
    header[place : place + len(LAST)] = LAST
    rest = place + len(LAST)
    words = CURRENCIES[3] if rest + 2 < len(header) else CURRENCIES[1]
    header[rest : rest + len(words)] = words


def _are_weights(cells: Sequence[Cell], before: Sequence[Cell]) -> bool:
    """Whether cells add to a hundred and are in proportion to the cells before them."""
    pairs = [
        (w, v)
        for w, v in zip(cells, before, strict=True)
        if isinstance(w, (int, float)) and isinstance(v, (int, float))
    ]
    total = sum(w for w, _ in pairs)
    whole = sum(v for _, v in pairs)
    if not pairs or not WHOLE[0] <= total <= WHOLE[1] or whole <= 0:
        return False
    return all(abs(v / whole * total - w) <= NEAR * w for w, v in pairs if w >= LARGE)
