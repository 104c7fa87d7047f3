"""The rows of a large sheet as SpreadsheetML text.

openpyxl makes an object of every cell, which takes most of the time of a workbook (docs/decisions/0009). It writes
all of the workbook but these rows; `workbook.py` puts them in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from esgscan.report.cells import Link, Look, legal, weight_look

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(slots=True)
class SheetRows:
    """Collects the rows of one sheet.

    Attributes:
        looks: Look of each column.
        styles: Number of each look among the styles of the workbook.
    """

    looks: Sequence[Look]
    styles: Mapping[Look, int]
    _rows: list[str] = field(default_factory=list)
    _links: list[str] = field(default_factory=list)
    _letters: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._letters = [get_column_letter(number + 1) for number in range(len(self.looks))]

    def append(self, values: Sequence[Any], *, height: float | None, looks: Sequence[Look] | None = None) -> None:
        """Add a row; without a height the program that shows it chooses one."""
        number = len(self._rows) + 1
        cells = [
            self._cell(f"{letter}{number}", value, look)
            for letter, value, look in zip(self._letters, values, looks or self.looks, strict=True)
            if value is not None and value != ""
        ]
        set_height = f' ht="{height:g}" customHeight="1"' if height else ""
        self._rows.append(f'<row r="{number}"{set_height}>{"".join(cells)}</row>')

    def put_into(self, sheet: bytes) -> bytes:
        """Put the rows and their links into the sheet that openpyxl wrote without rows."""
        rows = f"<sheetData>{''.join(self._rows)}</sheetData>".encode()
        filled = sheet.replace(b"<sheetData></sheetData>", rows, 1).replace(b"<sheetData/>", rows, 1)
        links = f"<hyperlinks>{''.join(self._links)}</hyperlinks>".encode() if self._links else b""
        return filled.replace(b"<pageMargins", links + b"<pageMargins", 1)

    def _cell(self, place: str, value: Any, look: Look) -> str:
        if isinstance(value, Link):
            return self._link(place, value, look)
        if isinstance(value, bool):
            value = "yes" if value else "no"
        if isinstance(value, int | float):
            style = self.styles[weight_look(value) if look is Look.WEIGHT else look]
            return f'<c r="{place}" s="{style}"><v>{value!r}</v></c>'
        if isinstance(value, date):
            return f'<c r="{place}" s="{self.styles[look]}"><v>{to_excel(value)!r}</v></c>'
        return self._text(place, str(value), look)

    def _text(self, place: str, text: str, look: Look) -> str:
        kept = escape(legal(text))
        return f'<c r="{place}" s="{self.styles[look]}" t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'

    def _link(self, place: str, link: Link, look: Look) -> str:
        """Write text that leads to a place in the workbook."""
        self._links.append(f'<hyperlink ref="{place}" location={quoteattr(link.location)}/>')
        write: Callable[[str, Any, Look], str] = self._cell if isinstance(link.text, int) else self._text
        return write(place, link.text, look)
