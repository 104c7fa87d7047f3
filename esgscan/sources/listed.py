"""A fund's holdings as a file lists them, and the tables made of them.

Weights come from market values where the file has them, and never from the printed column, which is rounded. What a
file leaves out of the whole is a line of its own, uncovered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from esgscan.errors import SourceError
from esgscan.portfolio.columns import map_columns
from esgscan.portfolio.positions import positions_frame, read_positions
from esgscan.portfolio.sheets import read_lines
from esgscan.records import Finding, FundFile
from esgscan.result import USER_SOURCE
from esgscan.tables import FUNDS, HOLDINGS
from esgscan.terms import Kind, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from esgscan.portfolio.blocks import Block

TWICE = 1.3
"""Weights that add to more than this count money more than once."""
SUM_TOLERANCE = 1e-9
OWN_LINES = (Kind.FUND, Kind.CASH, Kind.MONEY_MARKET)
"""Lines that a fund of funds holds itself."""
ABOUT_WHOLE = 0.1
NEARLY_WHOLE = 0.95
"""Printed weights that add to less tell of a list that was cut; thousands of lines that round to zero miss less."""
WHOLE = 0.02
"""Printed weights that add to one within this much are a whole list."""


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
        total: Value of the whole fund, where the file states it.
        findings: What the reader must know.
    """

    fund: str
    as_of: date
    lines: pl.DataFrame
    publisher: str
    isin: str | None = None
    ticker: str | None = None
    total: float | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighed:
    """Weights of the lines, what they are fractions of, and the part of the fund that they list."""

    weights: pl.Series
    denominator: float
    basis: str
    share_published: float


def positions_of(block: Block, *, name: str) -> pl.DataFrame:
    """Read the lines of one table of a fund's holdings, as table POSITIONS; the currency is that of the line's market.

    Raises:
        SourceError: The table has no lines with a value or a weight.
    """
    lines = read_lines(block, map_columns(block.header, block.columns))
    found = read_positions(lines, name=name, file_currency="", is_fund=True)
    frame = positions_frame([found])
    if frame["market_value"].is_null().all() and frame["weight"].is_null().all():
        where = f"{name}, header in row {block.header_row}"
        raise SourceError("No line has a market value or a weight.", where=where, mend="give a list with values")
    if "local_currency" in lines.texts:
        local = [code or None for code, keep in zip(lines.texts["local_currency"], lines.keep, strict=True) if keep]
        return frame.with_columns(currency=pl.Series(local, dtype=pl.String))
    return frame


def fund_file(listed: Sequence[ListedFund], *, name: str, sha256: str) -> FundFile:
    """Make tables FUNDS and HOLDINGS of the funds that a file lists."""
    source = f"{USER_SOURCE}{name}"
    listed = [_once(one, name) for one in listed]
    weighed = [_weighed(one) for one in listed]
    funds = [_fund_row(one, by, source) for one, by in zip(listed, weighed, strict=True)]
    lines = [_holdings(one, by, source) for one, by in zip(listed, weighed, strict=True)]
    findings = [f for one, by in zip(listed, weighed, strict=True) for f in (*one.findings, *_said(one, by, name))]
    holdings = pl.concat([HOLDINGS.frame(), *lines])
    ids = pl.format("h{}", pl.int_range(1, pl.len() + 1))
    return FundFile(
        name=name,
        funds=FUNDS.frame(funds),
        holdings=holdings.with_columns(holding_id=ids),
        findings=tuple(findings),
        sha256=sha256,
    )


def _weighed(listed: ListedFund) -> Weighed:
    """Weigh by market values; where the file has none, by the printed weights."""
    values = listed.lines["market_value"]
    if not values.is_null().all():
        total = float(values.sum())
        denominator, basis = _denominator(listed, total)
        return Weighed(values.fill_null(0.0) / denominator, denominator, basis, total / denominator)
    printed = listed.lines["weight"].fill_null(0.0)
    total = float(printed.sum())
    denominator = total if total > 1.0 - WHOLE else 1.0
    return Weighed(printed / denominator, denominator, "printed weights", total / denominator)


def _denominator(listed: ListedFund, total: float) -> tuple[float, str]:
    """Say what the values are fractions of: the stated whole, what the printed weights tell of it, or their own sum."""
    if listed.total:
        return listed.total, "value of the fund as stated"
    printed = float(listed.lines["weight"].sum())
    if 0 < printed < NEARLY_WHOLE:
        return total / printed, "sum of the values in the file, by its printed weights a part of the fund"
    return total, "sum of the values in the file"


def _once(listed: ListedFund, name: str) -> ListedFund:
    """Take out of a list what counts money twice: the insides of its funds, or all of it where that is not clear."""
    lines = listed.lines
    printed = float(lines["weight"].sum())
    if printed <= TWICE:
        return listed
    own = lines.filter(pl.col("kind").is_in([str(kind) for kind in OWN_LINES]))
    where = f"{name}, fund '{listed.fund}'"
    if abs(float(own["weight"].sum()) - 1.0) <= ABOUT_WHOLE:
        what = "The list prints its funds and, below, the securities inside them; only its funds and cash count."
        said = Finding(severity=Severity.INFO, where=where, what=what)
        return replace(listed, lines=own, findings=(*listed.findings, said))
    what = f"The printed weights add to {printed:.1%}: the list counts money more than once."
    said = Finding(severity=Severity.WARNING, where=where, what=what, mend="give the fund's own lines only")
    return replace(listed, lines=lines.clear(), findings=(*listed.findings, said))


def _fund_row(listed: ListedFund, weighed: Weighed, source: str) -> dict[str, object]:
    return {
        "fund_id": listed.isin or listed.ticker or listed.fund,
        "name": listed.fund or None,
        "isin": listed.isin,
        "ticker": listed.ticker,
        "as_of": listed.as_of,
        "total_market_value": weighed.denominator,
        "denominator": weighed.basis,
        "share_published": weighed.share_published,
        "publisher": listed.publisher,
        "source_id": source,
    }


def _holdings(listed: ListedFund, weighed: Weighed, source: str) -> pl.DataFrame:
    """Make the lines of table HOLDINGS; what the list leaves out is a line of its own."""
    missing = 1.0 - float(weighed.weights.sum())
    rest = [{"holding_weight": missing, "kind": str(Kind.NOT_LISTED)}] if abs(missing) > SUM_TOLERANCE else []
    lines = HOLDINGS.conform(listed.lines.rename({"weight": "printed_weight"}))
    whole = pl.concat([lines.with_columns(holding_weight=weighed.weights), HOLDINGS.frame(rest)])
    fund = pl.lit(listed.isin or listed.ticker or listed.fund)
    return whole.with_columns(fund_id=fund, as_of=pl.lit(listed.as_of), source_id=pl.lit(source))


def _said(listed: ListedFund, weighed: Weighed, name: str) -> list[Finding]:
    """Say what part of the fund the list leaves out."""
    if weighed.share_published >= 1.0 - WHOLE:
        return []
    where = f"{name}, fund '{listed.fund or listed.isin or listed.ticker}'"
    what = f"The list holds {weighed.share_published:.1%} of the fund; the rest is uncovered."
    return [Finding(severity=Severity.WARNING, where=where, what=what, mend="give the full list")]
