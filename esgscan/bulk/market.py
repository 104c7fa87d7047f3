"""A whole market, stage after stage, on one page.

lines -> sums per fund, and distinct identities -> lines that are not clear -> weights -> look-through -> exposures
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from esgscan.bulk.exposures import expose_funds
from esgscan.bulk.identities import settle_identities, with_missing
from esgscan.bulk.passes import identity_columns
from esgscan.bulk.sums import add_up_lines, with_every_sum
from esgscan.bulk.weights import weigh_funds, weigh_lines
from esgscan.errors import SourceError
from esgscan.identifiers import read_isins
from esgscan.lookthrough import MAX_DEPTH
from esgscan.ownership import owners_named
from esgscan.policies import judged, standing
from esgscan.reference.recorded import recorded_holdings, snapshots_used
from esgscan.screening import flagged_issuers, flags_known, mark_flagged, standing_on
from esgscan.securities.funds import known_funds, settle_ids
from esgscan.securities.keys import identity_keys
from esgscan.securities.links import more_links
from esgscan.tables import DECISIONS, FUNDS, HOLDINGS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from esgscan.bulk.passes import Passes
    from esgscan.policies import Policy
    from esgscan.tables import Engine, Frame

col = pl.col


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketOptions:
    """What a run over a market may be asked for.

    Attributes:
        as_of: The day the answer is for.
        max_depth: Levels of funds inside funds that are opened.
        with_recorded: Whether to answer for the funds too that only the packaged figures know.
        prefix: How the ids of the funds begin that are answered for; with the empty one for all.
        decisions: Table DECISIONS: what a person said of lines of uncertain identity.
        identifiers: isin, cusip, sedol, figi: what the user knows of numbers that are not packaged.
        funds: Table FUNDS: further names and identifiers of the funds, by the ids that they have in the lines.
    """

    as_of: date
    max_depth: int = MAX_DEPTH
    with_recorded: bool = False
    prefix: str = ""
    decisions: pl.DataFrame = field(default_factory=DECISIONS.frame)
    identifiers: pl.DataFrame | None = None
    funds: pl.DataFrame = field(default_factory=FUNDS.frame)


def expose_market(
    passes: Passes, data: Mapping[str, pl.DataFrame], *, options: MarketOptions, memory: Engine
) -> pl.DataFrame:
    """Give the exposure of every fund to every flagged issuer, directly and through other funds.

    Args:
        passes: The lines of the funds, and what is being computed of them.
        data: The packaged data sets by name.
        options: The day, and how far to look.
        memory: Where the small remainder is computed.

    Returns:
        Table FUND_EXPOSURES, in no order. The figures are those of a scan of each fund.

    Raises:
        SourceError: A line has no day.

    Source: docs/scale.md, "How it works".
    """
    sums = dated(with_every_sum(passes.sums()))
    funds = newest(settled_funds(sums, data))
    known = known_funds(data, pl.concat([FUNDS.conform(funds), options.funds]))
    packaged = identity_keys(data, known, as_of=options.as_of, identifiers=options.identifiers)
    if "name_as_written" in identity_columns(passes.lines):
        packaged.spellings()  # needed anyway, and made while the engine is at work
    identities = passes.identities()
    links = more_links(packaged.links, HOLDINGS.conform(with_missing(identities)))
    keys = replace(packaged, links=links)
    settled = settle_identities(identities, keys, decisions=options.decisions, memory=memory)
    adding = add_up_lines(passes.lines, settled, engine=passes.engine)

    snapshots = snapshots_used(data, funds, as_of=options.as_of)
    recorded = recorded_holdings(data, snapshots)
    theirs = weigh_funds(funds.join(snapshots, on="fund_id", how="anti"))
    everyone = pl.concat([theirs, recorded_funds(data, snapshots, funds, options=options)], how="diagonal")
    answered = everyone.filter(col("fund_id").str.starts_with(options.prefix))
    ids = theirs.select("fund_id", "as_of", "listed_as")
    flagged = flagged_on(data, as_of=options.as_of, memory=memory)
    of_theirs = adding().rename({"fund_id": "listed_as"}).join(ids, on=["listed_as", "as_of"])
    held = pl.concat([weigh_lines(theirs, of_theirs), recorded], how="diagonal")
    marked = memory.collect(mark_flagged(memory.frame(held), memory.frame(flagged)))
    return expose_funds(answered, marked, memory=memory, max_depth=options.max_depth)


def dated(sums: pl.DataFrame) -> pl.DataFrame:
    """Give the sums again if every line has a day: nobody knows for which answers one without counts."""
    undated = sums.filter(col("as_of").is_null())
    if undated.is_empty():
        return sums
    what = f"{undated['lines'].sum():,} lines have no day, the first of them of the fund '{undated['fund_id'][0]}'."
    raise SourceError(what, where="column as_of", mend="give each line the day of its holdings")


def settled_funds(sums: pl.DataFrame, data: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give the funds of the lines the ids of the packaged ones where these are known; `listed_as` is the id there."""
    isin = pl.coalesce("fund_isin", "fund_id")
    described = sums.with_columns(
        name="fund_name",
        ticker="fund_ticker",
        identifiers="fund_identifiers",
        isin=read_isins(sums.select(isin)["fund_isin"]),
    )
    return settle_ids(described, data)


def newest(funds: pl.DataFrame) -> pl.DataFrame:
    """Keep of each fund the newest day."""
    return funds.sort("fund_id", "as_of", "listed_as").unique("fund_id", keep="last", maintain_order=True)


def flagged_on(data: Mapping[str, pl.DataFrame], *, as_of: date, memory: Engine) -> pl.DataFrame:
    """Give the issuers flagged on the day: issuer_id."""
    return memory.collect(flagged_issuers(*_said_of_issuers(data, as_of=as_of, memory=memory)))


def judged_on(
    exposures: pl.DataFrame, data: Mapping[str, pl.DataFrame], policy: Policy, *, as_of: date, memory: Engine
) -> pl.DataFrame:
    """Add to exposures whether each counts by the policy, and its tier; a row without an issuer has neither."""
    flags, tags, owners = map(memory.collect, _said_of_issuers(data, as_of=as_of, memory=memory))
    told = judged(exposures, standing(flags, owners), tags, policy).drop("is_brief")
    is_one = col("issuer_id").is_not_null()
    return told.with_columns(counts=pl.when(is_one).then("counts"), tier=pl.when(is_one).then("tier"))


def _said_of_issuers(data: Mapping[str, pl.DataFrame], *, as_of: date, memory: Engine) -> tuple[Frame, Frame, Frame]:
    """Give table FLAGS, the evidence for tags and table OWNERS on the day."""
    flags = flags_known(memory.frame(data["measures"]), as_of=as_of)
    tags = standing_on(memory.frame(data["tag_evidence"]), as_of=as_of)
    ownership, rules = memory.frame(data["ownership"]), memory.frame(data["ownership_rules"])
    return flags, tags, owners_named(ownership, flags, rules, as_of=as_of)


def recorded_funds(
    data: Mapping[str, pl.DataFrame], snapshots: pl.DataFrame, funds: pl.DataFrame, *, options: MarketOptions
) -> pl.DataFrame:
    """Describe the funds whose packaged figures are used: those that the lines have too, or all of them."""
    wanted = snapshots if options.with_recorded else snapshots.join(funds, on="fund_id", how="semi")
    names = data["funds"].select("fund_id", fund_name="name")
    is_money = col("denominator_basis").str.contains("value") & col("currency").is_not_null()
    sizes = data["fund_snapshots"].select(
        "snapshot_id", "lines", fund_currency="currency", total_market_value=pl.when(is_money).then(col("denominator"))
    )
    return wanted.join(sizes, on="snapshot_id").join(names, on="fund_id", how="left").drop("snapshot_id")
