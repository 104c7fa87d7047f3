"""Real files: number of positions and totals, counted apart from our reader.

How each figure was got: `awk` or Python's csv on the file itself, with the delimiter and decimal mark of that file,
summing the value column over the lines that name a security or cash. Where a file prints its own total, that is the
figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from esgscan.errors import PortfolioError
from esgscan.portfolio.reading import read_portfolio

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.specimens


@dataclass(frozen=True)
class Expected:
    file: str
    positions: int
    totals: dict[str, float]
    cash_lines: int = 0
    portfolios: int = 1
    kind: str = "portfolio"


EXPECTED = [
    # with awk: field 6 of every line but the first, points out, comma to point
    Expected("brokers/comdirect_2021-01-23.csv", 6, {"EUR": 80392.79}),
    # csv.reader, last column, decimal comma; the first line is the cash
    Expected("brokers/degiro_fr_portfolio.csv", 22, {"CHF": 90575.48}, cash_lines=1),
    # with awk: field 11 below line 6, points out, comma to point; the printed 36.965,96 is of the uncut file
    Expected("brokers/dkb_2021-02-08_cut.csv", 8, {"EUR": 21127.42}),
    # its own TOTAL line says 189942.91; symbols and CASH without the indented lots: 189942.908
    Expected("brokers/etrade_portfolio.csv", 10, {"USD": 189942.908}, cash_lines=1),
    # awk over lines that begin with an account number; two accounts, "Individual" and "ROTH IRA"
    Expected("brokers/fidelity_positions_2025-11-19.csv", 9, {"USD": 56700.32}, portfolios=2),
    # 948.72 + 1517.98 + 564.00 + 1019.84
    Expected("brokers/flatex_2021-11-16.csv", 4, {"EUR": 4050.54}),
    # its own Totals line: 9,710.09 + 2,537.61
    Expected("brokers/hargreaves-lansdown_2026-09-18.csv", 2, {"GBP": 12247.70}),
    # OpenPosition 28212 and FxPosition -0.87 USD, 17000.05854876 CHF
    Expected("brokers/ibkr_flex_2025.xml", 3, {"USD": 28211.13, "CHF": 17000.05854876}, cash_lines=2),
    # 0.00 | 3830 + 7897 + 1253 + 2000; the second account's printed 13,727.00 is of the file before its editing
    Expected("brokers/schwab_all-accounts_2020-11-15.csv", 5, {"USD": 14980.0}, cash_lines=2, portfolios=2),
    # with awk: field 6 of lines 2 to 61; transactions follow from row 65
    Expected("brokers/vanguard-us_positions.csv", 60, {"USD": 527900.88}, portfolios=12),
    # 2024-06-30 only: 55 x 210.62 + 30 x 446.34 + 25 x 495.89 + 3200; 100 x 92.15 + 2500
    Expected("brokers/wealthfolio_holdings.csv", 6, {"USD": 40571.55, "CAD": 11715.0}, cash_lines=2),
    # with awk: field 4 of every line but the first
    Expected("portfolios/pacta_workflow_1234.csv", 118, {"USD": 60094970.0}),
    # with awk: field 5 of every line but the first; the file names no currency
    Expected("portfolios/sbti_example_portfolio.csv", 49, {"": 550000000.0}),
    # csv.reader, column Market Value(NOK)
    Expected("owner-holdings/nbim_EQ_2014_Country.csv", 9134, {"NOK": 3949813532512.0}),
    # openpyxl, column Market Value(NOK)
    Expected("owner-holdings/nbim_EQ_2020_Industry.xlsx", 9123, {"NOK": 7972385112668.0}),
    # Fund holdings given as a portfolio. csv.reader, column Market Value, lines from the header to the disclaimer
    Expected("fund-holdings/betashares-au_HACK_2024-04.csv", 36, {"AUD": 920820108.17}, cash_lines=6, kind="fund"),
    Expected("fund-holdings/ishares-us_URTH_2020-11-04.csv", 1260, {"USD": 1036841406.39}, cash_lines=18, kind="fund"),
    # its second table has a preamble of its own from row 21 on
    Expected(
        "fund-holdings/ishares-us_AOM_2020-11-05_fund-of-funds.csv",
        20535,
        {"USD": 2681235735.06},
        cash_lines=51,
        kind="fund",
    ),
    Expected("fund-holdings/ishares-uk_EIMI_2021-08-30.csv", 3035, {"": 19159706391.18}, cash_lines=31, kind="fund"),
]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda e: e.file.split("/")[1])
def test_real_file_reads_with_its_positions_and_total(specimens: Path, expected: Expected) -> None:
    reading = read_portfolio(specimens / expected.file)
    positions = reading.positions
    assert len(positions) == expected.positions
    totals = positions.groupby(positions["currency"].fillna(""))["market_value"].sum()
    assert dict(totals) == pytest.approx(expected.totals, abs=0.005)
    assert int((positions["kind"] == "cash").sum()) == expected.cash_lines
    assert positions["portfolio"].nunique(dropna=False) == expected.portfolios
    assert reading.audit.kind == expected.kind
    assert sum(sheet.positions for sheet in reading.audit.sheets) == len(positions)


def test_a_fund_file_says_that_it_is_one(specimens: Path) -> None:
    reading = read_portfolio(specimens / "fund-holdings/ishares-us_URTH_2020-11-04.csv")
    assert reading.audit.kind == "fund"
    assert any("what a fund holds" in finding.what for finding in reading.findings)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("brokers/transactions_degiro.csv", "transactions"),
        ("portfolios/pacta_empty.csv", "no lines"),
        ("fund-directory/us-etf-listings.csv", "list of securities"),
    ],
)
def test_what_is_no_portfolio_is_refused_by_name(specimens: Path, file: str, words: str) -> None:
    with pytest.raises(PortfolioError) as caught:
        read_portfolio(specimens / file)
    assert words in caught.value.what
    assert caught.value.where
    assert caught.value.mend


def test_every_line_of_a_real_file_is_a_position_or_stands_in_the_audit(specimens: Path) -> None:
    text = (specimens / "brokers/etrade_portfolio.csv").read_text(encoding="utf-8")
    reading = read_portfolio(specimens / "brokers/etrade_portfolio.csv")
    lines = text.splitlines()
    rows = {row for row, line in enumerate(lines, start=1) if line.strip() and row > 8}
    covered = set(reading.positions["source_row"]) | {skipped.row for skipped in reading.audit.skipped}
    assert rows <= covered


def test_tax_lots_are_not_added_to_their_symbol(specimens: Path) -> None:
    reading = read_portfolio(specimens / "brokers/etrade_portfolio.csv")
    lots = [skipped for skipped in reading.audit.skipped if "tax lot" in skipped.why]
    # grep -c '^     ' of the file
    assert len(lots) == 58
    option = reading.positions[reading.positions["kind"] == "option"].iloc[0]
    assert (option["market_value"], option["side"]) == (-927.5, "short")


def test_pence_and_pounds_on_one_line(specimens: Path) -> None:
    positions = read_portfolio(specimens / "brokers/hargreaves-lansdown_2026-09-18.csv").positions
    assert list(positions["price"]) == [924.77, 2.53761]
    assert list(positions["market_value"]) == [9710.09, 2537.61]
    assert positions["sedol"][0] == "B59G4Q7"
    assert positions["ticker"][1] == "OCDO"


def test_a_cut_file_is_said_to_miss_its_total(specimens: Path) -> None:
    findings = read_portfolio(specimens / "brokers/dkb_2021-02-08_cut.csv").findings
    assert any("36,965.96" in finding.what and "21,127.42" in finding.what for finding in findings)


def test_fund_weights_are_fractions(specimens: Path) -> None:
    positions = read_portfolio(specimens / "fund-holdings/spdr-us_KOMP_2021-08-30.xlsx").positions
    # Bruker Corporation is printed as the text 2.110779
    assert positions["weight"][0] == pytest.approx(0.02110779)
    assert positions["cusip"][0] == "11679410"
