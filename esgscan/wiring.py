"""The only place that chooses sources, engine and reference data for a run."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import esgscan
from esgscan.engines.memory import Memory
from esgscan.errors import OptionError, PortfolioError
from esgscan.portfolio.reading import ReadingOptions, read_portfolio
from esgscan.records import Reading, Run
from esgscan.reference.datasets import dataset_names, edition, load_dataset
from esgscan.reference.own_entries import with_own_entries
from esgscan.report.formats import FileReporter
from esgscan.scanning import MAX_AGE, Inputs, ScanOptions, scan_portfolio
from esgscan.sources.holdings import read_holdings
from esgscan.sources.own_lists import read_own_list, without_problems
from esgscan.sources.rates import Rates, read_rates
from esgscan.terms import Investor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from esgscan.records import Scan
    from esgscan.reference.problems import Problem

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
        reading: How the portfolio is to be read.
    """

    as_of: date | str | None = None
    known_on: date | str | None = None
    holdings: Sequence[str | Path] = ()
    watchlist: Sequence[str | Path] = ()
    fx: str | Path | None = None
    max_age: int = MAX_AGE
    investor: str | None = None
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
    rates = read_rates(Path(asked.fx), as_of=as_of) if asked.fx else Rates()
    currency = portfolio_currency(readings, rates)
    files = [read_holdings(str(given)) for given in asked.holdings]
    data = reference_data()
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
    )
    return scan_portfolio(
        inputs,
        options=ScanOptions(
            as_of=as_of,
            known_on=None if asked.known_on is None else read_day(asked.known_on, where="--known-on"),
            max_age=asked.max_age,
            investor=read_investor(asked.investor),
        ),
        engine=Memory(),
        run=_run(asked, as_of, read),
        reporter=FileReporter(),
    )


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


def read_day(day: date | str | None, *, where: str = "--as-of") -> date:
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
        raise OptionError(f"Cannot read the date '{day}'.", where=where, mend="write it as 2026-11-23") from error


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


def portfolio_currency(readings: Sequence[Reading], rates: Rates) -> str:
    """Choose the portfolio's currency: that of the rates, else the one the files state, else the most frequent one.

    Rates that name no base lead into a currency for which they have no rate, or the rate 1.

    Raises:
        OptionError: The rates do not tell into which currency they lead.
    """
    if rates.base:
        return rates.base
    written = [currency for reading in readings for currency in sorted(reading.table["currency"].drop_nulls())]
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


def _run(asked: ScanRequest, as_of: date, read: Sequence[tuple[str, str]]) -> Run:
    """Say how the result is made; its time comes from SOURCE_DATE_EPOCH or the as-of date, never from the clock."""
    current = edition()
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = _now() if epoch else datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC)
    chosen = {
        "as_of": as_of.isoformat(),
        "known_on": str(asked.known_on) if asked.known_on else None,
        "holdings": [str(given) for given in asked.holdings],
        "watchlist": [str(given) for given in asked.watchlist],
        "fx": str(asked.fx) if asked.fx else None,
        "max_age": asked.max_age,
        "investor": asked.investor,
        "sheet": asked.reading.sheet,
        "columns": dict(asked.reading.columns),
    }
    return Run(
        version=esgscan.__version__,
        edition=current.label,
        edition_hash=current.content_hash,
        generated_at=moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        inputs=dict(read),
        options=chosen,
    )
