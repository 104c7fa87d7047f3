"""SEC Form 13F information tables: the US-listed securities of one manager, by CUSIP.

`value` was in thousands of dollars for filings before 3 January 2023 and is in dollars since, with no mark in the file:
the price that value and shares give decides, and the day is held against it.

Source: SEC, Form 13F, special instruction 9 as amended in 2022.
"""

from __future__ import annotations

import io
import re
from datetime import date
from statistics import median
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from esgscan.errors import SourceError
from esgscan.portfolio.kinds import kinds_of
from esgscan.records import Finding
from esgscan.sources.asked import find_day
from esgscan.sources.fields import identifier, lines_frame, number, stated
from esgscan.sources.listed import ListedFund
from esgscan.terms import Kind, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

    from esgscan.sources.asked import Asked

START = re.compile(
    rb"<(?:\w+:)?informationTable\b[^>]*thirteenf/informationtable|<informationTable\s*>(?=\s*<infoTable>)"
)
END = re.compile(rb"</(?:\w+:)?informationTable\s*>")
FIRST_BYTES = 262_144
PUBLISHER = "SEC Form 13F"
DOLLARS_SINCE = date(2023, 1, 3)
"""First day on which tables were filed in dollars."""
CHEAPEST = 1.0
"""A median price below one dollar is one in thousands: half of a manager's shares do not trade there."""
FIELDS = ("nameOfIssuer", "titleOfClass", "cusip", "value", "putCall", "sshPrnamt", "sshPrnamtType")


def recognises(data: bytes) -> bool:
    """Whether the bytes hold a 13F information table, alone or inside a full submission."""
    return START.search(data[:FIRST_BYTES]) is not None


def read(data: bytes, asked: Asked) -> ListedFund:
    """Read a table as the portfolio of its manager.

    Raises:
        SourceError: The XML is damaged or defines entities, or nobody says of which day it is.
    """
    start = START.search(data[:FIRST_BYTES])
    head = data[: start.start()] if start else b""
    lines = _lines(data, asked.name)
    manager, period, filed = (
        _stated(head, label) for label in ("COMPANY CONFORMED NAME", "CONFORMED PERIOD OF REPORT", "FILED AS OF DATE")
    )
    as_of = asked.day_of(find_day(period))
    return table_of(lines, manager=manager, as_of=as_of, filed=find_day(filed), name=asked.name)


def table_of(
    lines: Sequence[Mapping[str, str]], *, manager: str, as_of: date, filed: date | None, name: str
) -> ListedFund:
    """Make the portfolio of a manager of the lines of an information table.

    Args:
        lines: One per line, with the elements of FIELDS.
        manager: Who filed it.
        as_of: The day of the holdings.
        filed: The day of the filing, where known.
        name: The file, for messages.
    """
    scale, said = scale_of(_price(lines), filed or as_of, is_filing=bool(filed), name=name)
    written = written_lines(lines)
    values = [number(line["value"]) for line in lines]
    return ListedFund(
        fund=manager,
        as_of=as_of,
        lines=lines_frame(
            {
                **written,
                "asset_class": [stated(line["titleOfClass"]) for line in lines],
                "quantity": [number(line["sshPrnamt"]) for line in lines],
                "market_value": [None if value is None else value * scale for value in values],
            }
        ),
        publisher=PUBLISHER,
        currency="USD",
        findings=said,
    )


def _lines(data: bytes, name: str) -> list[dict[str, str]]:
    start = START.search(data[:FIRST_BYTES])
    if start is None or b"<!ENTITY" in data[: start.start()]:
        what = f"'{name}' is XML that defines entities, which we do not expand."
        raise SourceError(what, where=name, mend="download the filing from the SEC")
    end = END.search(data, start.end())
    if end and START.search(data, end.end()):
        what = f"'{name}' holds several 13F tables, and does not say that they are of one manager."
        raise SourceError(what, where=name, mend="give one file for each")
    stream = io.BytesIO(data[start.start() : end.end() if end else len(data)])
    lines = []
    try:
        for _, element in ElementTree.iterparse(stream):  # noqa: S314  nothing before the root
            if element.tag.rpartition("}")[2] == "infoTable":
                lines.append(_line(element))
                element.clear()
    except (ElementTree.ParseError, ValueError) as error:
        what = f"'{name}' is a 13F table that is damaged or cut off: {error}."
        raise SourceError(what, where=name, mend="download the filing again") from error
    return lines


def _line(element: Element) -> dict[str, str]:
    texts = {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in element.iter()}
    return {key: texts.get(key, "") for key in FIELDS}


def _stated(head: bytes, label: str) -> str:
    """Read a line of the header that EDGAR puts before a full submission."""
    found = re.search(label.encode() + rb":\s*([^\r\n]+)", head)
    return found[1].decode("utf-8", "replace").strip() if found else ""


def written_lines(lines: Sequence[Mapping[str, str]]) -> dict[str, list[str | None]]:
    """Give what each line says of its security, by columns of POSITIONS; neither number matters to it."""
    titles = [f"{line['nameOfIssuer']} {line['titleOfClass']}".strip() for line in lines]
    kinds = _kinds(lines, titles)
    names = [
        title if kind == Kind.FUND else line["nameOfIssuer"]
        for title, kind, line in zip(titles, kinds, lines, strict=True)
    ]
    return {
        "name_as_written": [stated(name) for name in names],
        "cusip": [identifier(line["cusip"]) for line in lines],
        "kind": list(kinds),
    }


def _price(lines: Sequence[Mapping[str, str]]) -> float | None:
    """Give the median of the prices that value and shares give; None where no line has both."""
    prices = [
        value / shares
        for line in lines
        if line["sshPrnamtType"] == "SH"
        and not line["putCall"]
        and (value := number(line["value"]))
        and (shares := number(line["sshPrnamt"]))
    ]
    return median(prices) if prices else None


def scale_of(price: float | None, day: date, *, is_filing: bool, name: str) -> tuple[float, tuple[Finding, ...]]:
    """Decide between dollars and thousands by the median price; say so where the day tells otherwise.

    Args:
        price: Value over shares, the median of the table.
        day: Day of the filing, or of the holdings.
        is_filing: Whether it is that of the filing.
        name: The file, for messages.
    """
    latest = DOLLARS_SINCE if is_filing else date(2022, 12, 31)
    by_day = day < latest
    in_thousands = by_day if price is None else price < CHEAPEST
    if in_thousands == by_day:
        return (1000.0 if in_thousands else 1.0), ()
    unit = "thousands of dollars" if in_thousands else "dollars"
    what = f"The values are taken as {unit}, by the prices they give; a table of {day} should be in the other unit."
    said = Finding(severity=Severity.WARNING, where=name, what=what, mend="check one value against its price")
    return (1000.0 if in_thousands else 1.0), (said,)


def _kinds(lines: Sequence[Mapping[str, str]], titles: Sequence[str]) -> list[str]:
    """Give the kinds: puts and calls are options, principal is a bond, a title that names no fund is a share."""
    by_name = kinds_of([None] * len(lines), titles, [None] * len(lines))
    kinds = []
    for line, kind in zip(lines, by_name, strict=True):
        if line["putCall"]:
            kind = Kind.OPTION
        elif line["sshPrnamtType"] == "PRN":
            kind = Kind.BOND
        elif kind == Kind.UNKNOWN and re.match(r"(?:COM|CL|ORD|SHS|CAP|STK|CLASS|NEW)\b", line["titleOfClass"].upper()):
            kind = Kind.EQUITY
        kinds.append(str(kind))
    return kinds
