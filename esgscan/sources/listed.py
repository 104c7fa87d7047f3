"""A fund's holdings as a file lists them, and the tables made of them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from esgscan.errors import SourceError
from esgscan.portfolio.columns import map_columns
from esgscan.portfolio.headers import CONTAINED, plain, read_header
from esgscan.portfolio.line_currencies import trading_currencies
from esgscan.portfolio.positions import positions_frame, read_positions
from esgscan.portfolio.sheets import read_lines
from esgscan.records import Finding, FundFile
from esgscan.result import USER_SOURCE
from esgscan.sources.duplicates import count_once
from esgscan.sources.weighing import LARGE, WHOLE, weigh
from esgscan.tables import FUNDS, HOLDINGS
from esgscan.terms import Kind, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from esgscan.portfolio.blocks import Block
    from esgscan.portfolio.headers import Header
    from esgscan.sources.weighing import Weighed

LOCAL = "local_value"
UNHELD = (Kind.CASH, Kind.MONEY_MARKET, Kind.FORWARD, Kind.FUTURE, Kind.SWAP, Kind.OPTION)
"""Kinds whose currency or value says nothing of the column."""
SAME_RATIO, OTHER_RATIO = 1.1, 1.5
"""Value over weight differs by less among lines of one currency, and by more between two."""
BASE = "base"
"""Word of a header for what is in the currency of the fund."""
SWAP_FUND = re.compile(r"\bSWAPS?\b|\bSYNTHETIC\b")
"""Words of a fund's name that say that it holds a swap on its index, and collateral beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFund:
    """One fund on one day, as a file lists it.

    Attributes:
        fund: Its name or code as the file has it.
        as_of: Day of the holdings.
        lines: Table POSITIONS, one row per line; `weight` is the printed one.
        publisher: Who published the list.
        isin: ISIN of the fund, where known.
        ticker: Ticker of the fund, where known.
        code: What to call the fund where it has neither: the SEC's series id.
        identifiers: What else it is known by, each `scheme:value`: series, class, lei, cik, isin, ticker.
        total: Value of the whole fund, where the file states it.
        total_is: What that value is.
        cash: Part of `total` that is cash and stands on no line.
        not_named: Part of `total` that is invested in securities the list does not name.
        is_complete: The list has every other investment of the fund, so that what is left over are claims and debts.
        currency: Currency of the values, where the file says.
        findings: What the reader must know.
    """

    fund: str
    as_of: date
    lines: pl.DataFrame
    publisher: str
    isin: str | None = None
    ticker: str | None = None
    code: str | None = None
    identifiers: tuple[str, ...] = ()
    total: float | None = None
    total_is: str = "value of the fund as stated"
    cash: float = 0.0
    not_named: float = 0.0
    is_complete: bool = False
    currency: str | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def fund_id(self) -> str:
        """The identifier by which the fund is known in the tables."""
        return self.isin or self.ticker or self.code or self.fund


def positions_of(block: Block, *, name: str) -> pl.DataFrame:
    """Read the lines of one table of a fund's holdings, as table POSITIONS.

    `currency` is that of the market where a line trades, as a column has it: the currency of the values is the fund's,
    and would be a false witness of where a share is listed.

    Raises:
        SourceError: The table has no lines with a value or a weight.
    """
    block = _in_one_currency(block)
    lines = read_lines(block, map_columns(block.header, block.columns), delimiter=block.delimiter)
    kept = [line for line, keep in enumerate(lines.keep) if keep]
    frame = positions_frame([read_positions(lines, name=name, file_currency="", is_fund=True)])
    if frame["market_value"].is_null().all() and frame["weight"].is_null().all():
        where = f"{name}, header in row {block.header_row}"
        raise SourceError("No line has a market value or a weight.", where=where, mend="give a list with values")
    currencies = [code or None for code in trading_currencies(lines, kept)]
    frame = frame.with_columns(currency=pl.Series(currencies, dtype=pl.String))
    if "market_value" in lines.numbers and not _are_local(frame, lines.layout.header("market_value")):
        return frame
    # Amounts in the currency of each line's market, such as quantity x price, say nothing of its weight.
    if "weight" in lines.numbers:
        return frame.with_columns(market_value=pl.lit(None, pl.Float64))
    _refuse_currencies(frame, name, is_valued="market_value" in lines.numbers)
    return frame


def _are_local(frame: pl.DataFrame, header: Header) -> bool:
    """Whether values are in the currency of each line: the header says so, or the printed weights show it.

    They show it where value over weight is one number for each currency, and another for each.
    """
    lines = frame.filter(pl.col("currency").is_not_null() & ~pl.col("kind").is_in([str(kind) for kind in UNHELD]))
    if lines["currency"].n_unique() < 2 or header.currency or _is_base(header):
        return False
    if LOCAL in header.meanings:
        return True
    large = lines.filter((pl.col("weight") >= LARGE) & (pl.col("market_value") > 0))
    ratio = pl.col("market_value") / pl.col("weight")
    groups = large.group_by("currency").agg(low=ratio.min(), high=ratio.max())
    is_whole = abs(float(frame["weight"].sum()) - 1.0) <= WHOLE
    if groups.height < 2 or not is_whole or (groups["high"] > SAME_RATIO * groups["low"]).any():
        return False
    return bool(groups["high"].max() > OTHER_RATIO * groups["low"].min())  # type: ignore[operator]


def _in_one_currency(block: Block) -> Block:
    """Take out values of which nothing says the currency, where others are in the fund's: `Base Market Value`."""
    headers = {n: read_header(cell) for n, cell in enumerate(block.header)}
    values = [n for n, header in headers.items() if header.meaning == "market_value" and header.sureness > CONTAINED]
    said = {_stem(headers[n]) for n in values if headers[n].currency or _is_base(headers[n])}
    unsaid = {n for n in values if not (headers[n].currency or _is_base(headers[n])) and _stem(headers[n]) in said}
    kept = [n for n in headers if n not in unsaid]
    return replace(block, header=tuple(block.header[n] for n in kept), columns=tuple(block.columns[n] for n in kept))


def _is_base(header: Header) -> bool:
    return BASE in plain(header.text).split()


def _stem(header: Header) -> str:
    """Give the phrase of a header without the word for the fund's currency."""
    return " ".join(word for word in header.phrase.split() if word != BASE)


def _refuse_currencies(frame: pl.DataFrame, name: str, *, is_valued: bool) -> None:
    """Refuse a list without weights whose amounts are in several currencies."""
    priced = frame.filter(pl.col("market_value").is_not_null() & (pl.col("kind") != str(Kind.CASH)))
    currencies = sorted(priced["currency"].drop_nulls().unique())
    if len(currencies) > 1:
        has, lacks = ("values", "weights") if is_valued else ("quantities and prices", "values or weights")
        what = f"The list has {has} in {', '.join(currencies)}, and no {lacks}."
        raise SourceError(what, where=name, mend="give a list with values in one currency, or with weights")


def fund_file(listed: Sequence[ListedFund], *, name: str, sha256: str, origin: str = USER_SOURCE) -> FundFile:
    """Make tables FUNDS and HOLDINGS of the funds that a file lists; `origin` says who brought it."""
    source = f"{origin}{name}"
    _refuse_doubles(listed, name)
    counted = [count_once(_without_collateral(one, name), name) for one in listed]
    weighed = [weigh(one, name) for one in counted]
    funds = [_fund_row(one, by, source) for one, by in zip(counted, weighed, strict=True)]
    lines = [_holdings(one, by, source) for one, by in zip(counted, weighed, strict=True)]
    findings = [f for one, by in zip(counted, weighed, strict=True) for f in (*one.findings, *by.findings)]
    holdings = pl.concat([HOLDINGS.frame(), *lines])
    return FundFile(
        name=name,
        funds=FUNDS.frame(funds),
        holdings=holdings.with_columns(holding_id=pl.format("h{}", pl.int_range(1, pl.len() + 1))),
        findings=tuple(findings),
        sha256=sha256,
    )


def _refuse_doubles(listed: Sequence[ListedFund], name: str) -> None:
    """Refuse a file that lists one fund on one day more than once: which list is the fund's nobody can tell."""
    times = Counter((one.fund_id, one.as_of) for one in listed)
    if double := next((key for key, number in times.items() if number > 1), None):
        what = f"'{name}' has more than one list of the fund '{double[0]}' on {double[1]}."
        mend = "give one list per fund and day, and no FUND= before a file of several funds"
        raise SourceError(what, where=name, mend=mend)


def _without_collateral(listed: ListedFund, name: str) -> ListedFund:
    """Leave out the lines of a fund that holds a swap: its list is the collateral, not what it gains or loses by."""
    if not SWAP_FUND.search(listed.fund.upper()) or listed.lines.is_empty():
        return listed
    what = (
        f"The fund '{listed.fund}' follows its index by a swap: the {listed.lines.height} lines listed are collateral "
        "and say nothing of the index; all of the fund is uncovered."
    )
    mend = "give the holdings of a fund that holds the shares of the same index"
    said = Finding(severity=Severity.WARNING, where=name, what=what, mend=mend)
    return replace(listed, lines=listed.lines.clear(), findings=(*listed.findings, said))


def _fund_row(listed: ListedFund, weighed: Weighed, source: str) -> dict[str, object]:
    return {
        "fund_id": listed.fund_id,
        "name": listed.fund or None,
        "isin": listed.isin,
        "ticker": listed.ticker,
        "identifiers": " ".join(listed.identifiers) or None,
        "as_of": listed.as_of,
        "total_market_value": weighed.denominator,
        "currency": listed.currency,
        "denominator": weighed.basis,
        "share_published": weighed.share_published,
        "publisher": listed.publisher,
        "source_id": source,
    }


def _holdings(listed: ListedFund, weighed: Weighed, source: str) -> pl.DataFrame:
    """Make the lines of table HOLDINGS; what the list leaves out are lines of their own."""
    lines = listed.lines.rename({"weight": "printed_weight"}).with_columns(
        holding_weight=weighed.weights, rounding=weighed.rounding
    )
    rest = HOLDINGS.frame(
        {"name_as_written": part.name, "kind": str(part.kind), "holding_weight": part.weight} for part in weighed.rest
    )
    whole = pl.concat([HOLDINGS.conform(lines), rest])
    return whole.with_columns(fund_id=pl.lit(listed.fund_id), as_of=pl.lit(listed.as_of), source_id=pl.lit(source))
