"""Runs over whole markets: files, folders or the store of holdings, and thousands of portfolios at once."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from esgscan.bulk.lines import fund_lines, together
from esgscan.bulk.market import Engines, MarketOptions, expose_market, judged_on
from esgscan.choices import (
    chosen_policy,
    decided,
    known_identifiers,
    read_day,
    reference_data,
    stored_holdings,
    with_own_lists,
)
from esgscan.engines.memory import Memory
from esgscan.errors import OptionError, PortfolioError
from esgscan.lookthrough import MAX_DEPTH
from esgscan.store.catalogue import newest_on
from esgscan.tables import FUNDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from esgscan.records import FundFile
    from esgscan.sources.rates import Rates
    from esgscan.tables import Engine, Frame

col = pl.col

PORTFOLIO = "portfolio:"
"""How the id of a portfolio begins among those of funds."""
DESCRIBED = {
    "fund_name": "name",
    "fund_isin": "isin",
    "fund_ticker": "ticker",
    "fund_identifiers": "identifiers",
    "fund_currency": "currency",
    "fund_total": "total_market_value",
}


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


def engine_named(name: str) -> Engine:
    """Make the engine of that name: memory, duckdb or spark."""
    if name == "spark":
        from esgscan.engines.spark import Spark

        return Spark()
    if name == "duckdb":
        from esgscan.engines.duckdb import DuckDB

        return DuckDB()
    return Memory()


def exposures_of_funds(
    holdings: Sequence[str] = (),
    *,
    request: MarketRequest = MarketRequest(),
    with_recorded: bool = False,
) -> pl.DataFrame:
    """Give what every fund reaches.

    Args:
        holdings: Files and folders of holdings; without any, the store is used.
        request: What is asked for.
        with_recorded: Whether to answer for the funds too that only the packaged figures know.

    Returns:
        Table FUND_EXPOSURES, by fund, the largest weight first; with a policy, `counts` and `tier` beside it.

    Raises:
        SourceError: A file of holdings cannot be read.
        OptionError: There are no holdings, the engine cannot run, or another file cannot be used.
    """
    where = engine_named(request.engine)

    def lines(folder: Path) -> Frame:
        return market_lines(holdings, request.day, where, folder, may_lack=with_recorded)

    return in_order(_exposed(lines, request, where, with_recorded=with_recorded, funds=_further_names(holdings)))


def _exposed(lines_in: Callable[[Path], Frame], request: MarketRequest, engine: Engine, **options: Any) -> pl.DataFrame:
    """Run the stages on the lines of a market; `lines_in` may write into the folder it is given."""
    data, memory = request.data(), Memory()
    asked = MarketOptions(
        as_of=request.day,
        decisions=decided(request.decisions, data)[0],
        identifiers=known_identifiers(request.identifiers, data),
        **options,
    )
    policy = chosen_policy(request.policy, data) if request.policy else None
    with tempfile.TemporaryDirectory() as folder:
        found = expose_market(lines_in(Path(folder)), data, options=asked, engines=Engines(lines=engine, memory=memory))
    return judged_on(found, data, policy, as_of=request.day, memory=memory) if policy else found


def _further_names(holdings: Sequence[str]) -> pl.DataFrame:
    """Give every name and identifier of the funds of the store, where the lines come from there."""
    store = None if holdings else stored_holdings()
    return store.funds() if store else FUNDS.frame()


def in_order(exposures: pl.DataFrame) -> pl.DataFrame:
    """Put exposures in the order a reader meets them: by fund, the largest weight first."""
    return exposures.sort("fund_id", "weight", "issuer_id", descending=[False, True, False])


def market_lines(holdings: Sequence[str], as_of: date, engine: Engine, folder: Path, *, may_lack: bool) -> Frame:
    """Bring holdings into the engine: Parquet as it lies, other files read and put into `folder`."""
    if holdings:
        paths = [path for given in holdings for path in parquet_of(given, folder)]
        return fund_lines(engine.read(paths), as_of=as_of, where=", ".join(holdings))
    store = stored_holdings()
    chosen = newest_on(store.catalogue(), as_of) if store else None
    if store is None or chosen is None or chosen.is_empty():
        if not may_lack:
            what = "There are no holdings."
            raise OptionError(what, where="HOLDINGS", mend="name files, or fill the store with esgscan funds add")
        return fund_lines(engine.frame(_no_lines()), as_of=as_of, where="")
    paths = [str(store.path_of(one)) for one in chosen["stored_in"].unique(maintain_order=True)]
    keys = ["stored_in", "fund_id", "as_of", "listed_as"]
    described = chosen.select(*keys, **DESCRIBED)
    lines = engine.read(paths).join(engine.frame(described), on=keys, how="inner")
    return fund_lines(lines, as_of=as_of, where="the holdings store")


def parquet_of(given: str, folder: Path) -> list[str]:
    """Give the Parquet files of a file, a folder or an address; other files are read, and written to `folder`."""
    path = Path(given)
    if path.is_dir() and (found := sorted(path.rglob("*.parquet"))):
        return [str(one) for one in found]
    if path.suffix.lower() == ".parquet" or "://" in given:
        if "://" not in given and not path.is_file():
            raise OptionError(f"There is no file '{given}'.", where=given, mend="check the path")
        return [given]
    from esgscan.sources.holdings import read_holdings

    written = folder / f"{len(list(folder.iterdir()))}.parquet"
    described_lines(read_holdings(given)).write_parquet(written)
    return [str(written)]


def described_lines(file: FundFile) -> pl.DataFrame:
    """Give the lines of a file with what describes their fund."""
    funds = file.funds.select("fund_id", "as_of", **DESCRIBED).unique(["fund_id", "as_of"], keep="last")
    return file.holdings.join(funds, on=["fund_id", "as_of"], how="left")


def _no_lines() -> pl.DataFrame:
    texts = ("fund_id", "name_as_written", "isin", "kind")
    return pl.DataFrame(schema={**dict.fromkeys(texts, pl.String), "as_of": pl.Date, "holding_weight": pl.Float64})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPortfolio:
    """One portfolio of many: its lines, or why it could not be read."""

    path: str
    lines: pl.DataFrame | None = None
    error: PortfolioError | None = None


def read_portfolios(folder: str, *, as_of: date | str | None, fx: str | None = None) -> Iterator[ReadPortfolio]:
    """Read every file of a folder as a portfolio, each valued in its own currency; one that fails stops no other.

    Raises:
        OptionError: There is no such folder.
    """
    from esgscan.sources.rates import Rates, read_rates

    root = Path(folder)
    if not root.is_dir():
        raise OptionError(f"There is no folder '{folder}'.", where="--portfolios", mend="check the path")
    day = read_day(as_of)
    rates = read_rates(Path(fx), as_of=day) if fx else Rates()
    for path in portfolio_files(root):
        try:
            yield ReadPortfolio(path=str(path), lines=portfolio_lines(path, root, rates, day))
        except PortfolioError as error:
            yield ReadPortfolio(path=str(path), error=error)


def portfolio_files(root: Path) -> list[Path]:
    """List the files of a folder and those below, hidden ones left out."""
    found = (path for path in sorted(root.rglob("*")) if path.is_file())
    return [path for path in found if not any(part.startswith(".") for part in path.relative_to(root).parts)]


def portfolio_lines(path: Path, root: Path, rates: Rates, as_of: date) -> pl.DataFrame:
    """Value and weigh the positions of one portfolio, and give them as the lines of a fund."""
    from esgscan.portfolio.reading import read_portfolio
    from esgscan.valuation import value_positions, weigh_positions
    from esgscan.wiring import portfolio_currency

    reading, memory = read_portfolio(path), Memory()
    currency = portfolio_currency([reading], rates)
    valued = value_positions(memory.frame(reading.table), memory.frame(rates.into(currency)), currency=currency)
    weighed = memory.collect(weigh_positions(valued, engine=memory))
    total = None if weighed["is_stated"].any() else weighed["value"].sum()
    return weighed.select(
        "name_as_written", "isin", "cusip", "sedol", "figi", "lei", "ticker", "exchange", "country", "currency", "kind",
        fund_id=pl.lit(f"{PORTFOLIO}{path.relative_to(root).as_posix()}"),
        as_of=pl.lit(as_of),
        holding_weight="weight",
        fund_total=pl.lit(total, pl.Float64),
        fund_currency=pl.lit(currency or None, pl.String),
        portfolio_name=pl.lit(reading.name),
    )  # fmt: skip


def exposures_of_portfolios(
    portfolios: Iterable[pl.DataFrame],
    holdings: Sequence[str] = (),
    *,
    request: MarketRequest = MarketRequest(),
) -> pl.DataFrame:
    """Give what each of many portfolios reaches, through the funds of files, of the store or of the packaged figures.

    Args:
        portfolios: Lines as `portfolio_lines` gives them, one table per portfolio.
        holdings: Files and folders of holdings; without any, the store is used where there is one.
        request: What is asked for.

    Returns:
        Table FUND_EXPOSURES; `fund_id` is the path of the portfolio in its folder, `fund_name` its name. With a policy,
        `counts` and `tier` beside it.

    Raises:
        OptionError: There is no portfolio.
    """
    tables = list(portfolios)
    if not tables:
        raise OptionError("There is no portfolio to scan.", where="--portfolios", mend="name a folder with files")
    where = engine_named(request.engine)
    positions = pl.concat(tables)
    names = positions.select("fund_id", named="portfolio_name").unique(maintain_order=True)

    def lines(folder: Path) -> Frame:
        return _with_funds(positions.drop("portfolio_name"), holdings, request.day, where, folder)

    found = _exposed(lines, request, where, prefix=PORTFOLIO, max_depth=MAX_DEPTH + 1, funds=_further_names(holdings))
    named = found.join(names, on="fund_id", how="left").with_columns(
        fund_name="named", fund_id=col("fund_id").str.strip_prefix(PORTFOLIO)
    )
    return in_order(named.drop("named"))


def _with_funds(portfolios: pl.DataFrame, holdings: Sequence[str], as_of: date, engine: Engine, folder: Path) -> Frame:
    """Put the lines of portfolios beside those of funds."""
    funds = market_lines(holdings, as_of, engine, folder, may_lack=True)
    return together([fund_lines(engine.frame(portfolios), as_of=as_of, where=PORTFOLIO), funds])


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
