"""Which holdings a run uses: of each fund one list, from the user's files, the store or the packaged figures.

The newest day not after the as-of date counts. Of one day a file given for the run goes before the store, and both
before the packaged figures. From the store only the funds are read that the portfolio reaches, level after level.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import polars as pl

from esgscan.lookthrough import reduce_holdings
from esgscan.records import FundFile
from esgscan.reference.recorded import REDUCED, recorded_holdings, reduced, snapshots_used
from esgscan.securities.funds import settle_fund_ids
from esgscan.tables import FUNDS, HOLDINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date

    from esgscan.tables import Engine, Frame

col = pl.col


class HoldingsStore(Protocol):
    """Holdings kept from before, of more funds than a portfolio has."""

    def funds(self) -> pl.DataFrame:
        """Give every name, identifier and day of every fund, as table FUNDS; a mere name has no day."""
        ...

    def holdings(self, funds: Collection[str], *, as_of: date) -> Sequence[FundFile]:
        """Give the newest holdings not after `as_of` of the funds named."""
        ...

    def lists(self, wanted: pl.DataFrame) -> Sequence[FundFile]:
        """Give the holdings of the funds and days wanted: fund_id, as_of."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The holdings that a run may use.

    Attributes:
        funds: Table FUNDS of everything given and stored, for identity.
        used: Table FUNDS of the files given, of each fund the day that counts.
        holdings: Table HOLDINGS of the files given, of each fund the day that counts.
        stored: fund_id and `listed_as`, its id in the store, of the stored funds that count.
        snapshots: The packaged days that count.
        given: Of each file given its tables FUNDS and HOLDINGS, of every day, with final ids.
        kept: Table FUNDS of the store, of every day, with final ids.
        store: Where the stored funds are.
        data: The packaged data sets by name.
        as_of: The day the answer is for.
    """

    funds: pl.DataFrame
    used: pl.DataFrame
    holdings: pl.DataFrame
    stored: pl.DataFrame
    snapshots: pl.DataFrame
    given: Sequence[tuple[pl.DataFrame, pl.DataFrame]]
    kept: pl.DataFrame
    store: HoldingsStore | None
    data: Mapping[str, pl.DataFrame]
    as_of: date


@dataclass(frozen=True, slots=True)
class Opened:
    """Reduced holdings, and the files of the store they were read from, with table FUNDS of these."""

    held: pl.DataFrame
    files: list[FundFile]
    funds: pl.DataFrame


def choose_holdings(
    files: Sequence[FundFile], store: HoldingsStore | None, data: Mapping[str, pl.DataFrame], *, as_of: date
) -> Choice:
    """Choose for each fund where its holdings come from."""
    settled = [settle_fund_ids(file, data) for file in files]
    given = _newest([funds.with_columns(file=pl.lit(n)) for n, (funds, _) in enumerate(settled)], as_of)
    lines = [lines.with_columns(file=pl.lit(n)) for n, (_, lines) in enumerate(settled)]
    kept = _settled(store.funds() if store else FUNDS.frame(), data)
    stored = _newest([kept.with_columns(file=pl.lit(0))], as_of)
    is_newer = col("as_of") > col("given")
    stored = stored.join(given.select("fund_id", given="as_of"), on="fund_id", how="left").filter(
        col("given").is_null() | is_newer
    )
    given = given.join(stored, on="fund_id", how="anti", maintain_order="left")
    snapshots = snapshots_used(data, pl.concat([FUNDS.conform(given), FUNDS.conform(stored)]), as_of=as_of)
    given = given.join(snapshots, on="fund_id", how="anti", maintain_order="left")
    on = ["fund_id", "as_of", "file", "listed_as"]
    chosen = [one.join(given, on=on, how="semi", maintain_order="left") for one in lines]
    return Choice(
        funds=pl.concat([*(FUNDS.conform(funds) for funds, _ in settled), FUNDS.conform(kept)]),
        used=FUNDS.conform(given),
        holdings=numbered(chosen),
        stored=stored.join(snapshots, on="fund_id", how="anti").select("fund_id", "listed_as"),
        snapshots=snapshots,
        given=settled,
        kept=kept,
        store=store,
        data=data,
        as_of=as_of,
    )


def open_holdings(
    choice: Choice, wanted: set[str], *, resolve_lines: Callable[[pl.DataFrame], Frame], engine: Engine
) -> Opened:
    """Reduce the holdings of a choice, and of the stored ones those that the funds in `wanted` lead to.

    Args:
        choice: Where the holdings of each fund come from.
        wanted: The funds that the portfolio holds.
        resolve_lines: Says what each line of table HOLDINGS is, as table SECURITIES.
        engine: Where it is computed.

    Returns:
        Reduced holdings (`lookthrough.reduce_holdings`); the weights of a fund sum to one.
    """
    tables = [recorded_holdings(choice.data, choice.snapshots), reduce_lines(choice.holdings, resolve_lines, engine)]
    files: list[FundFile] = []
    funds = [FUNDS.frame()]
    left = choice.stored
    wanted = wanted | {fund for table in tables for fund in table["fund_held"].drop_nulls()}
    while choice.store and not (level := left.filter(col("fund_id").is_in(list(wanted)))).is_empty():
        found = choice.store.holdings(level["listed_as"].to_list(), as_of=choice.as_of)
        settled = [settle_fund_ids(file, choice.data) for file in found]
        funds += [FUNDS.conform(described) for described, _ in settled]
        lines = numbered([held for _, held in settled])
        tables.append(reduce_lines(lines, resolve_lines, engine))
        files += found
        wanted = set(tables[-1]["fund_held"].drop_nulls())
        left = left.join(level, on="fund_id", how="anti")
    return Opened(pl.concat(tables), files, pl.concat(funds))


def _settled(funds: pl.DataFrame, data: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    file = FundFile(name="", funds=funds, holdings=HOLDINGS.frame(), findings=(), sha256="")
    return settle_fund_ids(file, data)[0]


def _newest(funds: Sequence[pl.DataFrame], as_of: date) -> pl.DataFrame:
    """Keep of each fund the newest day not after the as-of date, and of one day the file given last."""
    empty = FUNDS.frame().with_columns(listed_as=pl.lit(None, pl.String), file=pl.lit(None, pl.Int32))
    known = pl.concat([empty, *funds], how="diagonal").filter(col("as_of") <= as_of)
    ranked = known.sort("fund_id", "as_of", "file", maintain_order=True)
    return ranked.unique("fund_id", keep="last", maintain_order=True)


def numbered(lines: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Put lines of several files one below the other, each under an id of its own."""
    together = pl.concat([HOLDINGS.frame(), *map(HOLDINGS.conform, lines)])
    return together.with_columns(holding_id=pl.format("h{}", pl.int_range(1, pl.len() + 1)))


def reduce_lines(
    holdings: pl.DataFrame, resolve_lines: Callable[[pl.DataFrame], Frame], engine: Engine
) -> pl.DataFrame:
    """Resolve holdings, and reduce them to what can matter."""
    if holdings.is_empty():
        return reduced(pl.DataFrame(schema={"fund_id": pl.String}))
    weights = holdings.select(
        "as_of", "holding_weight", "rounding", "source_id", "name_as_written", line_id="holding_id", holder_id="fund_id"
    )
    joined = engine.frame(weights).join(
        resolve_lines(holdings).rename({"fund_id": "fund_held"}), on="line_id", how="inner"
    )
    return engine.collect(reduce_holdings(joined.rename({"holder_id": "fund_id"})).select(REDUCED)).sort(REDUCED)
