"""Header words: phrases in nine languages, units, scales, and headers that only sound like a value."""

from __future__ import annotations

import pytest

from esgscan.portfolio.headers import phrases, plain, read_header


@pytest.mark.parametrize(
    ("text", "meaning", "currency", "scale"),
    [
        ("Market Value (USD)", "market_value", "USD", 1),
        ("Market Value(NOK)", "market_value", "NOK", 1),
        ("investment_value [USD]", "market_value", "USD", 1),
        ("Kurswert in Euro", "market_value", "EUR", 1),
        ("Wert in EUR", "market_value", "EUR", 1),
        ("Value $", "market_value", "USD", 1),
        ("Value (£)", "market_value", "GBP", 1),
        ("Marktwert in TEUR", "market_value", "EUR", 1000),
        ("市值(万元)", "market_value", "CNY", 10_000),
        ("Price (pence)", "price", "GBP", 0.01),
        ("Unit Price (GBX)", "price", "GBP", 0.01),
        ("Unit Price (p)", "price", "GBP", 0.01),
        ("Mkt Val (P)", "market_value", "", 1),
        ("Qty (Quantity)", "quantity", "", 1),
        ("Mkt Val (Market Value)", "market_value", "", 1),
        ("Shares/Units (#)", "quantity", "", 1),
        ("NumberofShares", "quantity", "", 1),
        ("St\ufffdck/Nom.", "quantity", "", 1),
        ("W\ufffdhrung", "currency", "", 1),
        ("% of Net Assets", "weight", "", 1),
        ("% OF FUNDS*", "weight", "", 1),
        ("Symbol/ISIN", "code", "", 1),
        ("Market Value (Local)", "local_value", "", 1),
        ("Valuation Local Ccy", "local_value", "", 1),
        ("Fair Value (LC)", "local_value", "", 1),
        ("Sum of Market Value (USD)", "market_value", "USD", 1),
        ("Markedsverdi (NOK 1000)", "market_value", "NOK", 1000),
        ("Marknadsvärde (Mkr)", "market_value", "", 1e6),
        ("평가금액", "market_value", "", 1),
        ("证券代码", "ticker", "", 1),
        ("評価額(円)", "market_value", "JPY", 1),
    ],
)
def test_header_is_understood(text: str, meaning: str, currency: str, scale: float) -> None:
    header = read_header(text)
    assert (header.meaning, header.currency, header.scale) == (meaning, currency, scale)


@pytest.mark.parametrize(
    "text",
    [
        "Market Value Change", "Today's Gain/Loss Dollar", "Average Cost Basis", "Einstandswert", "Prior Market Value",
        "Notional Value (AUD)", "Price Change $", "Total Gain %", "52 Week High", "Market Cap",
    ],
)  # fmt: skip
def test_what_only_sounds_like_a_value_is_none(text: str) -> None:
    assert not {"market_value", "price", "quantity", "weight"} & set(read_header(text).meanings)


def test_phrases_are_written_in_their_plain_form() -> None:
    assert all(plain(phrase) == phrase for phrase in phrases())


@pytest.mark.parametrize("unit", ["NOK 1000", "NOK 1,000", "NOK 1'000"])
def test_a_unit_written_as_a_whole_thousand_multiplies(unit: str) -> None:
    header = read_header(f"Market value ({unit})")
    assert (header.meaning, header.currency, header.scale) == ("market_value", "NOK", 1000)


def test_a_name_that_begins_small_is_no_header_of_shares() -> None:
    assert read_header("MarketValueAud").meaning == "market_value"
    assert read_header("iShares STOXX Europe 600").meaning == ""
