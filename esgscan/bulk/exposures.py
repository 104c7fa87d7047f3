"""Reduced holdings of all funds -> what each of them reaches, directly and through the funds inside it.

A market has as many routes as its funds of funds have ways inside, and exposures need their sums only. So the edges
from fund to fund are opened by themselves, and what each fund holds beside is multiplied in afterwards. Only where
funds hold one another do the routes matter, and `look_through` goes along each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esgscan.lookthrough import MAX_DEPTH, look_through
from esgscan.reference.recorded import reduced
from esgscan.tables import FUND_EXPOSURES, PATHS
from esgscan.terms import Outcome

if TYPE_CHECKING:
    from esgscan.tables import Engine

col, lit, when = pl.col, pl.lit, pl.when

END = ("outcome", "issuer_id")
"""What a line comes to that is no fund."""
CODED = ("fund_id", "fund_held", "outcome", "issuer_id")
"""Texts that are joined and grouped by, and so are kept as numbers meanwhile."""


def expose_funds(
    funds: pl.DataFrame, held: pl.DataFrame, *, memory: Engine, max_depth: int = MAX_DEPTH
) -> pl.DataFrame:
    """Give for each fund what reaches each flagged issuer; arguments and result in no order.

    Args:
        funds: The funds to answer for: fund_id, fund_name, as_of, total_market_value, lines, fund_currency.
        held: Reduced holdings of these funds and of those inside: fund_id, outcome, issuer_id, fund_held,
            holding_weight; one day per fund, whose weights add to one.
        memory: Where look-through is computed.
        max_depth: Levels of funds inside funds to open; what lies deeper stays uncovered.

    Returns:
        Table FUND_EXPOSURES; a fund that reaches no issuer has one row with a missing `issuer_id`.
    """
    funds, held = (_cast(table, pl.Categorical()) for table in (funds, held))
    own = held.filter(col("fund_held").is_null() & (col("outcome") != str(Outcome.UNCOVERED)))
    inside = funds_inside(funds, held, memory=memory, max_depth=max_depth)
    ends = pl.concat(
        [
            own.select(*END, position_id="fund_id", weight="holding_weight", is_direct=lit(value=True)),
            inside.join(own, on="fund_id").select(
                *END, "position_id", weight=col("weight") * col("holding_weight"), is_direct=lit(value=False)
            ),
        ]
    )
    covered = ends.group_by("position_id").agg(coverage=col("weight").sum())
    flagged = ends.filter(col("outcome") == str(Outcome.FLAGGED))
    exposed = flagged.group_by("position_id", "issuer_id").agg(
        col("weight").sum(),
        direct=when(col("is_direct")).then(col("weight")).otherwise(0.0).sum(),
        indirect=when(~col("is_direct")).then(col("weight")).otherwise(0.0).sum(),
    )
    named = funds.rename({"fund_id": "position_id"}).join(covered, on="position_id", how="left")
    rows = named.join(exposed, on="position_id", how="left").with_columns(
        col("coverage", "weight", "direct", "indirect").fill_null(0.0)
    )
    valued = rows.with_columns(
        fund_id="position_id", currency="fund_currency", market_value=col("weight") * col("total_market_value")
    )
    return FUND_EXPOSURES.conform(valued)


def funds_inside(funds: pl.DataFrame, held: pl.DataFrame, *, memory: Engine, max_depth: int) -> pl.DataFrame:
    """Give every fund that lies inside each fund: position_id, fund_id, weight."""
    edges = held.filter(col("fund_held").is_not_null())
    starts = funds.select("fund_id")
    looping = _looping(edges)
    straight = _inside(starts.join(looping, on="fund_id", how="anti"), edges, held, max_depth=max_depth)
    round_about = starts.join(looping, on="fund_id", how="semi")
    if round_about.is_empty():
        return straight
    return pl.concat([straight, _inside_loops(round_about, edges, held, memory=memory, max_depth=max_depth)])


def _looping(edges: pl.DataFrame) -> pl.DataFrame:
    """Give the funds that lead to a loop: what is left when funds that lead nowhere are taken away again and again."""
    left = edges.select("fund_id", "fund_held")
    while True:
        kept = left.join(left.select("fund_id"), left_on="fund_held", right_on="fund_id", how="semi")
        if len(kept) == len(left):
            return kept.select("fund_id").unique()
        left = kept


def _inside(starts: pl.DataFrame, edges: pl.DataFrame, held: pl.DataFrame, *, max_depth: int) -> pl.DataFrame:
    """Go down level by level; without loops, routes that meet in one fund can be added up there and then."""
    known = held.select("fund_id").unique()
    level = starts.select(position_id="fund_id", fund_id="fund_id", weight=lit(1.0))
    found = [level.clear()]
    for _ in range(1, max_depth):
        opened = level.join(edges.select("fund_id", "fund_held", "holding_weight"), on="fund_id")
        if opened.is_empty():
            break
        level = (
            opened.group_by("position_id", fund_id="fund_held")
            .agg(weight=(col("weight") * col("holding_weight")).sum())
            .join(known, on="fund_id", how="semi")
        )
        found.append(level)
    return pl.concat(found)


def _inside_loops(
    starts: pl.DataFrame, edges: pl.DataFrame, held: pl.DataFrame, *, memory: Engine, max_depth: int
) -> pl.DataFrame:
    """Look through route by route, so that a fund met again on its own route is not opened."""
    starts, edges, held = (_cast(table, pl.String()) for table in (starts, edges, held))
    outer = starts.with_columns(position_id="fund_id", weight=1.0, depth=0)
    rests = held.select("fund_id").unique().with_columns(
        security_id="fund_id", holding_weight=1.0, outcome=lit(str(Outcome.CLEAR))
    )  # fmt: skip
    opened = look_through(
        memory.frame(PATHS.conform(outer)),
        memory.frame(reduced(pl.concat([edges, rests], how="diagonal"))),
        engine=memory,
        max_depth=max_depth,
    )
    ended = memory.collect(opened).filter(col("security_id").is_not_null(), col("depth") > 1)
    inside = ended.group_by("position_id", fund_id="security_id").agg(col("weight").sum())
    return inside.cast({"position_id": pl.Categorical, "fund_id": pl.Categorical})


def _cast(table: pl.DataFrame, kind: pl.DataType) -> pl.DataFrame:
    return table.with_columns(col(name).cast(kind) for name in CODED if name in table.columns)
