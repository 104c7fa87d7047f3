"""Thousands of portfolio files at once: each read by itself, then exposed together like the funds of a market."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from esgscan.bulk.lines import fund_lines, together
from esgscan.bulk.passes import passes_over
from esgscan.days import read_day
from esgscan.engines.memory import Memory
from esgscan.errors import OptionError, PortfolioError
from esgscan.lookthrough import MAX_DEPTH
from esgscan.market_lines import engine_named, market_lines, over_store
from esgscan.markets import MarketRequest, exposures_from, further_names, in_order
from esgscan.told_funds import as_told, told_tickers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from esgscan.sources.rates import Rates
    from esgscan.tables import Engine, Frame

col = pl.col

PORTFOLIO = "portfolio:"
"""How the id of a portfolio begins among those of funds."""


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
        "asset_class",
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
    request: MarketRequest,
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
    positions = as_told(pl.concat(tables), told_tickers(holdings))
    names = positions.select("fund_id", named="portfolio_name").unique(maintain_order=True)

    def run() -> pl.DataFrame:
        reach = {"prefix": PORTFOLIO, "max_depth": MAX_DEPTH + 1, "funds": further_names(holdings)}
        with tempfile.TemporaryDirectory() as folder, where.told():
            lines = _with_funds(positions.drop("portfolio_name"), holdings, request.day, where, Path(folder))
            with passes_over(lines, where) as passes:
                return exposures_from(passes, request, **reach)

    named = (
        over_store(run, holdings)
        .join(names, on="fund_id", how="left")
        .with_columns(fund_name="named", fund_id=col("fund_id").str.strip_prefix(PORTFOLIO))
    )
    return in_order(named.drop("named"))


def _with_funds(portfolios: pl.DataFrame, holdings: Sequence[str], as_of: date, engine: Engine, folder: Path) -> Frame:
    """Put the lines of portfolios beside those of funds."""
    funds = market_lines(holdings, as_of, engine, folder, may_lack=True)
    return together([fund_lines(engine.frame(portfolios), as_of=as_of, where=PORTFOLIO), funds])
