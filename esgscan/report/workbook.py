"""Sheets, cells and bytes of a workbook: text that never becomes a formula, and the same bytes for the same input."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from esgscan.report.rows import Row

# What XML 1.0 cannot hold.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel reads `_x0041_` as an escaped character; escaping its underscore keeps it as text.
ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
LONGEST_TEXT = 32_767
LONGEST_ADDRESS = 2_000
MOST_LINKS = 65_000
LINE_HEIGHT, HIGHEST_ROW = 15.0, 405.0
HEADER_HEIGHT = 20.0
MARGIN = 3
EARLIEST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
HEADER_ROWS = 1
A3, A4 = 8, 9


class Look(StrEnum):
    """How a cell looks; the value names its style in the workbook."""

    TEXT = "es text"
    WRAPPED = "es wrapped"
    WEIGHT = "es weight"
    TINY_WEIGHT = "es tiny weight"
    TINIER_WEIGHT = "es tinier weight"
    TINIEST_WEIGHT = "es tiniest weight"
    MONEY = "es money"
    NUMBER = "es number"
    DATE = "es date"
    INTEGER = "es integer"
    LINK = "es link"
    HEADER = "es header"
    HEADER_RIGHT = "es header right"
    TITLE = "es title"
    HEADLINE = "es headline"
    LABEL = "es label"
    SMALL = "es small"


FORMATS = {
    Look.WEIGHT: "0.0000%",
    Look.TINY_WEIGHT: "0.000000%",
    Look.TINIER_WEIGHT: "0.000000000%",
    Look.TINIEST_WEIGHT: "0.00E+00%",
    Look.MONEY: "#,##0.00",
    Look.NUMBER: "#,##0.######",
    Look.DATE: "yyyy-mm-dd",
    Look.INTEGER: "#,##0",
}
FIGURES = frozenset({*FORMATS})
HEADERS = frozenset({Look.HEADER, Look.HEADER_RIGHT})
SET_IN = frozenset({Look.TEXT, Look.WRAPPED, Look.LINK, Look.HEADER})
# Below these weights a number format would show too few digits, or none; the first that holds is taken.
TINY = ((1e-10, Look.TINIEST_WEIGHT), (1e-7, Look.TINIER_WEIGHT), (1e-5, Look.TINY_WEIGHT))
FONTS = {
    Look.HEADER: Font(name="Calibri", size=11, bold=True, color="FFFFFF"),
    Look.HEADER_RIGHT: Font(name="Calibri", size=11, bold=True, color="FFFFFF"),
    Look.TITLE: Font(name="Calibri", size=16, bold=True, color="3B1F1A"),
    Look.HEADLINE: Font(name="Calibri", size=13, bold=True, color="8C2D19"),
    Look.LABEL: Font(name="Calibri", size=11, bold=True),
    Look.LINK: Font(name="Calibri", size=11, underline="single", color="0563C1"),
    Look.SMALL: Font(name="Calibri", size=10, italic=True, color="555555"),
}
WRAPPING = frozenset({Look.WRAPPED, Look.LINK, *HEADERS})
HEADER_FILL = PatternFill("solid", fgColor="3B1F1A")
HEADER_BORDER = Border(bottom=Side(style="thin", color="8C2D19"))


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a sheet: its header, where the value comes from, its look and its width in characters."""

    header: str
    value: str | Callable[[Row], Any]
    look: Look = Look.TEXT
    width: float = 14

    def of(self, row: Row) -> Any:
        """Take this field's value from a row."""
        return row[self.value] if isinstance(self.value, str) else self.value(row)


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads somewhere: to an address, or to a place in the workbook."""

    text: str | int
    address: str = ""
    location: str = ""


@dataclass(slots=True)
class Book:
    """A workbook in the making; sheets are written row by row, and each row once."""

    workbook: Workbook = field(default_factory=lambda: Workbook(write_only=True))

    def __post_init__(self) -> None:
        for look in Look:
            self.workbook.add_named_style(_style(look))

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
        sheet = self.sheet(title, [one.width for one in fields])
        sheet.freeze_panes = f"A{HEADER_ROWS + 1}"
        sheet.print_title_rows = f"1:{HEADER_ROWS}"
        written = list(table_rows)
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(fields))}{len(written) + HEADER_ROWS}"
        headers = [cell(sheet, one.header, header_look(one.look)) for one in fields]
        _append(sheet, 1, headers, [_lines(one.header, one.width) for one in fields], least=HEADER_HEIGHT)
        for number, row in enumerate(written, start=HEADER_ROWS + 1):
            values = [one.of(row) for one in fields]
            cells = [cell(sheet, value, one.look) for one, value in zip(fields, values, strict=True)]
            lines = [
                _lines(value, one.width) for one, value in zip(fields, values, strict=True) if one.look in WRAPPING
            ]
            _append(sheet, number, cells, lines)

    def bytes(self, *, title: str, description: str, at: datetime) -> bytes:
        """Save the workbook; its dates, and those inside its archive, are `at` and not the clock's."""
        properties = self.workbook.properties
        properties.title, properties.description, properties.creator = legal(title), legal(description), "esgscan"
        properties.created = properties.modified = at
        unsettled = BytesIO()
        self.workbook.save(unsettled)
        return _settled(unsettled, at)


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


def weight_look(weight: float) -> Look:
    """Choose a number format that does not show a weight as zero."""
    return next((look for below, look in TINY if 0 < abs(weight) < below), Look.WEIGHT)


def header_look(below: Look) -> Look:
    """Set a header to the side on which the cells below it stand."""
    return Look.HEADER_RIGHT if below in FIGURES else Look.HEADER


def legal(text: str) -> str:
    """Take out what a workbook cannot hold, and keep the rest as it is."""
    return ESCAPE_LIKE.sub("_x005F_", ILLEGAL.sub(" ", text))[:LONGEST_TEXT]


def _append(
    sheet: WriteOnlyWorksheet, number: int, cells: list[Cell | None], lines: list[int], *, least: float = 0.0
) -> None:
    """Write a row as high as its longest text: not every program works that out by itself."""
    most = max(lines, default=1)
    if most > 1 or least:
        sheet.row_dimensions[number].height = min(max(most * LINE_HEIGHT, least), HIGHEST_ROW)
    sheet.append(cells)


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


def _style(look: Look) -> NamedStyle:
    style = NamedStyle(name=look.value, number_format=FORMATS.get(look, "General"))
    style.font = FONTS.get(look, Font(name="Calibri", size=11))
    style.alignment = Alignment(
        horizontal="right" if look is Look.HEADER_RIGHT or look in FIGURES else "left",
        vertical="center" if look in HEADERS else "top",
        wrap_text=look in WRAPPING,
        indent=1 if look in SET_IN else 0,
    )
    if look in HEADERS:
        style.fill, style.border = HEADER_FILL, HEADER_BORDER
    return style


def _settled(archive: BytesIO, at: datetime) -> bytes:
    """Write the archive again with one date everywhere: saving stamps the clock into it."""
    stamp = max(at.timetuple()[:6], EARLIEST_ZIP_DATE)
    settled = BytesIO()
    with ZipFile(archive) as old, ZipFile(settled, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _with_modified(content, at)
            info = ZipInfo(entry.filename, date_time=stamp)
            info.compress_type = ZIP_DEFLATED
            info.create_system = 0
            new.writestr(info, content)
    return settled.getvalue()


def _with_modified(core: bytes, at: datetime) -> bytes:
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, core)
