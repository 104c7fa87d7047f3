"""A plain table of fund holdings: one line per holding, with the fund and the day on each line.

Columns: `fund` (name, ISIN or ticker of the fund) or `fund_isin`, and `as_of`; then what a portfolio has: name, isin,
ticker, exchange, country, currency, asset_class, market_value or weight. `fund_total` states the value of the whole
fund where the table does not list all of it. Publishers whose lists have fund and day on each line are read so too.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.identifiers import read_isin
from esgscan.portfolio.dates import Order, read_dates
from esgscan.portfolio.numbers import read_numbers
from esgscan.records import Finding
from esgscan.sources.asked import LONGEST_TICKER
from esgscan.sources.listed import ListedFund, positions_of
from esgscan.sources.sheets import is_american, one_of
from esgscan.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import polars as pl

    from esgscan.portfolio.blocks import Block
    from esgscan.portfolio.dates import Dates
    from esgscan.portfolio.grids import Cell
    from esgscan.sources.asked import Asked
    from esgscan.sources.sheets import Sheets

COLUMNS = (
    "fund (or fund_isin), as_of, name, isin, ticker, exchange, country, currency, asset_class, market_value (or weight)"
)
WORDS = {
    "fund": ("fund", "fund_name", "fund name", "fund_id", "fund id", "fonds", "fonds name"),
    "isin": ("fund_isin", "fund isin"),
    "ticker": (
        "fund_ticker", "fund ticker", "etf ticker", "accountticker", "account symbol", "fund symbol", "etf symbol",
        "product short name",
    ),
    "as_of": (
        "as_of", "as of", "as_of_date", "as-of date", "as of date", "holdings date", "position date", "asofdatestd",
        "asofdate", "navdate", "nav date", "effectivedate", "effective date", "tradedate", "trade date", "date",
        "stand", "valuation date", "portfolio date", "report date", "reporting date", "reference date", "holding date",
        "snapshot date",
    ),
    "total": (
        "fund_total", "fund total", "total_market_value", "fund_value", "net_assets", "netassets", "total net assets",
    ),
}  # fmt: skip
"""Header words of the columns that say what the lines belong to; the others are those of a portfolio."""
HOLDING_TICKER = "ticker"
ACCOUNT = "account"
"""What the lists of one administrator, who serves some dozens of houses, call the ticker of the fund."""
ADMINISTRATOR = frozenset({ACCOUNT, "stockticker", "netassets"})
NAMING = frozenset({"fund", "isin", "ticker"})
SERIAL_DAY = re.compile(r"[3-7]\d{4}")
"""A day as a workbook counts days, kept as text."""


def recognises(sheets: Sheets) -> bool:
    """Whether a table has a column for the day, and the file is one table."""
    return any("as_of" in _own_columns(block) for block in sheets.blocks)


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the funds of the table, one per fund and day.

    Raises:
        SourceError: A line has no day that can be read, or there is no column for the fund and the user gave none.
    """
    return read_block(next(block for block in sheets.blocks if "as_of" in _own_columns(block)), asked)


def names_its_funds(block: Block) -> bool:
    """Whether a table has a column for the fund."""
    return bool(NAMING & set(_own_columns(block)))


def read_block(block: Block, asked: Asked, *, day: date | None = None) -> list[ListedFund]:
    """Read one table, whose lines are of `day` where it has no column for that.

    Raises:
        SourceError: As `read`.
    """
    own = _own_columns(block)
    if not asked.fund and not NAMING & set(own):
        what = "The table does not say of which fund the holdings are."
        raise SourceError(what, where=asked.name, mend="add a column fund or fund_isin, or give --holdings FUND=PATH")
    block = _filled_down(block, own)
    own = _with_fund_ticker(block, own)
    lines = positions_of(_without(block, own), name=asked.name)
    days, told = _days(block, own["as_of"], lines, asked) if "as_of" in own else ({"": asked.day_of(day)}, ())
    groups: dict[tuple[str, ...], list[int]] = {}
    totals: dict[tuple[str, ...], list[str]] = {}
    for n, row in enumerate(lines["source_row"]):
        cells = {word: _text(block.columns[own[word]][row - block.first_row]) if word in own else "" for word in WORDS}
        total = cells.pop("total")
        groups.setdefault(tuple(cells.values()), []).append(n)
        totals.setdefault(tuple(cells.values()), []).append(total)
    words = [word for word in WORDS if word != "total"]
    found = [
        _fund({**dict(zip(words, said, strict=True)), "total": one_of(totals[said])}, days, lines[rows], asked.name)
        for said, rows in groups.items()
    ]
    return [replace(found[0], findings=told), *found[1:]] if found else []


def _fund(said: dict[str, str], days: Mapping[str, date], lines: pl.DataFrame, name: str) -> ListedFund:
    named = said["fund"]
    return ListedFund(
        fund="" if read_isin(named) else named,
        isin=read_isin(said["isin"]) or read_isin(named),
        ticker=said["ticker"] or _ticker(named),
        as_of=_day(said["as_of"], days, name, int(lines["source_row"][0])),
        lines=lines,
        publisher="the table itself",
        total=_total(said["total"], name),
    )


def _own_columns(block: Block) -> dict[str, int]:
    """Find the columns that say what the lines belong to: meaning -> position."""
    headers = [header.strip().casefold() for header in block.header]
    found: dict[str, int] = {}
    for meaning, words in WORDS.items():
        at = next((headers.index(word) for word in words if word in headers), None)
        if at is not None:
            found[meaning] = at
    if "ticker" not in found and ADMINISTRATOR.issubset(headers):
        found["ticker"] = headers.index(ACCOUNT)
    return found


def _with_fund_ticker(block: Block, own: dict[str, int]) -> dict[str, int]:
    """Take a column `ticker` for the fund's where it says one thing on all lines of each fund."""
    at = next((n for n, word in enumerate(block.header) if word.strip().casefold() == HOLDING_TICKER), None)
    if at is None or "fund" not in own or "ticker" in own:
        return own
    pairs = Counter(zip(map(_text, block.columns[own["fund"]]), map(_text, block.columns[at]), strict=True))
    is_of_funds = len(pairs) == len({fund for fund, _ in pairs}) and min(pairs.values(), default=0) > 1
    return {**own, "ticker": at} if is_of_funds and all(ticker for _, ticker in pairs) else own


def _filled_down(block: Block, own: dict[str, int]) -> Block:
    """Give a line without a day what the line above has: some lists say fund and day on the first line alone."""
    if "as_of" not in own or all(map(_text, block.columns[own["as_of"]])):
        return block
    columns = list(block.columns)
    for at in (own[word] for word in WORDS if word in own):
        columns[at] = _filled(block.columns[at])
    return replace(block, columns=tuple(columns))


def _without(block: Block, own: dict[str, int]) -> Block:
    """Take those columns out, so that what is left reads like a portfolio."""
    kept = [n for n in range(len(block.header)) if n not in own.values()]
    return replace(
        block,
        header=tuple(block.header[n] for n in kept),
        columns=tuple(block.columns[n] for n in kept),
    )


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell).strip()


def _ticker(fund: str) -> str | None:
    return fund if fund.isupper() and fund.isalnum() and len(fund) <= LONGEST_TICKER else None


def _filled(cells: Sequence[Cell]) -> list[Cell]:
    last: Cell = None
    filled = []
    for cell in cells:
        last = cell if _text(cell) else last
        filled.append(last)
    return filled


def _days(block: Block, at: int, lines: pl.DataFrame, asked: Asked) -> tuple[Mapping[str, date], tuple[Finding, ...]]:
    """Read the column of days, by the text of its cells.

    Where no cell shows what stands first, the day that the user gave shows it, or that the list has CUSIPs.

    Raises:
        SourceError: Nothing shows whether the day or the month stands first.
    """
    written = block.columns[at]
    cells = [int(cell) if isinstance(cell, str) and SERIAL_DAY.fullmatch(cell.strip()) else cell for cell in written]
    read = read_dates(cells)
    told: tuple[Finding, ...] = ()
    if read.is_ambiguous:
        shown = next(_text(cell) for cell, day in zip(cells, read.values, strict=True) if day)
        month_first = read_dates(cells, usual=Order.MONTH_FIRST)
        read, told = _settled(read, month_first, shown, asked, is_american=is_american(block, lines))
    return {_text(cell): day for cell, day in zip(written, read.values, strict=True) if day}, told


def _settled(
    day_first: Dates, month_first: Dates, shown: str, asked: Asked, *, is_american: bool
) -> tuple[Dates, tuple[Finding, ...]]:
    """Choose between two readings of a column of days."""
    by_user = [read for read in (day_first, month_first) if asked.day and asked.day in read.values]
    if by_user:
        return by_user[0], ()
    if is_american:
        what = f"The day '{shown}' was read as American lists write it, the month first: the list has CUSIPs."
        mend = f"--holdings FUND@DATE={asked.name} if the day stands first"
        return month_first, (Finding(severity=Severity.INFO, where=asked.name, what=what, mend=mend),)
    what = f"Cannot tell day and month of '{shown}' apart."
    mend = f"write it as 2026-05-31, or say the day: --holdings FUND@2026-05-31={asked.name}"
    raise SourceError(what, where=f"{asked.name}, column as_of", mend=mend)


def _day(text: str, days: Mapping[str, date], name: str, row: int) -> date:
    if text in days:
        return days[text]
    raise SourceError(f"Cannot read the day '{text}'.", where=f"{name}, row {row}", mend="write it as 2026-05-31")


def _total(text: str, name: str) -> float | None:
    if not text:
        return None
    read = read_numbers([text])
    if read.values[0] is None or read.is_ambiguous:
        what = f"Cannot read the fund's total '{text}'."
        raise SourceError(what, where=f"{name}, column fund_total", mend="write it as 1234567.89")
    return read.values[0]
