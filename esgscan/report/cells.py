"""What the cells of a workbook hold and how they look: fields, links, styles, and text that a workbook can keep."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from esgscan.report.rows import Row

# What XML 1.0 cannot hold.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel reads `_x0041_` as an escaped character; escaping its underscore keeps it as text.
ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
LONGEST_TEXT = 32_767


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


def weight_look(weight: float) -> Look:
    """Choose a number format that does not show a weight as zero."""
    return next((look for below, look in TINY if 0 < abs(weight) < below), Look.WEIGHT)


def header_look(below: Look) -> Look:
    """Set a header to the side on which the cells below it stand."""
    return Look.HEADER_RIGHT if below in FIGURES else Look.HEADER


def legal(text: str) -> str:
    """Take out what a workbook cannot hold, and keep the rest as it is."""
    return ESCAPE_LIKE.sub("_x005F_", ILLEGAL.sub(" ", text))[:LONGEST_TEXT]


def style_of(look: Look) -> NamedStyle:
    """Make the named style of a look."""
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
