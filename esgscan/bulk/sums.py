"""The last pass over the lines of a market: of each fund and day, those that are not clear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import polars as pl

from esgscan.bulk.identities import ENDS
from esgscan.bulk.passes import AMOUNTS, FUND_AND_DAY, TEXTS, identity_columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from esgscan.tables import Engine, Frame


def add_up_lines(lines: Frame, settled: pl.DataFrame, *, engine: Engine) -> Callable[[], pl.DataFrame]:
    """Begin to add up, for each fund and day, the lines that are not clear by what they come to.

    Args:
        lines: One row per line of a fund (`lines.fund_lines`).
        settled: The identities that are not clear (`identities.settle_identities`).
        engine: Where the lines are.

    Returns:
        What waits for one row per fund, day, outcome, issuer and fund held, with the sums of AMOUNTS.
    """
    columns, names = identity_columns(lines), lines.collect_schema().names()
    needed = [*FUND_AND_DAY, *columns, *(name for name in AMOUNTS if name in names)]
    ends = settled.select(ENDS).unique(maintain_order=True).with_columns(end=pl.int_range(pl.len(), dtype=pl.Int64))
    table = settled.join(ends, on=ENDS, nulls_equal=True).select(*columns, "end")
    found = engine.match(lines.select(needed), table)
    sums = [nw.col(name).sum() for name in AMOUNTS if name in names]
    added = engine.begin(found.group_by(*FUND_AND_DAY, "end").agg(nw.len().alias("lines"), *sums))
    return lambda: with_every_sum(added().join(ends, on="end").drop("end"))


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
