"""The only place that chooses sources, engine and reference data for a run."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

import esgscan
from esgscan.choices import (
    chosen_policy,
    decided,
    file_of,
    known_identifiers,
    reference_data,
    several,
    stored_holdings,
    with_own_lists,
)
from esgscan.days import now, read_day
from esgscan.engines.memory import Memory
from esgscan.errors import OptionError, PortfolioError
from esgscan.portfolio.grids import place
from esgscan.portfolio.inputs import Upload
from esgscan.portfolio.reading import ReadingOptions, read_portfolio
from esgscan.records import Reading, Run, nobody_listens
from esgscan.reference.datasets import edition, load_dataset
from esgscan.reference.editions import edition_hash_of, edition_of
from esgscan.report.formats import PAPERS, FileReporter
from esgscan.scanning import MAX_AGE, Inputs, ScanOptions, scan_portfolio
from esgscan.sources.rates import Rates, read_rates
from esgscan.tables import FUNDS
from esgscan.terms import Investor, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from esgscan.choices import Given
    from esgscan.fund_lookups import HoldingsSource
    from esgscan.quotes import LookUps, Quote, QuoteSource
    from esgscan.records import Finding, FundFile, Listener, Scan
    from esgscan.redaction import PublicNames
    from esgscan.store.holdings import Store

NAMES = ["name", "isin", "ticker"]
"""By which a fund of a portfolio is known among those whose holdings are there."""
Portfolio = "str | Path | bytes | pd.DataFrame"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """What a user asks for, beside the portfolio itself.

    Attributes:
        as_of: The day the answer is for; today, or the day of SOURCE_DATE_EPOCH, if not given.
        known_on: The day whose knowledge counts: what was announced and published by then; `as_of` if not given.
        holdings: Files of fund holdings, each `PATH` or `FUND=PATH` with the ISIN, ticker or name of the fund.
        watchlist: Files of the user's own lists, which count beside the packaged ones.
        fx: File of exchange rates, with the columns `currency` and `rate`.
        max_age: Days after which holdings are called old.
        investor: For whom the effects of a listing are told: us-person, us-federal-contractor, eu, uk, ca or other.
        decisions: Files of answers to review lines.
        paper: Paper of a PDF report: a4 or letter.
        redact: Whether to leave out amounts, file names and names that are not public.
        identifiers: File that says which ISIN or security a CUSIP, SEDOL or FIGI stands for.
        policy: A policy file (TOML): what counts, what is only reported, tiers.
        online: Look up the prices, exchange rates and holdings of US funds that the files leave out. Without it,
            nothing touches the network.
        store: Whether the holdings store is used, where there is one (`esgscan funds add`).
        updates: Whether what was confirmed from publishers' newer lists counts (`esgscan watchlist update`).
        reading: How the portfolio is to be read.
    """

    as_of: date | str | None = None
    known_on: date | str | None = None
    holdings: Sequence[Given] = ()
    watchlist: Sequence[Given] = ()
    fx: Given | None = None
    max_age: int = MAX_AGE
    investor: str | None = None
    decisions: Sequence[Given] = ()
    paper: str = "a4"
    redact: bool = False
    identifiers: Given | None = None
    policy: Given | None = None
    online: bool = False
    store: bool = True
    updates: bool = True
    reading: ReadingOptions = field(default_factory=ReadingOptions)


def scan(
    portfolio: Any, *, request: ScanRequest | None = None, listener: Listener = nobody_listens, **wishes: Any
) -> Scan:
    """Find every way in which a portfolio reaches a listed surveillance company.

    Args:
        portfolio: A path, the bytes of a file, a DataFrame, a Reading that `inspect` gave, or a list of these.
        request: What is asked for.
        listener: Hears which step is under way.
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
    heard = _FilesRead(listener, len(portfolios) + len(asked.holdings))
    readings = [
        one if isinstance(one, Reading) else read_portfolio(one, options=asked.reading)
        for one in heard.each(portfolios)
    ]
    given_rates = read_rates(file_of(asked.fx), as_of=as_of) if asked.fx else Rates()
    data, own = with_own_lists(reference_data(updates=asked.updates), asked.watchlist)
    decisions, digests = decided(asked.decisions, data)
    lookups = _lookups(as_of) if asked.online else None
    if lookups:
        readings = [_priced(reading, lookups, data["markets"]) for reading in readings]
    currency = portfolio_currency(readings, given_rates)
    rates = _with_found_rates(given_rates, readings, currency, lookups) if lookups else given_rates
    files = _fund_files(heard.each(asked.holdings)) if asked.holdings else []
    readings, told = _with_told_funds(readings, asked.holdings) if asked.holdings else (readings, [])
    store = stored_holdings() if asked.store else None
    looked_up, said = _looked_up(readings, files, store, asked) if asked.online else ([], [])
    files += looked_up
    read = [
        *((reading.audit.file_name, reading.sha256) for reading in readings),
        *((file.name, file.sha256) for file in files),
        *own.items(),
        *digests.items(),
    ]
    inputs = Inputs(
        readings=readings,
        data=data,
        edition=edition().date,
        fund_files=files,
        store=store,
        currency=currency,
        rates=rates.into(currency),
        decisions=decisions,
        identifiers=known_identifiers(asked.identifiers, data),
        findings=[
            *(lookups.all_findings() if lookups else ()),
            *_rates_said(given_rates, readings, currency),
            *said,
            *told,
        ],
    )
    found = scan_portfolio(
        inputs,
        options=ScanOptions(
            as_of=as_of,
            known_on=None if asked.known_on is None else read_day(asked.known_on, where="--known-on"),
            max_age=asked.max_age,
            investor=read_investor(asked.investor),
            policy=chosen_policy(asked.policy, data),
            listener=listener,
        ),
        engine=Memory(),
        run=_run(asked, as_of, read, lookups.quotes if lookups else (), data),
        reporter=FileReporter(),
    )
    return _redacted(found) if asked.redact else found


def _redacted(scan: Scan) -> Scan:
    from esgscan.redaction import redacted

    return redacted(scan, public_names())


def public_names() -> PublicNames:
    """Give the names that everybody may read: those of the packaged data, and not of the user's own lists."""
    from esgscan.redaction import PublicNames

    names = {name: dict(load_dataset(f"{name}s").select(f"{name}_id", "name").rows()) for name in ("issuer", "fund")}
    owners = dict(load_dataset("owner_snapshots").select("owner_id", "owner_name").rows())
    return PublicNames(issuers=names["issuer"], funds=names["fund"] | owners)


def quote_source() -> QuoteSource:
    """Choose who is asked for prices and rates, and where the answers are kept."""
    from esgscan.sources.cache import Cache, cache_folder
    from esgscan.sources.yahoo import Yahoo

    return Yahoo(Cache(cache_folder(), today=now().date()))


def _lookups(day: date) -> LookUps:
    from esgscan.quotes import LookUps

    return LookUps(quote_source(), on=day)


def _priced(reading: Reading, lookups: LookUps, markets: pl.DataFrame) -> Reading:
    """Give the lines of a file that lack a value the price of the day; the findings on those lines then go."""
    from esgscan.quotes import price_positions

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
    from esgscan.quotes import find_rates

    written = {code for reading in readings for code in reading.table["currency"].drop_nulls()}
    found = find_rates(written - set(given.rates), currency, lookups) if currency else {}
    return replace(given, rates={**found, **given.rates})


def _rates_said(given: Rates, readings: Sequence[Reading], currency: str) -> list[Finding]:
    """Say which of the user's rates the values of the portfolio were changed with."""
    written = {one for reading in readings for one in reading.table["currency"].drop_nulls()}
    return given.used(currency, written)


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
    if asked.paper not in PAPERS:
        raise OptionError(f"There is no paper {asked.paper!r}.", where="paper", mend=f"use one of {', '.join(PAPERS)}")
    return asked


class _FilesRead:
    """Tells the listener which share of the files is read."""

    def __init__(self, listener: Listener, files: int) -> None:
        self._listener, self._files, self._read = listener, files, 0

    def each(self, files: Iterable[Any]) -> Iterator[Any]:
        """Give the files one by one, and tell before each how many are done."""
        for file in files:
            self._listener(Step.READING, self._read / self._files)
            yield file
            self._read += 1


def _fund_files(holdings: Iterable[Given]) -> list[FundFile]:
    """Read the files of fund holdings; their readers load only if there are any."""
    from esgscan.sources.holdings import read_holdings

    return [read_holdings(given if isinstance(given, Upload) else str(given)) for given in holdings]


def _with_told_funds(readings: Sequence[Reading], holdings: Iterable[Given]) -> tuple[list[Reading], list[Finding]]:
    """Take lines with no more than a ticker for the fund that the user named so."""
    from esgscan.told_funds import as_told, told_findings, told_tickers

    tickers = told_tickers(given if isinstance(given, Upload) else str(given) for given in holdings)
    if not tickers:
        return list(readings), []
    findings = [said for one in readings for said in told_findings(one.table, tickers, where=one.audit.file_name)]
    return [replace(one, table=as_told(one.table, tickers)) for one in readings], findings


def _looked_up(
    readings: Sequence[Reading], files: Sequence[FundFile], store: Store | None, asked: ScanRequest
) -> tuple[list[FundFile], list[Finding]]:
    """Look up the holdings of the portfolio's US funds that neither the files nor the store have.

    What the store has counts unless it is old, as a list of the publisher may then be newer.
    """
    from esgscan.fund_lookups import look_up, wanted_funds

    as_of = read_day(asked.as_of)
    since = as_of - timedelta(days=asked.max_age)
    known = pl.concat([*(file.funds.select(NAMES) for file in files), _stored_funds(store, since, as_of)])
    wanted = [ticker for reading in readings for ticker in wanted_funds(reading.table, known)]
    return look_up(dict.fromkeys(wanted), holdings_sources(), on=as_of) if wanted else ([], [])


def _stored_funds(store: Store | None, since: date, until: date) -> pl.DataFrame:
    """Give the names and identifiers of the stored funds that have holdings of these days: name, isin, ticker."""
    from esgscan.securities.funds import known_funds

    funds = store.funds() if store else FUNDS.frame()
    there = funds.filter(pl.col("as_of").is_between(since, until)).select("fund_id").unique()
    return known_funds(reference_data(), funds).join(there, on="fund_id", how="semi").select(NAMES)


def holdings_sources() -> list[HoldingsSource]:
    """Choose who is asked for holdings, the fullest first, and where the answers are kept."""
    from esgscan.sources.cache import Cache, cache_folder
    from esgscan.sources.sec_filings import EdgarTools, SecFilings
    from esgscan.sources.top_ten import TopTen, ask_yahoo

    today = now().date()
    cache = Cache(cache_folder(), today=today)
    return [SecFilings(answers=cache, client=EdgarTools()), TopTen(answers=cache, today=today, fetch=ask_yahoo)]


def inspect(portfolio: Any, *, options: ReadingOptions | None = None) -> Reading:
    """Read a portfolio and say how it was read; arguments and errors as `scan`."""
    return read_portfolio(portfolio, options=options or ReadingOptions())


def read_investor(word: str | None) -> Investor | None:
    """Read the kind of investor.

    Raises:
        OptionError: There is no such kind.
    """
    try:
        return None if word is None else Investor(word)
    except ValueError as error:
        mend = f"use one of {', '.join(Investor)}"
        raise OptionError(f"There is no kind of investor '{word}'.", where="--investor", mend=mend) from error


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


def _run(
    asked: ScanRequest,
    as_of: date,
    read: Sequence[tuple[str, str]],
    quotes: Sequence[Quote],
    data: Mapping[str, pl.DataFrame],
) -> Run:
    """Say how a scan was made."""
    chosen = {
        "as_of": as_of.isoformat(),
        "known_on": str(asked.known_on) if asked.known_on else None,
        "holdings": [str(given) for given in asked.holdings],
        "watchlist": [str(given) for given in asked.watchlist],
        "fx": str(asked.fx) if asked.fx else None,
        "max_age": asked.max_age,
        "investor": asked.investor,
        "policy": str(asked.policy) if asked.policy else None,
        "decisions": [str(given) for given in several(asked.decisions)],
        "paper": asked.paper,
        "redact": asked.redact,
        "identifiers": str(asked.identifiers) if asked.identifiers else None,
        "store": asked.store,
        "updates": asked.updates,
        "sheet": asked.reading.sheet,
        "header_row": asked.reading.header_row,
        "decimal": asked.reading.decimal or None,
        "dates": asked.reading.dates or None,
        "mapping": asked.reading.mapping.source if asked.reading.mapping else None,
        "columns": dict(asked.reading.columns),
        "online": asked.online,
        "quotes": [{name: str(value) for name, value in asdict(quote).items()} for quote in quotes],
    }
    return made_run(as_of, dict(read), chosen, data)


def made_run(
    as_of: date, inputs: Mapping[str, str], options: Mapping[str, Any], data: Mapping[str, pl.DataFrame]
) -> Run:
    """Say how a result was made; its time comes from SOURCE_DATE_EPOCH or the as-of date, never from the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = now() if epoch else datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC)
    return Run(
        version=esgscan.__version__,
        edition=edition_of(data),
        edition_hash=edition_hash_of(data),
        generated_at=moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        inputs=dict(inputs),
        options=dict(options),
    )
