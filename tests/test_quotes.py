"""Prices and rates that are looked up: which lines ask, what is said, and when nothing more is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from esgscan.quotes import LookUps, Wanted, find_rates, price_positions, wanted_of
from esgscan.terms import Severity
from tests.fakes import FakeQuotes
from tests.rows import APPLE, line_table

SUNDAY = date(2026, 11, 22)
FRIDAY = date(2026, 11, 20)
MARKETS = {"HK": "XHKG", "SZ": "XSHE", "XNAS": "XNAS", "NASDAQ": "XNAS", "XETRA": "XETR", "US": "US", "SZSE": "XSHE"}
CLOSES = {
    "AAPL.XNAS": (200.0, "USD", FRIDAY),
    "763.XHKG": (20.5, "HKD", FRIDAY),
    APPLE: (200.0, "USD", FRIDAY),
    "EURUSD": (1.25, "USD", FRIDAY),
}


def line(**cells: Any) -> dict[str, Any]:
    return {"kind": "equity", "quantity": 10.0, "name_as_written": "Acme", "source_row": 2, **cells}


def priced(*lines: dict[str, Any], patience: int = 1000) -> tuple[list[tuple[Any, ...]], LookUps, FakeQuotes]:
    source = FakeQuotes(CLOSES, patience=patience)
    lookups = LookUps(source, on=SUNDAY)
    table = price_positions(line_table(lines), lookups, markets=MARKETS)
    return table.select("price", "currency", "market_value").rows(), lookups, source


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({"isin": APPLE}, Wanted(isin=APPLE)),
        ({"ticker": "763 HK"}, Wanted(code="763", mic="XHKG")),
        ({"ticker": "002415.SZ"}, Wanted(code="002415", mic="XSHE")),
        ({"ticker": "SZSE:002415"}, Wanted(code="002415", mic="XSHE")),
        ({"ticker": "AAPL:xnas"}, Wanted(code="AAPL", mic="XNAS")),
        ({"ticker": "AAPL", "exchange": "NASDAQ"}, Wanted(code="AAPL", mic="XNAS")),
        ({"ticker": "AAPL", "currency": "USD"}, Wanted(code="AAPL", mic="US")),
        ({"ticker": "AAPL", "country": "United States"}, Wanted(code="AAPL", mic="US")),
        # a code without its market may be another share: in euros SAP is not the one of New York, 700 is nobody
        ({"ticker": "SAP", "currency": "EUR"}, Wanted()),
        ({"ticker": "700", "currency": "USD"}, Wanted()),
        ({"ticker": "SAP", "country": "Germany", "currency": "USD"}, Wanted()),
    ],
)
def test_what_a_line_can_be_priced_by(cells: dict[str, Any], wanted: Wanted) -> None:
    empty = {"isin": None, "ticker": None, "exchange": None, "country": None, "currency": None}
    assert wanted_of({**empty, **cells}, MARKETS) == wanted


def test_a_line_without_value_gets_the_last_close_and_its_currency() -> None:
    rows, lookups, _ = priced(line(ticker="763 HK", currency="USD"))
    assert rows == [(20.5, "HKD", None)]
    (finding,) = lookups.all_findings()
    assert finding.severity is Severity.INFO
    assert finding.where == "row 2"
    assert finding.what == (
        "'Acme' was valued at 20.5 HKD a unit (763.XHKG), the close of 2026-11-20 "
        "(Invented Quotes, retrieved on 2026-11-24)."
    )


@pytest.mark.parametrize(
    "cells",
    [
        {"market_value": 5.0},
        {"price": 5.0},
        {"weight": 0.1},
        {"quantity": None},
        {"quantity": 0.0},
        {"kind": "bond"},
        {"kind": "option"},
        {"kind": "cash"},
    ],
    ids=str,
)
def test_a_line_that_needs_no_price_or_cannot_be_priced_asks_nothing(cells: dict[str, Any]) -> None:
    rows, lookups, source = priced(line(isin=APPLE, **cells))
    assert (source.asked, lookups.all_findings()) == ([], [])
    assert rows == [(cells.get("price"), None, cells.get("market_value"))]


def test_one_security_is_asked_for_once_and_each_line_is_said() -> None:
    rows, lookups, source = priced(line(isin=APPLE), line(isin=APPLE, source_row=3))
    assert source.asked == [APPLE]
    assert [price for price, *_ in rows] == [200.0, 200.0]
    assert [finding.where for finding in lookups.findings] == ["row 2", "row 3"]
    assert len(lookups.quotes) == 1


def test_a_price_that_is_not_found_is_a_finding_and_the_next_line_is_asked() -> None:
    rows, lookups, _ = priced(line(ticker="1 HK"), line(ticker="763 HK"))
    assert [price for price, *_ in rows] == [None, 20.5]
    warning = lookups.all_findings()[0]
    assert warning.severity is Severity.WARNING
    assert warning.what == "No price of 'Acme' was found for 2026-11-22 or the days before."
    assert warning.mend


def test_once_the_source_refuses_nothing_more_is_asked_and_that_is_said() -> None:
    rows, lookups, source = priced(line(ticker="763 HK"), line(isin=APPLE), line(ticker="1 HK"), patience=1)
    assert find_rates(["EUR"], "USD", lookups) == {}
    # the second question was refused; the third line and the rate were not asked for
    assert source.asked == ["763.XHKG", APPLE]
    assert [price for price, *_ in rows] == [20.5, None, None]
    (refusal,) = [finding for finding in lookups.all_findings() if finding.severity is Severity.WARNING]
    assert refusal.where == "Invented Quotes"
    assert refusal.what == "Invented Quotes refuses more look-ups for now. Look-ups that were not made: 3."


def test_rates_are_dated_and_one_that_is_missing_is_a_finding() -> None:
    lookups = LookUps(FakeQuotes(CLOSES), on=SUNDAY)
    assert find_rates(["USD", "EUR", "XAG", "EUR"], "USD", lookups) == {"EUR": 1.25}
    found, missing = lookups.all_findings()
    assert found.what == "1 EUR = 1.25 USD, the close of 2026-11-20 (Invented Quotes, retrieved on 2026-11-24)."
    assert missing.what == "No rate of XAG into USD was found for 2026-11-22 or the days before."
    assert "--fx" in missing.mend


def test_lines_without_anything_to_ask_stay_as_they_are() -> None:
    table = line_table([line(market_value=1.0)])
    assert price_positions(table, LookUps(FakeQuotes(), on=SUNDAY), markets=MARKETS).equals(table)
