"""The overview that iShares offers, in place of holdings, for a product that holds metal in a vault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.identifiers import read_isin
from esgscan.portfolio.currencies import read_currency
from esgscan.sources.fields import lines_frame, number
from esgscan.sources.listed import ListedFund
from esgscan.sources.sheets import text
from esgscan.terms import Kind

if TYPE_CHECKING:
    from esgscan.sources.asked import Asked
    from esgscan.sources.sheets import Sheets

METAL = "physical metal"


def recognises(sheets: Sheets) -> bool:
    """Whether a sheet states net assets and a product structure, and no table of holdings is there."""
    return not sheets.blocks and {"net assets of fund", "product structure"} <= set(_facts(sheets))


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read a product whose structure is `Physical metal` as one line of metal, worth its net assets.

    Raises:
        SourceError: The product holds something else, which an overview does not list.
    """
    facts = _facts(sheets)
    if facts["product structure"].casefold() != METAL:
        what = f"'{asked.name}' is an overview without a list of holdings."
        raise SourceError(what, where=asked.name, mend="download the holdings of the fund")
    code, _, amount = facts["net assets of fund"].partition(" ")
    money, value = read_currency(code), number(amount.replace(",", ""))
    fund = next((text(row[0]) for grid in sheets.file.grids for row in grid.rows if row and text(row[0])), "")
    name = facts.get("index", METAL)
    found = ListedFund(
        fund=fund,
        isin=read_isin(facts.get("isin", "")),
        as_of=asked.day_of(),
        lines=lines_frame({"name_as_written": [name], "kind": [str(Kind.OTHER)], "market_value": [value]}),
        publisher="iShares",
        total=value,
        total_is="net assets",
        currency=money.currency if money else None,
    )
    return [found]


def _facts(sheets: Sheets) -> dict[str, str]:
    """Give the labels of the sheets with what stands beside them."""
    rows = (list(filter(None, map(text, row))) for grid in sheets.file.grids for row in grid.rows)
    return {cells[0].casefold(): cells[1] for cells in rows if len(cells) == 2}
