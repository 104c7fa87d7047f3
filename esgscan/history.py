"""Every known list of holdings of the portfolio's funds -> HISTORY: how much of it reached flagged issuers, day by day.

The weights of the portfolio and the flagged issuers are those of the run, so that only what the funds held moves. A day
without a list of a fund has no figure, and what a list leaves out is told beside the figure: unknown is not zero.

Source: docs/method.md, "Exposure over time".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esgscan.fund_holdings import numbered, reduce_lines
from esgscan.lookthrough import MAX_DEPTH, look_through
from esgscan.reference.recorded import SNAPSHOT, recorded_holdings
from esgscan.screening import mark_flagged
from esgscan.securities.funds import settle_fund_ids
from esgscan.tables import HISTORY, PATHS
from esgscan.terms import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from esgscan.fund_holdings import Choice
    from esgscan.tables import Engine, Frame

col, lit = pl.col, pl.lit

MOST = 36
"""Lists of one fund that are opened, the newest: three years of months."""
ALTOGETHER = 120
"""Lists of the portfolio's funds that are opened: a scan must not wait for its history."""
FEWEST = 2
"""Days that make a history."""
REST = 0.02
"""Share of a fund that a list may leave out and still count as whole."""
PACKAGED, STORED, GIVEN = 0, 1, 2
"""Where a list comes from; of one day the highest counts, and of files the one given last."""
LIST = ["fund_id", "as_of"]


def history(
    paths: pl.DataFrame,
    choice: Choice,
    flagged: Frame,
    *,
    resolve_lines: Callable[[pl.DataFrame], Frame],
    max_age: int,
    engine: Engine,
) -> pl.DataFrame:
    """Say how much of the portfolio its funds took to flagged issuers by each list that is known of them.

    Args:
        paths: Table PATHS, one row per position, before any fund is opened.
        choice: The lists that the run may use.
        flagged: The issuers flagged on the day of the run: issuer_id.
        resolve_lines: Says what each line of table HOLDINGS is, as table SECURITIES.
        max_age: Days between two lists beyond which nothing is said of the time between them.
        engine: Where it is computed.

    Returns:
        Table HISTORY: the funds of which several lists are known, and all of them together on days on which each has a
        list that is not older than `max_age`; empty without such a fund. What is held directly is not in it.
    """
    held = (
        paths.filter(col("fund_id").is_not_null())
        .group_by("fund_id", maintain_order=True)
        .agg(invested=col("weight").sum())
    )
    known = _lists(choice)
    several = known.join(held, on="fund_id").group_by("fund_id").len().filter(col("len") >= FEWEST)
    if several.is_empty():
        return HISTORY.frame()
    most = max(FEWEST, min(MOST, ALTOGETHER // len(several)))
    lists = known.filter(col("as_of").rank("ordinal", descending=True).over("fund_id") <= most)
    own = lists.join(held, on="fund_id")
    opened = _opened(lists, set(held["fund_id"]), choice, resolve_lines, engine)
    told = _by_list(own, mark_flagged(engine.frame(opened), flagged), engine)
    funds = told.filter(pl.len().over("fund_id") >= FEWEST)
    rows = pl.concat([funds, _together(funds, max_age)], how="diagonal")
    return HISTORY.conform(_joined(rows.sort("fund_id", "as_of", nulls_last=False), max_age))


def _lists(choice: Choice) -> pl.DataFrame:
    """Give every list that is known on the day: of each fund and day one."""
    snapshots = choice.data["fund_snapshots"].with_columns(source_id=col("source_ids").str.replace(" .*", ""))
    packaged = snapshots.select(*SNAPSHOT, origin=lit(PACKAGED))
    stored = choice.kept.select(*LIST, "listed_as", origin=lit(STORED))
    given = [funds.select(*LIST, "listed_as", origin=lit(GIVEN + n)) for n, (funds, _) in enumerate(choice.given)]
    known = pl.concat([packaged, stored, *given], how="diagonal").filter(col("as_of") <= choice.as_of)
    return known.sort(*LIST, "origin", maintain_order=True).unique(LIST, keep="last", maintain_order=True)


def _opened(
    lists: pl.DataFrame,
    wanted: set[str],
    choice: Choice,
    resolve_lines: Callable[[pl.DataFrame], Frame],
    engine: Engine,
) -> pl.DataFrame:
    """Reduce the lists of the funds wanted, and of the funds inside those; each list is a fund of its own."""
    tables: list[pl.DataFrame] = []
    left = lists
    while wanted and len(tables) < MAX_DEPTH:
        level = left.filter(col("fund_id").is_in(list(wanted)))
        if level.is_empty():
            break
        recorded = recorded_holdings(choice.data, level.filter(origin=PACKAGED).select(SNAPSHOT))
        tables.append(pl.concat([recorded, reduce_lines(_lines(level, choice), resolve_lines, engine)]))
        left = left.join(level, on="fund_id", how="anti")
        wanted = set(tables[-1]["fund_held"].drop_nulls())
    return _as_funds(pl.concat(tables))


def _lines(level: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    """Give the lines of the lists that the user gave, now or before."""
    stored = level.filter(origin=STORED).select("as_of", fund_id="listed_as")
    kept = choice.store.lists(stored) if choice.store and len(stored) else []
    found = [settle_fund_ids(file, choice.data)[1] for file in kept]
    on = [*LIST, "listed_as"]
    for n, (_, lines) in enumerate(choice.given):
        found.append(lines.join(level.filter(origin=GIVEN + n), on=on, how="semi", maintain_order="left"))
    return numbered(found)


def _as_funds(held: pl.DataFrame) -> pl.DataFrame:
    """Name each list after fund and day; a fund inside is opened by its newest list not after the day."""
    days = held.select("fund_id", listed_on="as_of").unique()
    inside = held.filter(col("fund_held").is_not_null()).select("fund_held", "as_of").unique()
    then = inside.join(days, left_on="fund_held", right_on="fund_id").filter(col("listed_on") <= col("as_of"))
    newest = then.group_by("fund_held", "as_of").agg(col("listed_on").max())
    dated = held.join(newest, on=["fund_held", "as_of"], how="left", maintain_order="left")
    is_inside = col("listed_on").is_not_null()
    return dated.with_columns(
        fund_id=_name("fund_id", "as_of"),
        fund_held=pl.when(is_inside).then(_name("fund_held", "listed_on")).otherwise(col("fund_held")),
    ).drop("listed_on")


def _name(fund: str, day: str) -> pl.Expr:
    return pl.format("{}@{}", fund, day)


def _by_list(own: pl.DataFrame, held: Frame, engine: Engine) -> pl.DataFrame:
    """Open the portfolio's funds by each of their lists, and sum what ends where."""
    named = own.with_columns(position_id=_name("fund_id", "as_of"))
    start = named.select("position_id", fund_id="position_id", weight="invested", depth=lit(0))
    ended = engine.collect(look_through(engine.frame(PATHS.conform(start)), held, engine=engine))
    parts = {
        "weight": col("weight").filter(col("outcome") == str(Outcome.FLAGGED)).sum(),
        "not_known": col("weight").filter(col("outcome") == str(Outcome.UNCOVERED)).sum(),
    }
    summed = ended.group_by("position_id", maintain_order=True).agg(
        **parts, source_id=col("source_id").drop_nulls().first()
    )
    return named.select(*LIST, "invested", "position_id").join(summed, on="position_id").drop("position_id")


def _together(told: pl.DataFrame, max_age: int) -> pl.DataFrame:
    """Add up the funds by the newest list of each, on days on which each has one that is not too old."""
    funds = told["fund_id"].unique(maintain_order=True)
    grid = told.select(col("as_of").unique()).join(funds.to_frame(), how="cross").sort("as_of")
    then = told.sort("as_of").with_columns(listed_on=col("as_of"))
    newest = grid.join_asof(then, on="as_of", by="fund_id", tolerance=f"{max_age}d", check_sortedness=False)
    sums = {name: col(name).sum() for name in ("weight", "invested", "not_known")}
    # Files of the user stand last, as wherever sources are joined: their names may have blanks.
    each = col("source_id").drop_nulls().unique()
    sources = each.sort_by(each.str.contains(":", literal=True), each).str.join(" ")
    summed = newest.group_by("as_of", maintain_order=True).agg(
        **sums, is_known=col("listed_on").is_not_null().all(), source_id=sources
    )
    known = summed.filter("is_known").drop("is_known")
    return known if len(funds) > 1 and len(known) >= FEWEST else known.clear()


def _joined(rows: pl.DataFrame, max_age: int) -> pl.DataFrame:
    """Say of which lists a line may be drawn from the list before: both whole, and not too far apart."""
    is_whole = col("not_known").abs() <= REST * col("invested").abs()
    days = (col("as_of") - col("as_of").shift(1).over("fund_id")).dt.total_days()
    joins = is_whole & is_whole.shift(1).over("fund_id") & (days <= max_age)
    return rows.with_columns(is_whole=is_whole, joins=joins.fill_null(value=False))
