"""A list of one fund's holdings in a layout that nobody knows: the fund comes from the user, and the day if need be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.sources.asked import find_day
from esgscan.sources.sheets import above, listed

if TYPE_CHECKING:
    from esgscan.sources.asked import Asked
    from esgscan.sources.listed import ListedFund
    from esgscan.sources.sheets import Sheets


def read(sheets: Sheets, asked: Asked) -> list[ListedFund]:
    """Read the longest table as the holdings of one fund; a day above it that leaves no doubt is that of the list.

    Raises:
        SourceError: There is no table, its lines have neither values nor weights, or nobody says of which day it is.
    """
    if not sheets.blocks:
        what = f"'{asked.name}' holds no table."
        raise SourceError(what, where=asked.name, mend="give a list of holdings")
    longest = max(sheets.blocks, key=lambda block: block.height)
    days = (find_day(cell) for texts in above(longest) for cell in texts)
    as_of = asked.day_of(next(filter(None, days), None))
    return [listed(longest, name=asked.name, publisher="not said in the file", as_of=as_of)]
