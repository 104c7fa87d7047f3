"""The packaged figures of well-known funds, as reduced holdings: what each held of watchlist issuers on a day.

A full list says what the fund held and that the rest is something else; a top list says nothing of the rest. Where a
file of a fund of funds gives the funds inside, those are its holdings, and the look-through lines that the same file
prints below them are left out, since they repeat the same money.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from esgscan.tables import PANDAS, Type
from esgscan.terms import Confidence, MatchedBy, Outcome, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

TEXT = PANDAS[Type.TEXT]
SNAPSHOT = ["snapshot_id", "fund_id", "as_of", "completeness", "source_id"]
REDUCED = [
    "fund_id",
    "as_of",
    "outcome",
    "reason",
    "region",
    "source_id",
    "holding_weight",
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


def newest_snapshots(data: Mapping[str, pd.DataFrame], *, as_of: date) -> pd.DataFrame:
    """Give the newest recorded day of each fund that is not after `as_of`: snapshot_id, fund_id, as_of, source_id."""
    known = data["fund_snapshots"]
    newest = known[known["as_of"] <= as_of].sort_values(["fund_id", "as_of"]).drop_duplicates("fund_id", keep="last")
    return newest.assign(source_id=newest["source_ids"].str.replace(" .*", "", regex=True))[SNAPSHOT]


def recorded_holdings(data: Mapping[str, pd.DataFrame], snapshots: pd.DataFrame) -> pd.DataFrame:
    """Give the packaged figures of each fund on the days of `snapshots`.

    Args:
        data: Data sets `funds`, `fund_weights`, `fund_sleeves` by name.
        snapshots: One row per fund, as `newest_snapshots` gives them.

    Returns:
        Reduced holdings; the weights of each fund add to one.
    """
    return _with_rest(_lines(data, snapshots))


def all_recorded_weights(data: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Give every recorded weight of a fund in a watchlist issuer, of any day: the matter of the worst cases.

    Returns:
        One row per line: fund_id, as_of, region of the fund, issuer_id, holding_weight.
    """
    snapshots = data["fund_snapshots"][["snapshot_id", "fund_id", "as_of"]]
    placed = snapshots.merge(data["funds"][["fund_id", "region"]], on="fund_id")
    weights = data["fund_weights"][["snapshot_id", "issuer_id", "holding_weight"]]
    return placed.merge(weights, on="snapshot_id").drop(columns="snapshot_id")


def _lines(data: Mapping[str, pd.DataFrame], snapshots: pd.DataFrame) -> pd.DataFrame:
    """Put the lines of sleeves, and of the other snapshots, one below the other."""
    sleeves = data["fund_sleeves"].rename(columns={"held_fund_id": "fund_held"})
    weights = data["fund_weights"]
    weights = weights[~weights["snapshot_id"].isin(sleeves["snapshot_id"])]
    issuers = snapshots.merge(weights, on="snapshot_id").assign(
        outcome=str(Outcome.FLAGGED), matched_by=str(MatchedBy.RECORDED), confidence=str(Confidence.CONFIRMED)
    )
    funds = snapshots.merge(sleeves, on="snapshot_id").assign(
        matched_by=str(MatchedBy.ISIN), confidence=str(Confidence.CONFIRMED)
    )
    regions = data["funds"].set_index("fund_id")["region"]
    funds["region"] = funds["fund_held"].map(regions)
    funds["outcome"] = pd.Series(str(Outcome.CLEAR), index=funds.index, dtype=TEXT).where(funds["fund_held"].isna())
    lines = pd.concat([issuers, funds], ignore_index=True).rename(columns={"name_as_printed": "name_as_written"})
    evidence = "line '" + lines["name_as_written"] + "' of a recorded holdings file"
    is_trace = lines["holding_weight"].eq(0.0)
    told = evidence.mask(is_trace, evidence + ", which rounds its weight to zero")
    return lines.assign(evidence=told).reindex(columns=[*REDUCED, "completeness"])


def _with_rest(lines: pd.DataFrame) -> pd.DataFrame:
    """Add one line per fund for what its recorded lines leave: clear after a full list, uncovered after a top list."""
    by = ["fund_id", "as_of", "source_id", "completeness"]
    rest = lines.groupby(by, as_index=False).agg(listed=("holding_weight", "sum"))
    is_full = rest["completeness"].ne("top-list")
    rest["holding_weight"] = 1.0 - rest["listed"]
    rest["outcome"] = is_full.map({True: str(Outcome.CLEAR), False: str(Outcome.UNCOVERED)})
    rest["reason"] = is_full.map({True: None, False: str(Reason.NOT_PUBLISHED)})
    whole = pd.concat([lines, rest], ignore_index=True).reindex(columns=REDUCED)
    types = {name: TEXT for name in REDUCED if name not in {"as_of", "holding_weight"}}
    return whole.astype({**types, "as_of": PANDAS[Type.DATE], "holding_weight": PANDAS[Type.NUMBER]})
