"""Weights of a fund over time in one table: a row per day, a column per code, percent in the cells."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from esgscan.records import Finding
from esgscan.sources.asked import find_day
from esgscan.sources.fields import lines_frame, number, stated
from esgscan.sources.listed import ListedFund
from esgscan.sources.sheets import text
from esgscan.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from esgscan.portfolio.grids import Cell
    from esgscan.sources.asked import Asked
    from esgscan.sources.sheets import Sheets

CODE = re.compile(r"[A-Z0-9]{1,12}(?:[.\-][A-Z]{1,4})?")
REPEATED = re.compile(r"\.\d+$")
"""What a program adds to the second column of one name."""
US_DATE = "%m/%d/%Y"
FEWEST_CODES = 5
MOST = 0.9
"""Share of the header cells that must be codes."""


def recognises(sheets: Sheets) -> bool:
    """Whether row 1 holds codes after an empty or dated first cell, and below each line begins with a day."""
    rows = _rows(sheets)
    if len(rows) < 2 or len(rows[0]) <= FEWEST_CODES:
        return False
    codes = [CODE.fullmatch(_code(cell)) is not None for cell in rows[0][1:]]
    return sum(codes) >= MOST * len(codes) and all(find_day(text(row[0]), US_DATE) for row in rows[1:])


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read each day as a list of its own; zero stands for `not among the largest`, and is no line.

    Of a day that stands in several rows, the last counts.
    """
    header, *rows = _rows(sheets)
    codes = [_code(cell) for cell in header[1:]]
    days = {day: row for row in rows if (day := find_day(text(row[0]), US_DATE))}
    found = [_day(day, row, codes) for day, row in days.items()]
    if len(days) == len(rows) or not found:
        return found
    what = f"{len(rows) - len(days)} rows repeat a day; of each day the last row counts."
    said = Finding(severity=Severity.INFO, where=asked.name, what=what)
    return [replace(found[0], findings=(said,)), *found[1:]]


def _rows(sheets: Sheets) -> list[Sequence[Cell]]:
    return [row for row in sheets.file.grids[0].rows if any(map(text, row))] if sheets.file.grids else []


def _code(cell: Cell) -> str:
    return REPEATED.sub("", text(cell))


def _day(day: date, row: Sequence[Cell], codes: Sequence[str]) -> ListedFund:
    percents = [number(text(cell)) for cell in row[1 : len(codes) + 1]]
    held = [(stated(code), percent / 100) for code, percent in zip(codes, percents, strict=False) if percent]
    return ListedFund(
        fund="",
        as_of=day,
        lines=lines_frame({"ticker": [code for code, _ in held], "weight": [weight for _, weight in held]}),
        publisher="a vendor's table",
    )
