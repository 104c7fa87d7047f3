"""Fund holdings from a file that the user gives: the layout is recognised by content, never by the file's ending."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from esgscan.errors import OptionError, PortfolioError, SourceError
from esgscan.identifiers import read_isin
from esgscan.portfolio.blocks import find_blocks
from esgscan.portfolio.files import read_grids
from esgscan.portfolio.inputs import read_source
from esgscan.sources import bare, ishares, plain
from esgscan.sources.listed import fund_file

if TYPE_CHECKING:
    from esgscan.portfolio.blocks import Block
    from esgscan.records import FundFile
    from esgscan.sources.listed import ListedFund

LAYOUTS = ((ishares.recognises, ishares.read), (plain.recognises, plain.read))


def read_holdings(given: str) -> FundFile:
    """Read the holdings of one fund or of several from a file.

    Args:
        given: `PATH`, or `FUND=PATH` where FUND is the ISIN, ticker or name of the only fund in the file, or
            `FUND@DATE=PATH` where the file does not say of which day it is.

    Returns:
        Funds and holdings; the weights of a fund and date add to one, what the file leaves out included.

    Raises:
        SourceError: The file cannot be read, is no fund's holdings, or does not say of which fund or day they are.
    """
    fund, day, path = _parted(given)
    try:
        data = read_source(path)
        blocks = [
            block for grid in read_grids(data, name=path.name).grids for block in find_blocks(grid, name=path.name)
        ]
    except PortfolioError as error:
        raise SourceError(error.what, where=error.where, mend=error.mend) from error
    if day and not any(recognises(blocks) for recognises, _ in LAYOUTS):
        listed = bare.read(blocks, name=path.name, as_of=day)
    else:
        listed = _listed(blocks, path.name, has_fund=bool(fund))
    if fund:
        listed = [_named(one, fund) for one in listed]
    return fund_file(listed, name=path.name, sha256=hashlib.sha256(data).hexdigest())


def _parted(given: str) -> tuple[str, date | None, Path]:
    """Part `FUND@DATE=PATH`; a path that exists as it stands is a path, even with an equals sign in it."""
    fund, equals, path = given.partition("=")
    if not equals or Path(given).exists():
        return "", None, Path(given)
    name, at, day = fund.partition("@")
    try:
        as_of = date.fromisoformat(day.strip()) if at else None
    except ValueError as error:
        raise OptionError(f"Cannot read the date '{day}'.", where=given, mend="write FUND@2026-05-31=PATH") from error
    return name.strip(), as_of, Path(path.strip())


def _listed(blocks: list[Block], name: str, *, has_fund: bool) -> list[ListedFund]:
    for recognises, read in LAYOUTS:
        if recognises(blocks):
            return read(blocks, name=name, has_fund=has_fund)
    raise SourceError(
        f"'{name}' is no list of a fund's holdings that can be read.",
        where=name,
        mend=f"give FUND@DATE=PATH if it lists one fund, or a table with the columns {plain.COLUMNS}",
    )


def _named(listed: ListedFund, fund: str) -> ListedFund:
    """Put the user's word for the fund above the file's own."""
    if isin := read_isin(fund):
        return replace(listed, isin=isin)
    is_ticker = fund.isupper() and len(fund) <= plain.LONGEST_TICKER
    return replace(listed, ticker=fund) if is_ticker else replace(listed, fund=fund)
