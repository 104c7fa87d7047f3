"""Money that a list counts more than once: the insides of its funds, or a block that is printed twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from esgscan.records import Finding
from esgscan.terms import Kind, Severity

if TYPE_CHECKING:
    from esgscan.sources.listed import ListedFund

TWICE = 1.3
"""Weights that add to more than this count money more than once."""
ABOUT_WHOLE = 0.1
OWN_LINES = (Kind.FUND, Kind.CASH, Kind.MONEY_MARKET, Kind.FORWARD)
"""Lines that a fund of funds holds itself; one that hedges its currency holds forwards beside."""
SHORTEST_BLOCK = 3
"""Lines that must come a second time before they are a block: two equal lots of a security are not."""
COMPARED = ("name_as_written", "isin", "cusip", "sedol", "ticker", "quantity", "market_value", "weight")


def count_once(listed: ListedFund, name: str) -> ListedFund:
    """Take out of a list what counts money twice: a repeated block, the insides of its funds, or all if not clear."""
    where = f"{name}, fund '{listed.fund or listed.fund_id}'"
    listed = _without_second_block(listed, where)
    printed = float(listed.lines["weight"].fill_null(0.0).sum())
    if listed.is_complete or printed <= TWICE:
        return listed
    own = listed.lines.filter(pl.col("kind").is_in([str(kind) for kind in OWN_LINES]))
    if abs(float(own["weight"].fill_null(0.0).sum()) - 1.0) <= ABOUT_WHOLE:
        what = "The list prints its funds and, below, the securities inside them; only its funds and cash count."
        return _with(listed, own, Finding(severity=Severity.INFO, where=where, what=what))
    what = f"The printed weights add to {printed:.1%}: the list counts money more than once."
    said = Finding(severity=Severity.WARNING, where=where, what=what, mend="give the fund's own lines only")
    return _with(listed, listed.lines.clear(), said)


def _without_second_block(listed: ListedFund, where: str) -> ListedFund:
    """Cut off the lines from where the list begins again and says the same."""
    lines = listed.lines.select(COMPARED)
    start = _second_start(lines)
    if start < SHORTEST_BLOCK or lines.height < 2 * start or not lines[:start].equals(lines[start : 2 * start]):
        return listed
    kept = pl.concat([listed.lines[:start], listed.lines[2 * start :]])
    return _with(listed, kept, said_of_block(start, where))


def said_of_block(lines: int, where: str) -> Finding:
    """Say that a list begins again after so many lines."""
    what = f"The first {lines} lines come a second time, word for word; they count once."
    return Finding(severity=Severity.WARNING, where=where, what=what, mend="check the file")


def _second_start(lines: pl.DataFrame) -> int:
    """Give the place where the first line stands a second time; 0 where it does not."""
    if lines.height < 2 * SHORTEST_BLOCK:
        return 0
    first = lines.row(0, named=True)
    same = pl.all_horizontal(pl.col(column).eq_missing(pl.lit(value)) for column, value in first.items())
    found = lines.select(same.arg_true()).to_series()
    return int(found[1]) if found.len() > 1 else 0


def _with(listed: ListedFund, lines: pl.DataFrame, said: Finding) -> ListedFund:
    return replace(listed, lines=lines, findings=(*listed.findings, said))
