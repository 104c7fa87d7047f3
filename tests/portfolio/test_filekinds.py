"""Lists of trades are refused in whatever words they say what was done; a portfolio with such words stays one."""

from __future__ import annotations

import pytest

from esgscan.errors import PortfolioError
from esgscan.portfolio.reading import read_portfolio

TRADES = {
    "german": "Datum;Vorgang;Name;ISIN;Anzahl;Kurs;Betrag\n05.01.2026;Kauf;Apple;US0378331005;10;200,00;2000,00\n"
    "06.01.2026;Verkauf;SAP;DE0007164600;5;100,00;500,00\n",
    "french": "Date;Opération;Valeur;ISIN;Quantité;Cours;Montant\n"
    "05/01/2026;Achat;Apple;US0378331005;10;200,00;2000,00\n"
    "06/01/2026;Dividende;SAP;DE0007164600;;;5,00\n",
    "broker": "Time,What,Ticker,Name,No. of shares,Total\n2026-01-05 10:00,Market buy,AAPL,Apple,1.5,300\n"
    "2026-01-06 10:00,Limit sell,SAP,SAP,2,200\n",
    "side": "symbol,side,qty,price,filled_at\nAAPL,buy,10,200,2026-01-05\nSAP,sell,5,100,2026-01-06\n",
    "dividends": "Ex-Date,Pay Date,Symbol,Dividend per Share,Amount\n2026-01-05,2026-01-20,AAPL,0.24,2.4\n"
    "2026-02-05,2026-02-20,SAP,0.95,9.5\n",
    "chinese": "日期,操作,证券代码,证券名称,数量,价格\n2026-01-05,买入,000063,中兴通讯,100,30.5\n"
    "2026-01-06,卖出,002415,海康威视,100,31.5\n",
    "you": "Run Date,What happened,Symbol,Quantity,Amount\n2026-01-05,YOU BOUGHT,AAPL,10,-2000\n"
    "2026-01-06,YOU SOLD,SAP,5,500\n",
    "japanese": "約定日,内容,銘柄コード,銘柄名,数量,単価\n2026-01-05,買,7203,トヨタ自動車,100,3000\n"
    "2026-01-06,売,6758,ソニーグループ,50,3000\n",
}
PORTFOLIOS = {
    "dividend days": "Name,Ticker,Shares,Price,Ex-Date,Pay Date\nApple,AAPL,10,200,2026-02-05,2026-02-20\n"
    "SAP,SAP,5,100,2026-05-05,2026-05-20\n",
    "advice": "Name,Ticker,Rating,Bought on,Shares,Market Value\nApple,AAPL,Buy,2020-01-05,10,2000\n"
    "SAP,SAP,Sell,2020-01-06,5,500\n",
    "sides with values": "Name,Side,Opened,Quantity,Market Value\nApple,Buy,2020-01-05,10,2000\n"
    "SAP,Sell,2020-01-06,5,500\n",
    "names that sound so": "Name,Bought on,Shares,Market Value\nDividend Fund,2020-01-05,1,100\n"
    "Interest plc,2020-01-06,1,1\n"
    "Apple,2020-01-06,1,1\nSAP,2020-01-06,1,1\n",
}


@pytest.mark.parametrize("text", TRADES.values(), ids=TRADES)
def test_a_list_of_trades_is_refused_as_one(text: str) -> None:
    with pytest.raises(PortfolioError, match="lists transactions"):
        read_portfolio(text.encode(), name="export.csv")


@pytest.mark.parametrize("text", PORTFOLIOS.values(), ids=PORTFOLIOS)
def test_a_portfolio_with_words_of_trades_stays_one(text: str) -> None:
    reading = read_portfolio(text.encode(), name="export.csv")
    assert reading.audit.kind == "portfolio"
    assert len(reading.table) == text.count("\n") - 1
