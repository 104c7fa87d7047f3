"""Publishers with one layout each: what is particular to it, in a file of a few lines."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from esgscan.errors import SourceError
from tests.sources.files import fund_of, kinds, names, read_rows, read_text, said, weights

if TYPE_CHECKING:
    from pathlib import Path


def test_spdr_of_europe_reads_isin_day_and_base_values(tmp_path: Path) -> None:
    header = "ISIN,SEDOL,Security Name,Currency,Number of Shares,Percent of Fund,Trade Country Name,Local Price"
    rows: list[list[object]] = [
        ["Fund Name:", "SPDR MSCI Emerging Markets UCITS ETF"],
        ["ISIN:", "IE00B469F816"],
        ["Ticker Symbol:", "SPYM GY"],
        ["Holdings As Of:", "17-Jun-2026"],
        [],
        [*header.split(","), "Sector Classification", "Industry Classification", "Base Market Value"],
        ["TW0002330008", "6889106", "Taiwan Semiconductor", "TWD", 100, 60.0, "Taiwan", 1000, "IT", "-", 6000.0],
        ["CNE100000PM8", "BD5CPQ2", "Hangzhou Hikvision", "CNH", 100, 40.1, "China", 30, "IT", "-", 4010.0],
        ["Unassigned", "Unassigned", "CNY:HKD 20250930", "HKD", -100, -0.2, "-", 1, "-", "-", -20.0],
        ["Unassigned", "Unassigned", "US DOLLAR", "USD", 10, "-", "-", 1, "-", "-", 10.0],
        [],
        ["This document is provided for information and is no offer to buy or sell anything at all."],
    ]
    file = read_rows(tmp_path, rows)
    # 6,000 + 4,010 - 20 + 10 = 10,000
    assert weights(file) == [0.6, 0.401, -0.002, 0.001]
    assert kinds(file)[2:] == ["forward", "cash"]
    assert file.holdings["isin"].null_count() == 2
    assert (fund_of(file)["isin"], fund_of(file)["as_of"]) == ("IE00B469F816", date(2026, 6, 17))


def test_a_bond_workbook_of_spdr_is_known_by_its_labels(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Fund Name:", "SPDR Example Bond ETF"],
        ["Ticker Symbol:", "XBND"],
        ["Holdings:", "As of 30-Aug-2024"],
        [],
        ["Name", "Identifier", "Weight", "Coupon", "Maturity Date", "Par Value"],
        ["US TREASURY N/B 4.25 11/15/2034", "91282CLW9", 60.0, 4.25, "11/15/2034", 1000],
        ["US TREASURY N/B 4.00 02/15/2034", "91282CJZ5", 40.0, 4.0, "02/15/2034", 1000],
    ]
    file = read_rows(tmp_path, rows)
    assert weights(file) == [0.6, 0.4]
    assert (fund_of(file)["ticker"], fund_of(file)["as_of"]) == ("XBND", date(2024, 8, 30))


def test_spdr_of_australia_does_not_value_lines_by_prices_in_other_currencies(tmp_path: Path) -> None:
    text = (
        "ISIN,SEDOL,Ticker,Name,Local Currency,Number of Shares,Weight (%),Trade Country Name,Local Price\n"
        "JP3633400001,6900643,7203 JP,Toyota Motor,JPY,100,75.000000,Japan,3000\n"
        "AU000000BHP4,6144690,BHP AU,Bhp Group Ltd,AUD,100,25.000000,Australia,45\n"
    )
    file = read_text(tmp_path, text, fund="WXOZ@2024-04-30")
    assert weights(file) == [0.75, 0.25]
    assert fund_of(file)["total_market_value"] is None


def test_invesco_has_fund_and_day_on_each_line(tmp_path: Path) -> None:
    text = (
        "Fund Ticker,Security Identifier,Holding Ticker,Shares/Par Value,MarketValue,Weight,Name,Class of Shares,"
        "Sector,Date\r\n"
        'QQQ,594918104,MSFT ,"74","1,500.00",75.000,Microsoft Corp,Common Stock,IT,01/13/2023\r\n'
        'QQQ,037833100,AAPL ,"12","500.00",25.000,Apple Inc,Common Stock,IT,01/13/2023\r\n'
        'PGJ,01609W102,BABA ,"12","100.00",100.000,Alibaba Group,ADR,IT,02/01/2023\r\n'
    )
    file = read_text(tmp_path, text)
    assert list(zip(file.funds["ticker"], file.funds["as_of"], strict=True)) == [
        ("QQQ", date(2023, 1, 13)),
        ("PGJ", date(2023, 2, 1)),
    ]
    assert weights(file) == [0.75, 0.25, 1.0]
    assert list(file.holdings["ticker"]) == ["MSFT", "AAPL", "BABA"]
    assert list(file.holdings["cusip"]) == ["594918104", "037833100", "01609W102"]


def test_a_file_of_two_funds_is_not_given_one_name(tmp_path: Path) -> None:
    text = (
        "Fund Ticker,Security Identifier,Holding Ticker,MarketValue,Weight,Name,Date\n"
        "QQQ,037833100,AAPL,500.00,100,Apple Inc,01/13/2023\nPGJ,01609W102,BABA,100.00,100,Alibaba,01/13/2023\n"
    )
    assert read_text(tmp_path, text).funds.height == 2
    with pytest.raises(SourceError, match="more than one list, and none is of 'SPY': it has those of PGJ, QQQ"):
        read_text(tmp_path, text, fund="SPY")
    own = read_text(tmp_path, text, fund="pgj")
    assert (list(own.funds["fund_id"]), names(own)) == (["PGJ"], ["Alibaba"])
    assert "only that of 'pgj' was taken" in said(own)


def test_schwab_has_figis_and_markets(tmp_path: Path) -> None:
    text = (
        "As-Of-Date,Symbol,Quantity,Percent of Assets,Name,BBG FIGI,Country,Currency,Exchange,Exchange (fx) Rate,"
        "Market Currency,Sector\n"
        "2024-05-31,2330,100.0000000000,60.0,Taiwan Semiconductor,BBG000BD8ZK0,TW,USD,XTAI,32,TWD,IT\n"
        "2024-05-31,002236,100.0000000000,40.2,Zhejiang Dahua Technology,BBG000PDT8S4,CN,USD,XSHE,7,CNY,IT\n"
        "2024-05-31,,1.0,-0.2,US DOLLAR,,US,USD,,1,USD,Cash\n"
    )
    file = read_text(tmp_path, text, fund="SCHE")
    assert weights(file) == [0.6, 0.402, -0.002]
    assert list(file.holdings["exchange"])[:2] == ["XTAI", "XSHE"]
    assert list(file.holdings["currency"])[:2] == ["TWD", "CNY"]
    assert fund_of(file)["as_of"] == date(2024, 5, 31)


def test_satrix_prints_fractions_and_the_company_s_market_cap(tmp_path: Path) -> None:
    text = (
        "Last Updated:,27/8/2021\n\nCODE,SHARE NAME,INDUSTRY,SHARES *,WEIGHT,MARKET CAP,CLOSING\n"
        'NPN,NASPERS,Tech,100,0.6,"1,000,000,000",2500\nPRX,PROSUS,Tech,100,0.4,"9,000,000,000",1500\n'
    )
    file = read_text(tmp_path, text, fund="STX40")
    assert weights(file) == [0.6, 0.4]
    assert fund_of(file)["as_of"] == date(2021, 8, 27)


def test_nbim_takes_kroner_and_the_last_day_of_the_year_in_the_name(tmp_path: Path) -> None:
    text = (
        "Region,Country,Name,Industry,Market Value(NOK),Market Value(USD),Voting,Ownership,Incorporation Country\n"
        "Asia,China,Hangzhou Hikvision Digital Technology Co Ltd,Technology,250,33,0.05,0.05,China\n"
        "Oceania,Australia,AGL Energy Ltd,Utilities,750,100,0.61,0.61,Australia\n"
    )
    file = read_text(tmp_path, text, name="EQ_2014_Country.csv")
    assert weights(file) == [0.25, 0.75]
    assert kinds(file) == ["equity", "equity"]
    assert fund_of(file)["as_of"] == date(2014, 12, 31)
    assert "the last of 2014" in said(file)
    assert fund_of(read_text(tmp_path, text, fund="NBIM@2015-06-30"))["as_of"] == date(2015, 6, 30)


def test_a_layout_that_no_reader_knows_is_read_as_a_plain_list(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Xtrackers MSCI Emerging Markets UCITS ETF 1C"],
        [],
        ["", "Name", "ISIN", "Country", "Currency", "Exchange", "Type of Security", "Weighting"],
        [1, "TAIWAN SEMICONDUCTOR", "TW0002330008", "Taiwan", "TWD", "Taiwan", "Equity", 0.6],
        [2, "ZHEJIANG DAHUA A", "CNE100000BJ4", "China", "CNY", "Shenzhen", "Equity", 0.39],
        [3, "US DOLLAR", "_CURRENCYUSD", "-", "USD", "-", "Cash", 0.01],
    ]
    file = read_rows(tmp_path, rows, fund="IE00BTJRMP35@2026-05-29")
    assert weights(file) == [0.6, 0.39, 0.01]
    with pytest.raises(SourceError, match="of which day"):
        read_rows(tmp_path, rows, fund="IE00BTJRMP35")
    dated = read_rows(tmp_path, [["As of 29-May-2026"], *rows], fund="IE00BTJRMP35")
    assert fund_of(dated)["as_of"] == date(2026, 5, 29)
    assert kinds(file)[-1] == "cash"


def amundi(method: str, items: list[dict[str, Any]], total: int) -> str:
    composition = {
        "totalNumberOfInstruments": total,
        "compositionData": [{"compositionCharacteristics": item, "weight": item["weight"]} for item in items],
    }
    facts = {"ISIN": "LU1681045370", "SHARE_MARKETING_NAME": "Amundi MSCI EM", "FUND_REPLICATION_METHODOLOGY": method}
    product = {"productId": "LU1681045370", "characteristics": facts, "composition": composition}
    return json.dumps({"products": [product]})


ITEM = {"date": "2026-06-22", "name": "NVIDIA CORP", "weight": 1.0, "type": "EQUITY_ORDINARY", "isin": "US67066G1040"}


def test_amundi_lists_the_shares_of_a_fund_that_holds_them(tmp_path: Path) -> None:
    file = read_text(tmp_path, amundi("Direct(Physical)", [ITEM], 1), name="fund.json")
    assert names(file) == ["NVIDIA CORP"]
    assert kinds(file) == ["equity"]
    assert file.findings == ()


def test_amundi_lists_the_collateral_of_a_fund_that_holds_a_swap(tmp_path: Path) -> None:
    file = read_text(tmp_path, amundi("Indirect(Swap Based)", [ITEM], 1), name="fund.json")
    assert kinds(file) == ["not-listed"]
    assert weights(file) == [1.0]
    assert fund_of(file)["share_published"] == 0.0
    assert "collateral" in said(file)


def test_a_fund_whose_name_says_swap_is_uncovered_whoever_publishes_it(tmp_path: Path) -> None:
    text = (
        "fund,fund_isin,as_of,name,isin,market_value\n"
        "Xtrackers MSCI Emerging Markets Swap UCITS ETF 1C,LU0292107645,2026-05-31,Apple Inc,US0378331005,100\n"
    )
    file = read_text(tmp_path, text)
    assert kinds(file) == ["not-listed"]
    assert "follows its index by a swap" in said(file)


@pytest.mark.parametrize(("scale", "name"), [(1.0, "fractions.json"), (100.0, "percent.json")])
def test_a_vendor_s_list_may_print_percent_or_fractions(tmp_path: Path, scale: float, name: str) -> None:
    lines = [
        {"symbol": "2330", "name": "Taiwan Semiconductor", "weight": 0.13 * scale},
        {"symbol": "CASH FUND OF SOMEBODY", "name": "Cash Fund of Somebody", "weight": 0.01 * scale},
    ]
    content = {"symbol": "AAXJ", "name": "iShares Asia", "last_updated": "2025-12-04T17:36:34Z", "holdings": lines}
    file = read_text(tmp_path, json.dumps(content), name=name)
    assert weights(file) == [0.13, 0.01, 0.86]
    assert list(file.holdings["ticker"])[:2] == ["2330", None]
    assert "2 largest holdings" in said(file)


def test_a_matrix_is_a_list_for_each_day_and_of_a_repeated_day_the_last_counts(tmp_path: Path) -> None:
    codes = ["600519.SS", "002230.SZ", "002236.SZ", "300750.SZ", "000858.SZ", "600036.SS", "601318.SS"]
    rows = [",".join(["", *codes]), "07/09/2021,6.0,0.33,0.0,1,1,1,1", "12/02/2021,5,0,0.14,1,1,1,1"]
    file = read_text(tmp_path, "\n".join([*rows, "12/02/2021,5,0,0.16,1,1,1,1"]), fund="KBA")
    assert sorted(file.funds["as_of"]) == [date(2021, 7, 9), date(2021, 12, 2)]
    dahua = file.holdings.filter(file.holdings["ticker"] == "002236.SZ")
    assert list(dahua["holding_weight"]) == pytest.approx([0.0016])
    assert "repeat a day" in said(file)


@pytest.mark.parametrize(
    "written", ["31.03.2026", "03/31/2026", "31/03/2026", "31-Mar-2026", "31. März 2026", "20260331"]
)
def test_the_days_of_a_plain_table_are_read_in_the_ways_people_write_them(tmp_path: Path, written: str) -> None:
    text = f"fund,as_of,name,isin,value\nA Fund,{written},Hikvision,CNE100000PM8,1\nA Fund,{written},Apple,,3\n"
    file = read_text(tmp_path, text)
    assert fund_of(file)["as_of"] == date(2026, 3, 31)
    assert weights(file) == [0.25, 0.75]


@pytest.mark.parametrize("header", ["Valuation Date", "Portfolio date", "report date", "Reporting Date"])
def test_the_column_of_days_of_a_plain_table_has_many_names(tmp_path: Path, header: str) -> None:
    lines = "LU0322253906,20/11/2026,TSMC,TW0002330008,95\nLU0322253906,20/11/2026,Hikvision,CNE100000PM8,5\n"
    file = read_text(tmp_path, f"Fund ISIN,{header},Instrument Name,Instrument ISIN,NAV %\n{lines}")
    assert (fund_of(file)["isin"], fund_of(file)["as_of"]) == ("LU0322253906", date(2026, 11, 20))
    assert weights(file) == [0.95, 0.05]


def test_a_day_whose_month_nobody_can_tell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read_text(tmp_path, "fund,as_of,name,value\nA Fund,05/06/2026,Hikvision,1\n")
    assert caught.value.what == "Cannot tell day and month of '05/06/2026' apart."
    assert caught.value.mend.startswith("write it as 2026-05-31, or say the day")


@pytest.mark.parametrize("written", ["1'000.50", "1.000,50", "1 000,50", "1000.5"])
def test_the_total_of_a_plain_table_is_read_as_its_country_writes_it(tmp_path: Path, written: str) -> None:
    text = f"fund;as_of;name;isin;value;fund_total\nA Fund;2026-03-31;Hikvision;CNE100000PM8;100,05;{written}\n"
    # 100.05 of 1,000.50
    assert read_text(tmp_path, text).holdings["holding_weight"][0] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("header", "day"),
    [
        (
            "ID,Name,ISIN,Country,Currency,Exchange,Type of Security,Rating,Industry Classification,Weighting",
            "31.03.2026",
        ),
        (",Name,ISIN,Land,Währung,Börse,Wertpapierart,Rating,Branche,Gewichtung", "31. März 2026"),
    ],
)
def test_xtrackers_reads_fund_isin_and_day_above_the_table(tmp_path: Path, header: str, day: str) -> None:
    # The columns are those of the export behind etf.dws.com/etfdata/export/GBR/ENG/excel/product/constituent
    rows: list[list[object]] = [
        ["Xtrackers MSCI Emerging Markets UCITS ETF 1C"],
        ["ISIN: IE00BTJRMP35"],
        [day],
        header.split(","),
        [1, "Taiwan Semiconductor", "TW0002330008", "Taiwan", "TWD", "-", "Equities", "-", "IT", 0.9],
        [2, "Hangzhou Hikvision", "CNE100000PM8", "China", "CNY", "-", "Equities", "-", "IT", 0.09],
        [3, "EUR/USD", "-", "-", "EUR", "-", "Cash", "-", "-", 0.01],
    ]
    file = read_rows(tmp_path, rows)
    assert weights(file) == pytest.approx([0.9, 0.09, 0.01])
    assert (fund_of(file)["isin"], fund_of(file)["as_of"]) == ("IE00BTJRMP35", date(2026, 3, 31))
    assert fund_of(file)["name"] == "Xtrackers MSCI Emerging Markets UCITS ETF 1C"


def test_xtrackers_without_fund_or_day_says_how_to_give_them(tmp_path: Path) -> None:
    header = ["Name", "ISIN", "Country", "Type of Security", "Weighting"]
    rows: list[list[object]] = [header, ["Apple", "US0378331005", "United States", "Equities", 1.0]]
    with pytest.raises(SourceError) as caught:
        read_rows(tmp_path, rows)
    assert "--holdings FUND@2026-05-31=" in caught.value.mend


def test_vanguard_of_the_uk_has_countries_in_its_column_of_regions(tmp_path: Path) -> None:
    header = "Ticker,Holding name,% of market value,Sector,Region,Market value,Shares\n"
    lines = '2330,TSMC,75%,IT,TW,"US$3,000.00",1\n002415,Hikvision,25%,IT,CN,"US$1,000.00",1\n'
    file = read_text(tmp_path, header + lines, fund="VWRA@2026-03-31")
    assert file.holdings["country"].to_list() == ["TW", "CN"]
    named = header + lines.replace(",TW,", ",Asia,").replace(",CN,", ",Asia,")
    assert read_text(tmp_path, named, fund="VWRA@2026-03-31").holdings["country"].to_list() == [None, None]
