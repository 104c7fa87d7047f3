"""Units in headers: what they multiply numbers by."""

from __future__ import annotations

import pytest

from esgscan.portfolio.headers import read_header
from esgscan.portfolio.scales import scale_of


@pytest.mark.parametrize(
    ("header", "currency", "scale"),
    [
        ("市值(億円)", "JPY", 1e8),
        ("평가액(억 원)", "KRW", 1e8),
        ("평가액(억원)", "KRW", 1e8),
        ("평가금액(백만원)", "KRW", 1e6),
        ("평가금액(천원)", "KRW", 1e3),
        ("평가금액(십억원)", "KRW", 1e9),
        ("평가금액(원)", "KRW", 1),
        ("評価額（億円）", "JPY", 1e8),
        ("時価（千円）", "JPY", 1e3),
        ("時価(百万円)", "JPY", 1e6),
        ("評価額 千円", "JPY", 1e3),
        ("評価額(万円)", "JPY", 1e4),
        ("評価額(円)", "JPY", 1),
        ("市值（人民币万元）", "CNY", 1e4),
        ("市值(百萬港元)", "HKD", 1e6),
        ("市值（港幣千元）", "HKD", 1e3),
        ("市值(千美元)", "USD", 1e3),
        ("市值（十亿元）", "CNY", 1e9),
        ("Market Value (USD m)", "USD", 1e6),
        ("Market Value USD m", "USD", 1e6),
        ("Market Value (USDm)", "USD", 1e6),
        ("Market value $m", "USD", 1e6),
        ("Value (£m)", "GBP", 1e6),
        ("Market Value (US$ million)", "USD", 1e6),
        ("Market Value (in EUR mio.)", "EUR", 1e6),
        ("Market Value (USD mil)", "USD", 1e6),
        ("Valor de Mercado (R$ mil)", "BRL", 1e3),
        ("Marktwert in Tsd. EUR", "EUR", 1e3),
        ("Marktwert (Tsd. EUR)", "EUR", 1e3),
        ("Kurswert in TEUR", "EUR", 1e3),
        ("Marktwert Mio. CHF", "CHF", 1e6),
        ("Kurswert in EUR Tsd.", "EUR", 1e3),
        ("Valeur (k€)", "EUR", 1e3),
        ("Valeur en milliers d'euros", "EUR", 1e3),
        ("Valor (miles €)", "EUR", 1e3),
        ("Controvalore (migliaia di euro)", "EUR", 1e3),
        ("Controvalore (€/000)", "EUR", 1e3),
        ("Market Value (€'000)", "EUR", 1e3),
        ("Market value (A$'000)", "AUD", 1e3),
        ("Market Value ($000s)", "USD", 1e3),
        ("Value (x $1,000)", "USD", 1e3),
        ("Marktwaarde (x € 1.000)", "EUR", 1e3),
        ("Marktwaarde in duizenden euro", "EUR", 1e3),
        ("Market value (in thousands of U.S. dollars)", "USD", 1e3),
        ("Market Value (USD bn)", "USD", 1e9),
        ("Market Value (INR Crore)", "INR", 1e7),
        ("Market Value (Rs. in Lakhs)", "INR", 1e5),
        ("Market Value (NOK mill)", "NOK", 1e6),
    ],
)
def test_a_unit_of_values_is_understood(header: str, currency: str, scale: float) -> None:
    read = read_header(header)
    assert (read.meaning, read.currency, read.scale) == ("market_value", currency, scale)


@pytest.mark.parametrize(
    "header", ["Price p", "Price (p)", "Price GBp", "Price (GBX)", "Price in pence", "Price per share (pence)"]
)
def test_a_price_in_pence_is_one_of_pounds(header: str) -> None:
    read = read_header(header)
    assert (read.meaning, read.currency, read.scale) == ("price", "GBP", 0.01)


@pytest.mark.parametrize("header", ["数量(万股)", "株数（千株）", "Quantity (000)", "Nominal (in 1'000)"])
def test_a_unit_of_quantities_is_understood(header: str) -> None:
    assert read_header(header).meaning == "quantity"
    assert read_header(header).scale in {1e3, 1e4}


@pytest.mark.parametrize(
    "text", ["Base", "local", "2024", "EUR", "12", "net", "m of n", "%", "", "USD EUR", "k m", "Cr"]
)
def test_what_is_no_unit_multiplies_nothing(text: str) -> None:
    assert scale_of(text) is None
