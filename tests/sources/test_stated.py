"""Lists in layouts that nobody knows: what they say themselves of their fund and day, in invented figures."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest
from openpyxl import Workbook

from esgscan.errors import SourceError
from esgscan.sources.holdings import read_holdings
from tests.sources.files import fund_of, kinds, names, read_rows, read_text, said, weights

if TYPE_CHECKING:
    from pathlib import Path

GLOBAL_X = "% of Net Assets,Ticker,Name,SEDOL,Market Price ($),Shares Held,Market Value ($)\n"
LINES = '95.00,700 HK,TENCENT,BMMV2K8,1,"9,500","9,500.00"\n5.00,002415 C2,HIKVISION-A,BD5CPQ2,5,100,500.00\n'
NAMED = "Name,ISIN,Weight\n"
TWO = "Taiwan Semiconductor,TW0002330008,0.95\nHikvision,CNE100000PM8,0.05\n"


def test_an_american_list_names_its_fund_and_writes_the_month_first(tmp_path: Path) -> None:
    head = "Global X Example China ETF\nFund Holdings Data as of 06/12/2026\n"
    file = read_text(tmp_path, head + GLOBAL_X + LINES)
    assert (fund_of(file)["name"], fund_of(file)["as_of"]) == ("Global X Example China ETF", date(2026, 6, 12))
    assert weights(file) == [0.95, 0.05]  # 9,500 and 500 of 10,000


def test_name_and_day_may_stand_in_one_cell(tmp_path: Path) -> None:
    head = "Global X Example ETF | Fund Holdings Data as of 07/02/2026\n"
    file = read_text(tmp_path, head + GLOBAL_X + LINES)
    assert (fund_of(file)["name"], fund_of(file)["as_of"]) == ("Global X Example ETF", date(2026, 7, 2))


def test_labels_without_a_mark_before_what_they_name_are_read(tmp_path: Path) -> None:
    text = (
        "sep=,\nBasket NameExample Dividends UCITS ETF - Dist\nETF Trading IDIE0005AJA0P1\n"
        "Basket Trade Date2026-09-07\nSecurity Description,ISIN,Trading Currency,Constituent Weight (Base)\n"
        "Jyske Bank,DK0010307958,DKK,0.9\nHikvision A,CNE100000PM8,CNH,0.05\n"
        '\nCash Component is a balancing number.  Formula = "1 minus the sum of constituent weights"\n'
    )
    file = read_text(tmp_path, text)
    assert (fund_of(file)["isin"], fund_of(file)["as_of"]) == ("IE0005AJA0P1", date(2026, 9, 7))
    assert fund_of(file)["name"] == "Example Dividends UCITS ETF - Dist"
    assert weights(file) == [0.9, 0.05, 0.05]  # what is left of one is uncovered
    assert kinds(file)[2] == "not-listed"


@pytest.mark.parametrize(
    ("above", "day"),
    [
        ("Details zu den Beständen per 31. Mai 2026", date(2026, 5, 31)),
        ("Portfolio as on Oct 31,2026", date(2026, 10, 31)),
        ("As of Date: 20-Nov-26", date(2026, 11, 20)),
        ("Holdings as at 30 Jun 2026", date(2026, 6, 30)),
        ("As of Date: 2026-06-11", date(2026, 6, 11)),
        ("Stand 19.06.2026", date(2026, 6, 19)),
        ("Period,31/03/2026", date(2026, 3, 31)),
        ("截至2026年6月30日", date(2026, 6, 30)),
    ],
)
def test_the_day_is_read_as_publishers_write_it(tmp_path: Path, above: str, day: date) -> None:
    downloaded = "Diese Datei wurde am 21. Juni 2026 heruntergeladen\nInception Date,01/02/2010\n"
    file = read_text(tmp_path, f"{downloaded}{above}\n\n{NAMED}{TWO}", fund="IE00BKX55T58")
    assert fund_of(file)["as_of"] == day


@pytest.mark.parametrize(
    "above",
    [
        "Generated on 5 October 2026",
        "Exported: 2026-10-05",
        "Performance since 1 January 2020",
        "NAV per share as of 29 September 2026: 12.30\nPortfolio 30 September 2026",
    ],
)
def test_a_day_of_something_else_is_not_that_of_the_holdings(tmp_path: Path, above: str) -> None:
    with pytest.raises(SourceError, match="does not say of which day"):
        read_text(tmp_path, f"{above}\n{NAMED}{TWO}", fund="EXAF")


@pytest.mark.parametrize(
    "above",
    [
        "Benchmark: iShares Core MSCI EM IMI UCITS ETF (IE00BKM4GZ66)\nExample Asia ETF",
        "Example Asia ETF\nUSD",
        "FUND Holdings\nExample Asia ETF",
    ],
)
def test_a_benchmark_a_currency_and_a_heading_are_no_fund(tmp_path: Path, above: str) -> None:
    fund = fund_of(read_text(tmp_path, f"{above}\nAs of 30 September 2026\n{NAMED}{TWO}"))
    assert (fund["name"], fund["isin"], fund["ticker"]) == ("Example Asia ETF", None, None)


def test_two_days_that_may_both_be_meant_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as error:
        read_text(tmp_path, f"2026-05-31\n2026-06-30\n{NAMED}{TWO}", fund="EXAF")
    assert "does not say of which day" in error.value.what


def test_a_day_that_may_be_two_is_told_by_the_user_or_by_the_name_of_the_file(tmp_path: Path) -> None:
    text = f"Holdings as of 06/12/2026\n{NAMED}{TWO}"
    with pytest.raises(SourceError) as error:
        read_text(tmp_path, text, fund="EXAF")
    assert error.value.what == "Cannot tell day and month of '06/12/2026' apart."
    assert fund_of(read_text(tmp_path, text, fund="EXAF@2026-12-06"))["as_of"] == date(2026, 12, 6)
    assert fund_of(read_text(tmp_path, text, fund="EXAF@2026-06-12"))["as_of"] == date(2026, 6, 12)
    named = read_text(tmp_path, text, fund="EXAF", name="full-holdings_20260612.csv")
    assert fund_of(named)["as_of"] == date(2026, 6, 12)


def test_a_ticker_stands_below_the_name_or_before_the_word_holdings(tmp_path: Path) -> None:
    below = read_text(tmp_path, f"Example Bull Fund\nEXBF\nHoldings as of 2026-06-12\n{NAMED}{TWO}")
    assert (fund_of(below)["name"], fund_of(below)["ticker"]) == ("Example Bull Fund", "EXBF")
    head = '"EXWB Holdings","As of 2026-06-11","Holdings Are Subject To Change"\n'
    table = (
        'Rank,"Company Name","% of Net Assets",Ticker,Identifier,"Shares Held","Market Value($)"\n'
        '1,TENCENT,96.00,700,KYG875721634,"9,923","9,600"\n2,HIKVISION,4.00,002415,CNE100000PM8,"5,297",400\n'
    )
    before = read_text(tmp_path, head + table)
    assert (fund_of(before)["ticker"], weights(before)) == ("EXWB", [0.96, 0.04])


@pytest.mark.parametrize("title", ["Fund Positions as of,2026-06-12", "Full Fund Holdings\n2026-06-12"])
def test_a_label_and_a_heading_are_no_name_of_a_fund(tmp_path: Path, title: str) -> None:
    with pytest.raises(SourceError) as error:
        read_text(tmp_path, f"{title}\n{NAMED}{TWO}")
    assert "of which fund" in error.value.what


@pytest.mark.parametrize(
    "label",
    [
        "Fondnamn,",
        "ファンド名：",
        "Nom du fonds : ",
        "Nome do fundo,",
        "Fund: ",
        "基金名称,",
        "Scheme Name: ",
        "펀드명,",
    ],
)
def test_the_name_of_a_fund_has_a_label_in_many_languages(tmp_path: Path, label: str) -> None:
    file = read_text(tmp_path, f"{label}Example Asia Select\n2026-10-31\n\n{NAMED}{TWO}")
    assert (fund_of(file)["name"], fund_of(file)["as_of"]) == ("Example Asia Select", date(2026, 10, 31))
    assert weights(file) == [0.95, 0.05]


def test_what_was_read_beside_a_table_of_an_unknown_layout_is_told(tmp_path: Path) -> None:
    text = f"Example Asia Fund\nas of 2026-06-12\n{NAMED}{TWO}"
    told = "The layout is not known; the fund 'Example Asia Fund' and the day 2026-06-12 stand beside the table."
    assert said(read_text(tmp_path, text)) == told
    assert "the day 2026-06-12 stands beside" in said(read_text(tmp_path, text, fund="EXAF"))
    assert said(read_text(tmp_path, f"{NAMED}{TWO}", fund="EXAF@2026-06-12")) == ""


def test_fund_and_day_may_stand_on_the_first_line_alone(tmp_path: Path) -> None:
    text = (
        "Date,Account Symbol,Stock Ticker,Security Number,Security Description, Shares/Par (Full) , Price (Base) ,"
        " Traded Market Value (Base) ,Portfolio Weight %,Asset Group\n"
        '6/11/2026,EXCA,TRLV,TRLVCAN,TRULIEVE CANNABIS SWAP," 27,456.00 ",11.55," 7,000.00 ",70.00%,TW\n'
        ',,CURLD,CURLFCAN,CURALEAF HOLDINGS INC," 27,740.67 ",10.43," 4,000.00 ",40.00%,FS\n'
        ',,,,CASH,"-1,000.00",100,"-1,000.00",-10.00%,CA\n'
    )
    file = read_text(tmp_path, text)
    assert (fund_of(file)["ticker"], fund_of(file)["as_of"]) == ("EXCA", date(2026, 6, 11))
    assert weights(file) == [0.7, 0.4, -0.1]  # 7,000 + 4,000 - 1,000 = 10,000
    assert kinds(file) == ["swap", "unknown", "cash"]


ADMINISTRATOR = (
    "Date,Account,StockTicker,CUSIP,SecurityName,Shares,Price,MarketValue,Weightings,NetAssets,SharesOutstanding,"
    "CreationUnits,MoneyMarketFlag\n"
)


def test_the_list_of_an_administrator_holds_many_funds_and_their_net_assets(tmp_path: Path) -> None:
    text = ADMINISTRATOR + (
        '06/12/2026,EXA,AAPL,037833100,APPLE INC,1,1,"$800.00",40.00%,"$2,000.00",1,1,\n'
        '06/12/2026,EXB,MSFT,594918104,MICROSOFT,1,1,"$900.00",90.00%,"$1,000.00",1,1,\n'
        '06/12/2026,EXB,Cash&Other,Cash&Other,Cash & Other,1,1,"$100.00",10.00%,"$1,000.00",1,1,Y\n'
    )
    file = read_text(tmp_path, text)
    assert dict(zip(file.funds["ticker"], file.funds["total_market_value"], strict=True)) == {"EXA": 2000, "EXB": 1000}
    # 800 of 2,000, and 1,200 that the list leaves out; 900 and 100 of 1,000
    assert weights(file) == [0.4, 0.6, 0.9, 0.1]
    assert "the month first: the list has CUSIPs" in said(file)


def test_a_day_counted_as_a_workbook_counts_is_read_from_text(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Date", "Holding Name", "Asset Class", "Ticker", "SEDOL", "Shares", "Holding Value", "Weight"],
        ["46185", "Astera Labs", "Equity", "ALAB", "BMTQ7V2", "1", "900.0", "90.0"],
        ["46185", "SenseTime Group", "Equity", "20 HK", "BNTD4S5", "1", "100.0", "10.0"],
    ]
    file = read_rows(tmp_path, rows, fund="EXIP")
    # 46,185 days after 30 December 1899
    assert (fund_of(file)["as_of"], weights(file)) == (date(2026, 6, 12), [0.9, 0.1])


def test_a_fund_in_a_column_goes_with_a_day_above_the_table(tmp_path: Path) -> None:
    text = (
        "PROSHARES\nDAILY HOLDINGS,,,\nAS OF 06/12/2026,,,\n\n"
        "Fund Ticker,Fund Name,Security Ticker,Sedol,Description,Coupon,Maturity,Shares,Exposure Value,Market Value\n"
        "EXSO,Example Ultra,NVDA,2379504,NVIDIA CORP,,,100,,6000.00\n"
        "EXSO,Example Ultra,,,S&P 500 INDEX SWAP GOLDMAN,,,4,14000.00,\n"
        "EXSO,Example Ultra,,,NET OTHER ASSETS (LIABILITIES),,,4000,,4000.00\n"
    )
    file = read_text(tmp_path, text)
    assert (fund_of(file)["ticker"], fund_of(file)["as_of"]) == ("EXSO", date(2026, 6, 12))
    assert (weights(file), kinds(file)) == ([0.6, 0.0, 0.4], ["unknown", "swap", "cash"])


def test_a_web_page_tells_the_day_beside_its_table(tmp_path: Path) -> None:
    page = (
        "<html><head><title>2019 and later</title></head><body><script>var year = 2020;</script>"
        "<span>(as of 06/15/2026)</span><table><tr><th>Ticker</th><th>Name</th><th>CUSIP</th><th>Market Value</th>"
        "</tr><tr><td>DAL</td><td>Delta Air Lines</td><td>247361702</td><td>$750</td></tr>"
        "<tr><td>696 HK</td><td>TravelSky</td><td>Y8972V101</td><td>$250</td></tr></table></body></html>"
    )
    file = read_text(tmp_path, page, fund="EXJT", name="page.html")
    assert (fund_of(file)["as_of"], weights(file)) == (date(2026, 6, 15), [0.75, 0.25])


def test_a_german_list_of_ishares_is_known_by_its_words(tmp_path: Path) -> None:
    table = (
        "Emittententicker,Name,Sektor,Anlageklasse,Marktwert,Gewichtung (%),Nominalwert,Nominale,Kurs,Standort,Börse,"
        "Marktwährung\n"
        '"2330","TSMC","IT","Aktien","8.500.000","85,00","8.500.000","1","80,00","Taiwan","Taiwan Stock Exchange",'
        '"TWD"\n'
        '"002415","HIKVISION LTD A","IT","Aktien","1.500.000","15,00","1.500.000","1","15,00","China",'
        '"Shenzhen Stock Exchange","CNY"\n\u00a0\n'
    )
    for head, name in (
        ('Fondsposition per,"19.Juni2026"\n\u00a0\n', ""),
        ('iShares Example UCITS ETF\nFondspositionen per,"19.06.2026"\n\n', "iShares Example UCITS ETF"),
        ('Fondsname,iShares Example 600\nPositionen zum,"19.Jun.2026"\n\n', "iShares Example 600"),
        ("Fondsposition per 19.Jun2026\n\n", ""),
    ):
        file = read_text(tmp_path, head + table, name="EUNM_holdings.csv")
        assert (fund_of(file)["publisher"], fund_of(file)["as_of"]) == ("iShares", date(2026, 6, 19))
        assert fund_of(file)["name"] == (name or None)
        assert weights(file) == [0.85, 0.15]
        assert list(file.holdings["ticker"]) == ["2330", "002415"]
        assert list(file.holdings["country"]) == ["Taiwan", "China"]
        assert list(file.holdings["exchange"]) == ["Taiwan Stock Exchange", "Shenzhen Stock Exchange"]


@pytest.mark.parametrize(
    ("label", "header"),
    [
        (
            "Positions du fonds au",
            "Ticker de l'émetteur,Nom,Classe d'actifs,Valeur de marché,Pondération (%),Valeur notionnelle,Nominal,"
            "Cours,Emplacement,Bourse,Devise du marché",
        ),
        (
            "Titoli in portafoglio al",
            "Ticker dell'emittente,Nome,Asset Class,Valore di mercato,Ponderazione (%),Valore nozionale,Nominale,"
            "Prezzo,Area geografica,Cambio,Valuta di mercato",
        ),
        (
            "Posiciones del fondo a",
            "Ticker del emisor,Nombre,Clase de activo,Valor de mercado,Peso (%),Valor nocional,Nominal,Precio,"
            "Ubicación,Bolsa,Divisa de mercado",
        ),
        (
            "Fondsposities per",
            "Ticker,Naam,Beleggingscategorie,Marktwaarde,Weging (%),Notionele waarde,Nominaal,Koers,Locatie,Beurs,"
            "Marktvaluta",
        ),
    ],
)
def test_a_list_with_the_words_of_another_country_keeps_codes_and_witnesses(
    tmp_path: Path, label: str, header: str
) -> None:
    text = (
        f'{label},"19.06.2026"\n\n{header}\n'
        '"2330","TSMC","-","8.500.000,00","85,00","8.500.000,00","1","80,00","Taiwan","Taiwan Stock Exchange","TWD"\n'
        '"002415","HIKVISION","-","1.500.000,00","15,00","1.500.000,00","1","15,00","China","Shenzhen Stock Exchange",'
        '"CNY"\n'
    )
    file = read_text(tmp_path, text, fund="IEEM")
    assert (fund_of(file)["as_of"], weights(file)) == (date(2026, 6, 19), [0.85, 0.15])
    columns = ("ticker", "country", "exchange", "currency")
    assert file.holdings.select(columns).rows()[1] == ("002415", "China", "Shenzhen Stock Exchange", "CNY")


def test_prices_in_several_currencies_give_no_weights(tmp_path: Path) -> None:
    text = "Name,ISIN,Currency,Shares,Price\nToyota,JP3633400001,JPY,10,2500\nAlbemarle,US0126531013,USD,1,100\n"
    with pytest.raises(SourceError) as error:
        read_text(tmp_path, text, fund="EXAF@2026-06-12")
    assert error.value.what == "The list has quantities and prices in JPY, USD, and no values or weights."


def test_one_table_of_a_data_set_is_not_the_list_of_one_fund(tmp_path: Path) -> None:
    text = "ACCESSION_NUMBER\tNAMEOFISSUER\tCUSIP\tVALUE\n1\tAPPLE\t037833100\t1\n2\tAPPLE\t037833100\t2\n"
    with pytest.raises(SourceError) as error:
        read_text(tmp_path, text, fund="EXAF@2025-06-30", name="INFOTABLE.tsv")
    assert "one table of a data set" in error.value.what


def test_formulas_of_one_constant_are_that_constant(tmp_path: Path) -> None:
    text = (
        '"Fund Name:","Example International ETF"\n"Holdings:","2026-06-12"\n\n"Ticker","ISIN","Name","Market Value"\n'
        '"=""ASML""","=""NL0010273215""","ASML Holding","=DOLLAR(9000.00)"\n'
        '"=""002236""","=""CNE100000BJ4""","Zhejiang Dahua","=DOLLAR(1000.00)"\n'
    )
    file = read_text(tmp_path, text)
    assert list(file.holdings["isin"]) == ["NL0010273215", "CNE100000BJ4"]
    assert list(file.holdings["ticker"]) == ["ASML", "002236"]
    assert (weights(file), names(file)[1]) == ([0.9, 0.1], "Zhejiang Dahua")


def test_xml_that_was_saved_as_utf_16_is_read(tmp_path: Path) -> None:
    filing = (
        '<?xml version="1.0" encoding="UTF-16"?><edgarSubmission xmlns="http://www.sec.gov/edgar/nport"><formData>'
        "<genInfo><seriesName>Example</seriesName><repPdDate>2026-06-30</repPdDate></genInfo><fundInfo>"
        "<netAssets>100</netAssets></fundInfo><invstOrSecs><invstOrSec><name>Acme</name><valUSD>100</valUSD>"
        "</invstOrSec></invstOrSecs></formData></edgarSubmission>"
    )
    for name, text in (("a.xml", filing), ("b.xml", filing.replace(' xmlns="http://www.sec.gov/edgar/nport"', ""))):
        (tmp_path / name).write_bytes(text.encode("utf-16"))
        assert weights(read_holdings(str(tmp_path / name))) == [1.0]


def test_a_fund_of_asia_is_named_by_its_figures(tmp_path: Path) -> None:
    header = "序号,股票代码,股票名称,占净值比例,持股数,持仓市值\n"
    text = header + "1,600519,贵州茅台,9.50,10,950\n2,002415,海康威视,5.00,9,500\n"
    file = read_text(tmp_path, text, fund="510300@2026-06-30")
    assert (fund_of(file)["ticker"], fund_of(file)["name"]) == ("510300", None)
    assert weights(file) == [0.095, 0.05, 0.855]  # 950 and 500 of a fund of 10,000, by the printed weights
    assert kinds(file)[2] == "not-listed"


def test_a_list_deep_in_the_answer_of_a_page_is_found(tmp_path: Path) -> None:
    lines = [
        {
            "calendar": {"date": "2026-09-28T00:00:00.000Z"},
            "securityName": "Softbank",
            "marketValue": 800,
            "weight": 0.8,
        },
        {"calendar": {"date": "2026-09-28T00:00:00.000Z"}, "securityName": "Dahua", "marketValue": 200, "weight": 0.2},
    ]
    content: object = {"fullHoldings": lines}
    for key in ("data", "api_reference", "section", "data_section", "product_tabs", "product", "data", "result"):
        content = {key: [content] if key in {"section", "product_tabs", "api_reference"} else content}
    file = read_text(tmp_path, json.dumps(content), fund="EXEP", name="answer.json")
    assert (fund_of(file)["as_of"], weights(file)) == (date(2026, 9, 28), [0.8, 0.2])


def test_one_ticker_on_every_line_of_a_fund_is_the_fund_s(tmp_path: Path) -> None:
    header = "AS_OF_DATE,TICKER,FUND_NAME,SECURITY_NAME,ISIN,MARKET_VALUE\n"
    lines = (
        "2026-11-20,EXAE,Example Core,TSMC,TW0002330008,950\n2026-11-20,EXAE,Example Core,HIKVISION,CNE100000PM8,50\n"
    )
    file = read_text(tmp_path, header + lines)
    assert (fund_of(file)["ticker"], fund_of(file)["name"]) == ("EXAE", "Example Core")
    assert list(file.holdings["ticker"]) == [None, None]
    other = lines.replace("EXAE", "EXBE").replace("Core,HIK", "Bond,HIK")
    told_apart = read_text(tmp_path, header + "2026-11-20,2330,Example Core,TSMC,TW0002330008,1\n" + other)
    assert list(told_apart.holdings["ticker"]) == ["2330", "EXBE", "EXBE"]


SCHEME_HEADER: list[object] = [
    "",
    "Name of the Instrument",
    "ISIN",
    "Quantity",
    "Market/Fair Value (Rs in Lacs)",
    "% to Net Assets",
]


def scheme(name: str, shares: dict[str, float], cash: float) -> list[list[object]]:
    """Write a sheet of an Indian house's monthly statement, whose percentages are fractions of one."""
    held = sum(shares.values())
    net = held + cash
    return [
        ["EQ", name],
        ["", "(An open ended equity scheme)"],
        ["", "Portfolio Statement as on June 30, 2026"],
        SCHEME_HEADER,
        ["", "Equity & Equity related"],
        *[["", f"Company {isin}", isin, 100, value, value / net] for isin, value in shares.items()],
        ["", "Sub Total", "", "", held, held / net],
        ["", "Total", "", "", held, held / net],
        ["", "TREPS / Reverse Repo"],
        ["", "Net Receivables / (Payables)", "", "", cash, cash / net],
        ["", "GRAND TOTAL", "", "", net, 1],
    ]


def test_a_workbook_with_a_fund_on_each_sheet_gives_every_fund(tmp_path: Path) -> None:
    funds = {
        "Example Equity Fund": ({"INE002A01018": 600.0, "INE040A01034": 350.0}, 50.0),
        "Example China Fund": ({"CNE100000PM8": 90.0, "KYG875721634": 390.0}, 20.0),
    }
    book = Workbook()
    book.active.append(["Code", "Scheme"])
    for name, (shares, cash) in funds.items():
        sheet = book.create_sheet(name)
        for row in scheme(name, shares, cash):
            sheet.append(row)
    book.save(tmp_path / "monthly.xlsx")
    file = read_holdings(str(tmp_path / "monthly.xlsx"))
    assert list(file.funds["name"]) == list(funds)
    assert set(file.funds["as_of"]) == {date(2026, 6, 30)}
    for name, (shares, cash) in funds.items():
        net = sum(shares.values()) + cash
        lines = file.holdings.filter(pl.col("fund_id") == name)
        assert list(lines["isin"]) == [*shares, None]
        assert list(lines["kind"])[-1] == "cash"
        expected = [round(value / net, 12) for value in (*shares.values(), cash)]
        assert [round(weight, 12) for weight in lines["holding_weight"]] == expected
        assert list(lines["market_value"]) == [value * 100_000 for value in (*shares.values(), cash)]
    with pytest.raises(SourceError, match="more than one list"):
        read_holdings(f"INF209K01AA1={tmp_path / 'monthly.xlsx'}")


def test_a_column_of_short_names_of_products_names_the_fund(tmp_path: Path) -> None:
    text = "Product Short Name,Effective Date,Ticker,CUSIP,Security Description,Quantity,Percentage Weight\n"
    text += "DEMO,07/14/2026,SE,81141R100,SEA LTD ADR,10,60.00 %\nDEMO,07/14/2026,USD,,US Dollar,5,40.00 %\n"
    file = read_text(tmp_path, text)
    assert list(file.funds["fund_id"]) == ["DEMO"]
    assert weights(file) == [0.6, 0.4]
