"""The only place that chooses sources, engine and reference data for a run."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

import esgscan
from esgscan.engines.memory import Memory
from esgscan.errors import OptionError, PortfolioError
from esgscan.portfolio.grids import place
from esgscan.portfolio.reading import ReadingOptions, read_portfolio
from esgscan.quotes import LookUps, find_rates, price_positions
from esgscan.records import Reading, Run
from esgscan.reference.datasets import dataset_names, edition, load_dataset
from esgscan.reference.own_entries import with_own_entries
from esgscan.report.formats import FileReporter
from esgscan.scanning import MAX_AGE, Inputs, ScanOptions, scan_portfolio
from esgscan.sources.own_lists import read_own_list, without_problems
from esgscan.sources.rates import Rates, read_rates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esgscan.quotes import Quote, QuoteSource
    from esgscan.records import FundFile, Scan
    from esgscan.reference.problems import Problem

Portfolio = "str | Path | bytes | pd.DataFrame"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """What a user asks for, beside the portfolio itself.

    Attributes:
        as_of: The day the answer is for; today, or the day of SOURCE_DATE_EPOCH, if not given.
        holdings: Files of fund holdings, each `PATH` or `FUND=PATH` with the ISIN, ticker or name of the fund.
        watchlist: Files of the user's own lists, which count beside the packaged ones.
        fx: File of exchange rates, with the columns `currency` and `rate`.
        max_age: Days after which holdings are called old.
        online: Look up the prices and exchange rates that the files leave out. Without it, nothing touches the network.
        reading: How the portfolio is to be read.
    """

    as_of: date | str | None = None
    holdings: Sequence[str | Path] = ()
    watchlist: Sequence[str | Path] = ()
    fx: str | Path | None = None
    max_age: int = MAX_AGE
    online: bool = False
    reading: ReadingOptions = field(default_factory=ReadingOptions)


def scan(portfolio: Any, *, request: ScanRequest | None = None, **wishes: Any) -> Scan:
    """Find every way in which a portfolio reaches a listed surveillance company.

    Args:
        portfolio: A path, the bytes of a file, a DataFrame, a Reading that `inspect` gave, or a list of these.
        request: What is asked for.
        wishes: The same, one by one: `as_of="2026-11-23"`, `holdings=["EEM.csv"]`, `fx="rates.csv"`.

    Returns:
        The result; its tables are pandas DataFrames, its weights fractions of the portfolio.

    Raises:
        PortfolioError: The portfolio cannot be read.
        OptionError: A wish cannot be granted.
        SourceError: A file of holdings or rates cannot be read.
    """
    asked = request or _request(wishes)
    as_of = read_day(asked.as_of)
    portfolios = portfolio if isinstance(portfolio, list | tuple) else [portfolio]
    if not portfolios:
        raise PortfolioError("There is no portfolio.", where="portfolio", mend="give a path, bytes or a DataFrame")
    readings = [one if isinstance(one, Reading) else read_portfolio(one, options=asked.reading) for one in portfolios]
    given_rates = read_rates(Path(asked.fx), as_of=as_of) if asked.fx else Rates()
    data = reference_data()
    lookups = LookUps(quote_source(), on=as_of) if asked.online else None
    if lookups:
        readings = [_priced(reading, lookups, data["markets"]) for reading in readings]
    currency = portfolio_currency(readings, given_rates)
    rates = _with_found_rates(given_rates, readings, currency, lookups) if lookups else given_rates
    files = _fund_files(asked.holdings)
    own = [without_problems(read_own_list(Path(given), data["markets"])) for given in asked.watchlist]
    read = [
        *((reading.audit.file_name, reading.sha256) for reading in readings),
        *((file.name, file.sha256) for file in files),
        *((file.name, file.sha256) for file in own),
    ]
    inputs = Inputs(
        readings=readings,
        data=with_own_entries(data, [entry for one in own for entry in one.entries]) if own else data,
        edition=edition().date,
        fund_files=files,
        currency=currency,
        rates=rates.into(currency),
        findings=lookups.all_findings() if lookups else (),
    )
    return scan_portfolio(
        inputs,
        options=ScanOptions(as_of=as_of, max_age=asked.max_age),
        engine=Memory(),
        run=_run(asked, as_of, read, lookups.quotes if lookups else ()),
        reporter=FileReporter(),
    )


def quote_source() -> QuoteSource:
    """Choose who is asked for prices and rates, and where the answers are kept."""
    from esgscan.sources.cache import Cache, cache_folder
    from esgscan.sources.yahoo import Yahoo

    return Yahoo(Cache(cache_folder(), today=_now().date()))


def _priced(reading: Reading, lookups: LookUps, markets: pl.DataFrame) -> Reading:
    """Give the lines of a file that lack a value the price of the day; the findings on those lines then go."""
    words = markets.filter(column="exchange").select("word", pl.coalesce("mic", "country")).rows()
    table = price_positions(reading.table, lookups, markets=dict(words))
    before = reading.table.filter(pl.col("price").is_null())["position_id"]
    now = table.filter(pl.col("price").is_not_null() & pl.col("position_id").is_in(before.to_list()))
    name = reading.audit.file_name
    mended = {place(name, sheet or "", row) for sheet, row in now.select("source_sheet", "source_row").rows()}
    kept = tuple(f for f in reading.findings if f.where not in mended or not f.what.endswith("has no value."))
    return replace(reading, table=table, findings=kept)


def _with_found_rates(given: Rates, readings: Sequence[Reading], currency: str, lookups: LookUps) -> Rates:
    """Add the rates that the user did not give to those he did."""
    written = {code for reading in readings for code in reading.table["currency"].drop_nulls()}
    found = find_rates(written - set(given.rates), currency, lookups) if currency else {}
    return replace(given, rates={**found, **given.rates})


def _request(wishes: Mapping[str, Any]) -> ScanRequest:
    """Make a request of wishes.

    Raises:
        OptionError: There is no such wish, or its value is of no use.
    """
    known = [one.name for one in fields(ScanRequest)]
    for name in wishes:
        if name not in known:
            raise OptionError(f"There is no option '{name}'.", where=name, mend=f"use one of {', '.join(known)}")
    asked = ScanRequest(**wishes)
    if not isinstance(asked.max_age, int) or asked.max_age < 0:
        what = f"Cannot use {asked.max_age!r} as an age in days."
        raise OptionError(what, where="max_age", mend="give a whole number from 0")
    return asked


def _fund_files(holdings: Sequence[str | Path]) -> list[FundFile]:
    """Read the files of fund holdings; their readers load only if there are any."""
    if not holdings:
        return []
    from esgscan.sources.holdings import read_holdings

    return [read_holdings(str(given)) for given in holdings]


def inspect(portfolio: Any, *, options: ReadingOptions | None = None) -> Reading:
    """Read a portfolio and say how it was read; arguments and errors as `scan`."""
    return read_portfolio(portfolio, options=options or ReadingOptions())


def reference_data() -> Mapping[str, pl.DataFrame]:
    """Load every packaged data set, by name."""
    return {name: load_dataset(name) for name in dataset_names()}


def check_watchlist(place: Path | None) -> tuple[str, Sequence[Problem]]:
    """Validate the packaged data sets, those in a folder, or a list of the user's own.

    Returns:
        What was looked at, and the problems.

    Raises:
        OptionError: There is no such place, or the file is no list.
    """
    from esgscan.reference.checks import check_datasets
    from esgscan.report.wording import count

    if place is not None and not place.is_dir():
        own = read_own_list(place, load_dataset("markets"))
        with_own_entries(reference_data(), own.entries)
        return f"{count(len(own.entries), 'entry', 'entries')}, no problem.", own.problems
    return f"{len(dataset_names(folder=place))} data sets, no problem.", check_datasets(place)


def read_day(day: date | str | None) -> date:
    """Read the as-of date; without one it is the day of SOURCE_DATE_EPOCH, or today.

    Raises:
        OptionError: `day` is not a date.
    """
    if isinstance(day, datetime):
        return day.date()
    if isinstance(day, date):
        return day
    if day is None:
        return _now().date()
    try:
        return date.fromisoformat(day)
    except (TypeError, ValueError) as error:
        raise OptionError(f"Cannot read the date '{day}'.", where="--as-of", mend="write it as 2026-11-23") from error


def _currencies_of_amounts(positions: pl.DataFrame) -> list[str]:
    """Give the currency of every line that has an amount; where none has, of every line."""
    amount = pl.coalesce("market_value", pl.col("quantity") * pl.col("price"))
    with_amount = positions.filter(amount.is_not_null())
    return (positions if with_amount.is_empty() else with_amount)["currency"].drop_nulls().to_list()


def portfolio_currency(readings: Sequence[Reading], rates: Rates) -> str:
    """Choose the portfolio's currency: that of the rates, else the one the files state, else the most frequent one.

    Rates that name no base lead into a currency for which they have no rate, or the rate 1.

    Raises:
        OptionError: The rates do not tell into which currency they lead.
    """
    if rates.base:
        return rates.base
    written = [currency for reading in readings for currency in sorted(_currencies_of_amounts(reading.table))]
    stated = [reading.currency for reading in readings if reading.currency]
    bases = [one for one in (stated or written) if rates.rates.get(one, 1.0) == 1.0]
    if rates.rates and written and not bases:
        what = "The rates do not say into which currency they lead: there is one for each currency of the portfolio."
        raise OptionError(what, where="--fx", mend="add a column base, or leave out the portfolio's own currency")
    counted = Counter(bases)
    return counted.most_common(1)[0][0] if counted else ""


def _now() -> datetime:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)


def _run(asked: ScanRequest, as_of: date, read: Sequence[tuple[str, str]], quotes: Sequence[Quote]) -> Run:
    """Say how the result is made; its time comes from SOURCE_DATE_EPOCH or the as-of date, never from the clock."""
    current = edition()
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = _now() if epoch else datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC)
    chosen = {
        "as_of": as_of.isoformat(),
        "holdings": [str(given) for given in asked.holdings],
        "watchlist": [str(given) for given in asked.watchlist],
        "fx": str(asked.fx) if asked.fx else None,
        "max_age": asked.max_age,
        "sheet": asked.reading.sheet,
        "header_row": asked.reading.header_row,
        "decimal": asked.reading.decimal or None,
        "dates": asked.reading.dates or None,
        "mapping": asked.reading.mapping.source if asked.reading.mapping else None,
        "columns": dict(asked.reading.columns),
        "online": asked.online,
        "quotes": [{name: str(value) for name, value in asdict(quote).items()} for quote in quotes],
    }
    return Run(
        version=esgscan.__version__,
        edition=current.label,
        edition_hash=current.content_hash,
        generated_at=moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        inputs=dict(read),
        options=chosen,
    )
