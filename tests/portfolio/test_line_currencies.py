"""The currency of each line: signs in cells, codes of hundredths, and what the rows above a table say."""

from __future__ import annotations

import pytest

from esgscan.portfolio.currencies import CODES, HUNDREDTHS, SYMBOLS, WORDS, read_currency
from esgscan.portfolio.reading import read_portfolio


def amounts(text: str) -> list[tuple[float | None, float | None, str | None]]:
    table = read_portfolio(text.encode(), name="depot.csv").table
    return table.select("market_value", "price", "currency").rows()


def test_of_two_currency_columns_the_one_beside_the_value_is_its() -> None:
    right = "Papier;Kurs;Waluta;Liczba;Wartość;Waluta\nVWCE;125,50;EUR;30;16189,50;PLN\nIBTA;5,93;USD;186;4087,48;PLN\n"
    assert amounts(right) == [(16189.5, None, "PLN"), (4087.48, None, "PLN")]
    left = "Titel;Währung;Kurs;Anzahl;Währung;Kurswert\nNestlé;CHF;95;2;EUR;200\nSAP;EUR;100;1;EUR;100\n"
    assert amounts(left) == [(200.0, None, "EUR"), (100.0, 100.0, "EUR")]


def test_a_lone_dollar_is_that_of_the_file() -> None:
    text = "Currency: AUD\n\nName,ISIN,Value $\nApple,US0378331005,10\nSAP,DE0007164600,20\n"
    assert amounts(text) == [(10.0, None, "AUD"), (20.0, None, "AUD")]
    cells = "Currency: CAD\n\nName,ISIN,Value\nApple,US0378331005,$10\nSAP,DE0007164600,$20\n"
    assert amounts(cells) == [(10.0, None, "CAD"), (20.0, None, "CAD")]
    american = "Currency: CAD\n\nName,ISIN,Value (US$)\nApple,US0378331005,10\nSAP,DE0007164600,20\n"
    assert amounts(american) == [(10.0, None, "USD"), (20.0, None, "USD")]


def test_a_dollar_that_tells_amounts_from_shares_names_no_currency() -> None:
    text = "Symbol,Quantity,Price,Market Value,Unrealized {},Unrealized %\nAAPL,10,190,1900,400,26.7\n"
    assert amounts(text.format("$"))[0][2] is None
    assert amounts(text.format("USD"))[0][2] == "USD"


@pytest.mark.parametrize(
    ("sign", "value", "currency"),
    [
        ("C$", 1234.5, "CAD"), ("HK$", 1234.5, "HKD"), ("A$", 1234.5, "AUD"), ("£", 1234.5, "GBP"),
        ("HK$ ", 1234.5, "HKD"), ("CN¥", 1234.5, "CNY"), ("R$", 1234.5, "BRL"), ("US$", 1234.5, "USD"),
        ("GBX ", 12.345, "GBP"), ("GBp ", 12.345, "GBP"), ("ZAc ", 12.345, "ZAR"), ("ILA ", 12.345, "ILS"),
    ],
)  # fmt: skip
def test_a_sign_in_the_cells_names_the_currency(sign: str, value: float, currency: str) -> None:
    assert amounts(f'Name,Value\nApple,"{sign}1,234.50"\n') == [(value, None, currency)]


def test_each_cell_may_have_a_sign_of_its_own() -> None:
    found = amounts("Name,Value\nApple,HK$100\nSAP,C$200\nShell,50p\n")
    assert found == [(100.0, None, "HKD"), (200.0, None, "CAD"), (0.5, None, "GBP")]


def test_codes_of_hundredths_in_a_currency_column() -> None:
    text = "Name,Quantity,Price,Currency\nA,10,250,GBp\nB,10,2.5,GBP\nC,2,30000,ZAc\nD,3,2000,ILA\nE,1,500,GBX\n"
    # 10 x 250 pence, 10 x 2.50 pounds, 2 x 30000 cents, 3 x 2000 agorot, 500 pence
    assert amounts(text) == [
        (25.0, 2.5, "GBP"),
        (25.0, 2.5, "GBP"),
        (600.0, 300.0, "ZAR"),
        (60.0, 20.0, "ILS"),
        (5.0, 5.0, "GBP"),
    ]


@pytest.mark.parametrize(
    ("line", "currency"),
    [
        ("Currency: HK$", "HKD"),
        ("All amounts in C$", "CAD"),
        ("Valuation (in A$)", "AUD"),
        ("All values in US dollars", "USD"),
        ("Values are in Hong Kong dollars", "HKD"),
        ("Reporting currency USD", "USD"),
        ("Beträge in Euro", "EUR"),
        ("Währung: CHF", "CHF"),
    ],
)
def test_a_statement_for_the_whole_file(line: str, currency: str) -> None:
    assert amounts(f"{line}\n\nName,Value\nApple,100\nSAP,200\n") == [(100.0, None, currency), (200.0, None, currency)]


def test_a_file_whose_figures_are_in_pence() -> None:
    assert amounts("Figures in pence\n\nName,Value\nApple,100\nSAP,200\n") == [(1.0, None, "GBP"), (2.0, None, "GBP")]
    # only the prices are in pence: the values stay
    said_of_prices = "Prices in pence\n\nName,Value £\nApple,100\nSAP,200\n"
    assert amounts(said_of_prices) == [(100.0, None, "GBP"), (200.0, None, "GBP")]


def test_a_price_written_in_another_currency_than_the_value_is_left_out() -> None:
    text = "Name,Qty,Price,Market Value £\nA,1,300p,£3.00\nB,10,$200.00,£1500.00\n"
    assert amounts(text) == [(3.0, 3.0, "GBP"), (1500.0, None, "GBP")]


def test_every_sign_and_word_leads_to_a_code_and_none_is_lower_case() -> None:
    assert {*SYMBOLS.values(), *WORDS.values(), *HUNDREDTHS.values()} <= CODES
    for text in (*SYMBOLS, *WORDS):
        assert text == text.upper()
        found = read_currency(text.lower())
        assert found is not None
        assert found.scale == 1
