"""One pass over the lines of a market: each fund and day added up, and of its lines those that are not clear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import polars as pl

from esgscan.bulk.identities import ENDS, identity_columns

if TYPE_CHECKING:
    from esgscan.tables import Engine, Frame

FUND_AND_DAY = ("fund_id", "as_of")
AMOUNTS = ("market_value", "printed_weight", "holding_weight")
TEXTS = ("fund_name", "fund_isin", "fund_ticker", "fund_identifiers", "fund_currency")
"""What describes a fund, the same on each of its lines."""


def add_up_funds(lines: Frame, *, engine: Engine) -> pl.DataFrame:
    """Add up each fund and day.

    Args:
        lines: One row per line of a fund (`lines.fund_lines`).
        engine: Where the lines are.

    Returns:
        One row per fund and day: fund_id, as_of, lines, valued (lines with a value), the sums of AMOUNTS, zero where
        there is no such column, and what describes the fund: TEXTS and fund_total.
    """
    names = lines.collect_schema().names()
    described = [nw.col(name).max() for name in (*TEXTS, "fund_total") if name in names]
    valued = [nw.col("market_value").count().alias("valued")] if "market_value" in names else []
    sums = [nw.col(name).sum() for name in AMOUNTS if name in names]
    added = lines.group_by(*FUND_AND_DAY).agg(nw.len().alias("lines"), *valued, *described, *sums)
    return with_every_sum(engine.collect(added))


def add_up_lines(lines: Frame, settled: pl.DataFrame, *, engine: Engine) -> pl.DataFrame:
    """Add up, for each fund and day, the lines that are not clear by what they come to.

    Args:
        lines: As `add_up_funds`.
        settled: The identities that are not clear (`identities.settle_identities`).
        engine: Where the lines are.

    Returns:
        One row per fund, day, outcome, issuer and fund held, with the sums of AMOUNTS.
    """
    columns, names = identity_columns(lines), lines.collect_schema().names()
    needed = [*FUND_AND_DAY, *columns, *(name for name in AMOUNTS if name in names)]
    ends = settled.select(ENDS).unique(maintain_order=True).with_columns(end=pl.int_range(pl.len(), dtype=pl.Int64))
    table = settled.join(ends, on=ENDS, nulls_equal=True).select(*columns, "end")
    found = engine.match(lines.select(needed), table)
    sums = [nw.col(name).sum() for name in AMOUNTS if name in names]
    added = engine.collect(found.group_by(*FUND_AND_DAY, "end").agg(nw.len().alias("lines"), *sums))
    return with_every_sum(added.join(ends, on="end").drop("end"))


def with_every_sum(added: pl.DataFrame) -> pl.DataFrame:
    """Add the sums that the lines have no column for, as zero, and what describes a fund as missing."""
    numbers = {**dict.fromkeys(AMOUNTS, pl.Float64), "valued": pl.Int64, "lines": pl.Int64}
    described = {**dict.fromkeys(TEXTS, pl.String), "fund_total": pl.Float64}
    there = added.columns
    return added.with_columns(
        *(pl.col(name).fill_null("") for name in ("fund_id",) if name in there),
        *(pl.col(name).cast(kind).fill_null(0) for name, kind in numbers.items() if name in there),
        *(pl.lit(0, kind).alias(name) for name, kind in numbers.items() if name not in there),
        *(pl.lit(None, kind).alias(name) for name, kind in described.items() if name not in there),
    )
