"""Text without a delimiter: prints of custodians, of programs, and filings, whose columns stand at fixed places."""

from __future__ import annotations

import pandas as pd
import pytest

from esgscan.errors import PortfolioError
from esgscan.portfolio.reading import read_portfolio

STATEMENT = """\
FIRST CUSTODY BANK                         STATEMENT OF HOLDINGS                        AS OF 30/09/2026
ACCOUNT 123456 PENSION PLAN                                                             CURRENCY USD

SECURITY DESCRIPTION            ISIN            QUANTITY          PRICE      MARKET VALUE

APPLE INC                       US0378331005      1,000.00       190.0000      190,000.00
HIKVISION DIGITAL A             CNE100000PM8     20,000.00         4.5000       90,000.00
NESTLE SA REG                   CH0038863350        500.00       110.0000       55,000.00
                                                                              -----------
TOTAL                                                                          335,000.00
"""
RULED = """\
NAME OF ISSUER         TITLE OF CLASS         CUSIP       VALUE   SHARES  SH/PRN  INVDISC
---                    ---                    ---         ---     ---     ---     ---
APPLE INC              COM                    037833100   50000   250     SH      SOLE
MICROSOFT CORP         COM                    594918104   30000   75      SH      SOLE
"""


def lines(text: str) -> list[tuple[object, ...]]:
    table = read_portfolio(text.encode(), name="print.txt").table
    return table.select("name_as_written", "isin", "quantity", "market_value", "currency").rows()


def test_a_statement_reads_with_its_codes_numbers_and_total() -> None:
    reading = read_portfolio(STATEMENT.encode(), name="print.txt")
    assert lines(STATEMENT) == [
        ("APPLE INC", "US0378331005", 1000.0, 190000.0, "USD"),
        ("HIKVISION DIGITAL A", "CNE100000PM8", 20000.0, 90000.0, "USD"),
        ("NESTLE SA REG", "CH0038863350", 500.0, 55000.0, "USD"),
    ]
    (total,) = reading.audit.stated_totals
    assert (total.stated, total.computed) == (335000.0, 190000.0 + 90000.0 + 55000.0)
    assert reading.audit.file_format == "fixed-width"
    assert any("no delimiter" in finding.what for finding in reading.findings)


def test_rows_keep_the_numbers_of_their_lines() -> None:
    table = read_portfolio(STATEMENT.encode(), name="print.txt").table
    assert table["source_row"].to_list() == [6, 7, 8]


def test_dashes_below_a_header_draw_the_columns() -> None:
    assert [line[0] for line in lines(RULED)] == ["APPLE INC", "MICROSOFT CORP"]
    assert [line[2] for line in lines(RULED)] == [250.0, 75.0]


def test_a_header_of_two_lines_is_joined_column_by_column() -> None:
    text = (
        "                    NOMINAL       MARKET\n"
        "SECURITY            VALUE         VALUE (USD)   ISIN\n"
        "APPLE INC               1,000       190,000     US0378331005\n"
        "SAP SE                    500       100,000     DE0007164600\n"
    )
    assert [line[2:4] for line in lines(text)] == [(1000.0, 190000.0), (500.0, 100000.0)]


def test_a_data_frame_as_printed_reads_like_the_frame() -> None:
    frame = pd.DataFrame(
        {
            "Ticker": ["AAPL", "MSFT", "2415.SZ"],
            "Name": ["Apple Inc", "Microsoft Corp", "Hikvision Digital"],
            "Quantity": [10, 5, 100],
            "Market Value": [1900.0, 2000.5, 3250.0],
            "Currency": ["USD", "USD", "CNY"],
        }
    )
    printed = read_portfolio(frame.to_string().encode(), name="print.txt").table
    wanted = ["name_as_written", "ticker", "quantity", "market_value", "currency"]
    assert printed.select(wanted).rows() == read_portfolio(frame).table.select(wanted).rows()


def test_the_titles_of_later_pages_are_no_lines() -> None:
    page = (
        "            EXAMPLE BANK - HOLDINGS            PAGE {}\n"
        "ACCOUNT 123-456     AS OF 30 SEP 2026     BASE CURRENCY: USD\n\n"
        "SECURITY          ISIN            QUANTITY   MARKET VALUE\n"
        "---------------------------------------------------------\n"
    )
    first = page.format(1) + "APPLE INC         US0378331005       1,000     190,000.00\n\n"
    second = page.format(2) + "SAP SE            DE0007164600         500      50,000.00\n"
    assert [line[3] for line in lines(first + second)] == [190000.0, 50000.0]


def test_a_line_with_an_amount_above_a_header_printed_again_stays_a_line() -> None:
    header = "SECURITY          ISIN            QUANTITY   MARKET VALUE\n"
    text = (
        f"{header}APPLE INC         US0378331005       1,000     190,000.00\n\n"
        f"SAP SE            DE0007164600         500      50,000.00\n{header}"
        "SHELL PLC         GB00BP6MXD84         100       2,500.00\n"
    )
    assert [line[3] for line in lines(text)] == [190000.0, 50000.0, 2500.0]


def test_letters_two_places_wide_are_counted_as_they_are_printed() -> None:
    text = (
        "证券代码  证券名称  证券数量  可用数量  当前价  最新市值\n"
        "000001    平安银行  1000      1000      13.20   13200\n"
        "600036    招行      200       200       38.00   7600\n"
    )
    assert [line[2:4] for line in lines(text)] == [(1000.0, 1000 * 13.20), (200.0, 200 * 38.0)]


def test_a_name_longer_than_its_column_stays_whole_where_it_is_one_of_many() -> None:
    head = "NAME        VALUE   CURRENCY"
    short = [f"SHARE {number:<5} {100 + number:>5}   USD" for number in range(40)]
    text = "\n".join([head, *short, f"{'A LONGER NAME':<14}{7:>3}   USD"])
    read = lines(text)
    assert [line[0] for line in read] == [*(f"SHARE {number}" for number in range(40)), "A LONGER NAME"]
    assert sum(float(str(line[3])) for line in read) == sum(range(100, 140)) + 7


@pytest.mark.parametrize(
    "text",
    [
        "Dear client,\n\nplease find  the value  of your holdings enclosed.\n",
        "NAME        VALUE\n\nnothing below\n",
        "one column\nonly\n",
    ],
)
def test_prose_is_no_table(text: str) -> None:
    with pytest.raises(PortfolioError, match="no table of securities"):
        read_portfolio(text.encode(), name="letter.txt")
