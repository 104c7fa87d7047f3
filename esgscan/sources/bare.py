"""A list of one fund's holdings that names neither fund nor day: both come from the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.sources.listed import ListedFund, positions_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from esgscan.portfolio.blocks import Block


def read(blocks: Sequence[Block], *, name: str, as_of: date) -> list[ListedFund]:
    """Read the longest table as the holdings of one fund on the day that the user gave.

    Raises:
        SourceError: There is no table.
    """
    if not blocks:
        raise SourceError(f"'{name}' holds no table.", where=name, mend="give a list of holdings")
    longest = max(blocks, key=lambda block: block.height)
    lines = positions_of(longest, name=name)
    return [ListedFund(fund="", as_of=as_of, lines=lines, publisher="not said in the file")]
