"""OpenDocument spreadsheets (`.ods`, and `.fods` without the archive) -> sheets of cells."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from esgscan.errors import PortfolioError
from esgscan.portfolio.grids import MOST_CELLS, Cell, Grid, GridFile, refuse_far_cells

if TYPE_CHECKING:
    from collections.abc import Iterator

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
NUMBERS = frozenset({"float", "percentage", "currency"})
HIDDEN = frozenset({"collapse", "filter"})
FINISHED = frozenset({f"{STYLE}style", f"{TABLE}table-row", f"{TABLE}table-column", f"{TABLE}table"})
"""What is not needed once it has ended."""
LONGEST_REPEAT = 16_384
"""Columns of the widest sheet; a cell that is repeated more often is no cell of a portfolio."""


def read_opendocument(content: bytes, *, name: str, sheet: str | None, kind: str) -> GridFile:
    """Read the XML of a spreadsheet, table by table, without ever holding all of it as a tree.

    Args:
        content: `content.xml` of the archive, or a flat document.
        name: The file's name, for messages.
        sheet: The only sheet to read; without it every visible one.
        kind: `ods` or `fods`.

    Raises:
        PortfolioError: The XML is damaged, defines entities, or unfolds to more cells than a portfolio has.
    """
    if b"<!ENTITY" in content or b"<!DOCTYPE" in content[:4096]:
        what = f"{name!r} holds XML that defines entities, which we do not expand."
        raise PortfolioError(what, where=name, mend="export the portfolio as .xlsx or .csv")
    try:
        tables = list(_tables(content, name, sheet))
    except (ElementTree.ParseError, LookupError, ValueError, RecursionError) as error:
        what = f"{name!r} is damaged or cut off: {error}."
        raise PortfolioError(what, where=name, mend="export or download the workbook again") from error
    titles = [title for title, _ in tables]
    if sheet is not None and sheet not in titles:
        mend = f"give --sheet one of: {', '.join(titles)}"
        raise PortfolioError(f"There is no sheet {sheet!r}.", where=name, mend=mend)
    grids = tuple(grid for _, grid in tables if grid is not None)
    hidden = tuple(title for title, grid in tables if grid is None)
    return GridFile(name=name, format=kind, grids=grids, hidden=() if sheet else hidden)


def _tables(content: bytes, name: str, sheet: str | None) -> Iterator[tuple[str, Grid | None]]:
    """Give each sheet by its title, row by row; nothing for one that is hidden or not wanted."""
    invisible: set[str] = set()
    table: _Table | None = None
    parser = ElementTree.iterparse(io.BytesIO(content), ("start", "end"))  # noqa: S314  entities were refused above
    for event, element in parser:
        if event == "start" and element.tag == f"{TABLE}table" and table is None:
            title = element.get(f"{TABLE}name") or ""
            is_wanted = title == sheet if sheet else element.get(f"{TABLE}style-name") not in invisible
            table = _Table(name, title, is_wanted=is_wanted)
        elif event == "end":
            if element.tag == f"{STYLE}style" and _hides(element):
                invisible.add(element.get(f"{STYLE}name") or "")
            elif table and element.tag == f"{TABLE}table-row":
                table.add(element)
            elif table and element.tag == f"{TABLE}table-column":
                table.add_column(element)
            elif table and element.tag == f"{TABLE}table":
                yield table.title, table.grid() if table.is_wanted else None
                table = None
            if element.tag in FINISHED:
                element.clear()


def _hides(style: ElementTree.Element) -> bool:
    properties = style.find(f"{STYLE}table-properties")
    return properties is not None and properties.get(f"{TABLE}display") == "false"


class _Table:
    """One sheet while its rows arrive; empty rows at its end are not rows."""

    def __init__(self, name: str, title: str, *, is_wanted: bool) -> None:
        self.name, self.title, self.is_wanted = name, title, is_wanted
        self.rows: list[list[Cell]] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.blank = self.cells = self.column = 0

    def add(self, row: ElementTree.Element) -> None:
        """Unfold the next row as often as it is repeated."""
        repeat = _repeat(row, "rows")
        unfolded = _row(row) if self.is_wanted else []
        if not unfolded:
            self.blank += repeat
            return
        self.cells += self.blank + repeat * len(unfolded)
        if self.cells > MOST_CELLS:
            refuse_far_cells(self.name, self.title)
        self.rows.extend([] for _ in range(self.blank))
        self.rows.extend(list(unfolded) for _ in range(repeat))
        self.blank = 0
        if row.get(f"{TABLE}visibility") in HIDDEN:
            self.hidden_rows.update(range(len(self.rows) - repeat + 1, len(self.rows) + 1))

    def add_column(self, column: ElementTree.Element) -> None:
        """Take the width and the like of the next columns."""
        repeat = min(_repeat(column, "columns"), LONGEST_REPEAT)
        if column.get(f"{TABLE}visibility") in HIDDEN:
            self.hidden_columns.update(range(self.column, self.column + repeat))
        self.column += repeat

    def grid(self) -> Grid:
        """Give what was taken."""
        return Grid(
            sheet=self.title,
            rows=self.rows,
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(self.hidden_columns),
        )


def _row(row: ElementTree.Element) -> list[Cell]:
    """Unfold the cells of a row; empty ones at its end are no cells."""
    cells: list[Cell] = []
    blank = 0
    for cell in row:
        if cell.tag not in {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}:
            continue
        value = _value(cell)
        repeat = min(_repeat(cell, "columns"), LONGEST_REPEAT)
        if value == "":
            blank += repeat
            continue
        cells.extend([""] * min(blank, LONGEST_REPEAT))
        cells.extend([value] * repeat)
        blank = 0
    return cells


def _value(cell: ElementTree.Element) -> Cell:
    kind = cell.get(f"{OFFICE}value-type") or ""
    if kind in NUMBERS:
        return float(cell.get(f"{OFFICE}value") or "nan")
    if kind == "date":
        written = cell.get(f"{OFFICE}date-value") or ""
        return date.fromisoformat(written) if len(written) == 10 else datetime.fromisoformat(written)
    if kind == "boolean":
        return cell.get(f"{OFFICE}boolean-value") == "true"
    return "\n".join("".join(paragraph.itertext()) for paragraph in cell.findall(f"{TEXT}p"))


def _repeat(element: ElementTree.Element, what: str) -> int:
    return max(int(element.get(f"{TABLE}number-{what}-repeated") or 1), 1)
