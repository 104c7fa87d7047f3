"""Prices and exchange rates that a portfolio leaves out, asked of a source of quotes; each is dated and said.

Only a run that was asked to go online comes here. A look-up that fails is a finding; once the source refuses
altogether, nothing more is asked of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from esgscan.errors import SourceError
from esgscan.records import Finding
from esgscan.terms import Kind, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

PRICED = [str(kind) for kind in (Kind.EQUITY, Kind.DEPOSITARY_RECEIPT, Kind.FUND, Kind.UNKNOWN)]
"""Kinds whose quoted price is the price of one unit as files count units."""
US = ("US", "USA", "UNITED STATES")
CODE_FIRST = re.compile(r"([A-Z0-9]{1,12})[ .:-]([A-Z]{1,6})")
MARKET_FIRST = re.compile(r"([A-Z]{2,6})[:.]([A-Z0-9]{1,12})")
col = pl.col


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What one unit was worth at the close of a day.

    Attributes:
        symbol: What it is a quote of, as the source writes it.
        value: Price or rate, in whole units of `currency`.
        currency: ISO 4217.
        day: The day of the close.
        source: Who published it.
        retrieved_on: The day it was asked for.
    """

    symbol: str
    value: float
    currency: str
    day: date
    source: str
    retrieved_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A security whose price is wanted: by ISIN, or by code and market.

    Attributes:
        isin: ISIN; empty where it is not known.
        code: Local code without its market; empty where the market is not known.
        mic: Market of the code, ISO 10383; `US` where only the country is known.
    """

    isin: str = ""
    code: str = ""
    mic: str = ""


class QuoteSource(Protocol):
    """Gives closes of one day, or of the last trading day before it."""

    @property
    def name(self) -> str:
        """Name of the publisher, for reports."""
        ...

    def rate(self, currency: str, base: str, *, on: date) -> Quote | None:
        """Give what one unit of `currency` was worth in `base`; None if it is not known.

        Raises:
            SourceError: The source refuses altogether, or cannot be reached.
        """
        ...

    def price(self, wanted: Wanted, *, on: date) -> Quote | None:
        """Give the price of one unit of a security; None if it is not known.

        Raises:
            SourceError: The source refuses altogether, or cannot be reached.
        """
        ...


@dataclass(slots=True)
class LookUps:
    """The look-ups of one run: what was found, what a reader must know, and whether the source still answers.

    Attributes:
        source: Who is asked.
        on: The day that prices and rates are wanted for.
        quotes: What was found, each once.
        findings: What a reader must know.
        unasked: How many look-ups were left out after the source refused.
    """

    source: QuoteSource
    on: date
    quotes: list[Quote] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unasked: int = 0
    _refusal: str = ""
    _prices: dict[Wanted, Quote | None] = field(default_factory=dict)

    def price(self, wanted: Wanted) -> Quote | None:
        """Ask for a price, each security once."""
        if wanted not in self._prices:
            self._prices[wanted] = self._asked(lambda: self.source.price(wanted, on=self.on))
        return self._prices[wanted]

    def rate(self, currency: str, base: str) -> Quote | None:
        """Ask for an exchange rate."""
        return self._asked(lambda: self.source.rate(currency, base, on=self.on))

    def has_refused(self) -> bool:
        """Whether the source refused, so that a missing answer says nothing of what was asked."""
        return bool(self._refusal)

    def all_findings(self) -> list[Finding]:
        """Give the findings, and what the refusal of the source left undone."""
        if not self._refusal:
            return self.findings
        what = f"{self._refusal} Look-ups that were not made: {self.unasked}."
        mend = "try again later, or give rates with --fx and prices in the file"
        return [*self.findings, Finding(severity=Severity.WARNING, where=self.source.name, what=what, mend=mend)]

    def _asked(self, ask: Callable[[], Quote | None]) -> Quote | None:
        if self._refusal:
            self.unasked += 1
            return None
        try:
            quote = ask()
        except SourceError as error:
            self._refusal, self.unasked = error.what, self.unasked + 1
            return None
        if quote and quote not in self.quotes:
            self.quotes.append(quote)
        return quote


def price_positions(positions: pl.DataFrame, lookups: LookUps, *, markets: Mapping[str, str]) -> pl.DataFrame:
    """Give the lines that have a quantity and neither value, price nor weight the price of the day.

    Args:
        positions: Table POSITIONS of one file.
        lookups: Asks, and keeps what was found and what must be said.
        markets: Word for an exchange, in capitals -> MIC, or `US`.

    Returns:
        POSITIONS; a line that was priced has `price`, and the currency of the price.
    """
    units = col("quantity").is_not_null() & (col("quantity") != 0)
    nothing = col("market_value").is_null() & col("price").is_null() & col("weight").is_null()
    lacking = positions.filter(units & nothing & col("kind").is_in(PRICED))
    found: dict[str, tuple[float, str]] = {}
    for line in lacking.iter_rows(named=True):
        quote = lookups.price(wanted_of(line, markets))
        if quote:
            found[line["position_id"]] = quote.value, quote.currency
        lookups.findings.extend(_said_of_price(line, quote, lookups))
    return _with_prices(positions, found)


def find_rates(currencies: Iterable[str], base: str, lookups: LookUps) -> dict[str, float]:
    """Give the rate of each currency into `base` that the source knows."""
    rates = {}
    for currency in sorted(set(currencies) - {base}):
        quote = lookups.rate(currency, base)
        if quote:
            rates[currency] = quote.value
            said = f"1 {currency} = {quote.value:.6g} {base}, {_dated(quote)}."
            lookups.findings.append(Finding(severity=Severity.INFO, where="exchange rates", what=said))
        elif not lookups.has_refused():
            what = f"No rate of {currency} into {base} was found for {lookups.on} or the days before."
            mend = f"give a rate for {currency} with --fx rates.csv"
            lookups.findings.append(Finding(severity=Severity.WARNING, where="exchange rates", what=what, mend=mend))
    return rates


def wanted_of(line: Mapping[str, Any], markets: Mapping[str, str]) -> Wanted:
    """Say by what a line can be priced. A code without a market is not enough: it may be another share elsewhere."""
    isin, ticker = line["isin"] or "", (line["ticker"] or "").strip().upper()
    market = markets.get((line["exchange"] or "").strip().upper(), "")
    for pattern, code_at, market_at in ((CODE_FIRST, 1, 2), (MARKET_FIRST, 2, 1)):
        match = pattern.fullmatch(ticker)
        if match and match[market_at] in markets:
            return Wanted(isin=isin, code=match[code_at], mic=markets[match[market_at]])
    country = (line["country"] or "").strip().upper()
    if not market and ticker.isalpha() and (country in US or (not country and line["currency"] == "USD")):
        market = "US"
    return Wanted(isin=isin, code=ticker if market else "", mic=market)


def _said_of_price(line: Mapping[str, Any], quote: Quote | None, lookups: LookUps) -> list[Finding]:
    sheet, row = line["source_sheet"], line["source_row"]
    where = f"sheet '{sheet}', row {row}" if sheet else f"row {row}"
    name = line["name_as_written"] or line["isin"] or line["ticker"] or "A line"
    if quote:
        what = f"'{name}' was valued at {quote.value:,.6g} {quote.currency} a unit ({quote.symbol}), {_dated(quote)}."
        return [Finding(severity=Severity.INFO, where=where, what=what)]
    if lookups.has_refused():
        return []
    what = f"No price of '{name}' was found for {lookups.on} or the days before."
    return [Finding(severity=Severity.WARNING, where=where, what=what, mend="add its market value, or its price")]


def _dated(quote: Quote) -> str:
    return f"the close of {quote.day} ({quote.source}, retrieved on {quote.retrieved_on})"


def _with_prices(positions: pl.DataFrame, found: Mapping[str, tuple[float, str]]) -> pl.DataFrame:
    """Write the prices into the table; a line that was not priced stays as it is."""
    if not found:
        return positions
    ids = list(found)
    prices = pl.DataFrame(
        {"position_id": ids, "found_price": [found[i][0] for i in ids], "found_currency": [found[i][1] for i in ids]}
    )
    joined = positions.join(prices, on="position_id", how="left", maintain_order="left")
    return joined.with_columns(
        price=pl.coalesce("found_price", "price"), currency=pl.coalesce("found_currency", "currency")
    ).select(positions.columns)
