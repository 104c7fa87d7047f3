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
    except (ElementTree.ParseError, ValueError, RecursionError) as error:
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
    """Give each sheet by its title; nothing for one that is hidden or not wanted."""
    invisible: set[str] = set()
    for _, element in ElementTree.iterparse(io.BytesIO(content)):  # noqa: S314  entities were refused above
        if element.tag == f"{STYLE}style":
            properties = element.find(f"{STYLE}table-properties")
            if properties is not None and properties.get(f"{TABLE}display") == "false":
                invisible.add(element.get(f"{STYLE}name") or "")
        elif element.tag == f"{TABLE}table":
            title = element.get(f"{TABLE}name") or ""
            is_wanted = title == sheet if sheet else element.get(f"{TABLE}style-name") not in invisible
            yield title, _grid(element, title, name) if is_wanted else None
            element.clear()


def _grid(table: ElementTree.Element, title: str, name: str) -> Grid:
    """Unfold the rows of a table; empty ones at its end are not rows."""
    rows: list[list[Cell]] = []
    hidden: set[int] = set()
    blank = cells = 0
    for row in table.iter(f"{TABLE}table-row"):
        repeat = _repeat(row, "rows")
        unfolded = _row(row)
        if not unfolded:
            blank += repeat
            continue
        cells += (blank + repeat) * max(len(unfolded), 1) if repeat > 1 else len(unfolded) + blank
        if cells > MOST_CELLS:
            refuse_far_cells(name, title)
        rows.extend([] for _ in range(blank))
        rows.extend(list(unfolded) for _ in range(repeat))
        blank = 0
        if row.get(f"{TABLE}visibility") in {"collapse", "filter"}:
            hidden.update(range(len(rows) - repeat + 1, len(rows) + 1))
    columns = frozenset(_hidden_columns(table))
    return Grid(sheet=title, rows=rows, hidden_rows=frozenset(hidden), hidden_columns=columns)


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


def _hidden_columns(table: ElementTree.Element) -> Iterator[int]:
    at = 0
    for column in table.iter(f"{TABLE}table-column"):
        repeat = _repeat(column, "columns")
        if column.get(f"{TABLE}visibility") in {"collapse", "filter"}:
            yield from range(at, min(at + repeat, LONGEST_REPEAT))
        at += repeat
