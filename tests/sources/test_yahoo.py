"""Quotes of Yahoo Finance: the shapes in which yfinance answers, without the network."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd
import pytest
import yfinance
from yfinance.exceptions import YFPricesMissingError, YFRateLimitError, YFTzMissingError

from esgscan.errors import SourceError
from esgscan.quotes import Quote, Wanted
from esgscan.sources.cache import Cache
from esgscan.sources.yahoo import Yahoo, last_close

if TYPE_CHECKING:
    from pathlib import Path

FRIDAY, SUNDAY, TODAY = date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 26)


def history(closes: dict[str, float], *, zone: str = "America/New_York", splits: dict[str, float] | None = None) -> Any:
    """Make a table as `Ticker.history` gives it: days at midnight of the exchange's own time."""
    index = pd.DatetimeIndex([pd.Timestamp(day, tz=zone) for day in closes], name="Date")
    ratios = [(splits or {}).get(day, 0.0) for day in closes]
    columns = {"Open": 1.0, "Close": list(closes.values()), "Dividends": 0.0, "Stock Splits": ratios}
    return pd.DataFrame(columns, index=index)


class FakeTicker:
    """Stands in for yfinance.Ticker: answers by symbol, or raises what the real one raises."""

    answers: ClassVar[dict[str, Any]] = {}
    asked: ClassVar[list[tuple[str, date, date]]] = []

    def __init__(self, symbol: str) -> None:
        self.ticker = symbol
        self.currency = ""
        if self.answers.get(symbol) == "unknown ISIN":
            raise ValueError(f"Invalid ISIN number: {symbol}")

    def history(self, *, start: date, end: date, auto_adjust: bool, raise_errors: bool, **_: Any) -> Any:
        assert (auto_adjust, raise_errors) == (False, True)
        self.asked.append((self.ticker, start, end))
        answer = self.answers.get(self.ticker, YFPricesMissingError(self.ticker, ""))
        if isinstance(answer, Exception):
            raise answer
        table, self.currency = answer
        return table

    def get_history_metadata(self) -> dict[str, Any]:
        return {"currency": self.currency}


@pytest.fixture
def yahoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Yahoo:
    monkeypatch.setattr(yfinance, "Ticker", FakeTicker)
    monkeypatch.setattr(FakeTicker, "answers", {})
    monkeypatch.setattr(FakeTicker, "asked", [])
    return Yahoo(Cache(tmp_path, today=TODAY))


def test_a_weekend_takes_the_close_of_the_friday_before(yahoo: Yahoo) -> None:
    closes = {"2026-11-19": 198.0, "2026-11-20": 200.0, "2026-11-23": 205.0}
    FakeTicker.answers = {"AAPL": (history(closes), "USD")}
    assert yahoo.price(Wanted(code="AAPL", mic="XNAS"), on=SUNDAY) == Quote(
        symbol="AAPL", value=200.0, currency="USD", day=FRIDAY, source="Yahoo Finance", retrieved_on=TODAY
    )


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Los_Angeles", "Europe/London", "UTC"])
def test_the_day_is_that_of_the_exchange(zone: str) -> None:
    assert last_close(history({"2026-11-20": 5.0}, zone=zone), FRIDAY) == (FRIDAY, 5.0)
    assert last_close(history({"2026-11-20": 5.0}, zone=zone), date(2026, 11, 19)) is None


def test_a_day_without_a_close_is_passed_over() -> None:
    closes = {"2026-11-19": 4.0, "2026-11-20": float("nan")}
    assert last_close(history(closes), SUNDAY) == (date(2026, 11, 19), 4.0)
    assert last_close(history({"2026-11-20": float("nan")}), SUNDAY) is None
    assert last_close(history({"2026-11-20": 0.0}), SUNDAY) is None


def test_splits_since_the_day_are_taken_back_out() -> None:
    # quoted at 400 on the day; a split of four for one later, so that the adjusted close is 100
    closes = {"2026-11-20": 100.0, "2026-11-24": 101.0, "2026-11-25": 102.0}
    splits = {"2026-11-24": 4.0}
    assert last_close(history(closes, splits=splits), SUNDAY) == (FRIDAY, 400.0)
    assert last_close(history(closes, splits=splits), TODAY) == (date(2026, 11, 25), 102.0)
    # a split of the day itself is in the close already
    assert last_close(history(closes, splits={"2026-11-20": 4.0}), SUNDAY) == (FRIDAY, 100.0)


@pytest.mark.parametrize(
    ("written", "value", "currency"),
    [("GBp", 2.5, "GBP"), ("GBP", 250.0, "GBP"), ("ZAc", 2.5, "ZAR"), ("ILA", 2.5, "ILS"), ("HKD", 250.0, "HKD")],
)
def test_prices_in_hundredths_become_whole_units(yahoo: Yahoo, written: str, value: float, currency: str) -> None:
    FakeTicker.answers = {"ACME.L": (history({"2026-11-20": 250.0}, zone="Europe/London"), written)}
    quote = yahoo.price(Wanted(code="ACME", mic="XLON"), on=SUNDAY)
    assert quote
    assert (quote.value, quote.currency) == (value, currency)


@pytest.mark.parametrize(
    ("wanted", "symbol"),
    [
        (Wanted(code="763", mic="XHKG"), "0763.HK"),
        (Wanted(code="00763", mic="XHKG"), "0763.HK"),
        (Wanted(code="2415", mic="XSHE"), "002415.SZ"),
        (Wanted(code="603019", mic="XSHG"), "603019.SS"),
        (Wanted(code="2330", mic="XTAI"), "2330.TW"),
        (Wanted(code="SIE", mic="XETR"), "SIE.DE"),
        (Wanted(code="BRK/B", mic="US"), "BRK-B"),
        (Wanted(isin="US0378331005"), "US0378331005"),
        (Wanted(isin="US0378331005", code="AAPL", mic="XXXX"), "US0378331005"),
    ],
)
def test_symbols_as_the_publisher_writes_them(yahoo: Yahoo, wanted: Wanted, symbol: str) -> None:
    FakeTicker.answers = {symbol: (history({"2026-11-20": 7.0}), "USD")}
    assert yahoo.price(wanted, on=SUNDAY)


def test_nothing_is_asked_without_a_market_or_an_isin(yahoo: Yahoo) -> None:
    assert yahoo.price(Wanted(), on=SUNDAY) is None
    assert yahoo.price(Wanted(isin="US0378331000"), on=SUNDAY) is None  # a wrong check digit
    assert FakeTicker.asked == []


def test_a_rate_of_a_pair(yahoo: Yahoo) -> None:
    FakeTicker.answers = {"EURUSD=X": (history({"2026-11-20": 1.25}, zone="Europe/London"), "USD")}
    quote = yahoo.rate("EUR", "USD", on=SUNDAY)
    assert quote
    assert (quote.value, quote.day, quote.symbol) == (1.25, FRIDAY, "EURUSD=X")


def test_a_pair_that_is_not_quoted_goes_through_the_dollar(yahoo: Yahoo) -> None:
    FakeTicker.answers = {
        "CNYUSD=X": (history({"2026-11-20": 0.14}), "USD"),
        "USDIDR=X": (history({"2026-11-19": 16000.0}), "IDR"),
    }
    quote = yahoo.rate("CNY", "IDR", on=SUNDAY)
    assert quote
    # 0.14 dollars a yuan x 16000 rupiah a dollar, as old as the older of the two
    assert (quote.value, quote.currency, quote.day) == (pytest.approx(2240.0), "IDR", date(2026, 11, 19))
    assert yahoo.rate("CNY", "XAG", on=SUNDAY) is None


@pytest.mark.parametrize(
    "answer",
    [
        YFPricesMissingError("ACME", ""),
        YFTzMissingError("ACME"),
        KeyError("chart"),
        TypeError("'NoneType' object is not subscriptable"),
        "unknown ISIN",
        (pd.DataFrame(), "USD"),
        (history({"2026-11-20": 5.0}), None),
        (history({"2026-11-20": 5.0}), "???"),
        (history({"2026-11-25": 5.0}), "USD"),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_a_failed_look_up_gives_nothing_and_is_not_kept(yahoo: Yahoo, answer: Any, tmp_path: Path) -> None:
    FakeTicker.answers = {"ACME": answer}
    assert yahoo.price(Wanted(code="ACME", mic="US"), on=SUNDAY) is None
    assert not list(tmp_path.rglob("*.json"))


@pytest.mark.parametrize("error", [YFRateLimitError(), ConnectionError("no route"), TimeoutError()], ids=str)
def test_a_publisher_that_refuses_or_cannot_be_reached_is_an_error(yahoo: Yahoo, error: Exception) -> None:
    FakeTicker.answers = {"EURUSD=X": error}
    with pytest.raises(SourceError) as caught:
        yahoo.rate("EUR", "USD", on=SUNDAY)
    assert caught.value.where == "Yahoo Finance, EURUSD=X"
    assert caught.value.mend


def test_an_answer_is_asked_for_once_and_keeps_the_day_it_was_got(yahoo: Yahoo, tmp_path: Path) -> None:
    FakeTicker.answers = {"EURUSD=X": (history({"2026-11-20": 1.25}), "USD")}
    first = yahoo.rate("EUR", "USD", on=SUNDAY)
    later = Yahoo(Cache(tmp_path, today=date(2027, 3, 1))).rate("EUR", "USD", on=SUNDAY)
    assert first == later
    assert later
    assert later.retrieved_on == TODAY
    assert [symbol for symbol, *_ in FakeTicker.asked] == ["EURUSD=X"]
    # ten days back, and up to the day itself: `end` is not included
    assert FakeTicker.asked[0][1:] == (date(2026, 11, 12), date(2026, 11, 23))
