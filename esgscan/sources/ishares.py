"""iShares holdings files (BlackRock), as their sites offer them: a preamble with name and date, then the table.

A fund of funds prints the funds it holds, and below a second time its preamble with the securities inside those funds:
the first table is the fund's own, and the second repeats the same money.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.records import Finding
from esgscan.sources.listed import ListedFund, positions_of
from esgscan.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esgscan.portfolio.blocks import Block
    from esgscan.portfolio.grids import Cell

DATED = "fund holdings as of"
DATE_FORMATS = ("%b %d, %Y", "%d/%b/%Y", "%d-%b-%Y", "%d %b %Y", "%B %d, %Y", "%Y-%m-%d")
LABELS = ("fund holdings as of", "inception date", "shares outstanding", "stock", "bond", "cash", "other")


def recognises(blocks: Sequence[Block]) -> bool:
    """Whether a preamble says `Fund Holdings as of`."""
    return any(_dated(block) for block in blocks)


def read(blocks: Sequence[Block], *, name: str, has_fund: bool) -> list[ListedFund]:
    """Read the fund's own table.

    Raises:
        SourceError: The date cannot be read, or the preamble has no name and the user gave none.
    """
    dated = [block for block in blocks if _dated(block) and block.height]
    if not dated:
        raise SourceError(f"'{name}' has no lines.", where=name, mend="download the holdings file again")
    own = dated[0]
    fund = next(_names(own), "")
    if not fund and not has_fund:
        what = "The file does not say of which fund the holdings are."
        raise SourceError(what, where=name, mend=f"name the fund: --holdings ISIN={name}")
    alone = _without_repeat(own, fund)
    lines = positions_of(alone, name=name)
    return [
        ListedFund(
            fund=fund,
            as_of=_date(own, name),
            lines=lines,
            publisher="iShares",
            findings=_said(name, own.row(alone.height)) if alone.height < own.height or len(dated) > 1 else (),
        )
    ]


def _said(name: str, row: int) -> tuple[Finding, ...]:
    what = f"From row {row} on the file repeats the insides of the funds above; that part was left out."
    return (Finding(severity=Severity.INFO, where=name, what=what),)


def _without_repeat(block: Block, fund: str) -> Block:
    """Cut the table where the preamble stands a second time."""
    starts = (fund.casefold(), DATED) if fund else (DATED,)
    first = [_text(cell).casefold() for cell in block.columns[0]]
    end = next((n for n, text in enumerate(first) if text.startswith(starts)), block.height)
    return replace(block, columns=tuple(column[:end] for column in block.columns))


def _rows(block: Block) -> Iterator[tuple[int, list[str]]]:
    for row, cells in block.above:
        texts = [_text(cell) for cell in cells]
        if any(texts):
            yield row, [text for text in texts if text]


def _text(cell: Cell) -> str:
    return re.sub(r"[\s\u00a0\ufeff]+", " ", str(cell)).strip() if cell is not None else ""


def _dated(block: Block) -> bool:
    return any(texts[0].casefold().startswith(DATED) for _, texts in _rows(block))


def _names(block: Block) -> Iterator[str]:
    """Give the lone cells above the table that are no label: the fund's name."""
    for _, texts in _rows(block):
        if len(texts) == 1 and not texts[0].casefold().startswith(LABELS):
            yield texts[0]


def _date(block: Block, name: str) -> date:
    row, texts = next((row, texts) for row, texts in _rows(block) if texts[0].casefold().startswith(DATED))
    written = texts[1] if len(texts) > 1 else ""
    for pattern in DATE_FORMATS:
        try:
            return datetime.strptime(written, pattern).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    raise SourceError(f"Cannot read the date '{written}'.", where=f"{name}, row {row}", mend="write it as 2026-11-23")
