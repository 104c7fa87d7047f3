"""Exports of brokers and tools, one small file each, with invented holders and numbers: what is read, and what is said.

Totals are the arithmetic beside each file; the lines are in tests/portfolio/layouts/exports.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from esgscan.errors import PortfolioError
from esgscan.portfolio.reading import ReadingOptions, read_portfolio
from esgscan.report.rows import rows as table_rows
from tests.portfolio.files import xlsx

if TYPE_CHECKING:
    from esgscan.records import Reading

EXPORTS = Path(__file__).parent / "exports"


@dataclass(frozen=True)
class Expected:
    file: str
    positions: int
    totals: dict[str, float]
    cash: int = 0
    accounts: tuple[str, ...] = ()
    as_of: date | None = None
    kinds: dict[str, str] = field(default_factory=dict)


EXPECTED = [
    # 20.40 x 200 + 55 x 1000; 200 x 10
    Expected("aastocks.portfolio.csv", 3, {"HKD": 4080 + 55000, "USD": 2000}),
    Expected("aj-bell.portfolio.csv", 3, {"GBP": 5520 + 1500 + 500}, cash=1, accounts=("ISA",)),
    # 750 x 200 is the value in dollars; 20000 x 19.50 is not, in Hong Kong dollars
    # the total rows have their sums in a column of their own; a vehicle without a value stays a line
    Expected(
        "australian-retirement-trust.option.csv",
        4,
        {"AUD": 1000 + 19500 - 500},
        cash=1,
        kinds={"FUTURES": "future", "COMMONWEALTH BANK OF AUSTRALIA": "equity"},
    ),
    Expected(
        "australian-super.one-table.csv",
        4,
        {"AUD": 1000 + 2500 + 6000 + 10500},
        cash=1,
        kinds={"EXAMPLE BANK": "cash", "EXAMPLE ISSUER LTD": "bond", "HIKVISION A": "equity"},
    ),
    # the cash stands under its heading; Aeroflot has units and no value; table 3 tells the same again
    Expected(
        "australian-super.titled-tables.csv",
        5,
        {"AUD": 1000 - 400 + 15300 + 4100},
        cash=2,
        kinds={"Example Bank": "cash", "HIKVISION DIGITAL-A": "equity"},
    ),
    # the bond stands there twice, and exposures by currency are no positions
    Expected("australiansuper.option.csv", 5, {"AUD": 1000 - 400 + 400 + 9000 + 10000}, cash=2),
    # the value of the share in dollars is in kronor as well
    Expected(
        "avanza.per-account.csv",
        3,
        {"SEK": 3000.50 + 4400 + 16000.25},
        accounts=("1000-0000001", "1000-0000002"),
        kinds={"Avanza Global": "fund"},
    ),
    Expected("bloomberg-port.report.csv", 2, {"USD": 150000 + 50000}),
    Expected("bloomberg-prtu.export.csv", 2, {"": 90000 + 33000}),
    Expected("comdirect.long.csv", 4, {"EUR": 8100 + 0 + 36.5 + 0}, as_of=date(2021, 12, 30)),
    Expected("comdirect.lost-letters.csv", 2, {"EUR": 21500 + 4200.5}, kinds={"AIS-A.IN.MSCI E.M.UCETFDD": "fund"}),
    Expected("commsec.holdings.csv", 2, {"AUD": 200 * 40 + 20 * 100}),
    Expected(
        "consorsbank.depotuebersicht.csv",
        4,
        {"EUR": 0 + 8730.5 + 4541.7 + 1177},
        accounts=("400000000",),
        as_of=date(2021, 12, 31),
        kinds={"CITI.GL.M. CALL22 ACME": "option", "CARMIGNAC INVESTI.AEO ACC": "fund", "ACME AG NA O.N.": "equity"},
    ),
    Expected("dadat.depot.csv", 2, {"EUR": 1800.5 + 1000}),
    Expected("degiro.dutch.csv", 3, {"EUR": 150.25 + 1800 + 400}, cash=1),
    Expected("degiro.english.csv", 1, {"EUR": 1800}),
    Expected("degiro.french.csv", 2, {"EUR": 60.5 + 540}, cash=1),
    Expected("degiro.german-old.csv", 3, {"EUR": -0.5 + 540 + 2900}, cash=1),
    Expected("degiro.portuguese.csv", 2, {"EUR": 5765 + 500}, cash=1),
    Expected("degiro.spanish.csv", 2, {"EUR": 2.5 + 540}, cash=1),
    Expected("deutsche-bank.depot.csv", 3, {"EUR": 11200 + 12000 + 3006}),
    Expected("dkb.depot.csv", 2, {"EUR": 1170 + 873.75}, accounts=("000000000 / Depot",), as_of=date(2022, 4, 20)),
    # its lots, 600 + 400 and -200, are in 1000 and -200
    Expected(
        "etrade-us.download.csv",
        3,
        {"USD": 1000 - 200 + 1440},
        cash=1,
        accounts=("Brokerage -0000",),
        as_of=date(2019, 1, 18),
        kinds={"ACME Feb 15 '19 $41 Call": "option"},
    ),
    Expected(
        "fidelity-us-statement.two-accounts.csv",
        4,
        {"USD": 5200 + 2500 + 500 + 2900},
        accounts=("200000002", "X00000001"),
    ),
    # the BrokerageLink line of 3500 repeats 500 + 3000
    Expected(
        "fidelity-us.positions-2026.csv",
        7,
        {"USD": 1200.5 + 330 - 1200 - 85.25 + 4200 + 500 + 3000},
        cash=1,
        accounts=("401K PLAN", "BrokerageLink", "Individual - TOD"),
        as_of=date(2026, 7, 31),
        kinds={"ACME SEP 17 2027 $150 CALL": "option", "HELD IN MONEY MARKET": "money-market"},
    ),
    Expected("flatex.depotbestand.csv", 2, {"EUR": 820 + 1300}),
    Expected(
        "hargreaves-lansdown.isa.csv",
        2,
        {"GBP": 1000 + 2500},
        accounts=("HL Stocks & Shares ISA",),
        as_of=date(2026, 9, 18),
    ),
    Expected(
        "hargreaves-lansdown.old-without-codes.csv",
        2,
        {"GBP": 1000 + 2500},
        accounts=("HL Fund & Share Account",),
        as_of=date(2016, 9, 18),
    ),
    Expected(
        "ing-germany.depotbewertung.csv",
        3,
        {"EUR": 1100 + 300 + 771.45},
        accounts=("8000000000",),
        as_of=date(2021, 2, 8),
        kinds={"3,5 %         ACME REG.ANL.16(17-30)    25.JUNI": "bond"},
    ),
    Expected(
        "interactive-brokers-activity.statement.csv",
        6,
        {"CAD": 30 + 8400, "USD": 1000 + 2660 - 800, "HKD": -3000},
        cash=2,
        accounts=("U0000001",),
        as_of=date(2026, 4, 15),
    ),
    Expected(
        "interactive-brokers-flex-csv.query.csv",
        3,
        {"USD": 200 + 1200.25, "EUR": -500},
        cash=1,
        accounts=("U0000001",),
        as_of=date(2026, 12, 31),
    ),
    Expected("interactive-brokers-flex-csv.short-lines.csv", 2, {"USD": 2050 + 1500}, as_of=date(2026, 1, 15)),
    Expected("interactive-brokers-flex-xml.query.xml", 2, {"USD": 1300, "CHF": 90}, cash=1, accounts=("U0000001",)),
    Expected("interactive-investor.portfolio.csv", 3, {"GBP": 300 + 250 + 1500}),
    Expected("itr.user-input.csv", 2, {"USD": 35000000 + 10000000}),
    Expected(
        "merrill-us.flat.csv",
        3,
        {"USD": 2000 + 2000 + 28},
        cash=1,
        accounts=("CMA-Edge 00A-00B00",),
        as_of=date(2026, 7, 31),
    ),
    Expected(
        "merrill-us.tax-lots.csv",
        2,
        {"USD": 2000 + 2000},
        accounts=("CMA-Edge 00A-00B00",),
        as_of=date(2026, 7, 15),
    ),
    Expected("nbim.equities.csv", 2, {"NOK": 1100000 + 2200000}),
    # 2000 of the fund; the short is -4000 and the loan -819.20
    Expected(
        "ofx.investments.ofx",
        6,
        {"USD": 17500 + 2000 - 4000 + 300 + 1016.73 - 819.2},
        cash=2,
        accounts=("00000001",),
        as_of=date(2026, 2, 15),
        kinds={"AAPL DEC 26 300 CALL": "option", "VANGUARD FTSE EMERGING & MARKETS ETF": "fund"},
    ),
    # 190 dollars a share, and 400: in dollars, in thousands without a word, in thousands as the header says
    Expected("sec-13f.dollars.tsv", 2, {"USD": 190000 + 400000}, kinds={"MICROSOFT CORP": "option"}),
    Expected("sec-13f.notes.csv", 3, {"USD": 190000 + 95000 + 98000}, kinds={"SNAP INC": "bond"}),
    Expected("sec-13f.thousands.csv", 2, {"USD": 190000 + 400000}),
    Expected("sec-13f.print.txt", 2, {"USD": 190000 + 400000}),
    # 100 shares of 200 USD are 18,000 in euros; the future is worth what it gained
    Expected(
        "tpt.fund.csv",
        4,
        {"EUR": 18000 + 9000 - 500 + 973500},
        cash=1,
        accounts=("Example Fund",),
        as_of=date(2026, 6, 30),
        kinds={"APPLE INC": "equity", "GERMANY 2030": "bond", "BUND FUTURE": "future"},
    ),
    Expected(
        "cvm-cda.shares.csv",
        3,
        {"BRL": 38500.5 + 61000 + 2000},
        accounts=("FIA EXEMPLO", "OUTRO FUNDO"),
        as_of=date(2026, 7, 31),
        kinds={"VALE ON": "equity", "LETRAS FINANCEIRAS": "bond"},
    ),
    Expected("pacta.minimal.tsv", 2, {"USD": 1000, "EUR": 2000}),
    Expected("pacta.new.csv", 1, {"USD": 1000}, accounts=("All",)),
    Expected("pacta.old.csv", 3, {"USD": 1000, "EUR": 500 + 2000}, accounts=("Fund A", "Fund B")),
    Expected("saxo.french.csv", 2, {"EUR": 1800.5 + 4200}, kinds={"iShares MSCI EM": "fund", "Apple Inc.": "equity"}),
    Expected("sbti.input.csv", 2, {"": 30000000 + 10000000}),
    Expected(
        "schwab-us.account-2026.csv",
        4,
        {"USD": 3000 + 1000 - 50 + 6050},
        cash=1,
        accounts=("Demo ...100",),
        as_of=date(2026, 9, 8),
        kinds={"CALL ACME CORP $55 EXP 12/18/26": "option", "SCHWAB EMERGING MARKETS EQUITY ETF": "fund"},
    ),
    Expected(
        "schwab-us.all-accounts-2020.csv",
        3,
        {"USD": 800 + 200 + 200},
        cash=1,
        accounts=("Brokerage XXXX-1111", "Intelligent XXXX-2222"),
        as_of=date(2020, 11, 15),
    ),
    Expected("smartbroker.with-isin.csv", 1, {"EUR": 560}, accounts=("005180000002",)),
    Expected(
        "smartbroker.without-isin.csv",
        3,
        {"EUR": 1520 + 2875 + 19724.25},
        accounts=("005100000006",),
        kinds={"ISHS CORE DAX UCITS ETF": "fund", "ACME TECH. GRP DL-,002": "equity"},
    ),
    Expected("trading-212-pie.pie.csv", 2, {"": 1100 + 520.5}),
    Expected(
        "vanguard-us.download.csv",
        3,
        {"USD": 4200 + 4900 + 900},
        accounts=("00000001", "00000002"),
        kinds={"VANGUARD FEDERAL MONEY MARKET INVESTOR CL": "money-market"},
    ),
    # of the last day only: 55 x 200 + 3200; 100 x 92
    Expected("wealthfolio.two-days.csv", 3, {"USD": 11000 + 3200, "CAD": 9200}, cash=1),
]

REFUSED = {
    "degiro-transactions.dutch.csv": "transactions",
    "hargreaves-lansdown-transactions.activity.csv": "transactions",
    "schwab-us-lots.one-symbol.csv": "tax lots",
    "swissquote-transactions.german.csv": "transactions",
    "trading-212-history.orders.csv": "transactions",
}


def read(file: str, **options: Any) -> Reading:
    return read_portfolio(EXPORTS / file, options=ReadingOptions(**options))


def rows(reading: Reading, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in table_rows(reading.table)]


def said(reading: Reading) -> str:
    return "\n".join(f"{finding.where}: {finding.what}" for finding in reading.findings)


def test_every_file_is_expected_to_be_read_or_refused() -> None:
    assert {one.file for one in EXPECTED} | set(REFUSED) == {path.name for path in EXPORTS.iterdir()}


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda one: one.file)
def test_an_export_reads_with_its_positions_totals_and_accounts(expected: Expected) -> None:
    reading = read(expected.file)
    totals: dict[str, float] = {}
    for currency, value in rows(reading, "currency", "market_value"):
        totals[currency or ""] = totals.get(currency or "", 0.0) + (value or 0.0)
    assert totals == pytest.approx(expected.totals, abs=0.005)
    assert len(reading.positions) == expected.positions
    found = rows(reading, "name_as_written", "ticker", "kind", "portfolio")
    assert sum(kind == "cash" for _, _, kind, _ in found) == expected.cash
    assert tuple(sorted({portfolio for *_, portfolio in found if portfolio})) == expected.accounts
    assert reading.audit.as_of == expected.as_of
    kinds = {name or ticker: kind for name, ticker, kind, _ in found}
    assert {name: kinds.get(name) for name in expected.kinds} == expected.kinds


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda one: one.file)
def test_the_audit_says_which_export_it_is_and_why(expected: Expected) -> None:
    reading = read(expected.file)
    assert len(reading.audit.layouts) == 1
    layout = reading.audit.layouts[0]
    assert layout.why
    assert f"Recognised as: {layout.title} ({layout.why})." in said(reading)


@pytest.mark.parametrize(("file", "words"), REFUSED.items())
def test_what_is_no_portfolio_is_refused_by_name(file: str, words: str) -> None:
    with pytest.raises(PortfolioError, match=words):
        read(file)


def test_a_line_that_repeats_another_account_stays_where_that_account_is_not_in_the_file() -> None:
    text = (EXPORTS / "fidelity-us.positions-2026.csv").read_text(encoding="utf-8-sig")
    kept = "\n".join(line for line in text.splitlines() if not line.startswith("Z00000003"))
    positions = read_portfolio(kept.encode(), name="fidelity.csv").positions
    assert 3500.0 in positions["market_value"].to_list()


def test_a_line_that_repeats_another_account_is_compared_with_it() -> None:
    reading = read("fidelity-us.positions-2026.csv")
    # the line says 3500; the account BrokerageLink has 500 + 3000
    assert [(one.stated, one.computed) for one in reading.audit.stated_totals] == [(3500.0, 3500.0)]


def test_an_activity_statement_takes_names_and_identifiers_from_its_other_table() -> None:
    reading = read("interactive-brokers-activity.statement.csv")
    found = {ticker: line for ticker, *line in rows(reading, "ticker", "name_as_written", "isin", "exchange", "side")}
    assert found["763"] == ["ZTE CORP-H", "CNE1000004Y2", "SEHK", "short"]
    assert found["BRK B"][:2] == ["BERKSHIRE HATHAWAY INC-CL B", "US0846707026"]
    assert found["ACME 18DEC26 300 C"][3] == "short"
    skipped = {line.row: line.why for line in reading.audit.skipped if line.why[:5] != "blank"}
    assert skipped[16] == "repeats or adds up other lines"  # a lot
    assert skipped[23] == "a table without positions, lines in it: 1"  # Trades


def test_prices_in_pence_become_pounds() -> None:
    assert rows(read("hargreaves-lansdown.isa.csv"), "price") == [(100.0,), (2.5,)]
    assert rows(read("hargreaves-lansdown.old-without-codes.csv"), "price") == [(100.0,), (2.5,)]
    # 200 dollars are not pounds, and not the price of the value beside them
    assert rows(read("interactive-investor.portfolio.csv"), "price") == [(300.0,), (2.5,), (None,)]


def test_marks_in_cells_are_cut_off() -> None:
    assert rows(read("merrill-us.tax-lots.csv"), "ticker") == [("ACME",), ("EEM",)]
    assert rows(read("hargreaves-lansdown.isa.csv"), "name_as_written")[1] == ("Acme Group plc Ordinary 2p",)


def test_a_column_that_the_layout_moves_says_what_it_would_be_by_itself() -> None:
    columns = {c.letter: c for c in read("degiro.german-old.csv").audit.sheets[0].columns}
    assert columns["F"].meaning == "market_value"
    assert (columns["E"].meaning, columns["E"].why) == (
        "",
        "another column was taken for the market value (DEGIRO portfolio)",
    )
    columns = {c.letter: c for c in read("saxo.french.csv").audit.sheets[0].columns}
    assert columns["G"].why == "Saxo Bank positions; by itself it would be the currency"


def test_the_user_wins_over_the_layout() -> None:
    reading = read("degiro.german-old.csv", columns={"market_value": "E"})
    assert rows(reading, "currency", "market_value")[1] == ("USD", 600.0)


def test_a_header_row_named_by_the_user_puts_the_layout_aside() -> None:
    reading = read("comdirect.long.csv", header_row=2)
    assert reading.audit.layouts == ()


def test_a_plain_table_is_no_export() -> None:
    reading = read_portfolio(b"ISIN,Market Value,Currency\nUS0378331005,10,USD\n", name="plain.csv")
    assert reading.audit.layouts == ()
    assert "Recognised" not in said(reading)


def test_what_stands_below_a_table_is_said_once() -> None:
    skipped = [line for line in read("comdirect.long.csv").audit.skipped if line.why.startswith("below")]
    assert [(line.row, line.why) for line in skipped] == [(8, "below the table, to row 23")]


def test_hong_kong_codes_of_aastocks_name_their_market() -> None:
    found = rows(read("aastocks.portfolio.csv"), "ticker", "exchange", "currency")
    assert found == [("00763", "Hong Kong", "HKD"), ("02382", "Hong Kong", "HKD"), ("AAPL", None, "USD")]


def test_morningstar_and_others_without_a_public_file_read_by_their_header_words() -> None:
    text = (
        "Holding Name,Ticker,Portfolio Weight %,Shares Held,Market Value (USD)\n"
        "Apple Inc,AAPL,60.0,3,600\nZTE,763 HK,40.0,9,400\n"
    )
    reading = read_portfolio(text.encode(), name="morningstar.csv")
    assert rows(reading, "ticker", "weight", "market_value") == [("AAPL", 0.6, 600.0), ("763 HK", 0.4, 400.0)]


def test_tax_lots_stay_out_of_totals_where_a_spreadsheet_made_dates_of_them() -> None:
    lots = [["ACME", 20.0, 50.0, 1000.0], [date(2018, 10, 5), 20.0, 30.0, 600.0], ["--", 20.0, 20.0, 400.0]]
    header = ["Symbol", "Last Price $", "Quantity", "Value $"]
    sheet = [
        ["View Summary - All Positions"],
        header,
        *lots,
        ["CASH", None, None, 200.0],
        ["TOTAL", None, None, 1200.0],
    ]
    reading = read_portfolio(xlsx({"Portfolio": sheet}), name="portfolio.xlsx")
    assert rows(reading, "ticker", "market_value") == [("ACME", 1000.0), ("CASH", 200.0)]
    assert [(one.stated, one.computed) for one in reading.audit.stated_totals] == [(1200.0, 1200.0)]
