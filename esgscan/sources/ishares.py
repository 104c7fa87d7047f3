"""iShares holdings files (BlackRock), as their sites offer them: a preamble with name and date, then the table.

The columns differ by country and year, and are read by their words. A fund of funds prints the funds it holds, and
below a second time its preamble with the securities inside those funds: the first table is the fund's own, and the
second repeats the same money.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.records import Finding
from esgscan.sources.asked import find_day
from esgscan.sources.sheets import above, column, has_header, listed, one_of, rows_of, text
from esgscan.sources.stated import stated_day, stated_fund
from esgscan.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from esgscan.portfolio.blocks import Block
    from esgscan.sources.asked import Asked
    from esgscan.sources.listed import ListedFund
    from esgscan.sources.sheets import Sheets

PUBLISHER = "iShares"
DATED = ("fund holdings as of", "fondsposition per", "fondspositionen per", "fondsbestände am", "positionen zum")
"""What stands beside the date, in English and in German."""
LABELS = (*DATED, "inception date", "shares outstanding", "number of securities", "stock", "bond", "cash", "other")
LABEL = re.compile("|".join(DATED), re.IGNORECASE)
TABLES = (
    ("Ticker", "Name", "Notional Value", "Market Currency"),
    ("Emittententicker", "Name", "Nominalwert", "Marktwährung"),
)
"""Words that the table has in every country of a language, for a file whose preamble was cut off."""


def recognises(sheets: Sheets) -> bool:
    """Whether a preamble says `Fund Holdings as of`, or a table has the columns of one."""
    return any(_dated(block) for block in sheets.blocks) or any(map(_is_table, sheets.blocks))


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the fund's own table.

    Raises:
        SourceError: There are no lines, or the date cannot be read.
    """
    dated = [block for block in sheets.blocks if _dated(block) and block.height]
    tables = dated or [block for block in sheets.blocks if _is_table(block) and block.height]
    if not tables:
        raise SourceError(f"'{asked.name}' has no lines.", where=asked.name, mend="download the holdings file again")
    own = tables[0]
    fund = next(_names(own), "") or stated_fund(own).fund
    alone = _without_repeat(own, fund)
    is_repeated = alone.height < own.height or len(dated) > 1
    found = listed(
        alone,
        name=asked.name,
        publisher=PUBLISHER,
        as_of=asked.day_of(_date(own, asked.name) if dated else stated_day(own, asked)),
        fund=fund,
        currency=one_of(column(alone, "Currency")),
    )
    return [replace(found, findings=_said(asked.name, own.row(alone.height)))] if is_repeated else [found]


def _said(name: str, row: int) -> tuple[Finding, ...]:
    what = f"From row {row} on the file repeats the insides of the funds above; that part was left out."
    return (Finding(severity=Severity.INFO, where=name, what=what),)


def _without_repeat(block: Block, fund: str) -> Block:
    """Cut the table where the preamble stands a second time."""
    starts = (fund.casefold(), *DATED) if fund else DATED
    first = [text(cell).casefold() for cell in block.columns[0]]
    return rows_of(block, 0, next((n for n, words in enumerate(first) if words.startswith(starts)), block.height))


def _is_table(block: Block) -> bool:
    return any(has_header(block, *words) for words in TABLES)


def _dated(block: Block) -> bool:
    return any(texts[0].casefold().startswith(DATED) for texts in above(block))


def _names(block: Block) -> Iterator[str]:
    """Give the lone cells above the table that are neither label nor date: the fund's name."""
    for texts in above(block):
        if len(texts) == 1 and not texts[0].casefold().startswith(LABELS) and find_day(texts[0]) is None:
            yield texts[0]


def _date(block: Block, name: str) -> date:
    """Read the date beside its label, or the lone date above the name in a workbook."""
    label, *beside = next(texts for texts in above(block) if texts[0].casefold().startswith(DATED))
    written = next(iter(beside), "") or LABEL.sub("", label)
    lone = (texts[0] for texts in above(block) if len(texts) == 1)
    day = find_day(written) or (None if written else next(filter(None, map(find_day, lone)), None))
    if day is None:
        raise SourceError(f"Cannot read the date '{written}'.", where=name, mend="write it as 2026-11-23")
    return day
