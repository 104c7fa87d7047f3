"""The packaged figures of well-known funds, as reduced holdings: what each held of watchlist issuers on a day.

A full list says what the fund held and that the rest is something else; a top list says nothing of the rest. Where a
file of a fund of funds gives the funds inside, those are its holdings, and the look-through lines that the same file
prints below them are left out, since they repeat the same money.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esgscan.terms import Confidence, MatchedBy, Outcome, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

col, lit = pl.col, pl.lit

SNAPSHOT = ["snapshot_id", "fund_id", "as_of", "completeness", "source_id"]
REDUCED = [
    "fund_id",
    "as_of",
    "outcome",
    "reason",
    "region",
    "source_id",
    "holding_weight",
    "rounding",
    "matched_by",
    "confidence",
    "evidence",
    "name_as_written",
    "isin",
    "security_id",
    "issuer_id",
    "fund_held",
]
"""The columns of reduced holdings; see `lookthrough.reduce_holdings`."""


def newest_snapshots(data: Mapping[str, pl.DataFrame], *, as_of: date) -> pl.DataFrame:
    """Give the newest recorded day of each fund that is not after `as_of`: snapshot_id, fund_id, as_of, source_id."""
    known = data["fund_snapshots"].filter(col("as_of") <= as_of).sort("fund_id", "as_of", maintain_order=True)
    newest = known.unique("fund_id", keep="last", maintain_order=True)
    return newest.with_columns(source_id=col("source_ids").str.replace(" .*", "")).select(SNAPSHOT)


def recorded_holdings(data: Mapping[str, pl.DataFrame], snapshots: pl.DataFrame) -> pl.DataFrame:
    """Give the packaged figures of each fund on the days of `snapshots`.

    Args:
        data: Data sets `funds`, `fund_weights`, `fund_sleeves` by name.
        snapshots: One row per fund, as `newest_snapshots` gives them.

    Returns:
        Reduced holdings; the weights of each fund add to one.
    """
    return _with_rest(_lines(data, snapshots))


def all_recorded_weights(data: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give every recorded weight of a fund in a watchlist issuer, of any day: the matter of the worst cases.

    Returns:
        One row per line: fund_id, as_of, region of the fund, issuer_id, holding_weight.
    """
    snapshots = data["fund_snapshots"].select("snapshot_id", "fund_id", "as_of")
    placed = snapshots.join(data["funds"].select("fund_id", "region"), on="fund_id")
    weights = data["fund_weights"].select("snapshot_id", "issuer_id", "holding_weight")
    return placed.join(weights, on="snapshot_id").drop("snapshot_id")


def _lines(data: Mapping[str, pl.DataFrame], snapshots: pl.DataFrame) -> pl.DataFrame:
    """Put the lines of sleeves, and of the other snapshots, one below the other."""
    sleeves = data["fund_sleeves"].rename({"held_fund_id": "fund_held"})
    weights = _with_rounding(data).join(sleeves, on="snapshot_id", how="anti")
    issuers = snapshots.join(weights, on="snapshot_id").with_columns(
        outcome=_said(Outcome.FLAGGED), matched_by=_said(MatchedBy.RECORDED), confidence=_said(Confidence.CONFIRMED)
    )
    regions = data["funds"].select("region", fund_held="fund_id")
    funds = (
        snapshots.join(sleeves, on="snapshot_id")
        .join(regions, on="fund_held", how="left")
        .with_columns(
            matched_by=_said(MatchedBy.ISIN),
            confidence=_said(Confidence.CONFIRMED),
            outcome=pl.when(col("fund_held").is_null()).then(_said(Outcome.CLEAR)),
        )
    )
    lines = pl.concat([issuers, funds], how="diagonal").rename({"name_as_printed": "name_as_written"})
    evidence = pl.concat_str(lit("line '"), "name_as_written", lit("' of a recorded holdings file"))
    is_trace = col("holding_weight") == 0.0
    told = pl.when(is_trace).then(evidence + lit(", which rounds its weight to zero")).otherwise(evidence)
    return _reduced(lines.with_columns(evidence=told), "completeness")


def _with_rounding(data: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Add to each weight that is the printed one half a unit of the last digit that its file prints, as a fraction."""
    valued = data["fund_snapshots"].select("snapshot_id", has_values=col("denominator").is_not_null())
    digits = col("printed_weight").str.extract(r"\.([0-9]+)").str.len_chars().fill_null(0).cast(pl.Int64)
    half_unit = 0.5 * lit(10.0).pow(-2 - digits.max().over("snapshot_id"))
    weights = data["fund_weights"].join(valued, on="snapshot_id", how="left", maintain_order="left")
    return weights.with_columns(rounding=pl.when(~col("has_values")).then(half_unit)).drop("has_values")


def _with_rest(lines: pl.DataFrame) -> pl.DataFrame:
    """Add one line per fund for what its recorded lines leave: clear after a full list, uncovered after a top list."""
    by = ["fund_id", "as_of", "source_id", "completeness"]
    is_full = col("completeness") != "top-list"
    rest = lines.group_by(by, maintain_order=True).agg(holding_weight=1.0 - col("holding_weight").sum())
    told = rest.with_columns(
        outcome=pl.when(is_full).then(_said(Outcome.CLEAR)).otherwise(_said(Outcome.UNCOVERED)),
        reason=pl.when(~is_full).then(_said(Reason.NOT_PUBLISHED)),
    )
    return _reduced(pl.concat([lines, told], how="diagonal"))


def _said(term: str) -> pl.Expr:
    return lit(str(term), pl.String)


def _reduced(lines: pl.DataFrame, *more: str) -> pl.DataFrame:
    """Give the columns of reduced holdings; what is not there is missing."""
    types = {"as_of": pl.Date, "holding_weight": pl.Float64, "rounding": pl.Float64}
    wanted = (
        col(name) if name in lines.columns else lit(None, types.get(name, pl.String)).alias(name)
        for name in (*REDUCED, *more)
    )
    return lines.select(wanted)
