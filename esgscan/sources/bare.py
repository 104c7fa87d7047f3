"""A list of holdings in a layout that nobody knows: of which fund and day it is, the list itself says or the user."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.records import Finding
from esgscan.sources.listed import ListedFund, positions_of
from esgscan.sources.plain import names_its_funds, read_block
from esgscan.sources.sheets import column, is_american
from esgscan.sources.stated import stated_day, stated_fund
from esgscan.terms import Severity

if TYPE_CHECKING:
    from esgscan.sources.asked import Asked
    from esgscan.sources.sheets import Sheets

FILING = "ACCESSION_NUMBER"
"""The column that says of which filing with the SEC a line is."""


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the longest table as the holdings of one fund, or of those that a column names.

    Raises:
        SourceError: There is no table, its lines have neither values nor weights, or nobody says of which day it is.
    """
    if not sheets.blocks:
        what = f"'{asked.name}' holds no table."
        raise SourceError(what, where=asked.name, mend="give a list of holdings")
    longest = max(sheets.blocks, key=lambda block: block.height)
    if len(set(column(longest, FILING))) > 1:
        what = f"'{asked.name}' is one table of a data set, and holds the lines of many filings."
        mend = "give the folder or the archive with all its tables"
        raise SourceError(what, where=asked.name, mend=mend)
    lines = positions_of(longest, name=asked.name)
    day = stated_day(longest, asked, is_american=is_american(longest, lines))
    if names_its_funds(longest):
        return read_block(longest, asked, day=day)
    said = stated_fund(longest)
    found = ListedFund(
        fund=said.fund,
        isin=said.isin,
        ticker=said.ticker,
        as_of=asked.day_of(day),
        lines=lines,
        publisher="not said in the file",
    )
    return [replace(found, findings=_told(found, asked, is_stated=day is not None))]


def _told(found: ListedFund, asked: Asked, *, is_stated: bool) -> tuple[Finding, ...]:
    """Say which fund and day were read beside the table of an unknown layout, so that nobody takes them unseen."""
    name = found.fund or found.ticker or found.isin
    read = [f"the fund '{name}'"] if name and not asked.fund else []
    read += [f"the day {found.as_of}"] if is_stated else []
    if not read:
        return ()
    what = f"The layout is not known; {' and '.join(read)} {'stand' if len(read) > 1 else 'stands'} beside the table."
    mend = f"--holdings FUND@DATE={asked.name} if that is wrong"
    return (Finding(severity=Severity.INFO, where=asked.name, what=what, mend=mend),)
