"""Lines of the tables of a file -> table POSITIONS: identifiers sorted out, kinds, amounts, findings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import fsum
from typing import TYPE_CHECKING

from esgscan.identifiers import read_cusip, read_figi, read_isin, read_sedol
from esgscan.portfolio.amounts import Amounts, read_amounts
from esgscan.portfolio.grids import letter, place
from esgscan.portfolio.kinds import NO_ISSUER, kinds_of
from esgscan.portfolio.lines import VALUES, Lines, as_text
from esgscan.portfolio.number_cells import take_apart, take_apart_with_unit
from esgscan.records import Finding
from esgscan.tables import POSITIONS
from esgscan.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

ISIN_LENGTH = 12
ISIN_INSIDE = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[A-Z0-9]{9}[0-9](?![A-Z0-9])")
CELLS_SHOWN = 20
"""Findings of one kind that are said one by one; the rest are counted."""
EMPTY_IDS = {"isin": "", "cusip": "", "sedol": "", "figi": "", "ticker": ""}
LONG_TICKER = 9
"""Characters from which on a ticker may be an identifier of another kind."""
MEANING_WORDS = {"market_value": "market value"}


@dataclass(slots=True)
class TablePositions:
    """Positions of one table, column by column, and what a reader must know of them."""

    lines: Lines
    columns: dict[str, Sequence[object]]
    amounts: Amounts
    findings: list[Finding] = field(default_factory=list)
    title: str = ""
    """What stands above the table, by which its portfolio is called beside others."""
    left_out: str = ""
    """Why the table does not count, if it does not."""
    total: float = field(init=False)
    """Sum of the market values, whatever their currencies."""

    def __post_init__(self) -> None:
        """Add the values up once; many a question is answered by their sum."""
        self.total = fsum(filter(None, self.amounts.market_value))

    def drop_title(self) -> None:
        """Call the portfolio by its title no longer: no other table is left beside it."""
        self.columns["portfolio"] = ["" if name == self.title else name for name in self.columns["portfolio"]]

    @property
    def count(self) -> int:
        """Number of positions."""
        return len(self.columns["source_row"])


def read_positions(
    lines: Lines, *, name: str, file_currency: str, portfolio: str = "", section: str = "", is_fund: bool = False
) -> TablePositions:
    """Turn the kept lines of one table into columns of POSITIONS.

    Args:
        lines: The table.
        name: The file's name, for messages.
        file_currency: Currency the file states for the whole.
        portfolio: Name of the portfolio where no column gives it.
        section: Asset class of all lines, where a heading over the table gives it and no column.
        is_fund: The table is a fund's published holdings.
    """
    kept = [i for i, keep in enumerate(lines.keep) if keep]
    ids = _identifiers(lines, kept)
    names = _names(lines, kept, ids["ticker"])
    classes = _taken(lines, "asset_class", kept) if not section else [section] * len(kept)
    kinds = kinds_of(classes, names, ids["ticker"])
    amounts = read_amounts(lines, kept, kinds, file_currency=file_currency, is_fund=is_fund)
    columns: dict[str, Sequence[object]] = {
        "portfolio": _portfolios(lines, kept, portfolio),
        "source_sheet": [lines.block.sheet] * len(kept),
        "source_row": [lines.block.row(i) for i in kept],
        "name_as_written": names,
        **ids,
        "lei": _taken(lines, "lei", kept),
        "exchange": _taken(lines, "exchange", kept),
        "country": _taken(lines, "country", kept),
        "asset_class": classes,
        "kind": kinds,
        "quantity": amounts.quantity,
        "price": amounts.price,
        "market_value": amounts.market_value,
        "currency": amounts.currency,
        "weight": amounts.weight,
        "side": amounts.side,
    }
    found = TablePositions(lines, columns, amounts, title=portfolio)
    found.findings = [
        *_unread_cells(lines, kept, name),
        *_numbers_as_codes(lines, kept, ids["ticker"], name),
        *_without_value(found, name),
    ]
    return found


def identities(lines: Lines) -> dict[str, Sequence[str]]:
    """Give what every line of a table says of its security, position or not, by the columns of POSITIONS."""
    every = range(lines.block.height)
    ids = _identifiers(lines, every)
    names = _names(lines, every, ids["ticker"])
    kinds = kinds_of(_taken(lines, "asset_class", every), names, ids["ticker"])
    currency = "currency" if "currency" in lines.texts else "local_currency"
    told = {name: _taken(lines, name, every) for name in ("lei", "exchange", "country")}
    return {"name_as_written": names, **ids, **told, "currency": _taken(lines, currency, every), "kind": kinds}


def positions_frame(tables: Sequence[TablePositions]) -> pl.DataFrame:
    """Put the positions of all tables into one frame, numbered in the order of the file."""
    count = sum(table.count for table in tables)
    data: dict[str, list[object]] = {"position_id": [f"p{i}" for i in range(1, count + 1)]}
    for column, spec in POSITIONS.columns.items():
        if column != "position_id":
            cells = [c for table in tables for c in table.columns[column]]
            data[column] = [c or None for c in cells] if spec.type == "text" else cells
    return POSITIONS.of_columns(data)


def _taken(lines: Lines, meaning: str, kept: Sequence[int]) -> list[str]:
    column = lines.texts.get(meaning)
    if not column:
        return [""] * len(kept)
    return list(column) if len(kept) == len(column) else [column[i] for i in kept]


def _identifiers(lines: Lines, kept: Sequence[int]) -> dict[str, list[str]]:
    """Sort identifiers into their columns; a cell of a code column goes where its shape and check digit say."""
    found = {kind: _taken(lines, kind, kept) for kind in EMPTY_IDS}
    together = "".join(found["isin"])
    if " " in together or together != together.upper():
        found["isin"] = [_isin_alone(isin) for isin in found["isin"]]
    if "code" in lines.texts:
        is_german = "wkn" in lines.layout.header("code").phrase
        _sort_codes(found, _taken(lines, "code", kept), every_kind=True, is_german=is_german)
    tickers = found["ticker"]
    if max(map(len, tickers), default=0) >= LONG_TICKER:
        found["ticker"] = [""] * len(kept)
        _sort_codes(found, tickers, every_kind=False, is_german=False)
    for scheme in ("wkn", "valor"):
        for position, code in enumerate(_taken(lines, scheme, kept)):
            if code and not found["ticker"][position] and not found["isin"][position]:
                found["ticker"][position] = f"{scheme.upper()}:{code}"
    return found


def _isin_alone(text: str) -> str:
    """Take an ISIN out of what else its cell holds: `BRITSAACNPR7 - 233`, `ISIN US0378331005`."""
    upper = text.upper()
    inside = ISIN_INSIDE.search(upper) if len(upper) > ISIN_LENGTH else None
    return inside[0] if inside and read_isin(inside[0]) else upper.replace(" ", "")


def _sort_codes(found: dict[str, list[str]], codes: Sequence[str], *, every_kind: bool, is_german: bool) -> None:
    for position, code in enumerate(codes):
        if not code or code.upper() in {found[kind][position] for kind in EMPTY_IDS}:
            continue
        kind = _code_kind(code, every_kind=every_kind)
        if kind == "isin":
            found["isin"][position] = found["isin"][position] or code.replace(" ", "").upper()
        elif kind == "ticker":
            ticker = f"WKN:{code}" if is_german and len(code) == 6 else code
            found["ticker"][position] = found["ticker"][position] or ticker
        else:
            found[kind][position] = found[kind][position] or code


def _code_kind(code: str, *, every_kind: bool) -> str:
    """Say which identifier a code is: its length suggests, its check digit decides."""
    length = len(code)
    if length >= 12 and read_isin(code):
        return "isin"
    if length == 12 and code.upper().startswith("BBG") and read_figi(code):
        return "figi"
    if length == 9 and code.isalnum() and not code.isalpha() and read_cusip(code):
        return "cusip"
    if every_kind:
        if length == 7 and not code.isalpha() and read_sedol(code):
            return "sedol"
        if length == 8 and code[:3].isalnum() and any(map(str.isdigit, code)) and code.isalnum() and read_cusip(code):
            return "cusip"
    return "ticker"


def _names(lines: Lines, kept: Sequence[int], tickers: list[str]) -> list[str]:
    """Give the names; a symbol with blanks in it is a description, and so is a word for cash."""
    names = _taken(lines, "name", kept)
    for position, (name, ticker) in enumerate(zip(names, tickers, strict=True)):
        if not name and ticker and " " in ticker:
            names[position] = ticker
            if kinds_of([""], [ticker], [""])[0] in NO_ISSUER:
                tickers[position] = ""
    return names


def _portfolios(lines: Lines, kept: Sequence[int], portfolio: str) -> list[str]:
    """Name the portfolio of each line: its own column, else the account, else the table's title."""
    for meaning in ("portfolio", "account"):
        if meaning in lines.texts:
            return [text or portfolio for text in _taken(lines, meaning, kept)]
    return [portfolio] * len(kept)


def _unread_cells(lines: Lines, kept: Sequence[int], name: str) -> list[Finding]:
    """Report cells that hold something other than a number; their lines stay."""
    findings: list[Finding] = []
    for meaning in VALUES:
        numbers = lines.numbers.get(meaning)
        if numbers is None or not numbers.unread:
            continue
        wanted = set(kept)
        column = lines.layout.index[meaning]
        cells = lines.block.columns[column]
        unread = [i for i in numbers.unread if i in wanted]
        word = MEANING_WORDS.get(meaning, meaning)
        for i in unread[:CELLS_SHOWN]:
            where = place(name, lines.block.sheet, lines.block.row(i), column)
            findings.append(_unread_cell(as_text(cells[i]), word, where))
        findings.extend(_and_more(len(unread), f"cells of column {letter(column)} are not numbers", name))
    return findings


def _unread_cell(text: str, word: str, where: str) -> Finding:
    if text.startswith("="):
        what = f"Cannot read a {word}: the formula {text!r} has no stored value."
        return Finding(severity=Severity.WARNING, where=where, what=what, mend="open the workbook in Excel and save it")
    written = take_apart(text) or take_apart_with_unit(text)
    why = "does not fit the number format of its column" if written else "is not a number"
    what = f"Cannot read a {word}: {text!r} {why}."
    return Finding(severity=Severity.WARNING, where=where, what=what, mend="write a number in this cell")


def _numbers_as_codes(lines: Lines, kept: Sequence[int], tickers: Sequence[str], name: str) -> list[Finding]:
    """Report codes that the workbook stored as numbers: zeros in front of them are lost."""
    findings: list[Finding] = []
    meaning = "ticker" if "ticker" in lines.layout.index else "code"
    if meaning not in lines.layout.index:
        return findings
    column = lines.layout.index[meaning]
    cells = lines.block.columns[column]
    stored = [(p, i) for p, i in enumerate(kept) if type(cells[i]) in {int, float} and tickers[p]]
    for position, i in stored[:CELLS_SHOWN]:
        what = f"The code {tickers[position]!r} was stored as a number; zeros in front of it may be lost."
        where = place(name, lines.block.sheet, lines.block.row(i), column)
        mend = "format the column as text and write the code in full, or add an ISIN"
        findings.append(Finding(severity=Severity.INFO, where=where, what=what, mend=mend))
    findings.extend(_and_more(len(stored), f"codes in column {letter(column)} were stored as numbers", name))
    return findings


def _without_value(found: TablePositions, name: str) -> list[Finding]:
    """Report lines that have neither value nor weight, where others have one."""
    amounts, lines = found.amounts, found.lines
    empty = [
        i
        for i, (value, weight) in enumerate(zip(amounts.market_value, amounts.weight, strict=True))
        if value is None and weight is None
    ]
    rows: Sequence[object] = found.columns["source_row"]
    names: Sequence[object] = found.columns["name_as_written"]
    findings = [
        Finding(
            severity=Severity.WARNING,
            where=place(name, lines.block.sheet, int(str(rows[i]))),
            what=f"The line {str(names[i] or found.columns['isin'][i] or found.columns['ticker'][i])!r} has no value.",
            mend="add its market value, or quantity and price",
        )
        for i in empty[:CELLS_SHOWN]
    ]
    return [*findings, *_and_more(len(empty), "lines have no value", name)]


def _and_more(count: int, what: str, name: str) -> list[Finding]:
    if count <= CELLS_SHOWN:
        return []
    more = f"{count:,} {what}; the first {CELLS_SHOWN} are listed one by one."
    return [Finding(severity=Severity.WARNING, where=name, what=more)]
