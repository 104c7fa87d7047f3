"""The passes over the lines of a market that need to know nothing else: what each fund adds up to, and what lines are.

They begin before the reference data is loaded and run meanwhile, so nothing here loads Polars.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl

    from esgscan.tables import Engine, Frame

FUND_AND_DAY = ("fund_id", "as_of")
AMOUNTS = ("market_value", "printed_weight", "holding_weight")
TEXTS = ("fund_name", "fund_isin", "fund_ticker", "fund_identifiers", "fund_currency")
"""What describes a fund, the same on each of its lines."""
CLASS = "asset_class"
"""A column of words from which the kind is read where a table has no `kind`."""
WRITTEN = ("name_as_written", "isin", "figi", "lei", "ticker", "exchange", "country", "currency", "kind")
IDENTITY = (*WRITTEN, "cusip", "sedol", CLASS)
"""The columns that say what a line is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passes:
    """The lines of a market, and what is being computed of them.

    Attributes:
        lines: One row per line of a fund (`lines.fund_lines`).
        engine: Where they are.
        sums: Waits for the sums of each fund and day (`fund_sums`).
        identities: Waits for the distinct identities (`distinct_identities`).
    """

    lines: Frame
    engine: Engine
    sums: Callable[[], pl.DataFrame]
    identities: Callable[[], pl.DataFrame]


@contextmanager
def passes_over(lines: Frame, engine: Engine) -> Iterator[Passes]:
    """Begin the passes over the lines of a market; at the end, what is left undone is given up."""
    sums, identities = fund_sums(lines), distinct_identities(lines)
    try:
        yield Passes(lines=lines, engine=engine, sums=engine.begin(sums), identities=engine.begin(identities))
    finally:
        engine.stop()


def fund_sums(lines: Frame) -> Frame:
    """Add up each fund and day.

    Returns:
        One row per fund and day: fund_id, as_of, lines, and where there are such columns, valued (lines with a value),
        the sums of AMOUNTS, and what describes the fund: TEXTS and fund_total.
    """
    names = lines.collect_schema().names()
    described = [nw.col(name).max() for name in (*TEXTS, "fund_total") if name in names]
    valued = [nw.col("market_value").count().alias("valued")] if "market_value" in names else []
    sums = [nw.col(name).sum() for name in AMOUNTS if name in names]
    return lines.group_by(*FUND_AND_DAY).agg(nw.len().alias("lines"), *valued, *described, *sums)


def distinct_identities(lines: Frame) -> Frame:
    """Take each identity once, in no order.

    Grouping serves where `unique` would: on DuckDB narwhals makes a sort of that.
    """
    columns = identity_columns(lines)
    return lines.select(columns).group_by(columns).agg(lines=nw.len()).select(columns)


def identity_columns(frame: Frame) -> list[str]:
    """Name the columns of a table that say what its lines are."""
    names = frame.collect_schema().names()
    return [name for name in IDENTITY if name in names]
