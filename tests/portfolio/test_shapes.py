"""Files in the shapes that custodians, managers and brokers give them: positions, cash lines and totals must be right.

Each case shows its arithmetic: the values of its lines add to the total that is expected, and to the one it prints.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from esgscan.portfolio.reading import inspect_portfolio, read_portfolio
from tests.portfolio.files import xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence

A, S, P, N = "US0378331005", "GB00BP6MXD84", "DE0007164600", "CH0038863350"
H, T, BUND = "CNE100000PM8", "KYG875721634", "DE000BU2Z031"
NO_CURRENCY = ""


class Case(NamedTuple):
    """A file and what stands in it."""

    data: bytes
    positions: int
    cash: int
    total: dict[str, float]
    portfolios: int = 1


def book(rows: Sequence[Sequence[Any]], *more: Sequence[Sequence[Any]]) -> bytes:
    sheets = {f"Sheet {number}": sheet for number, sheet in enumerate((rows, *more), start=1)}
    return xlsx(sheets)


def text(content: str, encoding: str = "utf-8") -> bytes:
    return content.format(A=A, S=S, P=P, N=N, H=H).encode(encoding)


CASES = {
    "a Swiss statement whose groups stand in the column of quantities": Case(
        book(
            [
                ["Depotauszug per 31.10.2026"],
                [],
                ["Anzahl/Betrag", "Bezeichnung", "ISIN", "Währung", "Kurs", "Marktwert CHF"],
                ["Aktien"],
                [100, "Nestlé N", N, "CHF", 95.5, 9550],
                [1000, "Hikvision A", H, "CNY", 20, 2200],
                ["Liquidität"],
                [4128.38, "Konto CHF", None, "CHF", None, 4128.38],
                ["Total", None, None, None, None, 15878.38],
            ]
        ),
        positions=3,
        cash=1,
        total={"CHF": 9550 + 2200 + 4128.38},
    ),
    "an administrator's export divided by tildes, values in local and base currency": Case(
        text(
            "FUND_ID~VAL_DATE~ISIN~ISSUE_NAME~LOCAL_CCY~SHARES_PAR~PRICE_LOCAL~MKT_VAL_LOCAL~MKT_VAL_BASE~BASE_CCY\n"
            "AB01~20261031~{H}~HIKVISION A~CNY~1000~32~32000~4500~USD\n"
            "AB01~20261031~{A}~APPLE INC~USD~10~200~2000~2000~USD\n"
        ),
        positions=2,
        cash=0,
        total={"USD": 4500 + 2000},
    ),
    "a Dutch pension fund in millions of euros, without identifiers": Case(
        book(
            [
                ["Beleggingen per 31 december 2025 (bedragen in miljoenen euro's)"],
                ["Naam onderneming", "Land", "Marktwaarde"],
                ["ASML", "Nederland", 120.5],
                ["Hikvision", "China", 1.5],
            ]
        ),
        positions=2,
        cash=0,
        total={"EUR": 122_000_000},
    ),
    "an Indian fund in lakhs of rupees, with a sub total and a grand total": Case(
        book(
            [
                ["Name of the Instrument", "ISIN", "Quantity", "Market/Fair Value (Rs. in Lakhs)", "% to Net Assets"],
                ["Equity & Equity related"],
                ["Apple", A, 1000, 1500.5, 60.02],
                ["Hikvision", H, 500, 999.5, 39.98],
                ["Sub Total", None, None, 2500, 100],
                ["GRAND TOTAL", None, None, 2500, 100],
            ]
        ),
        positions=2,
        cash=0,
        total={"INR": (1500.5 + 999.5) * 100_000},
    ),
    "a family's own list with units behind the amounts, and one in the header for the rest": Case(
        text("Name,ISIN,Market Value (USD m)\nApple,{A},$1.2M\nHikvision,{H},0.35\nNestle,{N},850K\nCash USD,,$2.1k\n"),
        positions=4,
        cash=1,
        total={"USD": 1_200_000 + 350_000 + 850_000 + 2_100},
    ),
    "an Indian list in crores and lakhs": Case(
        text("Security,ISIN,Current Value\nApple,{A},₹ 30 Cr\nHikvision,{H},₹ 5.5 Cr\nNestle,{N},₹ 80 Lakh\n"),
        positions=3,
        cash=0,
        total={"INR": 300_000_000 + 55_000_000 + 8_000_000},
    ),
    "a Swedish broker's list": Case(
        text(
            "Kontonummer;Namn;Kortnamn;Volym;Marknadsvärde;GAV (SEK);Valuta;Land;ISIN;Marknad;Typ\n"
            "1;Volvo B;VOLV B;10;2500,00;200;SEK;SE;{P};XSTO;STOCK\n"
            "1;Hikvision;002415;9;300,00;20;SEK;CN;{H};XSHE;STOCK\n"
        ),
        positions=2,
        cash=0,
        total={"SEK": 2500 + 300},
    ),
    "a custodian's statement with a cover page, countries and subtotals": Case(
        book(
            [["STATE CUSTODY BANK"], ["Client:", "Pension Fund XY"], ["As of:", date(2026, 10, 31)]],
            [
                ["Statement of Assets as of 31 October 2026"],
                [],
                ["Security ID", "Security Description", "Shares/Par", "Local Price", "Local CCY", "Base Value (USD)"],
                ["EQUITIES"],
                ["United States"],
                [A, "APPLE INC", 1000, 190, "USD", 190_000],
                ["Total United States", None, None, None, None, 190_000],
                ["China"],
                [H, "HIKVISION A", 10_000, 30, "CNY", 42_000],
                [T, "TENCENT", 500, 400, "HKD", 25_600],
                ["Total China", None, None, None, None, 67_600],
                ["TOTAL EQUITIES", None, None, None, None, 257_600],
                ["CASH"],
                ["USD", "US DOLLAR", 742_400, 1, "USD", 742_400],
                ["GRAND TOTAL", None, None, None, None, 1_000_000],
                [],
                ["Past performance is no guide."],
            ],
        ),
        *(4, 1, {"USD": 190_000 + 42_000 + 25_600 + 742_400}),
    ),
    "headings that carry the sum of the lines below, on two levels": Case(
        book(
            [
                ["Position", "ISIN", "Market value EUR", "Weight"],
                ["Equities", None, 600, 0.6],
                ["Europe", None, 400, 0.4],
                ["SAP", P, 300, 0.3],
                ["Shell", S, 100, 0.1],
                ["Asia", None, 200, 0.2],
                ["Tencent", T, 150, 0.15],
                ["Hikvision", H, 50, 0.05],
                ["Bonds", None, 400, 0.4],
                ["Bund 2034", BUND, 250, 0.25],
                ["OAT 2030", "FR0013516549", 150, 0.15],
                ["Total", None, 1000, 1.0],
            ]
        ),
        *(6, 0, {"EUR": 300 + 100 + 150 + 50 + 250 + 150}),
    ),
    "a German statement, a total in the column of codes": Case(
        text(
            "Depotauszug;;;;;\nStichtag: 31.10.2026;;;;;\n;;;;;\n"
            "WKN;ISIN;Bezeichnung;Stück/Nominale;Kurs;Kurswert EUR\n"
            "865985;{A};Apple Inc.;100;172,50;17.250,00\n716460;{P};SAP SE;50;210,10;10.505,00\n"
            ";;Verrechnungskonto;;;1.245,00\nSumme;;;;;29.000,00\n",
            "cp1252",
        ),
        *(3, 1, {"EUR": 17_250 + 10_505 + 1_245}),
    ),
    "a French statement with narrow no-break spaces": Case(
        text(
            "Portefeuille : Dupont\n\nCode ISIN;Libellé;Quantité;Cours;Devise;Valorisation (EUR);Poids\n"
            "{A};APPLE;10;190,50;USD;1\u202f750,25;17,50 %\n{N};NESTLE;100;82,5;CHF;8\u00a0249,75;82,50 %\n"
            "Total;;;;;10 000,00;100,00 %\n"
        ),
        *(2, 0, {"EUR": 1750.25 + 8249.75}),
    ),
    "a Swiss list with apostrophes and Valoren": Case(
        text(
            "Valor\tBezeichnung\tAnzahl\tWhg\tKurs\tMarktwert in CHF\n3886335\tNestlé N\t1'200\tCHF\t82.50\t99'000.00\n"
            "908440\tApple\t100\tUSD\t190.00\t15'200.00\n"
            "\tLiquidität CHF\t\tCHF\t\t5'800.00\n\tTotal\t\t\t\t120'000.00\n"
        ),
        *(3, 1, {"CHF": 99_000 + 15_200 + 5_800}),
    ),
    "a Spanish list whose names stand under Valor": Case(
        text(
            "Cartera;Jubilación\nFecha valor;31/10/2026\n\nValor;ISIN;Títulos;Cotización;Divisa;Efectivo valorado\n"
            "APPLE INC;{A};100;180,00;EUR;18.000,00\nINDITEX;ES0148396007;200;45,50;EUR;9.100,00\n"
            "TOTAL;;;;;27.100,00\n",
            "latin-1",
        ),
        *(2, 0, {"EUR": 18_000 + 9_100}),
    ),
    "an Italian list": Case(
        text(
            "Titolo;ISIN;Quantità;Prezzo di mercato;Valuta;Controvalore €\nApple;{A};100;180,00;EUR;18.000,00\n"
            "ENI;IT0003132476;1.000;14,500;EUR;14.500,00\nLiquidità;;;;EUR;500,00\nTotale;;;;;33.000,00\n"
        ),
        *(3, 1, {"EUR": 18_000 + 14_500 + 500}),
    ),
    "a Dutch list": Case(
        text(
            "Naam;ISIN;Aantal;Koers;Munt;Waarde in EUR\nASML;NL0010273215;10;700,00;EUR;7.000,00\n"
            "Apple;{A};10;180,00;USD;1.650,00\nTotaal;;;;;8.650,00\n"
        ),
        *(2, 0, {"EUR": 7_000 + 1_650}),
    ),
    "a Portuguese list": Case(
        text(
            "Ativo;Código;Quantidade;Preço;Valor de mercado (R$)\nPETROBRAS PN;PETR4;1.000;38,50;38.500,00\n"
            "VALE ON;VALE3;100;60,00;6.000,00\nTotal;;;;44.500,00\n"
        ),
        *(2, 0, {"BRL": 38_500 + 6_000}),
    ),
    "a Japanese list in Shift-JIS": Case(
        text(
            "保有証券一覧\n\n銘柄コード,銘柄名,保有数量,現在値,評価額(円)\n"
            '7203,トヨタ自動車,"1,000","2,500","2,500,000"\n6758,ソニーグループ,500,"3,000","1,500,000"\n'
            ',預り金,,,"500,000"\n合計,,,,"4,500,000"\n',
            "shift_jis",
        ),
        *(3, 1, {"JPY": 2_500_000 + 1_500_000 + 500_000}),
    ),
    "a simplified Chinese list in GB18030": Case(
        text(
            "资产持仓表\n证券代码,证券名称,持仓数量,最新价,市值(元)\n002415,海康威视,1000,30.00,30000.00\n"
            "600519,贵州茅台,10,1500.00,15000.00\n,现金,,,5000.00\n合计,,,,50000.00\n",
            "gb18030",
        ),
        *(3, 1, {"CNY": 30_000 + 15_000 + 5_000}),
    ),
    "a traditional Chinese list in Big5": Case(
        text(
            '股份代號,股份名稱,數量,現價,市值(港元)\n00700,騰訊控股,100,400.00,"40,000.00"\n'
            '00020,商湯,10000,1.50,"15,000.00"\n總計,,,,"55,000.00"\n',
            "big5",
        ),
        *(2, 0, {"HKD": 40_000 + 15_000}),
    ),
    "values in two currencies, the local ones beside those of the portfolio": Case(
        book(
            [
                ["Name", "ISIN", "Quantity", "Local Currency", "Local Price", "Market Value (Local)", "Value (EUR)"],
                ["Apple", A, 10, "USD", 200, 2000, 1800],
                ["Shell", S, 40, "GBP", 25, 1000, 1150],
                ["Cash EUR", "", None, "EUR", None, 50, 50],
                ["Total", None, None, None, None, None, 3000],
            ]
        ),
        *(3, 1, {"EUR": 1800 + 1150 + 50}),
    ),
    "a header in two rows": Case(
        book(
            [
                ["Portfolio Alpha"],
                [],
                ["Security", "ISIN", "Holding", None, "Valuation", None],
                [None, None, "Quantity", "Price", "Currency", "Market Value"],
                ["Apple", A, 10, 200, "USD", 2000],
                ["Shell", S, 10, 25, "USD", 250],
            ]
        ),
        *(2, 0, {"USD": 2000 + 250}),
    ),
    "a header again on each page": Case(
        book(
            [
                *(["Page 1"], ["Name", "ISIN", "Value (USD)"], ["Apple", A, 2000], []),
                *(["Page 2"], ["Name", "ISIN", "Value (USD)"], ["Shell", S, 250], []),
                *(["Page 3"], ["Name", "ISIN", "Value (USD)"], ["SAP", P, 750], ["Total", None, 3000]),
            ]
        ),
        *(3, 0, {"USD": 2000 + 250 + 750}),
    ),
    "sections with columns of their own, cash by account": Case(
        book(
            [
                *(["Equities"], ["Name", "ISIN", "Shares", "Market Value (USD)"], ["Apple", A, 10, 2000]),
                *(["Total equities", None, None, 2000], []),
                *(["Bonds"], ["Name", "ISIN", "Nominal", "Coupon", "Maturity", "Market Value (USD)"]),
                ["US T 2.5% 2030", "US912828ZQ64", 1000, 2.5, date(2030, 5, 15), 950],
                *(["Total bonds", None, None, None, None, 950], []),
                *(["Cash"], ["Account", "Currency", "Market Value (USD)"], ["Current account USD", "USD", 50], []),
                ["Grand total", None, 3000],
            ]
        ),
        *(3, 1, {"USD": 2000 + 950 + 50}),
    ),
    "tables side by side": Case(
        book(
            [
                ["Equities", None, None, None, "Bonds"],
                ["Name", "ISIN", "Value EUR", None, "Name", "ISIN", "Value EUR"],
                ["Apple", A, 100, None, "Bund 2.5% 2034", BUND, 500],
                ["Shell", S, 200, None, None, None, None],
            ]
        ),
        *(3, 0, {"EUR": 100 + 200 + 500}),
    ),
    "a summary by asset class above the positions": Case(
        book(
            [
                *(["Asset allocation"], ["Asset class", "Market Value EUR", "%"]),
                *(["Equities", 300, 85.7], ["Cash", 50, 14.3], ["Total", 350, 100], []),
                *(["Detailed positions"], ["Name", "ISIN", "Asset class", "Qty", "Value EUR"]),
                *(["Apple", A, "Equities", 1, 100], ["Shell", S, "Equities", 2, 200]),
                *(["Cash EUR", None, "Cash", None, 50], ["Total", None, None, None, 350]),
            ]
        ),
        *(3, 1, {"EUR": 100 + 200 + 50}),
    ),
    "the ten largest on a sheet of their own": Case(
        book(
            [["Name", "ISIN", "Value EUR"], ["Shell", S, 200], ["Apple", A, 100]],
            [["Name", "ISIN", "Value EUR"], ["Apple", A, 100], ["Shell", S, 200], ["SAP", P, 50]],
        ),
        *(3, 0, {"EUR": 100 + 200 + 50}),
    ),
    "a portfolio on each sheet": Case(
        book(
            [["Name", "ISIN", "Value (EUR)"], ["Apple", A, 100], ["SAP", P, 200]],
            [["Name", "ISIN", "Value (EUR)"], ["Shell", S, 300]],
        ),
        *(3, 0, {"EUR": 100 + 200 + 300}, 2),
    ),
    "portfolios in a column, in three currencies": Case(
        text(
            "Portfolio,ISIN,Name,MarketValue,Currency\nAlpha,{A},Apple,100,USD\nBeta,{S},Shell,200,GBP\n"
            "Alpha,{P},SAP,300,EUR\n"
        ),
        *(3, 0, {"USD": 100, "GBP": 200, "EUR": 300}, 2),
    ),
    "accounts one below another": Case(
        text(
            'Account: 111-Growth\nSymbol,Description,Quantity,Price,Market Value\nAAPL,Apple,10,$200.00,"$2,000.00"\n'
            'Cash,,,,$50.00\nAccount Total,,,,"$2,050.00"\n\nAccount: 222-Income\n'
            "Symbol,Description,Quantity,Price,Market Value\nSHEL,Shell ADR,10,$60.00,$600.00\n"
            "Account Total,,,,$600.00\n"
        ),
        *(3, 1, {"USD": 2000 + 50 + 600}, 2),
    ),
    "a net asset value below securities, cash and fees": Case(
        book(
            [
                ["Name", "ISIN", "Qty", "Value EUR"],
                ["Apple", A, 1, 100],
                ["Shell", S, 2, 200],
                ["Total securities", None, None, 300],
                ["Cash EUR", None, None, 50],
                ["Accrued fees", None, None, -10],
                ["Net asset value", None, None, 340],
            ]
        ),
        *(4, 1, {"EUR": 100 + 200 + 50 - 10}),
    ),
    "a total without a word": Case(
        book(
            [["Name", "ISIN", "Qty", "Value EUR"], ["Apple", A, 1, 100], ["Shell", S, 2, 200], [None, None, None, 300]]
        ),
        *(2, 0, {"EUR": 100 + 200}),
    ),
    "companies whose name is Total": Case(
        text(
            "Name,Ticker,Quantity,Market Value EUR\nTotalEnergies SE,TTE,10,100\n"
            "Total Access Communication,TAC,5,50\nApple,AAPL,1,200\nTotal,,,350\n"
        ),
        *(3, 0, {"EUR": 100 + 50 + 200}),
    ),
    "notes between the lines": Case(
        book(
            [
                ["Name", "ISIN", "Quantity", "Price", "Value (USD)"],
                ["Apple", A, 10, 200, 2000],
                ["Note: the following security is suspended since 3 March 2026 and valued at the last price"],
                ["Hikvision", H, 100, 3, 300],
                [],
                ["* valued by the administrator"],
                ["Shell", S, 10, 25, 250],
            ]
        ),
        *(3, 0, {"USD": 2000 + 300 + 250}),
    ),
    "groups of names between blank lines": Case(
        text("Name,Value USD\nApple,100\nShell,50\n\nTencent,25\nToyota,25\n\nTotal,200\n"),
        *(4, 0, {"USD": 100 + 50 + 25 + 25}),
    ),
    "a table far from the first cell": Case(
        book(
            [
                *([], [], [None, None, "Report"], [None, None, "Security", "ISIN", "Value EUR"]),
                *([None, None, "Apple", A, 100], [None, None, "Shell", S, 200], [None, None, "Sum", None, 300]),
            ]
        ),
        *(2, 0, {"EUR": 100 + 200}),
    ),
    "amounts in thousands, as a line above says": Case(
        book(
            [
                ["All amounts in thousands of EUR"],
                ["Name", "ISIN", "Market value"],
                ["Apple", A, 1800],
                ["Shell", S, 1200],
            ]
        ),
        *(2, 0, {"EUR": 1_800_000 + 1_200_000}),
    ),
    "amounts in ten thousands, as a Chinese line above says": Case(
        text("单位:万元\n证券代码,证券名称,市值\n002415,海康威视,3.5\n600519,贵州茅台,1.5\n"),
        *(2, 0, {"CNY": 35_000 + 15_000}),
    ),
    "shorts in brackets": Case(
        text(
            'Name,ISIN,Quantity,Price,Market Value (USD)\nApple,{A},"1,000",200.00,"200,000.00"\n'
            'Shell,{S},"(500)",25.00,"(12,500.00)"\nTotal,,,,"187,500.00"\n'
        ),
        *(2, 0, {"USD": 200_000 - 12_500}),
    ),
    "currencies inside the cells": Case(
        text("Name;ISIN;Marktwert\nNestlé;{N};CHF 1'000.00\nSAP;{P};EUR 500.00\n"),
        *(2, 0, {"CHF": 1000, "EUR": 500}),
    ),
    "lakhs and crores": Case(
        text('Name,ISIN,Market Value (INR)\nReliance,INE002A01018,"2,45,000.50"\nTCS,INE467B01029,"35,000.00"\n'),
        *(2, 0, {"INR": 245_000.5 + 35_000}),
    ),
    "thousands points in every number of a file with semicolons": Case(
        text("Name;ISIN;Quantity;Price;Market Value EUR\nApple;{A};1.234;100;123.400\nSAP;{P};2.500;200;500.000\n"),
        *(2, 0, {"EUR": 123_400 + 500_000}),
    ),
    "weights alone, in percent": Case(
        text("Security,Ticker,Weight\nApple,AAPL,60\nTencent,0700.HK,39.5\nCash,,0.5\n"), 3, 1, {}
    ),
    "weights alone, as fractions": Case(
        text("Security,Ticker,Weight\nApple,AAPL,0.6\nTencent,0700.HK,0.395\nCash,,0.005\n"), 3, 1, {}
    ),
    "quantities alone": Case(text("ISIN,Name,Shares\n{A},Apple,100\n{S},Shell,50\n"), 2, 0, {}),
    "quantities and prices": Case(
        text("Ticker,Name,Shares,Price,Currency\nAAPL,Apple,10,200,USD\nSHEL LN,Shell,100,25.5,GBP\n"),
        *(2, 0, {"USD": 10 * 200, "GBP": 100 * 25.5}),
    ),
    "dates as the numbers of a workbook": Case(
        book(
            [
                ["Valuation Date", "ISIN", "Name", "Quantity", "Market Value", "Currency"],
                [46326, A, "Apple", 10, 2000, "USD"],
                [46326, S, "Shell", 10, 250, "USD"],
            ]
        ),
        *(2, 0, {"USD": 2000 + 250}),
    ),
    "numbers as text with blanks around them": Case(
        book(
            [
                ["Name", "ISIN", "Quantity", "Market Value"],
                ["Apple ", f"{A} ", "1,000 ", "$2,000.00"],
                ["Shell\u00a0", f"\u00a0{S}", "10", "$250.00"],
                ["TOTAL", "", "", "$2,250.00"],
            ]
        ),
        *(2, 0, {"USD": 2000 + 250}),
    ),
    "a header with line breaks in its cells": Case(
        book(
            [
                ["Security\nName", "ISIN\nCode", "Number of\nShares", "Market\nValue\n(EUR)", "% of\nNAV"],
                ["Apple", A, 10, 100, 50],
                ["Shell", S, 5, 100, 50],
            ]
        ),
        *(2, 0, {"EUR": 100 + 100}),
    ),
    "a delimiter named in the first line": Case(
        text("sep=;\nName;ISIN;Market Value EUR\nApple;{A};1000,50\nSAP;{P};2000,00\n"), 2, 0, {"EUR": 1000.5 + 2000}
    ),
    "UTF-16 of both byte orders without a mark": Case(
        text("Name;ISIN;Market Value EUR\nApple;{A};1000.50\nSAP;{P};2000.00\n", "utf-16-be"), 2, 0, {"EUR": 3000.5}
    ),
    "East Asian UTF-16": Case(
        text("銘柄コード,銘柄名,評価額(円)\n7203,トヨタ自動車,2500000\n6758,ソニー,1500000\n", "utf-16"),
        2,
        0,
        {"JPY": 4_000_000},
    ),
}


@pytest.mark.parametrize("shape", CASES, ids=str)
def test_positions_cash_and_total_are_right(shape: str) -> None:
    case = CASES[shape]
    found = inspect_portfolio(case.data, name="file")
    assert found.error is None
    portfolios = found.audit.portfolios
    total: dict[str, float] = {}
    for one in portfolios:
        for currency, value in one.total.items():
            total[currency] = total.get(currency, 0.0) + value
    assert sum(one.positions for one in portfolios) == case.positions
    assert sum(one.cash_lines for one in portfolios) == case.cash
    assert total == pytest.approx(case.total)
    assert len(portfolios) == case.portfolios


@pytest.mark.parametrize("shape", CASES, ids=str)
def test_a_printed_total_agrees_with_the_lines(shape: str) -> None:
    found = inspect_portfolio(CASES[shape].data, name="file")
    for stated in found.audit.stated_totals:
        assert stated.stated == pytest.approx(stated.computed)
    assert not [finding for finding in found.findings if "states a total" in finding.what]


@pytest.mark.parametrize("shape", CASES, ids=str)
def test_every_row_is_a_position_or_stands_in_the_audit(shape: str) -> None:
    reading = read_portfolio(CASES[shape].data, name="file")
    counted = len(reading.positions)
    assert counted == sum(sheet.positions for sheet in reading.audit.sheets)
    assert counted == sum(one.positions for one in reading.audit.portfolios)
    skipped = {(line.sheet, line.row) for line in reading.audit.skipped if line.why != "blank"}
    kept = set(zip(reading.positions["source_sheet"].fillna(""), reading.positions["source_row"], strict=True))
    assert not skipped & kept


def test_an_inspection_and_a_reading_say_the_same() -> None:
    for case in CASES.values():
        inspection, reading = inspect_portfolio(case.data, name="file"), read_portfolio(case.data, name="file")
        assert inspection.audit == reading.audit
        assert inspection.findings == reading.findings
        assert (inspection.name, inspection.sha256) == (reading.name, reading.sha256)
