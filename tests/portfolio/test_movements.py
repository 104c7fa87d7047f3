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
    "cash operations": "Type;Ticker;Instrument;Time;Amount;ID\nFree funds interest;;;2025-12-01 10:00:00;0,24;1\n"
    "Stock purchase;SAP.DE;SAP;2025-10-01 10:00:00;-616,32;2\nStock sell;AAPL.US;Apple;2025-10-01 08:00:00;297,65;3\n"
    "Withholding tax;AAPL.US;Apple;2025-09-01 10:00:00;-0,64;4\n",
    "positions opened and closed": "Date,Type,Details,Amount,Units,Balance,Asset type\n"
    "09/01/2024 15:30:40,Position closed,SAP/USD,18.43,0.1,0.00,Stocks\n"
    "09/01/2024 15:37:16,Open Position,AAPL/USD,49.88,0.3,0.00,Stocks\n",
    "savings plans": "date;time;status;description;assetType;type;isin;shares;price;amount;currency\n"
    "2025-09-25;02:00:00;Executed;SAP;Cash;Distribution;DE0007164600;;;56,78;EUR\n"
    "2025-08-01;14:11:01;Executed;Apple;Security;Savings plan;US0378331005;3,5;21,4;-74,9;EUR\n",
    "an account with a running balance": "Date,Details,Amount,Balance\n08/03/2026,For the new year,15000,15000\n"
    "09/03/2026,Apple,-14000,1000\n",
    "payments": "Date,Description,Amount\n2026-01-01,Coffee,-4\n2026-01-02,Rent,-900\n",
    "orders": "Name;ISIN;Anzahl;Anzahl storniert;Status;Orderart;Limit;Erstellt Datum;Richtung;Wert;Ausführung Kurs\n"
    "Apple;US0378331005;2;;ausgeführt;Market;;01.03.2025;Kauf;-460,00;230,00\n",
    "norwegian": "Handelsdato;Transaksjonstype;Verdipapir;Antall;Kurs;Beløp;Kurtasje;Valuta\n"
    "01.08.2026;Kjøpt;Equinor;10;300,00;3000,00;29,00;NOK\n02.08.2026;Utbytte;Telenor;;;125,50;0;NOK\n",
    "releases of an employer's shares": "Vest Date,Order Number,Plan,Type,Status,Price,Quantity,Net Cash Proceeds\n"
    "25-Mar-2025,X1,Class C,Release,Complete,$102.25,400,$0.00\n",
    "orders by their numbers": "Dato,Produkt,ISIN,Antal,Kurs,Værdi,Valuta,Ordre-ID\n"
    "02-03-2026,Apple,US0378331005,4,90,-360,EUR,a1\n05-03-2026,SAP,DE0007164600,-1,250,250,EUR,a2\n",
    "payments of one day": "Date,Description,Amount,Balance\n2026-01-05,Coffee,-4,996\n2026-01-05,Rent,-900,96\n"
    "2026-01-05,Pay,2000,2096\n",
    "nothing but days": "Data;Ativo;Quantidade;Preço\n10/01/2024;PETR4;100;30,50\n11/01/2024;PETR4;50;31,50\n"
    "12/02/2024;VALE3;10;60,00\n",
    "sides on two days": "日期,代码,名称,方向,数量,价格,金额\n2026-01-02,600519,贵州茅台,买入,100,1500,150000\n"
    "2026-01-03,000858,五粮液,卖出,200,120,24000\n",
    "an account's operations": "Data contabile;Data valuta;Conto;Descrizione operazione;Importo;Divisa\n"
    "06/07/2026;06/07/2026;1;Bonifico;15000,0;EUR\n",
    "funds bought": "Fecha;Tipo;Fondo;ISIN;Participaciones;Valor Liquidativo;Importe\n"
    "15/01/2026;Suscripción;Acciones;IE00B03HD191;10,5;45,00;472,50\n"
    "16/02/2026;Traspaso entrada;Bonos;IE0007472990;5,0;180,00;900,00\n",
    "numbers of transactions": "Date,Tx ID,Asset,Amount,USD Value\n2026-01-02,t1,SOL,1.5,300\n"
    "2026-01-03,t2,SOL,1.4,280\n",
    "amounts on many days": "Date,Ticker,Shares,Price,Amount\n2026-01-02,AAPL,1,100,100\n2026-01-03,AAPL,2,90,180\n",
    "a bank's payments": "Buchungsdatum;Wertstellung;Status;Zahler;Empfänger;Verwendungszweck;Art;IBAN;Betrag (€);"
    "Mandat\n"
    "15.06.26;15.06.26;Gebucht;A;B;Miete;Ausgang;DE00;-900,00;1\n",
    "debits and credits": "Date,Reference,Details,Debit($),Credit($),Balance($)\n"
    "02/03/2026,C1,B 100 GOOD @ 10,1000,,5000\n15/04/2026,C2,S 40 GOOD @ 12,,480,5480\n",
    "times of day": "Date,Type,Asset,Amount,USD Value\n2026-01-15T09:30:01Z,vault in,USDC,1000,1000\n"
    "2026-01-16T16:00:00Z,swapped,ETH,1,3000\n",
    "french statement": "Date opération;Opération;Code ISIN;Libellé;Qté;Cours;Frais;Montant net\n"
    "15/01/2026;Achat comptant;US0378331005;Apple;3;740,00;2,00;2222,00\n"
    "22/05/2026;Coupon;US0378331005;Apple;0;;;39,00\n",
    "stock moves": "Data;Tipo;Produto;Quantidade;Valor Total\n2026-01-02;Entrada;Luvas;10;25,00\n"
    "2026-01-03;Saída;Luvas;5;12,50\n",
    "turkish": "Tarih,İşlem Tipi,Sembol,Adet,Fiyat,Komisyon\n15.03.2026,Alış,AAPL,10,150,1\n"
    "20.03.2026,Satış,SAP,5,200,2\n",
    "vietnamese": "Ngày,Mã CK,Khối lượng bán,Giá bán,Giá trị bán\n15/09/2026,FPT,500,135,67500\n"
    "16/09/2026,VNM,20,50,1000\n",
    "hebrew": "שם נייר,סוג פעולה,כמות,מטבע,תאריך ביצוע\nאפל,קניה,5,USD,31/07/2026\n",
}
PORTFOLIOS = {
    "one time of a snapshot": "Timestamp,Ticker,Shares,Market Value\n2026-09-30 17:30:00,AAPL,10,1900\n"
    "2026-09-30 17:30:00,SAP,5,500\n",
    "when prices were got": "Last Updated,Ticker,Shares,Market Value\n2026-09-30 17:30:00,AAPL,10,1900\n"
    "2026-09-30 17:31:00,SAP,5,500\n",
    "midnights": "Date,Ticker,Shares,Market Value\n2026-09-30 00:00:00,AAPL,10,1900\n2026-09-29 00:00:00,SAP,5,500\n",
    "days of prices": "Date,Ticker,Shares,Price\n2026-09-30,AAPL,10,190\n2026-09-29,SAP,5,100\n",
    "amounts of one day": "Date,Name,Amount\n2026-09-30,Apple,1900\n2026-09-30,SAP,900\n",
    "amounts with codes": "Date,ISIN,Amount\n2026-09-30,US0378331005,1900\n2026-09-29,DE0007164600,900\n",
    "balances of accounts": "Account,Currency,Balance,As of\nMain,EUR,1900,2026-09-30\nOther,EUR,900,2026-09-30\n",
    "dividend days": "Name,Ticker,Shares,Price,Ex-Date,Pay Date\nApple,AAPL,10,200,2026-02-05,2026-02-20\n"
    "SAP,SAP,5,100,2026-05-05,2026-05-20\n",
    "advice": "Name,Ticker,Rating,Bought on,Shares,Market Value\nApple,AAPL,Buy,2020-01-05,10,2000\n"
    "SAP,SAP,Sell,2020-01-06,5,500\n",
    "sides with values": "Name,Side,Opened,Quantity,Market Value\nApple,Buy,2020-01-05,10,2000\n"
    "SAP,Sell,2020-01-06,5,500\n",
    "a bank's trading book": "ISIN,Name,Quantity,Price,Market Value,Maturity,Book\n"
    "US0378331005,Apple,10,200,2000,,Trading\nDE0001102580,Bund,1000,90,900,2032-02-15,Trading\n",
    "funds that distribute": "ISIN;Name;Quantity;Market Value;Inception Date;Share Class Policy\n"
    "IE00B4L5Y983;Core MSCI World;10;800;2009-09-25;Distribution\nLU0635178014;EM;20;800;2010-05-30;Distribution\n",
    "bonds that bear interest": "ISIN,Name,Nominal,Price,Market Value,Maturity Date,Coupon Type\n"
    "DE0001102580,Bund,1000,90,900,2032-02-15,Interest bearing\nDE0007164600,SAP 30,1000,95,950,2030-05-01,"
    "Interest bearing\n",
    "lines that are counted": "Order No,Date,ISIN,Name,Quantity,Price,Market Value\n"
    "1,2026-09-30,US0378331005,Apple,10,200,2000\n2,2026-09-30,DE0007164600,SAP,5,100,500\n",
    "order numbers beside weights": "As of Date,Order ID,ISIN,Name,Market Value,Weight\n"
    "2026-09-30,A-1,US0378331005,Apple,2000,50%\n2026-09-30,A-2,DE0007164600,SAP,2000,50%\n",
    "times of prices": "Date,Symbol,Name,Quantity,Price,Value\n2026-09-30 16:00:01,AAPL,Apple,10,200,2000\n"
    "2026-09-30 16:00:02,SAP,SAP,5,100,500\n",
    "balances of shares": "Date,Name,Balance,Amount\n2026-09-30,Apple,10,2000\n2026-09-30,SAP,5,500\n"
    "2026-09-30,Nvidia,4,600\n",
    "days on which funds were valued": "Fund,Valuation Date,Amount\nWorld,2026-09-30,2000\nBonds,2026-09-29,900\n",
    "what was done last": "ISIN,Name,Quantity,Price,Market Value,Last Transaction,Last Activity\n"
    "US0378331005,Apple,10,200,2000,2025-02-02,Buy\nDE0007164600,SAP,5,100,500,2025-02-03,Buy\n",
    "all that a custodian has": "ISIN,Name,Quantity,Price,Market Value,Trade Date,Settlement Date,Order Status,Fees,"
    "Unrealized P&L\nUS0378331005,Apple,10,200,2000,2025-02-02,2025-02-04,Filled,1,100\n"
    "DE0007164600,SAP,5,100,500,2025-02-03,2025-02-05,Filled,1,-20\n",
    "all that a German bank has": "ISIN;Bezeichnung;Stück;Kurs;Kursdatum;Kurswert EUR;Kaufdatum;Valuta;Order-Nr;"
    "Orderstatus;Letzte Transaktion\n"
    "US0378331005;Apple;10;180,00;30.09.2026;1800,00;02.01.2025;04.01.2025;A1;ausgeführt;Kauf\n"
    "DE0007164600;SAP;5;100,00;29.09.2026;500,00;02.02.2025;04.02.2025;A2;ausgeführt;Kauf\n",
    "names that sound so": "Name,Bought on,Shares,Market Value\nDividend Fund,2020-01-05,1,100\n"
    "Interest plc,2020-01-06,1,1\n"
    "Apple,2020-01-06,1,1\nSAP,2020-01-06,1,1\n",
}


@pytest.mark.parametrize("text", TRADES.values(), ids=TRADES)
def test_a_list_of_trades_is_refused_as_one(text: str) -> None:
    with pytest.raises(PortfolioError, match="lists transactions"):
        read_portfolio(text.encode(), name="export.csv")


def test_positions_of_two_days_are_positions() -> None:
    text = "Date,Ticker,Shares,Price\n2026-06-30,AAPL,10,190\n2026-06-30,SAP,5,100\n2026-09-30,AAPL,10,200\n"
    table = read_portfolio(f"{text}2026-09-30,SAP,5,90\n".encode()).table
    assert table["market_value"].to_list() == [10 * 200.0, 5 * 90.0]


def test_trades_below_positions_are_left_out() -> None:
    text = (
        "股票代码,股票名称,持仓数量,现价,市值\n600519,贵州茅台,100,18,1800\n\n"
        "成交ID,时间,股票代码,价格,数量,金额\nT1,2026-01-02 10:00:00,600519,15,100,1500\n"
    )
    assert read_portfolio(text.encode()).table["market_value"].to_list() == [1800.0]


@pytest.mark.parametrize("text", PORTFOLIOS.values(), ids=PORTFOLIOS)
def test_a_portfolio_with_words_of_trades_stays_one(text: str) -> None:
    reading = read_portfolio(text.encode(), name="export.csv")
    assert reading.audit.kind == "portfolio"
    assert len(reading.table) == text.count("\n") - 1
