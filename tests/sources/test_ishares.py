"""iShares layouts by country and year, each with the columns that it had."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from esgscan.errors import SourceError
from tests.sources.files import fund_of, kinds, names, read_text, weights

if TYPE_CHECKING:
    from pathlib import Path

PREAMBLE = (
    '\ufeffiShares MSCI Emerging Markets ETF\nFund Holdings as of,"Mar 31, 2020"\n'
    'Inception Date,"Apr 07, 2003"\n'
    'Shares Outstanding,"1,000.00"\nStock,"-"\nBond,"-"\nCash,"-"\nOther,"-"\n\u00a0\n'
)
DISCLAIMER = (
    '\u00a0\n"The content contained herein is owned or licensed\nby others and may not be reproduced.\n1620308"\n'
)
US_2020_03 = (
    "Ticker,Name,Asset Class,Weight (%),Price,Shares,Market Value,Notional Value,Sector,SEDOL,ISIN,Exchange,Location,"
    "Currency,Market Currency,FX Rate\n"
    '"002415","HANGZHOU HIKVISION DIGITAL TECHNOL","Equity","40.00","4.00","100.00","400.00","400.00","IT","BD5CPQ2",'
    '"CNE100000PM8","Shenzhen Stock Exchange","China","USD","CNY","7.1"\n'
    '"BABA","ALIBABA GROUP HOLDING ADR","Equity","60.50","201.6","3","605.00","605.00","IT","BP41ZD1","US01609W1027",'
    '"New York Stock Exchange Inc.","China","USD","USD","1.00"\n'
    '"USD","USD CASH","Cash","-0.50","100","-5","-5.00","-5.00","Cash","-","-","-","United States","USD","USD","1.00"\n'
    '"MESM0","MSCI EMER MKT INDEX (ICE) JUN 20","Futures","0.00","0","5","0.00","1,000.00","Cash","-","-","-","-",'
    '"USD","USD","1.00"\n'
)
US_2022 = (
    "Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Notional Value,Quantity,Price,Location,Exchange,Currency,"
    "FX Rate,Market Currency,Accrual Date\n"
    '"20","SENSETIME GROUP INC CLASS B","IT","Equity","400.00","40.00","400.00","100.00","4.00","China",'
    '"Hong Kong Exchanges And Clearing Ltd","USD","7.8","HKD","-"\n'
    '"002230","IFLYTEK LTD A","IT","Equity","600.00","60.00","600.00","1","1","China","Shenzhen Stock Exchange","USD",'
    '"7.1","CNY","-"\n'
)
CANADA = (
    "Ticker,Name,Weight (%),Sector,Location of Risk,Market Value,Shares,Price,ISIN,SEDOL,Exchange,Currency,"
    "Market Currency,FX Rate,Notional Value\n"
    '"002236","ZHEJIANG DAHUA TECHNOLOGY LTD A","25.0","IT","China","100.00","1","1","CNE100000BJ4","BD5CNJ1",'
    '"Shenzhen Stock Exchange","CAD","CNY","5","100.00"\n'
    '"2330","TAIWAN SEMICONDUCTOR MANUFACTURING","75.0","IT","Taiwan","300.00","1","1","TW0002330008","6889106",'
    '"Taiwan Stock Exchange","CAD","TWD","5","300.00"\n'
)


def test_us_file_of_march_2020_keeps_cash_futures_and_signs(tmp_path: Path) -> None:
    file = read_text(tmp_path, PREAMBLE + US_2020_03 + DISCLAIMER)
    # 400 + 605 - 5 + 0 = 1,000
    assert weights(file) == [0.4, 0.605, -0.005, 0.0]
    assert kinds(file) == ["equity", "depositary-receipt", "cash", "future"]
    assert list(file.holdings["currency"]) == ["CNY", "USD", "USD", "USD"]
    fund = fund_of(file)
    assert (fund["name"], fund["as_of"]) == ("iShares MSCI Emerging Markets ETF", date(2020, 3, 31))
    assert (fund["currency"], fund["denominator"]) == ("USD", "sum of the values in the file")


def test_us_file_since_2022_has_codes_and_no_other_identifiers(tmp_path: Path) -> None:
    file = read_text(tmp_path, PREAMBLE + US_2022 + DISCLAIMER)
    assert list(file.holdings["ticker"]) == ["20", "002230"]
    assert weights(file) == [0.4, 0.6]
    assert file.holdings["isin"].null_count() == 2


def test_a_file_whose_preamble_was_cut_off_takes_fund_and_day_from_the_user(tmp_path: Path) -> None:
    file = read_text(tmp_path, CANADA, fund="XEC@2021-01-29")
    assert weights(file) == [0.25, 0.75]
    assert (fund_of(file)["ticker"], fund_of(file)["as_of"]) == ("XEC", date(2021, 1, 29))
    assert fund_of(file)["currency"] == "CAD"
    assert list(file.holdings["currency"]) == ["CNY", "TWD"]


def test_fund_and_day_may_stand_in_the_file_s_name(tmp_path: Path) -> None:
    file = read_text(tmp_path, CANADA, name="XEC_holdings_2021-01-29.csv")
    assert (fund_of(file)["ticker"], fund_of(file)["as_of"]) == ("XEC", date(2021, 1, 29))
    assert any("from the file's name" in finding.what for finding in file.findings)


def test_a_file_that_says_no_day_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="of which day"):
        read_text(tmp_path, CANADA, fund="XEC")


def test_workbook_in_xml_gives_the_sheet_of_holdings(tmp_path: Path) -> None:
    header = ("Ticker", "Name", "Sector", "Asset Class", "Market Value", "Weight (%)", "Notional Value", "Shares")
    header += ("Price", "Location", "Exchange", "Currency", "FX Rate", "Market Currency")
    apple = ("AAPL", "AT&T & APPLE", "IT", "Equity", "1,000.50", "66.7", "1,000.50", "10", "100.05")
    dahua = ("002236", "ZHEJIANG DAHUA", "IT", "Equity", "499.50", "33.3", "499.5", "10", "49.95")
    rows = [
        ("11-May-2022",),
        ("iShares S&P Core ETF",),
        ("Inception Date", "Oct 18, 2012"),
        ("Fund Holdings as of", "10-May-2022"),
        ("Number of Securities", "2"),
        ("Shares Outstanding", "1,000"),
        (),
        header,
        (*apple, "United States", "NASDAQ", "USD", "1", "USD"),
        (*dahua, "China", "Shenzhen", "USD", "1", "CNY"),
    ]
    sheets = {"Disclaimers": [("S&P is a mark",)], "Holdings": rows, "Historical": [("As Of", "NAV")]}
    body = "".join(_sheet(title, lines) for title, lines in sheets.items())
    spaces = 'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    text = f'\ufeff\ufeff<?xml version="1.0"?>\n<ss:Workbook {spaces}>{body}</ss:Workbook>'
    file = read_text(tmp_path, text, name="fund.xls")
    assert names(file) == ["AT&T & APPLE", "ZHEJIANG DAHUA"]
    # 1,000.50 + 499.50 = 1,500
    assert weights(file) == [0.667, 0.333]
    assert (fund_of(file)["name"], fund_of(file)["as_of"]) == ("iShares S&P Core ETF", date(2022, 5, 10))


def _sheet(title: str, rows: list[tuple[str, ...]]) -> str:
    cell = '<ss:Cell><ss:Data ss:Type="String">{}</ss:Data></ss:Cell>'
    lines = "".join(f"<ss:Row>{''.join(map(cell.format, row))}</ss:Row>" for row in rows)
    return f'<ss:Worksheet ss:Name="{title}"><ss:Table>{lines}</ss:Table></ss:Worksheet>'
