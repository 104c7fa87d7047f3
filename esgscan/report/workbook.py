"""Sheets, cells and bytes of a workbook: text that never becomes a formula, and the same bytes for the same input."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from rich.cells import cell_len

from esgscan.report.archives import settled
from esgscan.report.cells import WRAPPING, Field, Link, Look, header_look, legal, style_of, weight_look
from esgscan.report.sheet_rows import SheetRows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from esgscan.report.rows import Row

LONGEST_ADDRESS = 2_000
LINE_HEIGHT, HIGHEST_ROW = 15.0, 405.0
HEADER_HEIGHT = 20.0
MARGIN = 3
HEADER_ROWS = 1
A3, A4 = 8, 9


@dataclass(slots=True)
class Book:
    """A workbook in the making; sheets are written row by row, and each row once."""

    workbook: Workbook = field(default_factory=lambda: Workbook(write_only=True))
    style_numbers: dict[Look, int] = field(default_factory=dict)
    filled: dict[str, SheetRows] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for look in Look:
            self.workbook.add_named_style(style_of(look))

    def sheet(self, title: str, widths: Sequence[float], *, is_page: bool = False) -> WriteOnlyWorksheet:
        """Begin a sheet, set for printing: on landscape pages as wide as the sheet, or on one upright page."""
        sheet = self.workbook.create_sheet(title)
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.page_setup.orientation = "portrait" if is_page else "landscape"
        sheet.page_setup.paperSize = A4 if is_page else A3
        sheet.page_setup.fitToHeight = int(is_page)
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        return sheet

    def table(self, title: str, fields: Sequence[Field], table_rows: Iterable[Row]) -> None:
        """Write a sheet that is one table: a frozen header with a filter, and one row per row."""
        sheet = self._table_sheet(title, fields)
        rows = SheetRows(looks=[one.look for one in fields], styles=self._style_numbers(sheet))
        headers = [one.header for one in fields]
        looks = [header_look(one.look) for one in fields]
        rows.append(
            headers, height=_height([_lines(one.header, one.width) for one in fields], HEADER_HEIGHT), looks=looks
        )
        wrapped = [place for place, one in enumerate(fields) if one.look in WRAPPING]
        written = 0
        for row in table_rows:
            values = [one.of(row) for one in fields]
            rows.append(values, height=_height([_lines(values[place], fields[place].width) for place in wrapped]))
            written += 1
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(fields))}{written + HEADER_ROWS}"
        self.filled[f"xl/worksheets/sheet{len(self.workbook.worksheets)}.xml"] = rows

    def table_of_addresses(self, title: str, fields: Sequence[Field], table_rows: Iterable[Row]) -> None:
        """Write the same, where links lead out of the workbook: those openpyxl must keep apart."""
        sheet = self._table_sheet(title, fields)
        headers = [cell(sheet, one.header, header_look(one.look)) for one in fields]
        _append(sheet, 1, headers, _height([_lines(one.header, one.width) for one in fields], HEADER_HEIGHT))
        written = 0
        for number, row in enumerate(table_rows, start=HEADER_ROWS + 1):
            values = [one.of(row) for one in fields]
            cells = [cell(sheet, value, one.look) for one, value in zip(fields, values, strict=True)]
            lines = [_lines(v, one.width) for one, v in zip(fields, values, strict=True) if one.look in WRAPPING]
            _append(sheet, number, cells, _height(lines))
            written += 1
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(fields))}{written + HEADER_ROWS}"

    def _table_sheet(self, title: str, fields: Sequence[Field]) -> WriteOnlyWorksheet:
        sheet = self.sheet(title, [one.width for one in fields])
        sheet.freeze_panes = f"A{HEADER_ROWS + 1}"
        sheet.print_title_rows = f"1:{HEADER_ROWS}"
        return sheet

    def _style_numbers(self, sheet: WriteOnlyWorksheet) -> Mapping[Look, int]:
        """Give the number that each look has among the styles of the workbook."""
        if not self.style_numbers:
            for look in Look:
                made = WriteOnlyCell(sheet)
                made.style = look.value
                self.style_numbers[look] = made.style_id
        return self.style_numbers

    def bytes(self, *, title: str, description: str, at: datetime) -> bytes:
        """Save the workbook; its dates, and those inside its archive, are `at` and not the clock's."""
        properties = self.workbook.properties
        properties.title, properties.description, properties.creator = legal(title), legal(description), "esgscan"
        properties.created = properties.modified = at
        unsettled = BytesIO()
        self.workbook.save(unsettled)
        return settled(unsettled, at, {name: rows.put_into for name, rows in self.filled.items()})


def cell(sheet: WriteOnlyWorksheet, value: Any, look: Look) -> Cell | None:
    """Make a cell; text is stored as text, whatever it begins with."""
    if value is None or value == "":
        return None
    if isinstance(value, Link):
        return _link_cell(sheet, value, look)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    made = WriteOnlyCell(sheet)
    if isinstance(value, int | float | date):
        made.value = value
    else:
        _set_text(made, str(value))
    made.style = (weight_look(value) if look is Look.WEIGHT else look).value
    return made


def _append(sheet: WriteOnlyWorksheet, number: int, cells: list[Cell | None], height: float | None) -> None:
    if height:
        sheet.row_dimensions[number].height = height
    sheet.append(cells)


def _height(lines: list[int], least: float = 0.0) -> float | None:
    """Make a row as high as its longest text: not every program works that out by itself."""
    most = max(lines, default=1)
    return min(max(most * LINE_HEIGHT, least), HIGHEST_ROW) if most > 1 or least else None


def _lines(value: Any, width: float) -> int:
    """Estimate how many lines a text takes in a column."""
    text = str(value.text if isinstance(value, Link) else value or "")
    return math.ceil(cell_len(text) / (width - MARGIN)) if len(text) > width / 2 else 1


def _set_text(made: Cell, text: str) -> None:
    """Store text as text: openpyxl would take `=1` for a formula and `#N/A` for an error."""
    made.value = legal(text)
    made.data_type = "s"


def _link_cell(sheet: WriteOnlyWorksheet, link: Link, look: Look) -> Cell:
    made = WriteOnlyCell(sheet)
    if isinstance(link.text, int):
        made.value = link.text
    else:
        _set_text(made, link.text)
    leads_somewhere = link.location or (link.address and len(link.address) <= LONGEST_ADDRESS)
    if leads_somewhere:
        made.hyperlink = Hyperlink(ref="A1", target=legal(link.address) or None, location=link.location or None)
    made.style = (Look.LINK if leads_somewhere else look).value
    return made
