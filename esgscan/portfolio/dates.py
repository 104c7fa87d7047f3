"""Date cells of one column -> dates. The order of day and month is decided for the column, never for a cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.portfolio.grids import Cell

MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan ene gen janv", "feb fev fév févr", "mar mär mrz mars mrt maa", "apr abr avr", "may mai mag maj mei",
            "jun giu juin", "jul lug juil", "aug ago aoû août", "sep set sept", "oct okt ott out", "nov",
            "dec dez dic déc",
        ],
        start=1,
    )
    for name in names.split()
}  # fmt: skip
"""Beginnings of the names of months in the languages of the Latin script; the longest that fits is taken."""

YEAR_FIRST = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?(?:[T ].*)?")
COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
IN_FIGURES = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[,T ].*)?")
DAY_NAMED_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er)?[-/. ]*(?:de )?([^\W\d_]{3,10})[-/., ]*(?:de )?(\d{4}|\d{2})(?:[,T ].*)?"
)
NAMED_MONTH_DAY = re.compile(r"([^\W\d_]{3,10})[-/. ]*(\d{1,2})(?:st|nd|rd|th)?(?:,[ -]*|[ -]+)(\d{4})(?:[,T ].*)?")
WORKBOOK_START = date(1899, 12, 30)
WORKBOOK_DAYS = range(20_000, 80_000)
"""Days since the start of a workbook's calendar that a portfolio may have: 1954 to 2119."""
CENTURY = 70
"""Two figures from here on are of the last century."""


class Order(StrEnum):
    """What stands first in a date written in figures."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """A column of dates.

    Attributes:
        values: One date per cell; None where there is none.
        order: The order of day and month, where a cell is written in figures with the year last.
        is_ambiguous: No cell shows the order.
        unread: Positions of cells that hold something that is no date.
    """

    values: list[date | None]
    order: Order | None = None
    is_ambiguous: bool = False
    unread: tuple[int, ...] = ()


def read_dates(cells: Sequence[Cell], *, order: str = "", usual: Order = Order.DAY_FIRST) -> Dates:
    """Read a column of dates.

    Args:
        cells: The column, as read from the file.
        order: What stands first, `day-first` or `month-first`, if the user says so.
        usual: The order to take where the column does not show it.
    """
    pairs = [
        (int(m[1]), m[2], int(m[3]))
        for text in {c.strip() for c in cells if type(c) is str}
        if (m := IN_FIGURES.fullmatch(text))
    ]
    found = Order(order) if order else _order(pairs)
    is_first_day = (found or usual) is Order.DAY_FIRST
    read = {cell: _date(cell, day_first=is_first_day) for cell in set(cells)}
    values = [read[cell] for cell in cells]
    unread = tuple(
        i for i, (cell, day) in enumerate(zip(cells, values, strict=True)) if day is None and _says_something(cell)
    )
    is_ambiguous = bool(pairs) and found is None
    return Dates(values=values, order=(found or usual) if pairs else None, is_ambiguous=is_ambiguous, unread=unread)


def _order(pairs: Sequence[tuple[int, str, int]]) -> Order | None:
    """Find the order that the column shows: a number above 12 is a day, and points are written after days."""
    days = sum(first > 12 or mark == "." for first, mark, _ in pairs)
    months = sum(second > 12 for _, _, second in pairs)
    if not days and not months:
        return None
    return Order.DAY_FIRST if days >= months else Order.MONTH_FIRST


def _date(cell: Cell, *, day_first: bool) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if type(cell) is float or type(cell) is int:
        return _of_number(cell)
    if type(cell) is not str:
        return None
    try:
        return _of_text(cell.strip(), day_first=day_first)
    except ValueError:
        return None


def _of_number(number: float) -> date | None:
    """Read the number by which a workbook stores a date, or a date written as 20261123."""
    if int(number) in WORKBOOK_DAYS:
        return WORKBOOK_START + timedelta(days=int(number))
    return _date(str(int(number)), day_first=True) if 19_000_000 < number < 21_000_000 else None


def _of_text(text: str, *, day_first: bool) -> date | None:
    if found := YEAR_FIRST.fullmatch(text) or COMPACT.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := IN_FIGURES.fullmatch(text):
        day, month = (found[1], found[3]) if day_first else (found[3], found[1])
        return date(_year(found[4]), int(month), int(day))
    if (found := DAY_NAMED_MONTH.fullmatch(text)) and (month_number := month_of(found[2])):
        return date(_year(found[3]), month_number, int(found[1]))
    if (found := NAMED_MONTH_DAY.fullmatch(text)) and (month_number := month_of(found[1])):
        return date(int(found[3]), month_number, int(found[2]))
    return None


def month_of(name: str) -> int | None:
    """Give the month that a word names, by its beginning: 6 for `juin`; None where it is no month."""
    folded = name.casefold()
    return next((MONTHS[folded[:length]] for length in (4, 3) if folded[:length] in MONTHS), None)


def _year(figures: str) -> int:
    year = int(figures)
    return year if len(figures) == 4 else year + (1900 if year >= CENTURY else 2000)


def _says_something(cell: Cell) -> bool:
    return cell is not None and cell == cell and (type(cell) is not str or bool(cell.strip(" -–—")))
