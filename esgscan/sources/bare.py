"""A list of one fund's holdings that names neither fund nor day: both come from the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.sources.sheets import listed

if TYPE_CHECKING:
    from esgscan.sources.asked import Asked
    from esgscan.sources.listed import ListedFund
    from esgscan.sources.sheets import Sheets


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the longest table as the holdings of one fund on the day that the user gave.

    Raises:
        SourceError: There is no table, or its lines have neither values nor weights.
    """
    if not sheets.blocks:
        what = f"'{asked.name}' holds no table."
        raise SourceError(what, where=asked.name, mend="give a list of holdings")
    longest = max(sheets.blocks, key=lambda block: block.height)
    return [listed(longest, name=asked.name, publisher="not said in the file", as_of=asked.day_of())]
