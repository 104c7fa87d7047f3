"""Prices and exchange rates of Yahoo Finance, through yfinance: the last close on or before a day, kept in the cache.

A price is what was quoted on that day: it is not adjusted for dividends, and splits since then are taken back out, as
the quantities of a file of that day are of before them too.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from esgscan.errors import SourceError
from esgscan.identifiers import read_isin
from esgscan.portfolio.currencies import read_currency
from esgscan.quotes import Quote, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from esgscan.sources.cache import Cache

WINDOW = timedelta(days=10)
"""How far back the last close may lie; longer than any holiday."""
TIMEOUT = 15
CODE_LENGTHS = {"XHKG": 4, "XSHE": 6, "XSHG": 6, "XKRX": 6, "XKOS": 6, "XTAI": 4, "ROCO": 4, "XTKS": 4}
"""Digits of a code, zeros in front included, where files drop or add them."""
ENDINGS = {
    "XASX": "AX", "XAMS": "AS", "XATH": "AT", "XBKK": "BK", "XBRU": "BR", "XBUD": "BD", "XCSE": "CO", "XDUB": "IR",
    "XETR": "DE", "XFRA": "F", "XSTU": "SG", "XMUN": "MU", "XDUS": "DU", "XHAM": "HM", "XBER": "BE", "XHEL": "HE",
    "XHKG": "HK", "XIDX": "JK", "XIST": "IS", "XJSE": "JO", "XKLS": "KL", "XKRX": "KS", "XKOS": "KQ", "XLIS": "LS",
    "XLON": "L", "XMAD": "MC", "BMEX": "MC", "XMEX": "MX", "XMIL": "MI", "MTAA": "MI", "XBOM": "BO", "XNSE": "NS",
    "XNZE": "NZ", "XOSL": "OL", "XPAR": "PA", "XPRA": "PR", "BVMF": "SA", "XSAU": "SR", "XSES": "SI", "XSGO": "SN",
    "XSHE": "SZ", "XSHG": "SS", "XSTO": "ST", "XSWX": "SW", "XTAE": "TA", "XTAI": "TW", "ROCO": "TWO", "XTKS": "T",
    "XTSE": "TO", "XTSX": "V", "XWBO": "VI", "XVIE": "VI", "XWAR": "WA",
}  # fmt: skip
"""Market -> what Yahoo writes behind a code of it."""
US_MARKETS = frozenset({"US", "XNYS", "XNAS", "ARCX", "BATS", "XASE"})
VIA = "USD"


@dataclass(frozen=True, slots=True)
class Yahoo:
    """Yahoo Finance as a source of quotes.

    Attributes:
        cache: Where answers are kept.
        name: How the source is named in a report.
    """

    cache: Cache
    name: str = "Yahoo Finance"

    def rate(self, currency: str, base: str, *, on: date) -> Quote | None:
        """Give an exchange rate: that of the pair, else through the US dollar."""
        direct = self._close(f"{currency}{base}=X", on)
        if direct or VIA in {currency, base}:
            return direct
        first, second = self._close(f"{currency}{VIA}=X", on), self._close(f"{VIA}{base}=X", on)
        if not (first and second):
            return None
        return Quote(
            symbol=f"{first.symbol} x {second.symbol}",
            value=first.value * second.value,
            currency=base,
            day=min(first.day, second.day),
            source=self.name,
            retrieved_on=max(first.retrieved_on, second.retrieved_on),
        )

    def price(self, wanted: Wanted, *, on: date) -> Quote | None:
        """Give a price, by code and market, else by ISIN."""
        return next((quote for symbol in _symbols(wanted) if (quote := self._close(symbol, on))), None)

    def _close(self, symbol: str, on: date) -> Quote | None:
        """Give the last close on or before a day, from the cache or the publisher."""
        kept = self.cache.find(f"yahoo/{symbol}", on) or self._fetch(symbol, on)
        if kept is None:
            return None
        return Quote(
            symbol=kept["symbol"],
            value=kept["value"],
            currency=kept["currency"],
            day=date.fromisoformat(kept["day"]),
            source=self.name,
            retrieved_on=date.fromisoformat(kept["retrieved_on"]),
        )

    def _fetch(self, symbol: str, on: date) -> dict[str, Any] | None:
        is_pair = symbol.endswith("=X")
        until = on if is_pair else max(on, self.cache.today)  # splits since then are needed too
        answer = _asked(symbol, on - WINDOW, until + timedelta(days=1), self.cache)
        close = last_close(answer[0], on) if answer else None
        money = read_currency(answer[1]) if answer else None
        if answer is None or close is None or money is None:
            return None
        day, value = close
        known = {"symbol": answer[2], "value": value * money.scale, "currency": money.currency, "day": day.isoformat()}
        self.cache.keep(f"yahoo/{symbol}", on, known)
        return {**known, "retrieved_on": self.cache.today.isoformat()}


def last_close(history: pd.DataFrame, on: date) -> tuple[date, float] | None:
    """Find the last close on or before a day, and take the splits after it back out of it.

    Args:
        history: As yfinance gives it: `Close` adjusted for splits only, `Stock Splits`, days as index in the exchange's
            own time.
        on: The day.
    """
    days = [at.date() for at in history.index]
    closes = [(day, float(value)) for day, value in zip(days, history["Close"], strict=True) if value == value]
    known = [(day, value) for day, value in closes if day <= on and value > 0]
    if not known:
        return None
    day, value = known[-1]
    splits = history["Stock Splits"] if "Stock Splits" in history else [0.0] * len(days)
    for later, ratio in zip(days, splits, strict=True):
        if later > day and ratio > 0:
            value *= float(ratio)
    return day, value


def _asked(symbol: str, start: date, end: date, cache: Cache) -> tuple[pd.DataFrame, str, str] | None:
    """Ask yfinance for the days of a symbol: the table, its currency, and the symbol that an ISIN led to.

    Raises:
        SourceError: The publisher refuses, or cannot be reached.
    """
    import yfinance
    from yfinance.exceptions import YFException, YFRateLimitError

    logging.getLogger("yfinance").setLevel(logging.CRITICAL)  # a look-up that fails is a finding of ours
    where, mend = f"Yahoo Finance, {symbol}", "try again later, or give rates with --fx and prices in the file"
    try:
        yfinance.set_tz_cache_location(str(cache.folder / "yfinance"))
        ticker = yfinance.Ticker(symbol)
        history = ticker.history(
            start=start, end=end, auto_adjust=False, actions=True, timeout=TIMEOUT, raise_errors=True
        )
        if history is None or history.empty:
            return None
        return history, str(ticker.get_history_metadata().get("currency") or ""), str(ticker.ticker)
    except YFRateLimitError as error:
        raise SourceError("Yahoo Finance refuses more look-ups for now.", where=where, mend=mend) from error
    except OSError as error:
        raise SourceError("Yahoo Finance cannot be reached.", where=where, mend=mend) from error
    except (YFException, ValueError, LookupError, TypeError, AttributeError):
        return None  # the symbol is not known there, or its answer has another shape than yfinance expects


def _symbols(wanted: Wanted) -> Iterator[str]:
    """Give the symbols to try, the surest first."""
    if wanted.code and wanted.mic in US_MARKETS:
        yield wanted.code.replace("/", "-").replace(".", "-").replace(" ", "-")
    elif wanted.code and wanted.mic:
        digits = CODE_LENGTHS.get(wanted.mic, 0)
        code = wanted.code.lstrip("0").zfill(digits) if digits and wanted.code.isdigit() else wanted.code
        if wanted.mic in ENDINGS:
            yield f"{code}.{ENDINGS[wanted.mic]}"
    if read_isin(wanted.isin):
        yield wanted.isin
