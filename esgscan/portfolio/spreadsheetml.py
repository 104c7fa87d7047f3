"""SpreadsheetML of 2003, which programs write under an `.xls` name -> sheets of cells."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from esgscan.errors import PortfolioError
from esgscan.portfolio.grids import MOST_CELLS, Cell, Grid, GridFile, refuse_far_cells, refuse_large

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
TAG = f"{{{NAMESPACE}}}"
VISIBLE = "{urn:schemas-microsoft-com:office:excel}Visible"
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
"""It names the encoding of the file, which is decoded by now."""
STRAY_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)")
SHEETS_OF_FUNDS = {"historical", "performance", "distributions", "disclaimers"}
"""Sheets beside the holdings in one publisher's files, tens of thousands of lines long."""
INSIDE_ROW = frozenset({f"{TAG}Data", f"{TAG}Cell", f"{TAG}Font", f"{TAG}B"})
"""What must stay until its row ends."""
MOST_TAGS = 2_500_000
"""30,000 lines of twenty cells, each with a cell, its data, and their ends."""
WIDEST_ROW = 16_384
LAST_ROW = 1_048_576


def parsed_xml(text: str, name: str) -> ElementTree.Element:
    """Parse XML that defines no entities; an ampersand that begins none is taken as a letter.

    Raises:
        PortfolioError: The XML is damaged.
    """
    try:
        return ElementTree.fromstring(STRAY_AMPERSAND.sub("&amp;", text))  # noqa: S314  entities were refused before
    except (ElementTree.ParseError, ValueError, RecursionError) as error:
        raise _damaged(name, error) from error


def _damaged(name: str, error: Exception) -> PortfolioError:
    what = f"{name!r} is XML that is damaged or cut off: {error}."
    return PortfolioError(what, where=name, mend="download the file again")


def read_spreadsheetml(text: str, *, name: str, sheet: str | None, encoding: str) -> GridFile:
    """Read the sheets of a workbook; without `sheet` all that are visible and may hold a portfolio."""
    if text.count("<") > MOST_TAGS:
        refuse_large(name, f"{text.count('<'):,} tags of XML")
    wanted = (lambda title: title == sheet) if sheet is not None else _may_hold_positions
    try:
        sheets = list(_sheets(STRAY_AMPERSAND.sub("&amp;", text), name, wanted))
    except (ElementTree.ParseError, ValueError, RecursionError) as error:
        raise _damaged(name, error) from error
    grids = tuple(grid for grid, is_hidden in sheets if grid.rows and (sheet is not None or not is_hidden))
    left_out = tuple(grid.sheet for grid, _ in sheets if grid not in grids)
    if sheet is not None and not grids:
        mend = f"give --sheet one of: {', '.join(left_out)}"
        raise PortfolioError(f"There is no sheet {sheet!r}.", where=name, mend=mend)
    hidden = left_out if sheet is None else ()
    return GridFile(name=name, format="spreadsheetml", grids=grids, encoding=encoding, hidden=hidden)


def _may_hold_positions(title: str) -> bool:
    return title.casefold() not in SHEETS_OF_FUNDS


def _sheets(text: str, name: str, wanted: Callable[[str], bool]) -> Iterator[tuple[Grid, bool]]:
    """Give each sheet and whether it is hidden, row by row, never the whole as a tree; unwanted ones have no rows."""
    sheet = _Sheet(name, "", is_wanted=False)
    is_hidden = False
    content = DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    parser = ElementTree.iterparse(io.BytesIO(content), ("start", "end"))  # noqa: S314  entities were refused before
    for event, element in parser:
        if event == "start" and element.tag == f"{TAG}Worksheet":
            title = element.get(f"{TAG}Name") or ""
            sheet, is_hidden = _Sheet(name, title, is_wanted=wanted(title)), False
        elif event == "end" and element.tag == f"{TAG}Row":
            sheet.add(element)
        elif event == "end" and element.tag == f"{TAG}Column":
            sheet.add_column(element)
        elif event == "end" and element.tag == VISIBLE:
            is_hidden = (element.text or "").strip() in {"SheetHidden", "SheetVeryHidden"}
        elif event == "end" and element.tag == f"{TAG}Worksheet":
            yield sheet.grid(), is_hidden
        if event == "end" and element.tag not in INSIDE_ROW:
            element.clear()


class _Sheet:
    """One sheet while its rows arrive."""

    def __init__(self, name: str, title: str, *, is_wanted: bool) -> None:
        self.name, self.title, self.is_wanted = name, title, is_wanted
        self.rows: list[list[Cell]] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.column = self.cells = 0

    def add(self, row: ElementTree.Element) -> None:
        """Take the next row; one with an index leaves rows out before it."""
        if not self.is_wanted:
            return
        index = row.get(f"{TAG}Index", "")
        if index.isdigit():
            self.rows.extend([] for _ in range(min(int(index), LAST_ROW) - 1 - len(self.rows)))
        self.rows.append(_row(row))
        self.cells += len(self.rows[-1])
        if self.cells + len(self.rows) > MOST_CELLS:
            refuse_far_cells(self.name, self.title)
        if row.get(f"{TAG}Hidden") == "1":
            self.hidden_rows.add(len(self.rows))

    def add_column(self, column: ElementTree.Element) -> None:
        """Take the width and the like of the next columns."""
        index, span = column.get(f"{TAG}Index", ""), column.get(f"{TAG}Span", "")
        self.column = min(int(index), WIDEST_ROW) - 1 if index.isdigit() else self.column
        width = 1 + (min(int(span), WIDEST_ROW) if span.isdigit() else 0)
        if column.get(f"{TAG}Hidden") == "1":
            self.hidden_columns.update(range(self.column, self.column + width))
        self.column += width

    def grid(self) -> Grid:
        """Give what was taken."""
        return Grid(
            sheet=self.title,
            rows=self.rows,
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(self.hidden_columns),
        )


def _row(row: ElementTree.Element) -> list[Cell]:
    cells: list[Cell] = []
    for cell in row.iter(f"{TAG}Cell"):
        position, across = cell.get(f"{TAG}Index", ""), cell.get(f"{TAG}MergeAcross", "")
        if position.isdigit():
            cells.extend([""] * (min(int(position), WIDEST_ROW) - 1 - len(cells)))
        cells.append(_value(cell.find(f"{TAG}Data")))
        cells.extend([""] * min(int(across) if across.isdigit() else 0, WIDEST_ROW - len(cells)))
    return cells


def _value(data: ElementTree.Element | None) -> Cell:
    if data is None:
        return ""
    text = "".join(data.itertext())
    if data.get(f"{TAG}Type") == "Number":
        try:
            return float(text)
        except ValueError:
            return text
    return text
