"""Runs over whole markets: what every fund of files, folders or the store reaches, and who holds an issuer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from esgscan.bulk.market import MarketOptions, expose_market, judged_on
from esgscan.choices import (
    chosen_policy,
    decided,
    known_identifiers,
    reference_data,
    stored_holdings,
    with_own_lists,
)
from esgscan.days import read_day
from esgscan.engines.memory import Memory
from esgscan.market_lines import market_passes, over_store
from esgscan.tables import FUNDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from esgscan.bulk.passes import Passes

col = pl.col


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketRequest:
    """What a user asks for, beside the holdings themselves.

    Attributes:
        as_of: The day the answer is for; today, or the day of SOURCE_DATE_EPOCH, if not given.
        engine: Where the lines are read: memory, duckdb or spark.
        watchlist: Files of the user's own lists, which count beside the packaged ones.
        decisions: Files of answers to review lines.
        identifiers: File that says which ISIN or security a CUSIP, SEDOL or FIGI stands for.
        policy: A policy file (TOML): what counts, what is only reported, tiers.
    """

    as_of: date | str | None = None
    engine: str = "duckdb"
    watchlist: Sequence[str | Path] = ()
    decisions: Sequence[str | Path] = ()
    identifiers: str | Path | None = None
    policy: str | Path | None = None

    @property
    def day(self) -> date:
        """The day the answer is for."""
        return read_day(self.as_of)

    def data(self) -> Mapping[str, pl.DataFrame]:
        """Load the packaged data sets with the user's own lists in them."""
        return with_own_lists(reference_data(), self.watchlist)[0]


def exposures_of_funds(
    holdings: Sequence[str] = (),
    *,
    request: MarketRequest = MarketRequest(),
    with_recorded: bool = False,
    passes: Passes | None = None,
) -> pl.DataFrame:
    """Give what every fund reaches.

    Args:
        holdings: Files and folders of holdings; without any, the store is used.
        request: What is asked for.
        with_recorded: Whether to answer for the funds too that only the packaged figures know.
        passes: What has been begun over these holdings already (`market_lines.market_passes`).

    Returns:
        Table FUND_EXPOSURES, by fund, the largest weight first; with a policy, `counts` and `tier` beside it.

    Raises:
        SourceError: A file of holdings cannot be read.
        OptionError: There are no holdings, the engine cannot run, or another file cannot be used.
    """

    def run() -> pl.DataFrame:
        with market_passes(holdings, as_of=request.day, engine=request.engine, may_lack=with_recorded) as begun:
            return exposures_from(begun, request, with_recorded=with_recorded, funds=further_names(holdings))

    if passes:
        return in_order(exposures_from(passes, request, with_recorded=with_recorded, funds=further_names(holdings)))
    return in_order(over_store(run, holdings))


def exposures_from(passes: Passes, request: MarketRequest, **options: Any) -> pl.DataFrame:
    """Run the stages on the lines of a market, in no order."""
    data, memory = request.data(), Memory()
    asked = MarketOptions(
        as_of=request.day,
        decisions=decided(request.decisions, data)[0],
        identifiers=known_identifiers(request.identifiers, data),
        **options,
    )
    policy = chosen_policy(request.policy, data) if request.policy else None
    found = expose_market(passes, data, options=asked, memory=memory)
    return judged_on(found, data, policy, as_of=request.day, memory=memory) if policy else found


def further_names(holdings: Sequence[str]) -> pl.DataFrame:
    """Give every name and identifier of the funds of the store, where the lines come from there."""
    store = None if holdings else stored_holdings()
    return store.funds() if store else FUNDS.frame()


def in_order(exposures: pl.DataFrame) -> pl.DataFrame:
    """Put exposures in the order a reader meets them: by fund, the largest weight first."""
    return exposures.sort("fund_id", "weight", "issuer_id", descending=[False, True, False])


def find_issuer_id(wanted: str, request: MarketRequest = MarketRequest()) -> tuple[str, str]:
    """Find an issuer of the watchlist, or of the user's own lists, by id, ISIN or any of its names.

    Returns:
        Its id and name.

    Raises:
        OptionError: There is none.
    """
    from esgscan.report.catalogue import find_issuer, library_of

    data = request.data()
    listed = data["listings"].filter(col("isin") == wanted.strip().upper())["issuer_id"]
    issuer = find_issuer(library_of(data), listed[0] if len(listed) else wanted)
    return str(issuer["issuer_id"]), str(issuer["name"])


def holders_of(issuer_id: str, *, request: MarketRequest = MarketRequest(), min_weight: float = 0.0) -> pl.DataFrame:
    """Give the funds of the store and of the packaged figures that reach an issuer, the biggest holding first."""
    found = exposures_of_funds(request=request, with_recorded=True).filter(
        col("issuer_id") == issuer_id, col("weight").abs() >= min_weight
    )
    size = [col("market_value").abs(), col("weight").abs()]
    return found.sort(*size, col("fund_id"), descending=[True, True, False], nulls_last=True)


def summed(holders: pl.DataFrame) -> pl.DataFrame:
    """Add up by currency what the funds hold themselves, so that money inside two funds counts once."""
    own = holders.filter(col("market_value").is_not_null())
    return (
        own.group_by("currency")
        .agg(market_value=(col("total_market_value") * col("direct")).sum(), funds=pl.len())
        .sort("market_value", "currency", descending=[True, False])
    )


def ranked_funds(*, request: MarketRequest = MarketRequest(), min_weight: float = 0.0) -> pl.DataFrame:
    """Give the funds that reach flagged companies, the largest weight first; with a policy, those that count.

    Returns:
        One row per fund: fund_id, fund_name, as_of, weight of all issuers together, market_value, issuers, coverage,
        currency.
    """
    counts = col("counts") if request.policy else col("issuer_id").is_not_null()
    reached = exposures_of_funds(request=request, with_recorded=True).filter(counts)
    by = ["fund_id", "fund_name", "as_of", "coverage", "currency"]
    together = reached.group_by(by).agg(
        col("weight").sum(), col("market_value").sum(), issuers=pl.len()
    )  # fmt: skip
    columns = ["fund_id", "fund_name", "as_of", "weight", "market_value", "issuers", "coverage", "currency"]
    ranked = together.filter(col("weight") >= min_weight).sort("weight", "fund_id", descending=[True, False])
    return ranked.select(columns)
