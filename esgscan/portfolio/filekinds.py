"""What a file is: a portfolio, a fund's holdings, transactions, tax lots, or a list. Only the first two go on."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING

from esgscan.portfolio.columns import IDENTITY
from esgscan.portfolio.headers import CORE
from esgscan.portfolio.movements import lists_movements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.portfolio.blocks import Block
    from esgscan.portfolio.columns import Layout
    from esgscan.portfolio.grids import Grid

FIRST_ROWS = 12
FUND_PREAMBLES = ("fund holdings as of", "holdings details", "fund name:", "ticker symbol:", "holdings as of:")
FUND_HEADERS = ("% of net assets", "% of funds", "% of fund", "percent of fund", "% of market value", "fund ticker")
MANY_LOTS = 1 / 3
"""Share of the lines that must be of a security of other lines before a table with days of purchase is one of lots."""
LOT_TITLES = ("lot details", "tax lots", "lot detail")


class FileKind(StrEnum):
    """Kinds of files and of tables in them."""

    PORTFOLIO = "portfolio"
    FUND = "fund"
    TRANSACTIONS = "transactions"
    LOTS = "lots"
    LIST = "list"
    UNKNOWN = "unknown"


REFUSALS = {
    FileKind.TRANSACTIONS: (
        "lists transactions, not positions",
        "export the positions (holdings) of one day instead of the account's transactions",
    ),
    FileKind.LOTS: (
        "lists tax lots, not positions",
        "export the positions of the whole account",
    ),
    FileKind.LIST: (
        "is a list of securities without any value, quantity or weight",
        "add a column with market values, quantities and prices, or weights",
    ),
    FileKind.UNKNOWN: (
        "holds no table of securities: no row has header words for a name or code and for an amount",
        "name the header row with --header-row (0 if there is none) and columns with --column MEANING=LETTER",
    ),
}


def table_kind(block: Block, layout: Layout) -> FileKind:
    """Say what one table is, by its header and the title above it."""
    title = " ".join(str(cell) for _, row in block.above for cell in row if isinstance(cell, str)).casefold()
    has_name = layout.has("name", *IDENTITY)
    is_lot = layout.has("lot") and layout.header("lot").sureness >= CORE
    if any(words in title for words in LOT_TITLES) or (is_lot and (not has_name or _repeats_securities(block, layout))):
        return FileKind.LOTS
    if lists_movements(block, layout):
        return FileKind.TRANSACTIONS
    if not has_name:
        return FileKind.UNKNOWN
    if not layout.has("market_value", "weight", "quantity"):
        return FileKind.LIST
    return FileKind.FUND if _is_fund(layout) else FileKind.PORTFOLIO


def _repeats_securities(block: Block, layout: Layout) -> bool:
    """Whether many lines are of a security, in an account, that other lines have as well: purchases one by one."""
    told = [layout.index[m] for m in ("isin", "code", "ticker", "name") if m in layout.index][:1]
    told += [layout.index[m] for m in ("account", "portfolio") if m in layout.index]
    lines = zip(*(block.columns[at] for at in told), strict=True)
    known = Counter(line for line in lines if line[0] not in {None, ""})
    repeated = sum(count for count in known.values() if count > 1)
    return repeated > MANY_LOTS * known.total()


def looks_like_fund(grid: Grid) -> bool:
    """Whether the first rows of a sheet are the preamble of a fund's published holdings."""
    for row in grid.rows[:FIRST_ROWS]:
        first = next((cell for cell in row if isinstance(cell, str) and cell.strip()), "")
        if first.strip().casefold().startswith(FUND_PREAMBLES):
            return True
    return False


def file_kind(kinds: Sequence[FileKind]) -> FileKind:
    """Say what a file is by the tables in it: a portfolio beside transactions is a portfolio."""
    order = (FileKind.PORTFOLIO, FileKind.FUND, FileKind.TRANSACTIONS, FileKind.LOTS, FileKind.LIST)
    return next((kind for kind in order if kind in kinds), FileKind.UNKNOWN)


def _is_fund(layout: Layout) -> bool:
    headers = [h.text.casefold().strip(" *:") for h in layout.headers]
    if any(header in FUND_HEADERS for header in headers):
        return True
    return layout.has("fund") and ("market currency" in headers or layout.header("fund").sureness >= CORE)
