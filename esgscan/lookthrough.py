"""POSITIONS x HOLDINGS -> PATHS: replace a fund by what it holds, again and again.

The holdings come reduced (`reduce_holdings`): the lines that touch a watchlist issuer or another fund, what is
uncovered by reason, and one line for the rest of each fund. That small table is what the recursion runs on, for one
portfolio and for all of them.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from esgscan.errors import OptionError
from esgscan.tables import PATHS
from esgscan.terms import Confidence, MatchedBy, Outcome, Reason

if TYPE_CHECKING:
    from esgscan.tables import Engine, Frame

col, lit, when = nw.col, nw.lit, nw.when

MAX_DEPTH = 8
SUMMED = ("matched_by", "confidence", "evidence", "name_as_written", "isin", "security_id", "issuer_id", "fund_held")
"""What a summed line no longer has."""


def reduce_holdings(holdings: Frame) -> Frame:
    """Keep what can matter of each fund: watchlist lines, funds inside, and sums of the rest.

    The weights of a fund add to what they added to before.

    Args:
        holdings: One row per line of a fund: fund_id, as_of, holding_weight, rounding, region, source_id, and what it
            was resolved to: security_id, issuer_id, fund_held, isin, name_as_written, outcome, reason, matched_by,
            confidence, evidence.

    Returns:
        The same columns; lines that are clear or uncovered are summed by fund, outcome, reason and region.
    """
    is_kept = ~col("issuer_id").is_null() | ~col("fund_held").is_null() | (col("outcome") == Outcome.FLAGGED)
    by = ["fund_id", "as_of", "outcome", "reason", "region", "source_id"]
    rest = holdings.filter(~is_kept)
    text = nw.String()
    summed = rest.group_by(by).agg(col("holding_weight").sum()).with_columns(
        *(lit(None, text).alias(name) for name in SUMMED), rounding=lit(None, nw.Float64())
    )  # fmt: skip
    columns = [*by, "holding_weight", "rounding", *SUMMED]
    return nw.concat([holdings.filter(is_kept).select(columns), summed.select(columns)], how="vertical")


def look_through(paths: Frame, holdings: Frame, *, engine: Engine, max_depth: int = MAX_DEPTH) -> Frame:
    """Open every fund among the paths, and the funds inside those, down to securities.

    A fund whose holdings we do not know stays, marked uncovered, and so does one that is met again on its own route:
    the weights of the result sum to those of `paths`.

    Args:
        paths: Table PATHS, one row per position; `weight` is a fraction of the portfolio.
        holdings: Reduced holdings (`reduce_holdings`), one day per fund; the weights of a fund sum to one.
        engine: Settles the frontier between levels, so that no level is computed twice.
        max_depth: Levels of funds inside funds to open; what lies deeper stays uncovered.

    Returns:
        Table PATHS, one row per route from a position to a security, in no order.

    Raises:
        OptionError: `max_depth` is below 1.

    Source: docs/method.md, "Look-through".
    """
    if max_depth < 1:
        raise OptionError(
            f"Cannot look through to a depth of {max_depth}.", where="max_depth", mend="give a whole number from 1"
        )
    columns = list(PATHS.columns)
    held = engine.settle(holdings)
    known = engine.settle(held.select("fund_id").unique().with_columns(is_known=lit(value=True)))
    ended = [paths.filter(col("fund_id").is_null()).select(columns)]
    frontier = paths.filter(~col("fund_id").is_null())
    for level in range(1, max_depth + 1):
        sorted_out = engine.settle(frontier.join(known, on="fund_id", how="left"))
        is_open = ~col("is_known").is_null()
        ended.append(_uncovered(sorted_out.filter(~is_open), Reason.NO_HOLDINGS).select(columns))
        opened = engine.settle(_open_one_level(sorted_out.filter(is_open), held, level))
        loops = col("fund_id").is_null() & (col("reason") == Reason.CYCLE)
        ended.append(opened.filter(col("fund_id").is_null() | loops).select(columns))
        frontier = opened.filter(~col("fund_id").is_null())
        if engine.is_empty(frontier):
            break
    else:
        ended.append(_uncovered(frontier, Reason.DEPTH).select(columns))
    return nw.concat(ended, how="vertical")


def _open_one_level(paths: Frame, held: Frame, level: int) -> Frame:
    """Replace each path that ends in a fund by one path per line of the fund's reduced holdings."""
    visited = [f"visited_{n}" for n in range(1, level + 1)]
    going = paths.with_columns(col("fund_id").alias(visited[-1])).select(
        "position_id", "weight", "route", "holdings_as_of", "confidence", "fund_id",
        *visited,
        region_above="region", source_above="source_id",
    )  # fmt: skip
    opened = going.join(held, on="fund_id", how="inner", suffix="_held")
    is_loop = reduce(lambda a, b: a | b, [(col("fund_held") == col(name)).fill_null(value=False) for name in visited])
    is_oldest = col("holdings_as_of").is_null() | (col("as_of") < col("holdings_as_of"))
    is_probable = (col("confidence") == Confidence.PROBABLE) | (col("confidence_held") == Confidence.PROBABLE)
    is_rest = (col("reason") == Reason.NOT_PUBLISHED).fill_null(value=False)
    return opened.select(
        "position_id",
        *visited,
        "security_id",
        "issuer_id",
        "isin",
        "name_as_written",
        "matched_by",
        "evidence",
        route=when(col("route").is_null())
        .then(col("fund_id"))
        .otherwise(nw.concat_str(col("route"), lit(" > "), col("fund_id"), ignore_nulls=True)),
        depth=lit(level, nw.Int64()),
        fund_id=when(~is_loop).then(col("fund_held")),
        weight=col("weight") * col("holding_weight"),
        rounding=col("weight") * col("rounding"),
        fund_weight=col("weight"),
        outcome=when(is_loop).then(lit(str(Outcome.UNCOVERED))).otherwise(col("outcome")),
        reason=when(is_loop).then(lit(str(Reason.CYCLE))).otherwise(col("reason")),
        region=when(col("region").is_null() | is_rest).then(col("region_above")).otherwise(col("region")),
        holdings_as_of=when(is_oldest).then(col("as_of")).otherwise(col("holdings_as_of")),
        confidence=when(is_probable.fill_null(value=False))
        .then(lit(str(Confidence.PROBABLE)))
        .otherwise(col("confidence_held")),
        source_id=col("source_id"),
    )


def _uncovered(paths: Frame, reason: Reason) -> Frame:
    """Mark paths that end in a fund that was not opened."""
    return paths.with_columns(
        outcome=lit(str(Outcome.UNCOVERED)),
        reason=lit(str(reason)),
        matched_by=nw.coalesce("matched_by", lit(str(MatchedBy.NONE))),
    )
