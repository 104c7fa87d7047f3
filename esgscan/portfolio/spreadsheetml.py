"""SpreadsheetML of 2003, which programs write under an `.xls` name -> sheets of cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from esgscan.errors import PortfolioError
from esgscan.portfolio.grids import MOST_CELLS, Cell, Grid, GridFile, refuse_far_cells

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
TAG = f"{{{NAMESPACE}}}"
VISIBLE = "{urn:schemas-microsoft-com:office:excel}Visible"
STRAY_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)")
SHEETS_OF_FUNDS = {"historical", "performance", "distributions", "disclaimers"}
"""Sheets beside the holdings in one publisher's files, tens of thousands of lines long."""
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
        what = f"{name!r} is XML that is damaged or cut off: {error}."
        raise PortfolioError(what, where=name, mend="download the file again") from error


def read_spreadsheetml(text: str, *, name: str, sheet: str | None, encoding: str) -> GridFile:
    """Read the sheets of a workbook; without `sheet` all that are visible and may hold a portfolio."""
    grids, left_out = [], []
    for worksheet in parsed_xml(text, name).iter(f"{TAG}Worksheet"):
        title = worksheet.get(f"{TAG}Name") or ""
        is_wanted = title == sheet if sheet is not None else _may_hold_positions(worksheet, title)
        if is_wanted:
            grids.append(_grid(worksheet, title, name))
        else:
            left_out.append(title)
    if sheet is not None and not grids:
        mend = f"give --sheet one of: {', '.join(left_out)}"
        raise PortfolioError(f"There is no sheet {sheet!r}.", where=name, mend=mend)
    hidden = tuple(left_out) if sheet is None else ()
    return GridFile(name=name, format="spreadsheetml", grids=tuple(grids), encoding=encoding, hidden=hidden)


def _may_hold_positions(worksheet: ElementTree.Element, title: str) -> bool:
    visible = next(worksheet.iter(VISIBLE), None)
    is_hidden = visible is not None and (visible.text or "").strip() in {"SheetHidden", "SheetVeryHidden"}
    return not is_hidden and title.casefold() not in SHEETS_OF_FUNDS


def _grid(worksheet: ElementTree.Element, title: str, name: str) -> Grid:
    rows: list[list[Cell]] = []
    hidden: set[int] = set()
    cells = 0
    for row in worksheet.iter(f"{TAG}Row"):
        index = row.get(f"{TAG}Index", "")
        if index.isdigit():
            rows.extend([] for _ in range(min(int(index), LAST_ROW) - 1 - len(rows)))
        rows.append(_row(row))
        cells += len(rows[-1])
        if cells + len(rows) > MOST_CELLS:
            refuse_far_cells(name, title)
        if row.get(f"{TAG}Hidden") == "1":
            hidden.add(len(rows))
    return Grid(sheet=title, rows=rows, hidden_rows=frozenset(hidden), hidden_columns=frozenset(_hidden(worksheet)))


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


def _hidden(worksheet: ElementTree.Element) -> Iterator[int]:
    """Give the hidden columns, from 0."""
    at = 0
    for column in worksheet.iter(f"{TAG}Column"):
        index, span = column.get(f"{TAG}Index", ""), column.get(f"{TAG}Span", "")
        at = min(int(index), WIDEST_ROW) - 1 if index.isdigit() else at
        width = 1 + (min(int(span), WIDEST_ROW) if span.isdigit() else 0)
        if column.get(f"{TAG}Hidden") == "1":
            yield from range(at, at + width)
        at += width
