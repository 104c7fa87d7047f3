"""Portfolio files of every shape -> POSITIONS: values, currencies, identifiers, and what the audit says."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from esgscan.errors import PortfolioError
from esgscan.portfolio.reading import ReadingOptions, read_portfolio
from esgscan.tables import POSITIONS
from tests.portfolio.files import ods, xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.records import Reading

APPLE, SHELL, SAP = "US0378331005", "GB00BP6MXD84", "DE0007164600"


def read(text: str | bytes, **options: Any) -> Reading:
    data = text if isinstance(text, bytes) else text.encode()
    return read_portfolio(data, name="depot.csv", options=ReadingOptions(**options))


def column(reading: Reading, name: str) -> list[Any]:
    return [None if value is pd.NA or value != value else value for value in reading.positions[name]]


def said(reading: Reading) -> str:
    return "\n".join(f"{finding.where}: {finding.what}" for finding in reading.findings)


def test_a_plain_table_reads_whole() -> None:
    reading = read(
        "Name,ISIN,Ticker,Quantity,Price,Market Value,Currency,Asset Class,Country\n"
        f"Apple Inc,us 0378331005,AAPL,10,190.5,1905,USD,Equity,United States\n"
        f"Shell plc,{SHELL},SHEL,-5,30,-150,GBP,Equity,United Kingdom\n"
    )
    positions = reading.positions
    assert list(positions.columns) == list(POSITIONS.columns)
    assert all(isinstance(dtype, pd.ArrowDtype) for dtype in positions.dtypes)
    assert reading.table.schema == POSITIONS.schema
    assert column(reading, "position_id") == ["p1", "p2"]
    assert column(reading, "source_row") == [2, 3]
    assert column(reading, "isin") == [APPLE, SHELL]
    assert column(reading, "market_value") == [1905.0, -150.0]
    assert column(reading, "currency") == ["USD", "GBP"]
    assert column(reading, "side") == ["long", "short"]
    assert column(reading, "kind") == ["equity", "equity"]
    assert (reading.name, reading.currency, reading.audit.kind) == ("depot", "", "portfolio")


def test_the_path_gives_the_name_and_the_bytes_the_hash(tmp_path: Path) -> None:
    file = tmp_path / "My fund.csv"
    file.write_bytes(b"Name,Value\nApple,1\n")
    by_path, by_bytes = read_portfolio(file), read_portfolio(b"Name,Value\nApple,1\n", name="x")
    assert by_path.name == "My fund"
    assert by_bytes.name == "x"
    assert by_path.sha256 == by_bytes.sha256


@pytest.mark.parametrize(
    ("header", "cells", "currency", "value"),
    [
        ("Value in CHF", "100", "CHF", 100.0),
        ("Market Value £", "100", "GBP", 100.0),
        ("Kurswert in Euro", "100", "EUR", 100.0),
        ("Market Value (USD)", "100", "USD", 100.0),
        ("Marktwert in TEUR", "100", "EUR", 100_000.0),
        ("市值(万元)", "100", "CNY", 1_000_000.0),
        ("Market Value", "$100", "USD", 100.0),
        ("Market Value", "US$100", "USD", 100.0),
        ("Market Value", "100 €", "EUR", 100.0),
        ("Market Value", "CHF 100", "CHF", 100.0),
        ("Market Value (£000)", "100", "GBP", 100_000.0),
        ("Market Value", "100", None, 100.0),
    ],
)
def test_the_currency_of_the_whole_is_found(header: str, cells: str, currency: str | None, value: float) -> None:
    reading = read(f"Name;ISIN;{header}\nApple;{APPLE};{cells}\nShell;{SHELL};{cells}\n")
    assert column(reading, "currency") == [currency, currency]
    assert column(reading, "market_value") == [value, value]
    assert reading.currency == (currency or "")
    assert ("does not say in which currency" in said(reading)) is (currency is None)


@pytest.mark.parametrize(
    "line", ["Currency:;CHF", "Währung: CHF", "All values in CHF", "Gesamtwert in CHF:;300,00", "Base currency;CHF"]
)
def test_a_preamble_names_the_currency(line: str) -> None:
    reading = read(f"Depot 4711\n{line}\n\nBezeichnung;ISIN;Kurswert\nApple;{APPLE};100,50\nShell;{SHELL};199,50\n")
    assert column(reading, "currency") == ["CHF", "CHF"]
    assert column(reading, "market_value") == [100.5, 199.5]


def test_the_header_of_the_value_wins_over_a_column_of_trading_currencies() -> None:
    reading = read(f"Name,ISIN,Currency,Value in EUR\nApple,{APPLE},USD,90\nShell,{SHELL},GBP,110\n")
    assert column(reading, "currency") == ["EUR", "EUR"]


def test_values_in_one_currency_are_known_by_quantity_times_price() -> None:
    # 10 x 200 USD is not 1,800 but 1,800 / 0.9; 5 x 100 EUR is 500: the values are in EUR
    reading = read(
        "Name,ISIN,Currency,Quantity,Price,Market Value\n"
        f"Apple,{APPLE},USD,10,200,1800\nSAP,{SAP},EUR,5,100,500\nShell,{SHELL},GBP,10,20,235\n"
    )
    assert column(reading, "currency") == ["EUR", "EUR", "EUR"]
    assert column(reading, "price") == [None, 100.0, None]
    assert "values are all in EUR" in said(reading).replace("Values", "values")


def test_values_in_the_currency_of_each_line_stay() -> None:
    reading = read(
        f"Name,ISIN,Currency,Quantity,Price,Market Value\nApple,{APPLE},USD,10,200,2000\nSAP,{SAP},EUR,5,100,500\n"
    )
    assert column(reading, "currency") == ["USD", "EUR"]


def test_pence_become_pounds() -> None:
    both = read(f"Name,ISIN,Currency,Quantity,Price,Market Value\nShell,{SHELL},GBX,10,2500,25000\n")
    assert (column(both, "market_value"), column(both, "price")) == ([250.0], [25.0])
    assert column(both, "currency") == ["GBP"]
    price_only = read(f"Name,ISIN,Currency,Quantity,Price,Market Value\nShell,{SHELL},GBp,10,2500,250\n")
    assert (column(price_only, "market_value"), column(price_only, "price")) == ([250.0], [25.0])
    header = read(f"Name,ISIN,Quantity,Price (pence)\nShell,{SHELL},10,2500\n")
    assert (column(header, "market_value"), column(header, "currency")) == ([250.0], ["GBP"])
    cells = read(f'Name,ISIN,Qty,Price,Market Value £\nShell,{SHELL},10,"2,500.00p",250.00\n')
    assert (column(cells, "price"), column(cells, "market_value")) == ([25.0], [250.0])


def test_quantity_times_price_where_there_is_no_value() -> None:
    reading = read(f"Name,ISIN,Quantity,Price,Currency\nApple,{APPLE},10,190.5,USD\nUSD cash,,500,,USD\n")
    # 10 x 190.5 = 1905; cash is its own value
    assert column(reading, "market_value") == [1905.0, 500.0]
    assert column(reading, "kind") == ["unknown", "cash"]
    assert "quantity x price" in said(reading)


@pytest.mark.parametrize(
    ("header", "cells", "fractions"),
    [
        ("Weight (%)", ["60", "40"], [0.6, 0.4]),
        ("Weight", ["0.6", "0.4"], [0.6, 0.4]),
        ("Weight", ["60%", "40%"], [0.6, 0.4]),
        ("Gewichtung", ["60,5", "39,5"], [0.605, 0.395]),
        ("Weight (%)", ["0.6", "0.4"], [0.6, 0.4]),
        ("Weight", ["7.5", "3.5"], [0.075, 0.035]),
        ("% of Net Assets", ["0.75", "0.35"], [0.0075, 0.0035]),
    ],
)
def test_weights_become_fractions(header: str, cells: list[str], fractions: list[float]) -> None:
    reading = read(f"Name;ISIN;{header}\nApple;{APPLE};{cells[0]}\nShell;{SHELL};{cells[1]}\n")
    assert column(reading, "weight") == pytest.approx(fractions)
    assert column(reading, "market_value") == [None, None]
    assert "eights are" in said(reading)


def test_number_format_is_decided_for_the_column() -> None:
    # 1.234 alone could be a thousand or one and a quarter; 2.500,75 in the same column decides
    reading = read(f"Name;ISIN;Market Value (EUR)\nApple;{APPLE};1.234\nShell;{SHELL};2.500,75\n")
    assert column(reading, "market_value") == [1234.0, 2500.75]


def test_a_doubtful_column_takes_the_mark_of_its_neighbours() -> None:
    reading = read(f"Name;ISIN;Quantity;Price;Market Value (EUR)\nApple;{APPLE};23,000;41,249;948,73\n")
    assert column(reading, "quantity") == [23.0]
    assert column(reading, "price") == [41.249]


def test_a_column_that_stays_in_doubt_takes_the_habit_of_the_language_and_is_said() -> None:
    english = read(f"Name,ISIN,Market Value (EUR)\nApple,{APPLE},1.234\nShell,{SHELL},5.678\n")
    assert column(english, "market_value") == [1.234, 5.678]
    german = read(f"Bezeichnung\tISIN\tKurswert in EUR\nApple\t{APPLE}\t1.234\nShell\t{SHELL}\t5.678\n")
    assert column(german, "market_value") == [1234.0, 5678.0]
    for reading in (english, german):
        finding = next(f for f in reading.findings if "no cell shows the decimal mark" in f.what)
        assert "'1.234' in column C" in finding.what
        assert finding.severity == "warning"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1'234.56", 1234.56),
        ("1’234.56", 1234.56),
        ("(1,234.00)", -1234.0),
        ("1,234.00-", -1234.0),
        ("−5.25", -5.25),
        ("1 234,56", 1234.56),
        ("1\u202f234,56", 1234.56),
        ("1,23,456.78", 123456.78),
        ("1.5E+3", 1500.0),
    ],
)
def test_numbers_as_people_write_them(written: str, value: float) -> None:
    reading = read(f"Name;ISIN;Market Value (EUR)\nApple;{APPLE};{written}\n")
    assert column(reading, "market_value") == [value]


@pytest.mark.parametrize("word", ["-", "--", "n/a", "N/A", "NA", "#N/A", "", " ", "k.A."])
def test_words_for_no_value_are_missing_and_not_errors(word: str) -> None:
    reading = read(f"Name;ISIN;Market Value (EUR);Weight\nApple;{APPLE};{word};50%\nShell;{SHELL};10;50%\n")
    assert column(reading, "market_value") == [None, 10.0]
    assert "Cannot read" not in said(reading)


def test_a_cell_that_is_no_number_is_a_finding_and_its_line_stays() -> None:
    data = xlsx({"Depot": [["Name", "ISIN", "Value (EUR)"], ["Apple", APPLE, "lots"], ["Shell", SHELL, 10.0]]})
    reading = read_portfolio(data, name="depot.xlsx")
    assert column(reading, "market_value") == [None, 10.0]
    finding = next(f for f in reading.findings if "'lots'" in f.what)
    assert finding.where == "depot.xlsx, sheet 'Depot', cell C2"
    assert finding.mend


def test_errors_and_formulas_without_a_value_are_said() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Name", "ISIN", "Value (EUR)"], ["Apple", APPLE, "=1+1"], ["Shell", SHELL, "#REF!"], ["SAP", SAP, 7]):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    reading = read_portfolio(stream.getvalue(), name="depot.xlsx")
    assert column(reading, "market_value") == [None, None, 7.0]
    assert "'=1+1'" in said(reading)
    assert "'#REF!'" in said(reading)


def test_a_code_stored_as_a_number_gives_its_digits() -> None:
    data = xlsx({"Depot": [["Name", "Ticker", "Value (CNY)"], ["Hikvision", 2415, 10.5], ["Tencent", 700.0, 20]]})
    reading = read_portfolio(data, name="depot.xlsx")
    assert column(reading, "ticker") == ["2415", "700"]
    assert "'2415' was stored as a number" in said(reading)
    assert "cell B2" in said(reading)


def test_codes_go_where_their_check_digits_say() -> None:
    reading = read(
        "Identifier,Description,Value (USD)\n"
        f"{APPLE},Apple,1\n037833100,Apple,2\n2046251,Apple,3\nBBG000B9XRY4,Apple,4\nAAPL,Apple,5\n"
    )
    assert column(reading, "isin") == [APPLE, None, None, None, None]
    assert column(reading, "cusip") == [None, "037833100", None, None, None]
    assert column(reading, "sedol") == [None, None, "2046251", None, None]
    assert column(reading, "figi") == [None, None, None, "BBG000B9XRY4", None]
    assert column(reading, "ticker") == [None, None, None, None, "AAPL"]


def test_a_column_of_isins_needs_no_header() -> None:
    reading = read(f"Name,,Market Value (EUR)\nApple,{APPLE},1\nShell,{SHELL},2\n")
    assert column(reading, "isin") == [APPLE, SHELL]
    why = reading.audit.sheets[0].columns[1].why
    assert "check digit" in why


def test_totals_and_notes_are_skipped_and_said() -> None:
    reading = read(
        f"Name,ISIN,Market Value (EUR)\nApple,{APPLE},100\nShell,{SHELL},200\nSubtotal,,300\n"
        f'SAP,{SAP},50\nTotal,,350\n\n"This list is for information only and is no advice of any kind."\n'
    )
    assert column(reading, "market_value") == [100.0, 200.0, 50.0]
    skipped = {line.row: line.why for line in reading.audit.skipped}
    assert skipped[4] == skipped[6] == "total"
    assert 8 in skipped
    # the subtotal is of two lines, the total of all three
    assert [(t.stated, t.computed) for t in reading.audit.stated_totals] == [(300.0, 300.0), (350.0, 350.0)]


def test_a_company_called_total_is_no_total() -> None:
    reading = read(
        "Name,ISIN,Quantity,Price,Market Value (EUR)\n"
        "TotalEnergies SE,FR0000120271,1,60,60\nTotal SA,FR0000120271,1,60,60\nTotal Bond Market Fund,,2,10,20\n"
    )
    assert len(reading.positions) == 3


def test_a_company_called_total_is_known_by_its_ticker() -> None:
    reading = read("Ticker,Name,Quantity,Price,Market Value (EUR)\nFP,TOTAL,2,30,60\nTOTAL,,,,60\n")
    assert column(reading, "ticker") == ["FP"]


def test_a_sum_without_a_label_is_known_by_its_value() -> None:
    reading = read(f"Name,ISIN,Market Value (EUR)\nApple,{APPLE},100.10\nShell,{SHELL},200.20\n,,300.30\n")
    assert column(reading, "market_value") == [100.1, 200.2]
    assert reading.audit.skipped[0].why == "its value is the sum of the lines above"


def test_headings_with_the_sum_of_their_group_are_skipped() -> None:
    reading = read(
        f"Name,ISIN,Market Value (EUR)\nEquities,,300\nApple,{APPLE},100\nShell,{SHELL},200\n"
        f"Bonds,,75\nBond A,XS1713462585,25\nBond B,US638612AL51,50\n"
    )
    assert column(reading, "market_value") == [100.0, 200.0, 25.0, 50.0]


def test_cash_without_an_identifier_stays() -> None:
    reading = read(f"Name,ISIN,Market Value (EUR)\nApple,{APPLE},100\nCash,,50\n\nLiquidität EUR,,25\n")
    assert column(reading, "market_value") == [100.0, 50.0, 25.0]
    assert column(reading, "kind") == ["unknown", "cash", "cash"]


def test_a_total_that_is_not_the_sum_is_a_warning() -> None:
    reading = read(f"Name,ISIN,Market Value (EUR)\nApple,{APPLE},100\nShell,{SHELL},200\nTotal,,900\n")
    assert "states a total of 900.00; its lines add to 300.00" in said(reading)


def test_header_under_a_preamble_in_a_workbook() -> None:
    rows = [["Pension fund"], [], ["As of", date(2026, 9, 30)], ["Manager", "A. N. Other"], []]
    rows += [["Security", "ISIN code", "Valuation (EUR)"], ["Apple", APPLE, 100], ["Shell", SHELL, 200]]
    reading = read_portfolio(xlsx({"Depot": rows}), name="depot.xlsx")
    assert reading.audit.sheets[0].header_row == 6
    assert column(reading, "source_row") == [7, 8]
    assert column(reading, "source_sheet") == ["Depot", "Depot"]


TWO_LINES = {
    "each group written over each column": [
        ["Security", "Security", "Market Value", "Market Value"],
        ["Name", "ID", "Local", "Base (USD)"],
    ],
    "groups merged": [["Security", None, "Market Value", None], ["Name", "ID", "Local", "Base (USD)"]],
    "groups of other words": [["Instrument", None, "Valuation", None], ["Description", "ISIN", "Local", "USD"]],
}


@pytest.mark.parametrize("case", TWO_LINES)
def test_a_second_line_of_header_tells_the_columns_of_a_group_apart(case: str) -> None:
    lines = [["Apple", APPLE, 900.0, 1000.0], ["Shell", SHELL, 7000.0, 1000.0], ["SAP", SAP, 950.0, 1000.0]]
    reading = read_portfolio(xlsx({"Depot": [*TWO_LINES[case], *lines]}))
    assert column(reading, "name_as_written") == ["Apple", "Shell", "SAP"]
    assert column(reading, "market_value") == [1000.0, 1000.0, 1000.0]
    assert set(column(reading, "currency")) == {"USD"}


def test_a_line_of_units_below_a_header_belongs_to_it() -> None:
    rows = [["Name", "ISIN", "Shares", "Price", "Market Value"], [None, None, "(000)", "USD", "USD m"]]
    reading = read_portfolio(xlsx({"Depot": [*rows, ["Apple", APPLE, 10, 200, 2], ["Shell", SHELL, 100, 5, 0.5]]}))
    assert column(reading, "market_value") == [2_000_000.0, 500_000.0]
    assert column(reading, "quantity") == [10_000.0, 100_000.0]
    assert set(column(reading, "currency")) == {"USD"}


def test_groups_of_a_pivot_table_are_not_counted_beside_their_lines() -> None:
    rows = [["Row Labels", "Sum of Market Value"], ["Equities", 3000], ["Apple", 2000], ["Shell", 1000], ["Bonds", 500]]
    reading = read_portfolio(xlsx({"P": [*rows, ["Bund 2.5% 2030", 500], ["Grand Total", 3500]]}))
    assert column(reading, "name_as_written") == ["Apple", "Shell", "Bund 2.5% 2030"]
    assert sum(column(reading, "market_value")) == 3500.0  # 2000 + 1000 + 500


def test_a_value_equal_to_the_next_is_no_group_where_the_total_counts_both() -> None:
    rows = [["Name", "Value"], ["Apple", 500], ["Shell", 500], ["SAP", 100], ["Total", 1100]]
    assert column(read_portfolio(xlsx({"P": rows})), "market_value") == [500.0, 500.0, 100.0]


def test_the_audit_says_what_the_unit_of_a_header_does() -> None:
    reading = read(f"Name,ISIN,Price (p),Value (USD m)\nApple,{APPLE},20000,2\nShell,{SHELL},10000,3\n")
    why = {one.header: one.why for one in reading.audit.sheets[0].columns}
    assert why["Value (USD m)"].endswith(", times 1,000,000")
    assert why["Price (p)"].endswith(", in hundredths")


def test_a_unit_alone_above_a_table_multiplies_its_values() -> None:
    reading = read(f"(USD thousands),,\nSecurity,ISIN,Fair value\nApple,{APPLE},2\nShell,{SHELL},3\n")
    assert column(reading, "market_value") == [2000.0, 3000.0]


def test_words_below_a_header_are_a_line_and_not_its_second_line() -> None:
    rows = [
        ["Name", "Type", None, "Value (USD)"],
        ["Apple", "Equity", "long", "n/a"],
        ["Shell", "Equity", "long", 10.0],
    ]
    assert column(read_portfolio(xlsx({"Depot": rows})), "name_as_written") == ["Apple", "Shell"]


def test_values_that_are_quantity_times_pence_are_pounds_after_a_hundredth() -> None:
    reading = read(
        f"Name,ISIN,Quantity,Price (p),Value\nShell,{SHELL},100,2700,270000\nShell B,{SHELL},10,2000,20000\n"
    )
    assert column(reading, "market_value") == [2700.0, 200.0]  # 100 x 27.00 and 10 x 20.00 pounds
    assert set(column(reading, "currency")) == {"GBP"}
    assert any("divided by 100" in finding.what for finding in reading.findings)


PENCE_TWICE = {
    "no values": "Name,ISIN,Quantity,Price (p),Currency\nTesco,{0},1000,320.5,GBX\nShell,{0},100,2700,GBX\n",
    "values in pence": "Name,ISIN,Quantity,Price GBX,Value,Currency\nTesco,{0},1000,320.5,320500,GBX\n"
    "Shell,{0},100,2700,270000,GBX\n",
    "values in pounds": "Name,ISIN,Quantity,Price (p),Value,Currency\nTesco,{0},1000,320.5,3205,GBX\n"
    "Shell,{0},100,2700,2700,GBX\n",
}


@pytest.mark.parametrize("case", PENCE_TWICE)
def test_pence_said_by_header_and_currency_are_divided_once(case: str) -> None:
    reading = read(PENCE_TWICE[case].format(SHELL))
    assert column(reading, "market_value") == [3205.0, 2700.0]  # 1000 x 3.205 and 100 x 27 pounds
    assert column(reading, "price") == [3.205, 27.0]


def test_values_in_pounds_beside_a_price_in_pence_stay() -> None:
    reading = read(f"Name,ISIN,Quantity,Price (p),Value\nShell,{SHELL},100,2700,2700\nShell B,{SHELL},10,2000,200\n")
    assert column(reading, "market_value") == [2700.0, 200.0]


def test_quantities_in_thousands_are_multiplied() -> None:
    reading = read(f"Name,ISIN,Quantity (000),Price (USD)\nApple,{APPLE},2,10\nShell,{SHELL},3,20\n")
    assert column(reading, "quantity") == [2000.0, 3000.0]
    assert column(reading, "market_value") == [20_000.0, 60_000.0]


def test_a_security_bought_twice_leaves_a_portfolio_one() -> None:
    lines = "".join(f"Company {n},,2020-01-{n + 1:02d},{n}\n" for n in range(1, 9))
    reading = read(f"Name,ISIN,Purchase date,Market Value (USD)\n{lines}Company 1,,2021-05-05,3\n")
    assert sum(column(reading, "market_value")) == 39.0  # 1 + ... + 8, and 3


def test_two_lines_of_header_make_one() -> None:
    rows = [["Name", "ISIN", "Market", "Market"], ["", "", "Value (EUR)", "Price"]]
    reading = read_portfolio(xlsx({"Depot": [*rows, ["Apple", APPLE, 100, 10], ["Shell", SHELL, 200, 20]]}))
    assert column(reading, "market_value") == [100.0, 200.0]
    assert column(reading, "price") == [10.0, 20.0]


def test_tables_below_one_another_keep_their_own_titles() -> None:
    reading = read(
        f"Account A\n\nName,ISIN,Quantity,Price,Value (USD)\nApple,{APPLE},1,10,10\nCash,,,,5\n\n"
        f"Account B\nName,ISIN,Quantity,Price,Value (USD)\nShell,{SHELL},1,20,20\n"
    )
    assert column(reading, "portfolio") == ["Account A", "Account A", "Account B"]
    assert column(reading, "market_value") == [10.0, 5.0, 20.0]


def test_every_portfolio_sheet_is_read_and_kept_apart() -> None:
    header = ["Name", "ISIN", "Value (EUR)"]
    data = xlsx(
        {
            "Summary": [["Asset class", "Share"], ["Equity", 0.6], ["Bonds", 0.4]],
            "Plan A": [header, ["Apple", APPLE, 100], ["SAP", SAP, 5]],
            "Plan B": [header, ["Shell", SHELL, 200], ["SAP", SAP, 7]],
        }
    )
    reading = read_portfolio(data, name="depot.xlsx")
    assert column(reading, "source_sheet") == ["Plan A", "Plan A", "Plan B", "Plan B"]
    assert column(reading, "position_id") == ["p1", "p2", "p3", "p4"]
    assert reading.audit.sheets_ignored == ("Summary",)
    only = read_portfolio(data, name="depot.xlsx", options=ReadingOptions(sheet="Plan B"))
    assert column(only, "market_value") == [200.0, 7.0]


def test_a_sheet_of_the_largest_is_not_counted_twice() -> None:
    header = ["Name", "ISIN", "Value (EUR)"]
    lines = [["Apple", APPLE, 100], ["Shell", SHELL, 50], ["SAP", SAP, 5]]
    reading = read_portfolio(xlsx({"Top 2": [header, *lines[:2]], "All": [header, *lines]}), name="d.xlsx")
    assert column(reading, "market_value") == [100.0, 50.0, 5.0]
    assert "repeats lines of another sheet" in said(reading)


def test_hidden_sheets_are_left_out_and_said() -> None:
    header = ["Name", "ISIN", "Value (EUR)"]
    book = openpyxl.load_workbook(
        io.BytesIO(xlsx({"Depot": [header, ["Apple", APPLE, 1]], "Old": [header, ["SAP", SAP, 2]]}))
    )
    book["Old"].sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    reading = read_portfolio(stream.getvalue(), name="d.xlsx")
    assert column(reading, "isin") == [APPLE]
    assert "Old" in said(reading)
    shown = read_portfolio(stream.getvalue(), options=ReadingOptions(sheet="Old"))
    assert column(shown, "isin") == [SAP]


def test_an_ods_reads_like_a_workbook() -> None:
    reading = read_portfolio(ods([["Name", "ISIN", "Wert in EUR"], ["Apple", APPLE, 100.5], ["Shell", SHELL, 2]]))
    assert reading.audit.file_format == "ods"
    assert column(reading, "market_value") == [100.5, 2.0]


def test_the_ending_does_not_decide() -> None:
    data = xlsx({"Depot": [["Name", "ISIN", "Value (EUR)"], ["Apple", APPLE, 100]]})
    assert column(read_portfolio(data, name="depot.csv"), "market_value") == [100.0]
    header = "<tr><th>Name<th>ISIN<th>Value (EUR)</tr>"
    html = f"<html><table>{header}<tr><td>Apple</td><td>{APPLE}</td><td>1,234.50</td></tr></table>"
    assert column(read_portfolio(html.encode(), name="depot.xls"), "market_value") == [1234.5]


def test_spreadsheetml_with_two_marks_and_a_raw_ampersand() -> None:
    cell = '<ss:Cell><ss:Data ss:Type="{}">{}</ss:Data></ss:Cell>'
    rows = [["Name", "ISIN", "Market Value (USD)"], ["Johnson & Johnson", "US4781601046", "1,500.25"]]
    body = "".join(f"<ss:Row>{''.join(cell.format('String', c) for c in row)}</ss:Row>" for row in rows)
    text = (
        '\ufeff\ufeff<?xml version="1.0"?><ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<ss:Worksheet ss:Name="Holdings"><ss:Table>{body}</ss:Table></ss:Worksheet></ss:Workbook>'
    )
    reading = read_portfolio(text.encode(), name="fund.xls")
    assert column(reading, "name_as_written") == ["Johnson & Johnson"]
    assert column(reading, "market_value") == [1500.25]


GERMAN = (
    f"Stück;Bezeichnung;ISIN;Währung;Kurswert\n10;Müller & Söhne;{SAP};EUR;1.234,56\n5;Größe AG;{APPLE};EUR;10,00\n"
)
CHINESE = "证券代码,证券名称,数量,市值(元)\n002415,海康威视,100,3000.50\n600519,贵州茅台,1,1500.00\n"
JAPANESE = "銘柄コード,銘柄名,保有数量,評価額\n7203,トヨタ自動車,100,250000\n6758,ソニーグループ,10,130000\n"


@pytest.mark.parametrize(
    ("text", "encoding", "names"),
    [
        (GERMAN, "utf-8", ["Müller & Söhne", "Größe AG"]),
        (GERMAN, "utf-8-sig", ["Müller & Söhne", "Größe AG"]),
        (GERMAN, "cp1252", ["Müller & Söhne", "Größe AG"]),
        (GERMAN, "utf-16", ["Müller & Söhne", "Größe AG"]),
        (GERMAN, "utf-16-le", ["Müller & Söhne", "Größe AG"]),
        (GERMAN, "utf-16-be", ["Müller & Söhne", "Größe AG"]),
        (CHINESE, "utf-8", ["海康威视", "贵州茅台"]),
        (CHINESE, "gb18030", ["海康威视", "贵州茅台"]),
        (JAPANESE, "shift_jis", ["トヨタ自動車", "ソニーグループ"]),
        ("代號,名稱,市值(港元)\n00700,騰訊控股,100\n00005,匯豐控股,50\n", "big5", ["騰訊控股", "匯豐控股"]),
    ],
)
def test_encodings_are_found(text: str, encoding: str, names: list[str]) -> None:
    assert column(read(text.encode(encoding)), "name_as_written") == names


def test_a_copy_that_lost_its_accents_still_reads() -> None:
    reading = read(GERMAN.replace("ü", "\ufffd").replace("ä", "\ufffd"))
    assert column(reading, "currency") == ["EUR", "EUR"]
    assert column(reading, "quantity") == [10.0, 5.0]
    assert "Letters of this file were lost" in said(reading)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(delimiter: str) -> None:
    rows = [["Name", "ISIN", "Market Value (EUR)"], ["Apple", APPLE, '"1.234,56"'], ["Shell", SHELL, '"2,50"']]
    reading = read("\r\n".join(delimiter.join(row) for row in rows))
    assert reading.audit.delimiter == delimiter
    assert column(reading, "market_value") == [1234.56, 2.5]


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("Libellé;Code ISIN;Quantité;Cours;Devise;Valorisation", "Apple;{};2;50,25;EUR;100,50"),
        ("Nombre;ISIN;Cantidad;Precio;Divisa;Valor de mercado", "Apple;{};2;50,25;EUR;100,50"),
        ("Titolo;Codice ISIN;Quantità;Prezzo;Valuta;Controvalore", "Apple;{};2;50,25;EUR;100,50"),
        ("Naam;ISIN;Aantal;Koers;Valuta;Marktwaarde", "Apple;{};2;50,25;EUR;100,50"),
        ("Ativo;ISIN;Quantidade;Preço;Moeda;Valor de mercado", "Apple;{};2;50,25;EUR;100,50"),
        ("Wertpapier;ISIN;Anzahl;Kurs;Währung;Kurswert", "Apple;{};2;50,25;EUR;100,50"),
        ("名称;ISIN代码;数量;最新价;币种;市值", "Apple;{};2;50.25;EUR;100.50"),
        ("銘柄名;ISINコード;保有数量;現在値;通貨;評価額", "Apple;{};2;50.25;EUR;100.50"),
    ],
)
def test_headers_in_other_languages(header: str, line: str) -> None:
    reading = read(f"{header}\n{line.format(APPLE)}\n{line.format(SHELL)}\n")
    assert column(reading, "name_as_written") == ["Apple", "Apple"]
    assert column(reading, "isin") == [APPLE, SHELL]
    assert column(reading, "quantity") == [2.0, 2.0]
    assert column(reading, "price") == [50.25, 50.25]
    assert column(reading, "currency") == ["EUR", "EUR"]
    assert column(reading, "market_value") == [100.5, 100.5]


def test_the_user_overrules_columns_and_header_row() -> None:
    text = f"a,b,c,d\nApple,{APPLE},1,100\nShell,{SHELL},2,200\n"
    by_letter = read(text, header_row=1, columns={"name": "A", "market_value": "D"})
    assert column(by_letter, "market_value") == [100.0, 200.0]
    assert column(by_letter, "isin") == [APPLE, SHELL]
    by_header = read(text, header_row=1, columns={"name": "a", "quantity": "c", "market_value": "d"})
    assert column(by_header, "quantity") == [1.0, 2.0]
    assert "named with --column" in {c.why for c in by_header.audit.sheets[0].columns}


def test_a_column_named_by_the_user_takes_the_place_of_ours() -> None:
    text = f"Name,ISIN,Value (EUR),Book,Other\nApple,{APPLE},1,7,70%\nShell,{SHELL},2,8,30%\n"
    assert column(read(text, columns={"market_value": "D"}), "market_value") == [7.0, 8.0]
    assert column(read(text, columns={"weight": "E"}), "weight") == [0.7, 0.3]


def test_data_frames_read_like_files() -> None:
    data = {"Name": ["Apple", "Shell"], "ISIN": [APPLE, SHELL], "Weight": [0.25, 0.75], "Ticker": ["AAPL", None]}
    for frame in (pd.DataFrame(data), pa.table(data), pd.DataFrame(data).convert_dtypes(dtype_backend="pyarrow")):
        reading = read_portfolio(frame, name="mine")
        assert reading.name == "mine"
        assert column(reading, "weight") == [0.25, 0.75]
        assert column(reading, "ticker") == ["AAPL", None]
        assert column(reading, "source_row") == [2, 3]


def test_json_and_parquet() -> None:
    lines = [{"name": "Apple", "isin": APPLE, "market_value": 5}, {"name": "Shell", "isin": SHELL, "market_value": 6.5}]
    assert column(read(json.dumps({"as_of": "2026", "positions": lines})), "market_value") == [5.0, 6.5]
    stream = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(lines), stream)
    assert column(read_portfolio(stream.getvalue()), "market_value") == [5.0, 6.5]


def test_amounts_in_objects_of_json_keep_the_names_of_their_fields() -> None:
    def line(name: str, isin: str, value: float) -> dict[str, object]:
        inner = {"masterdata": {"security": {"name": name, "isin": isin}}, "quantity": {"amount": 2, "unit": "STK"}}
        return {**inner, "marketValue": {"amount": value, "currency": "EUR"}, "cost": {"amount": 90, "currency": "USD"}}

    content = {"positions": [line("Apple", APPLE, 100), line("SAP", SAP, 200)]}
    reading = read(json.dumps(content).encode())
    assert (column(reading, "market_value"), column(reading, "quantity")) == ([100.0, 200.0], [2.0, 2.0])
    assert (column(reading, "isin"), column(reading, "currency")) == ([APPLE, SAP], ["EUR", "EUR"])


def test_a_name_that_two_objects_of_json_have_is_not_read_twice_over() -> None:
    lines = [
        {"purchase": {"value": 90, "id": 3, "note": ""}, "instrument": {"name": name, "isin": isin, "id": 1}}
        | {"valuation": {"value": value, "id": 2, "note": ""}}
        for name, isin, value in (("Apple", APPLE, 100), ("SAP", SAP, 200))
    ]
    assert column(read(json.dumps(lines).encode()), "market_value") == [100.0, 200.0]


DATED = {
    "one day": "ISIN,Name,30/09/2026\n{apple},Apple,1900.00\n{sap},SAP,3250.00\n",
    "the later of two": "Security;ISIN;30.09.2026;30.06.2026\nApple;{apple};1.900,00;1.800,00\n"
    "SAP;{sap};3.250,00;3.000,00\n",
    "a day in words": "Name,ISIN,as at 30 September 2026\nApple,{apple},1900\nSAP,{sap},3250\n",
}


@pytest.mark.parametrize("text", DATED.values(), ids=DATED)
def test_amounts_headed_by_a_day_only_are_values_and_that_is_said(text: str) -> None:
    reading = read(text.format(apple=APPLE, sap=SAP))
    assert column(reading, "market_value") == [1900.0, 3250.0]
    assert "is headed by a day only" in said(reading)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("Fair value at 30 June 2025", "Fair value at 31 December 2025"),
        ("Market Value Q4 2025", "Market Value Q1 2026"),
        ("Market value 2Q26", "Market value 3Q26"),
        ("Value Dec 25", "Value Jan 26"),
        ("Valeur au 31 décembre 2024", "Valeur au 30 juin 2025"),
    ],
)
def test_of_two_months_or_quarters_the_later_counts(older: str, newer: str) -> None:
    text = "Name,ISIN,{},{}\nApple,US0378331005,{},{}\nSAP,DE0007164600,{},{}\n"
    assert column(read(text.format(older, newer, 1, 100, 2, 200)), "market_value") == [100.0, 200.0]
    assert column(read(text.format(newer, older, 100, 1, 200, 2)), "market_value") == [100.0, 200.0]


def test_a_workbook_may_head_amounts_by_a_real_date() -> None:
    rows = [
        ["Name", "ISIN", date(2026, 6, 30), date(2026, 9, 30)],
        ["Apple", APPLE, 1800, 1900],
        ["SAP", SAP, 3000, 3250],
    ]
    assert column(read(xlsx({"Depot": rows})), "market_value") == [1900.0, 3250.0]


def test_numbers_below_a_day_that_add_to_the_whole_are_weights() -> None:
    reading = read(f"Name,ISIN,30/09/2026\nApple,{APPLE},60.5\nSAP,{SAP},39.5\n")
    assert column(reading, "weight") == [0.605, 0.395]
    assert column(read(f"Name,ISIN,30/09/2026\nApple,{APPLE},6.5%\nSAP,{SAP},3.5%\n"), "weight") == [0.065, 0.035]


def test_a_day_beside_quantities_alone_heads_prices_or_values_and_is_left_open() -> None:
    reading = read(f"Name,ISIN,Shares,30/09/2026\nApple,{APPLE},100,30.5\nSAP,{SAP},10,200.25\n")
    assert column(reading, "market_value") == [None, None]
    assert "a price or a value" in reading.audit.sheets[0].columns[3].why
    priced = read(f"Name,ISIN,Shares,Price,30/09/2026\nApple,{APPLE},100,30.5,3050\nSAP,{SAP},10,200,2000\n")
    assert column(priced, "market_value") == [100 * 30.5, 10 * 200.0]


def test_a_day_beside_stated_values_is_no_amount() -> None:
    reading = read(f"Name,ISIN,Market Value,30/09/2026\nApple,{APPLE},1900,7\nSAP,{SAP},3250,8\n")
    assert column(reading, "market_value") == [1900.0, 3250.0]
    assert "headed by a day" not in said(reading)


@pytest.mark.parametrize(("header", "mark"), [("S/H", "S"), ("D/C", "D"), ("Dr/Cr", "Dr."), ("Soll/Haben", "S")])
def test_where_all_lines_have_one_mark_of_a_book_all_are_held(header: str, mark: str) -> None:
    reading = read(f"Name,ISIN,Market Value,{header}\nApple,{APPLE},1900,{mark}\nSAP,{SAP},3250,{mark}\n")
    assert column(reading, "market_value") == [1900.0, 3250.0]
    assert column(reading, "side") == ["long", "long"]


def test_codes_kept_as_formulas_are_those_codes() -> None:
    reading = read('Code,Name,Exchange,Market Value\n="002415",X,SZSE,1900\n="000063",Y,SZSE,3250\n')
    assert column(reading, "ticker") == ["002415", "000063"]


def test_values_that_are_all_percentages_are_weights() -> None:
    reading = read(f"Name,ISIN,Value,Currency\nApple,{APPLE},60%,USD\nSAP,{SAP},40%,EUR\n")
    assert column(reading, "weight") == [0.6, 0.4]
    assert column(reading, "market_value") == [None, None]


def test_what_the_pages_of_a_print_say_alike_is_said_once() -> None:
    page = f"Name       ISIN           Shares     Value\nApple      {APPLE}       10    1900.00\n\n"
    reading = read((page * 3).encode())
    assert column(reading, "market_value") == [1900.0] * 3
    assert said(reading).count("does not say in which currency") == 1


def test_a_percentage_in_a_column_of_values_is_no_amount() -> None:
    reading = read("Name,ISIN,Value\nApple,US0378331005,100\nSAP,DE0007164600,200\nCash,,40.00%\n")
    assert column(reading, "market_value") == [100.0, 200.0, None]
    assert "'40.00%'" in said(reading)


def test_a_line_takes_its_name_from_the_column_that_has_one() -> None:
    text = (
        "Asset class,Name of institution,Name of issuer,Value (AUD)\nCash,Bank,,10\nBond,,Issuer,20\nEquity,,Other,30\n"
    )
    assert column(read(text), "name_as_written") == ["Bank", "Issuer", "Other"]


def test_a_column_that_names_something_else_beside_the_security_lends_no_names() -> None:
    text = (
        f"Fund,Security,ISIN,Value\nGrowth Fund,Apple,{APPLE},10\nGrowth Fund,SAP,{SAP},20\nGrowth Fund,,{SHELL},30\n"
    )
    assert column(read(text), "name_as_written") == ["Apple", "SAP", None]


def test_an_isin_is_found_in_a_cell_that_holds_more() -> None:
    reading = read("Produto,Código ISIN / Distribuição,Quantidade,Valor Atualizado\nA,US0378331005 - 233,10,100\n")
    assert column(reading, "isin") == [APPLE]
    assert column(reading, "market_value") == [100.0]


def test_a_header_in_one_word_of_humps_is_taken_apart() -> None:
    reading = read(f"AsAtDate,InvestmentName,Isin,MarketValueAud\n2026-09-30,Apple,{APPLE},100\n")
    assert (column(reading, "market_value"), column(reading, "currency")) == ([100.0], ["AUD"])


def test_totals_named_in_the_column_of_classes_are_no_positions() -> None:
    text = (
        "Date,Asset Class,Name,Value (AUD)\n31/12/2025,Cash,Bank,10\n31/12/2025,Cash Total,,10\n"
        "31/12/2025,Unlisted Equity,Manager,20\n31/12/2025,Unlisted Equity External Total,,336\n"
    )
    assert column(read(text), "market_value") == [10.0, 20.0]


def test_a_sum_with_a_header_of_its_own_is_no_position() -> None:
    text = (
        "銘柄（コード）,買付日,数量,現在値,損益,評価額\n6758 ソニー,2025/03/12,50,100,+10,5000\n"
        "7203 トヨタ,2025/03/12,10,200,+5,2000\n株式合計\n評価額,含み損益,前日比\n7000,+15,+3\n"
    )
    reading = read(text)
    assert column(reading, "name_as_written") == ["6758 ソニー", "7203 トヨタ"]
    assert "a header inside the table" in {skipped.why for skipped in reading.audit.skipped}


def test_sums_of_other_columns_below_a_japanese_table_are_no_positions() -> None:
    text = "証券コード,銘柄名,株数,現在値,評価額\n1234,甲,100,11,1100\n5678,乙,200,10,2000\n"
    text += "\n評価額合計,3100\n評価損益合計,0\n"
    assert column(read(text), "market_value") == [1100.0, 2000.0]


@pytest.mark.parametrize(
    ("title", "kind"), [("Cash", "cash"), ("Listed Equity", "equity"), ("Cash and Equities", "unknown")]
)
def test_a_heading_over_a_table_gives_its_lines_their_class(title: str, kind: str) -> None:
    text = f"{title},,\nHeld directly,,\nName,Currency,Value (AUD)\nExample Group Ltd,USD,10\nOther Group Ltd,AUD,20\n"
    assert column(read(text), "kind") == [kind, kind]


def test_polish_in_windows_1250_is_known_by_its_header_words() -> None:
    text = "Papier;Giełda;Liczba dostępna;Wartość;Waluta\nVWCE;DEU-XETRA;30;16189,50;PLN\n"
    reading = read(text.encode("cp1250"))
    assert (column(reading, "market_value"), column(reading, "currency")) == ([16189.5], ["PLN"])
    assert reading.audit.encoding == "cp1250"


def test_russian_in_windows_1251_is_known_by_its_header_words() -> None:
    text = (
        "Тикер;Наименование;Количество;Цена приобретения;Рыночная стоимость;Валюта\nSBER;Сбербанк;10;250;3100,50;RUB\n"
    )
    reading = read(text.encode("cp1251"))
    assert column(reading, "name_as_written") == ["Сбербанк"]
    assert (column(reading, "market_value"), column(reading, "currency")) == ([3100.5], ["RUB"])


def test_an_empty_column_inside_a_table_makes_no_two_of_it() -> None:
    reading = read(
        "銘柄コード,銘柄名,保有株数,,取得単価,現在値,評価金額,評価損益\n7203,トヨタ,100,,2500,2600,260000,+10000\n"
    )
    assert column(reading, "market_value") == [100 * 2600.0]


def test_a_sum_whose_amount_stands_below_codes_is_no_position() -> None:
    text = (
        "Name;WKN;Stück/Nominal;Aktueller Kurs;Kurswert in EUR\nApple;865985;10 Stk.;200,00 EUR;2.000,00\n"
        "SAP;716460;5 Stk.;100,00 EUR;500,00\n\nGesamtkurswert in EUR:;2.500,00\n"
    )
    assert column(read(text), "market_value") == [10 * 200.0, 5 * 100.0]


def test_a_sum_whose_word_stands_below_quantities_is_no_position() -> None:
    text = "Stück;Bezeichnung;WKN;Typ;Wert in EUR\n1;ETF One;A1XB5U;ETF;100,00\n2;SAP;716460;Aktie;200,00\n"
    assert column(read(f"{text}Depotwert;EUR;300,00\n"), "market_value") == [100.0, 200.0]


def test_coins_are_names() -> None:
    reading = read("Coin,Amount,Value\nBTC,0.5,30000\nETH,2,6000\n")
    assert (column(reading, "quantity"), column(reading, "market_value")) == ([0.5, 2.0], [30000.0, 6000.0])


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("Símbolo;Cantidad;Precio promedio;Moneda", "AAPL;10,5;200,00;USD"),
        ("股票代码,股票名称,累计买入金额,当前持股数量", "700,腾讯控股,100000,200"),
    ],
)
def test_what_was_paid_is_no_value(header: str, line: str) -> None:
    assert column(read(f"{header}\n{line}\n"), "market_value") == [None]


def test_shares_held_are_the_quantity_and_not_those_that_may_be_sold() -> None:
    reading = read("股票代码,股票名称,可卖数量,持仓股数,最新市价\n600760,中航沈飞,600,800,45.10\n")
    assert (column(reading, "quantity"), column(reading, "market_value")) == ([800.0], [pytest.approx(800 * 45.10)])


def test_a_balance_of_shares_is_their_quantity_where_values_stand_beside_it() -> None:
    reading = read("S.N,Scrip,Current Balance,Previous Balance,Value of Prev Closing Price\n1,NABIL,120,100,64200\n")
    assert (column(reading, "quantity"), column(reading, "market_value")) == ([120.0], [64200.0])
    assert column(read("Account,Currency,Current Balance\nMain,EUR,1900\n"), "market_value") == [1900.0]


def test_a_side_column_makes_shorts_negative() -> None:
    reading = read(f"Name,ISIN,Side,Market Value (USD)\nApple,{APPLE},Long,100\nShell,{SHELL},Short,40\n")
    assert column(reading, "side") == ["long", "short"]
    assert column(reading, "market_value") == [100.0, -40.0]


@pytest.mark.parametrize(("header", "held", "owed"), [("DR/CR", "DR", "CR"), ("D/C", "C", "D"), ("S/H", "H", "S")])
def test_debits_and_credits_in_a_column_of_their_own_tell_what_is_owed(header: str, held: str, owed: str) -> None:
    reading = read(
        f"Name,ISIN,Value,{header}\nApple,{APPLE},1900,{held}\nSAP,{SAP},500,{held}\nOverdraft,,100,{owed}\n"
    )
    assert column(reading, "market_value") == [1900.0, 500.0, -100.0]
    assert "mark of the larger sum" in said(reading)


def test_lots_of_one_security_are_lines_of_their_own() -> None:
    reading = read(f"Name,ISIN,Quantity,Price,Value (USD)\nApple,{APPLE},1,10,10\nApple,{APPLE},2,10,20\n")
    assert column(reading, "market_value") == [10.0, 20.0]


def test_transactions_are_refused_in_any_language() -> None:
    for header in (
        "Trade Date,Type,Symbol,Quantity,Price,Commission",
        "Buchungstag,Umsatzart,ISIN,Anzahl,Kurs,Gebühren",
    ):
        with pytest.raises(PortfolioError, match="transactions"):
            read(f"{header}\n2024-01-03,Buy,AAPL,10,100,1\n2024-01-04,Sell,MSFT,5,200,1\n")


def test_one_company_may_have_a_date_on_each_line() -> None:
    reading = read(
        "Name,ISIN,Date,Market Value (EUR)\n"
        f"Apple,{APPLE},2026-09-30,1\nShell,{SHELL},2026-09-29,2\nSAP,{SAP},2026-09-30,4\n"
    )
    assert column(reading, "market_value") == [1.0, 2.0, 4.0]


@settings(max_examples=40, deadline=None)
@given(
    cents=st.lists(st.integers(-(10**9), 10**11).filter(bool), min_size=1, max_size=30),
    style=st.sampled_from(["{:,.2f}", "german", "swiss", "{:.2f}", "brackets"]),
)
def test_no_cent_is_lost_whatever_the_number_format(cents: list[int], style: str) -> None:
    values = [cent / 100 for cent in cents]
    lines = [f"Company {i};{APPLE};{_written(value, style)}" for i, value in enumerate(values)]
    reading = read("Name;ISIN;Market Value (EUR)\n" + "\n".join(lines) + "\n")
    assert column(reading, "market_value") == pytest.approx(values, abs=1e-6)


def _written(value: float, style: str) -> str:
    english = f"{value:,.2f}"
    if style == "german":
        return english.translate(str.maketrans(",.", ".,"))
    if style == "swiss":
        return english.replace(",", "'")
    if style == "brackets":
        return f"({english.removeprefix('-')})" if value < 0 else english
    return style.format(value)


def test_the_same_file_gives_the_same_reading() -> None:
    first, second = read(GERMAN), read(GERMAN)
    assert first.positions.equals(second.positions)
    assert (first.audit, first.findings, first.sha256) == (second.audit, second.findings, second.sha256)


def test_a_total_above_its_lines_is_compared_with_them() -> None:
    reading = read(f"Name,ISIN,Market Value (EUR)\nTotal,,300\nApple,{APPLE},100\nShell,{SHELL},200\n")
    assert [(t.stated, t.computed) for t in reading.audit.stated_totals] == [(300.0, 300.0)]
    assert "states a total" not in said(reading)


def test_base_values_win_over_local_ones() -> None:
    reading = read(
        "Security,ISIN,Currency (Local),Market Value (Local),Market Value (Base),Base Currency\n"
        f"Apple,{APPLE},USD,1900,1750,EUR\nShell,{SHELL},GBP,2500,2900,EUR\n"
    )
    assert column(reading, "market_value") == [1750.0, 2900.0]
    assert column(reading, "currency") == ["EUR", "EUR"]


def test_a_line_without_a_currency_takes_that_of_all_others() -> None:
    reading = read(f"Name,ISIN,Currency,Market Value\nApple,{APPLE},CHF,100\nCash,,,50\n")
    assert column(reading, "currency") == ["CHF", "CHF"]
    assert "1 lines name no currency" in said(reading)


def test_a_table_without_a_header_reads_with_named_columns() -> None:
    columns = {"isin": "A", "market_value": "C", "name": "B"}
    reading = read(f"{APPLE},Apple,100\n{SHELL},Shell,200\n", header_row=0, columns=columns)
    assert column(reading, "market_value") == [100.0, 200.0]
    assert column(reading, "source_row") == [1, 2]


def test_an_activity_statement_gives_its_open_positions_only() -> None:
    reading = read(
        "Statement,Header,Field Name,Field Value\nStatement,Data,Title,Activity Statement\n"
        "Mark-to-Market Performance Summary,Header,Asset Category,Symbol,Current Quantity,Current Price\n"
        "Mark-to-Market Performance Summary,Data,Stocks,AAPL,10,190\n"
        "Open Positions,Header,DataDiscriminator,Asset Category,Currency,Symbol,Quantity,Mult,Close Price,Value\n"
        "Open Positions,Data,Summary,Stocks,USD,AAPL,10,1,190,1900\n"
        "Open Positions,Data,Lot,Stocks,USD,AAPL,10,1,190,1900\n"
        "Open Positions,Data,Summary,Stocks,EUR,SAP,-5,1,100,-500\n"
        "Open Positions,Total,,Stocks,USD,,,,,1900\n"
        "Trades,Header,DataDiscriminator,Asset Category,Currency,Symbol,Date/Time,Quantity,T. Price,Proceeds\n"
        'Trades,Data,Order,Stocks,USD,AAPL,"2024-01-03, 09:30:00",10,100,-1000\n'
        "Financial Instrument Information,Header,Asset Category,Symbol,Description,Conid,Security ID\n"
        f"Financial Instrument Information,Data,Stocks,AAPL,APPLE INC,265598,{APPLE}\n"
    )
    assert column(reading, "ticker") == ["AAPL", "SAP"]
    assert column(reading, "isin") == [APPLE, None]
    assert column(reading, "market_value") == [1900.0, -500.0]
    assert column(reading, "currency") == ["USD", "EUR"]
    assert column(reading, "side") == ["long", "short"]
    assert column(reading, "source_row") == [6, 8]


@pytest.mark.parametrize(
    ("text", "positions", "cash", "total"),
    [
        # 100 + 200 held, and as much again in cash
        ("Name,ISIN,Currency,Market Value\nApple,{},USD,100\nShell,{},USD,200\nCash,,USD,300\n", 3, 1, 600.0),
        ("Name,ISIN,Currency,Market Value\nApple,{},USD,100\nShell,{},USD,200\nSum,,USD,300\n", 2, 0, 300.0),
        ("Valor;ISIN;Títulos;Cotización;Efectivo EUR\nApple;{};100;4,10;410,00\nEfectivo;;;;90,00\n", 2, 1, 500.0),
        ("Naam;ISIN;Aantal;Koers;Waarde EUR\nApple;{};2;50,00;100,00\nLiquide middelen;;;;60,00\n", 2, 1, 160.0),
    ],
)
def test_cash_is_a_position_and_a_sum_is_none(text: str, positions: int, cash: int, total: float) -> None:
    ids = (APPLE, SHELL)[: text.count("{}")]
    reading = read(text.format(*ids))
    assert len(reading.table) == positions
    assert reading.table["kind"].to_list().count("cash") == cash
    assert sum(column(reading, "market_value")) == pytest.approx(total)


def test_names_and_isins_without_amounts_are_a_list() -> None:
    with pytest.raises(PortfolioError, match="is a list of securities without any value"):
        read(f"Name,ISIN\nApple,{APPLE}\nShell,{SHELL}\n")


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("Value 31.12.2024 EUR", "Value 31.12.2025 EUR"),
        ("Market value 2025-06-30", "Market value 2025-12-31"),
        ("Marktwert 30.06.2025", "Marktwert 31.07.2025"),
        ("Value 6/30/2025", "Value 12/31/2025"),
        ("Value 2024", "Value 2025"),
    ],
)
def test_of_two_days_the_later_counts_wherever_it_stands(older: str, newer: str) -> None:
    first = read(f"Name,ISIN,{older},{newer}\nApple,{APPLE},90,100\nShell,{SHELL},211,200\n")
    last = read(f"Name,ISIN,{newer},{older}\nApple,{APPLE},100,90\nShell,{SHELL},200,211\n")
    assert column(first, "market_value") == column(last, "market_value") == [100.0, 200.0]
