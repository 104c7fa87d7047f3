"""Holdings of funds that nobody gave, asked of publishers: the fullest source first, a list of the largest lines last.

Only a run that was asked to go online comes here. A look-up that fails is a finding; once a source refuses altogether,
nothing more is asked of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

import polars as pl

from esgscan.errors import SourceError
from esgscan.identifiers import read_isin
from esgscan.names import word_keys
from esgscan.records import Finding
from esgscan.terms import Kind, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from esgscan.records import FundFile

MOST = 60
"""Funds that one run asks for; a portfolio with more should take its holdings from files."""
US_TICKER = re.compile(r"[A-Z]{2,5}")
US_PLACES = (
    "",
    "US",
    "USA",
    "UNITED STATES",
    "NYSE",
    "NYSE ARCA",
    "NASDAQ",
    "ARCX",
    "XNAS",
    "XNYS",
    "BATS",
    "CBOE BZX",
)


class HoldingsSource(Protocol):
    """Who is asked for the holdings of a fund."""

    @property
    def name(self) -> str:
        """How the source is named in a finding."""
        ...

    def find(self, ticker: str, *, on: date) -> FundFile | None:
        """Give the newest holdings of a US fund that are not after a day; None where the source has none.

        Raises:
            SourceError: The source refuses or cannot be reached.
        """
        ...


def wanted_funds(positions: pl.DataFrame, known: pl.DataFrame) -> list[str]:
    """Give the tickers of US funds in table POSITIONS whose holdings nobody has.

    Args:
        positions: Table POSITIONS.
        known: The funds whose holdings are there, from files or from the store: name, isin, ticker; a fund may have
            several rows.
    """
    isins, tickers = (set(known[name].drop_nulls()) for name in ("isin", "ticker"))
    names = set(word_keys(known["name"]).drop_nulls())
    funds = positions.filter(pl.col("kind") == str(Kind.FUND))
    funds = funds.with_columns(key=word_keys(funds["name_as_written"]))
    wanted = [
        str(ticker)
        for ticker, isin, exchange, country, key in funds.select("ticker", "isin", "exchange", "country", "key").rows()
        if ticker and US_TICKER.fullmatch(ticker) and ticker not in tickers and isin not in isins and key not in names
        and _is_us(isin, exchange, country)
    ]  # fmt: skip
    return list(dict.fromkeys(wanted))


def look_up(
    tickers: Iterable[str], sources: Sequence[HoldingsSource], *, on: date
) -> tuple[list[FundFile], list[Finding]]:
    """Ask the sources for each fund in turn, until one has it.

    Returns:
        What was found, and what the reader must know.
    """
    files: list[FundFile] = []
    findings: list[Finding] = []
    asking = list(sources)
    for number, ticker in enumerate(tickers):
        if number == MOST:
            findings.append(_said(f"More than {MOST} funds: those from '{ticker}' on were not looked up."))
            break
        found = None
        for source in tuple(asking):
            try:
                found = source.find(ticker, on=on)
            except SourceError as error:
                asking.remove(source)
                what = f"{source.name} was asked for the holdings of '{ticker}' and is asked no more: {error.what}"
                findings.append(_said(what, mend=error.mend))
            if found:
                files.append(found)
                break
        if not found and asking:
            findings.append(_said(f"No source has holdings of '{ticker}' on or before {on}."))
    return files, findings


def _is_us(isin: str | None, exchange: str | None, country: str | None) -> bool:
    """Whether nothing that a line says of a fund is of another country."""
    if read_isin(isin or ""):
        return str(isin).startswith("US")
    return (exchange or "").strip().upper() in US_PLACES and (country or "").strip().upper() in US_PLACES


def _said(what: str, mend: str = "") -> Finding:
    mend = mend or "give the holdings with --holdings FUND=PATH"
    return Finding(severity=Severity.WARNING, where="--online", what=what, mend=mend)
