"""Equity holdings of Norges Bank Investment Management: names only, no code at all, values in two currencies."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from esgscan.records import Finding
from esgscan.sources.sheets import listed, text, without
from esgscan.terms import Kind, Severity

if TYPE_CHECKING:
    from esgscan.portfolio.blocks import Block
    from esgscan.sources.asked import Asked
    from esgscan.sources.listed import ListedFund
    from esgscan.sources.sheets import Sheets

FUND = "Government Pension Fund Global, equities"
YEAR = re.compile(r"(?<!\d)(20\d\d|19\d\d)(?!\d)")


def recognises(sheets: Sheets) -> bool:
    """Whether a table has values in NOK and USD and the share owned."""
    return _table(sheets) is not None


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the list, all of it shares; the values in dollars are left out beside those in kroner, the fund's own."""
    table = _table(sheets)
    assert table is not None  # noqa: S101 - the file was recognised by it
    dollars = [word for word in map(text, table.header) if _is(word, "market value", "usd")]
    lines = without(table, *dollars, "Ownership", "Voting", "Incorporation Country", "Region")
    day, said = _day(asked)
    found = listed(lines, name=asked.name, publisher="NBIM", as_of=asked.day_of(day), fund=FUND, currency="NOK")
    kind = pl.col("kind").replace(str(Kind.UNKNOWN), str(Kind.EQUITY))
    return [replace(found, lines=found.lines.with_columns(kind), findings=said)]


def _day(asked: Asked) -> tuple[date | None, tuple[Finding, ...]]:
    """Take the last day of the year in the file's name, of which the list is unless the user says another."""
    year = YEAR.search(asked.name)
    if asked.day or not year:
        return None, ()
    what = f"The file names no day; the last of {year[1]}, the year in its name, was taken."
    mend = f"--holdings FUND@{year[1]}-06-30={asked.name}"
    return date(int(year[1]), 12, 31), (Finding(severity=Severity.INFO, where=asked.name, what=what, mend=mend),)


def _table(sheets: Sheets) -> Block | None:
    for block in sheets.blocks:
        header = [text(cell) for cell in block.header]
        has_both = all(any(_is(word, "market value", code) for word in header) for code in ("nok", "usd"))
        if has_both and any(_is(word, "ownership") for word in header):
            return block
    return None


def _is(word: str, *parts: str) -> bool:
    return all(part in word.casefold() for part in parts)
