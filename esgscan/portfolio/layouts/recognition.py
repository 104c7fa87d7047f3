"""Which known export a sheet is, and why; and what such a file states outside its lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from esgscan.identifiers import REMEMBERED
from esgscan.portfolio.grids import Grid
from esgscan.portfolio.headers import LONGEST_HEADER, core_of, plain
from esgscan.portfolio.layouts.descriptions import KnownLayout, Spot, expression, known_layouts
from esgscan.portfolio.layouts.sections import take_apart
from esgscan.portfolio.lines import as_text
from esgscan.portfolio.numbers import read_numbers
from esgscan.records import SkippedLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.portfolio.grids import Cell

FIRST_ROWS = 60
"""Rows at the top of a sheet among which the marks of an export stand."""
LAST_ROWS = 40
SHOWN = 120
NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A sheet that is a known export.

    Attributes:
        layout: The description.
        why: What it was recognised by.
        row: Row of the header, from 1; 0 where the lines name their tables.
        grid: The sheet without what the description takes away; rows keep their numbers.
        original: The sheet as it was.
        skipped: What was taken away.
    """

    layout: KnownLayout
    why: str
    row: int
    grid: Grid
    original: Grid
    skipped: tuple[SkippedLine, ...] = ()

    def date(self) -> tuple[date, int] | None:
        """Find the day of the positions, and the row that states it."""
        for spot in self.layout.date:
            for row, text in _stated(self.original, spot):
                day = _read_date(text, spot.forms)
                if day:
                    return day, row
        return None

    def totals(self) -> list[tuple[float, int]]:
        """Find the totals stated outside the lines, each with its row."""
        found: dict[int, float] = {}
        for spot in self.layout.total:
            for row, text in _stated(self.original, spot):
                value = read_numbers([text], decimal=self.layout.decimal).values[0]
                if value is not None:
                    found.setdefault(row, value)
        return [(value, row) for row, value in found.items()]

    def account(self, above: Sequence[tuple[int, Sequence[Cell]]]) -> str:
        """Find the account in the rows above a table, the nearest one; where lines name their tables, in any row."""
        rows = {number - 1: cells for number, cells in above}
        grid = Grid(sheet="", rows=[rows.get(i, ()) for i in range(max(rows, default=-1) + 1)])
        grid = self.original if self.layout.sections else grid
        found = [text for spot in self.layout.account for _, text in _stated(grid, spot)]
        return found[-1] if found else ""


def recognise(grid: Grid, *, file_format: str) -> Recognised | None:
    """Find the export that a sheet is of; the description with most marks wins."""
    cores = [_cores(row) for row in grid.rows[:FIRST_ROWS]]
    lines = [_line(row) for row in grid.rows[:FIRST_ROWS]]
    best: tuple[int, KnownLayout, str, int] | None = None
    for layout in known_layouts():
        for marks in layout.recognise:
            if marks.format not in {"", file_format}:
                continue
            row = _header_row(marks.headers, cores)
            found = [word for word in marks.words if any(line.startswith(word) for line in lines)]
            if row is None or len(found) < len(marks.words):
                continue
            count = len(marks.headers) + 2 * len(marks.words) + bool(marks.format)
            if best is None or count > best[0]:
                best = count, layout, _why(marks.headers, found, marks.format, row), row
    return _prepared(grid, *best[1:]) if best else None


def has_headers(layout: KnownLayout, header: Sequence[str]) -> bool:
    """Whether a table of the sheet is the one that the description is of."""
    cores = _cores(header)
    return any(_header_row(marks.headers, [cores]) is not None for marks in layout.recognise)


def _header_row(headers: Sequence[str], cores: Sequence[frozenset[str]]) -> int | None:
    """Give the row (from 1) that has all the headers; 0 where none are asked for, None where no row has them."""
    if not headers:
        return 0
    return next((n for n, row in enumerate(cores, start=1) if row and all(_has(row, h) for h in headers)), None)


def _has(row: frozenset[str], header: str) -> bool:
    return header in row or any(_lost(core).fullmatch(header) for core in row if "\x00" in core)


@lru_cache(REMEMBERED)
def _lost(core: str) -> re.Pattern[str]:
    """Match what a header was before a copy lost its accents."""
    return re.compile(".".join(map(re.escape, re.split("\x00+", core)))) if core.strip("\x00 ") else NOTHING


@lru_cache(REMEMBERED)
def _core(text: str) -> str:
    return core_of(text) if len(text) <= LONGEST_HEADER else ""


def _cores(row: Sequence[Cell]) -> frozenset[str]:
    return frozenset(_core(cell) for cell in row if type(cell) is str and cell.strip())


def _line(row: Sequence[Cell]) -> str:
    """Give a row as one line of text, in lower case."""
    return " ".join(text for cell in row if (text := as_text(cell))).casefold()


def _why(headers: Sequence[str], words: Sequence[str], file_format: str, row: int) -> str:
    said = [f"a line begins with {word!r}" for word in words]
    if headers:
        said.append(f"row {row} has the headers {', '.join(headers)}")
    return "; ".join(said) or f"the format is {file_format}"


def _prepared(grid: Grid, layout: KnownLayout, why: str, row: int) -> Recognised:
    """Take away what is not of the table: group headings above it, and everything below its end."""
    known = Recognised(layout=layout, why=why, row=row, grid=grid, original=grid)
    if layout.sections:
        parts, left_out = take_apart(grid, layout.sections)
        return replace(known, grid=parts, skipped=tuple(left_out))
    rows, skipped = list(grid.rows), []
    if layout.lone_header and row > 1:
        skipped.append(_skipped(grid, row - 2, "names groups of columns"))
        rows[row - 2] = []
    end = next((i for i in range(row, len(rows)) if layout.ends and _ends(layout, rows[i])), None)
    if end is not None:
        skipped.append(_skipped(grid, end, f"below the table, to row {len(rows)}"))
        del rows[end:]
    return replace(known, grid=replace(grid, rows=rows), skipped=tuple(skipped))


def _ends(layout: KnownLayout, row: Sequence[Cell]) -> bool:
    line = _line(row)
    return bool(line) and any(expression(pattern).match(line) for pattern in layout.ends)


def _skipped(grid: Grid, index: int, why: str) -> SkippedLine:
    text = " | ".join(text for cell in grid.rows[index] if (text := as_text(cell)))
    return SkippedLine(sheet=grid.sheet, row=index + 1, text=text[:SHOWN], why=why)


def _stated(grid: Grid, spot: Spot) -> list[tuple[int, str]]:
    """Give what stands at a spot: row and text, for every place that fits."""
    last = max(FIRST_ROWS, len(grid.rows) - LAST_ROWS)
    found = []
    for index in (*range(min(FIRST_ROWS, len(grid.rows))), *range(last, len(grid.rows))):
        row = grid.rows[index]
        if spot.pattern:
            match = expression(spot.pattern).search(" ".join(text for cell in row if (text := as_text(cell))))
            found += [(index + 1, match[1].strip())] if match else []
        else:
            found += [(n + 1, text) for n, text in _beside(grid, index, spot) if text]
    return found


def _beside(grid: Grid, index: int, spot: Spot) -> list[tuple[int, str]]:
    """Give the cell right of a label, or below it."""
    found = []
    row = grid.rows[index]
    for at, cell in enumerate(row):
        if type(cell) is not str or plain(cell) != plain(spot.label):
            continue
        if spot.at == "below":
            below = grid.rows[index + 1] if index + 1 < len(grid.rows) else ()
            found.append((index + 1, as_text(below[at]) if at < len(below) else ""))
        else:
            found.append((index, next((text for c in row[at + 1 :] if (text := as_text(c))), "")))
    return found


def _read_date(text: str, forms: Sequence[str]) -> date | None:
    for form in forms:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a date has no zone
        except ValueError:
            continue
    return None
