"""Markup and columns -> sheets of cells: XML by its root, HTML under an `.xls` name, Flex XML, Parquet."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from esgscan.errors import PortfolioError
from esgscan.portfolio.grids import MOST_CELLS, Cell, Grid, GridFile, columns_grid, refuse_large
from esgscan.portfolio.opendocument import NAMESPACE as OPENDOCUMENT
from esgscan.portfolio.opendocument import read_opendocument
from esgscan.portfolio.spreadsheetml import DECLARATION, parsed_xml, read_spreadsheetml
from esgscan.portfolio.spreadsheetml import NAMESPACE as SPREADSHEETML
from esgscan.portfolio.texts import decode, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from xml.etree import ElementTree

MOST_TAGS = 600_000
"""20,000 lines of ten cells, whose start and end are tags."""
DATED = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
"""A text beside tables that has a year may tell of which day they are."""
LONGEST_TEXT, MOST_TEXTS = 100, 5
UNSEEN = frozenset({"script", "style", "head", "noscript"})
LONGEST_PREAMBLE = 1_000_000
"""Letters within which a filing has the rows or the root of its table, if it has any."""
PRINTED = re.compile(r"<(?:SEC-DOCUMENT|PAGE|CAPTION|TABLE|S|C)>", re.IGNORECASE)
ROW_OR_ROOT = re.compile(r"<t[rdh]\b|<html\b|<(?:\w+:)?informationTable\b", re.IGNORECASE)
ENTITIES = re.compile(r"<!(?:ENTITY|DOCTYPE(?!\s+html))", re.IGNORECASE)


def read_markup(data: bytes, *, name: str, sheet: str | None) -> GridFile:
    """Read XML or HTML that holds tables. Entities are refused, never expanded."""
    text, encoding = decode(data, name=name)
    text = text.lstrip("\ufeff \r\n\t")
    if ENTITIES.search(text[:100_000]) or "<!ENTITY" in text:
        what = f"{name!r} is XML that defines entities, which we do not expand."
        raise PortfolioError(what, where=name, mend="export the portfolio as .xlsx or .csv")
    head = text[:20_000]
    if "<FlexQueryResponse" in head:
        return GridFile(name=name, format="flex", grids=tuple(_flex(parsed_xml(text, name))), encoding=encoding)
    if SPREADSHEETML in head:
        return read_spreadsheetml(text, name=name, sheet=sheet, encoding=encoding)
    if OPENDOCUMENT in head:
        return read_opendocument(DECLARATION.sub("", text, count=1).encode(), name=name, sheet=sheet, kind="fods")
    if PRINTED.search(head) and not ROW_OR_ROOT.search(text[:LONGEST_PREAMBLE]):
        return read_text(data, name=name, sheet=sheet)  # a print with marks of where its columns begin, as filings were
    if re.search(r"<(?:html|table|body|!doctype html)", head, re.IGNORECASE):
        return _html(text, name=name, encoding=encoding)
    root = re.search(r"<([A-Za-z][\w:.-]*)", head)
    what = f"{name!r} is XML of a kind we do not read as a portfolio (<{root[1] if root else '?'}>)."
    raise PortfolioError(what, where=name, mend="export the portfolio as .xlsx or .csv")


def read_parquet(data: bytes, *, name: str, sheet: str | None) -> GridFile:  # noqa: ARG001  one signature for all readers
    """Read Parquet."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        cells = file.metadata.num_rows * file.metadata.num_columns
        if cells > MOST_CELLS:
            refuse_large(name, f"{cells:,} cells")
        table = file.read()
    except (pa.ArrowException, OSError, ValueError) as error:
        what = f"{name!r} begins like Parquet and cannot be read: {error}."
        raise PortfolioError(what, where=name, mend="write the file again, or give a .csv or .xlsx file") from error
    return GridFile(name=name, format="parquet", grids=(columns_grid(table.to_pydict()),))


def _flex(root: ElementTree.Element) -> Iterator[Grid]:
    """Take the open positions and the cash of an Interactive Brokers Flex query, one sheet per account."""
    for number, statement in enumerate(root.iter("FlexStatement"), start=1):
        positions = [_flex_position(p.attrib) for p in statement.iter("OpenPosition")]
        cash = [_flex_cash(p.attrib) for p in statement.iter("FxPosition")]
        cash = cash or [_flex_cash(p.attrib) for p in statement.iter("CashReportCurrency")]
        lines = positions + [line for line in cash if line]
        sheet = statement.get("accountId") or f"statement {number}"
        yield Grid(sheet=sheet, rows=_table(lines))


def _flex_position(line: Mapping[str, str]) -> dict[str, str]:
    """Leave out the weight of metals in ounces, which is no weight in the portfolio."""
    return {key: value for key, value in line.items() if key not in {"weight", "fineness"}}


def _flex_cash(line: Mapping[str, str]) -> dict[str, str]:
    currency = line.get("fxCurrency") or line.get("currency") or ""
    amount = line.get("quantity") or line.get("endingCash") or ""
    if not amount or len(currency) != 3:
        return {}
    return {
        "accountId": line.get("accountId", ""),
        "currency": currency,
        "assetCategory": "CASH",
        "description": f"{currency} CASH",
        "positionValue": amount,
    }


class _Tables(HTMLParser):
    """Collects the rows of every table; a table inside a cell counts as rows of its own.

    Of the text before a table, what has a year in it is kept as rows above.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[Cell]]] = []
        self.above: list[list[list[Cell]]] = []
        self.said: list[list[Cell]] = []
        self.unseen = 0
        self.cell: list[str] | None = None
        self.span = 1
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"table", "tr", "td", "th"}:
            self._close()
        if tag in UNSEEN:
            self.unseen += 1
        if tag == "table":
            self.tables.append([])
            self.above.append(self.said[-MOST_TEXTS:])
            self.said = []
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            span = dict(attrs).get("colspan") or "1"
            self.cell, self.span = [], min(int(span), 100) if span.isdigit() else 1

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr", "table"}:
            self._close()
        elif tag in UNSEEN and self.unseen:
            self.unseen -= 1

    def _close(self) -> None:
        """End the open cell; pages often leave its end tag out."""
        if self.cell is not None and self.tables and self.tables[-1]:
            text = " ".join("".join(self.cell).split())
            self.cells += self.span
            if self.cells <= MOST_CELLS:
                self.tables[-1][-1].extend([text, *[""] * (self.span - 1)])
        self.cell = None

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)
        elif not self.unseen and len(data) <= LONGEST_TEXT and DATED.search(data):
            self.said.append([" ".join(data.split())])


def _html(text: str, *, name: str, encoding: str) -> GridFile:
    if text.count("<") > MOST_TAGS:
        refuse_large(name, f"{text.count('<'):,} tags of HTML")
    parser = _Tables()
    parser.feed(text)
    if parser.cells > MOST_CELLS:
        refuse_large(name, f"{parser.cells:,} cells")
    tables = [above + table for table, above in zip(parser.tables, parser.above, strict=True) if len(table) > 1]
    if not tables:
        raise PortfolioError(f"{name!r} is a web page without a table.", where=name, mend="export it as .xlsx or .csv")
    sheets = ["" if len(tables) == 1 else f"table {number}" for number in range(1, len(tables) + 1)]
    grids = tuple(Grid(sheet=sheet, rows=rows) for sheet, rows in zip(sheets, tables, strict=True))
    return GridFile(name=name, format="html", grids=grids, encoding=encoding)


def _table(records: Sequence[Mapping[str, Any]]) -> list[list[Cell]]:
    """Put records into rows under a row of their keys."""
    keys = list(dict.fromkeys(key for record in records for key in record))
    rows: list[list[Cell]] = [list(keys)]
    rows.extend([record.get(key) for key in keys] for record in records)
    return rows
