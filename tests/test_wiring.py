"""A whole run as a user starts it: a file in, a result out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

import esgscan
from esgscan import wiring
from esgscan.funds import add_funds
from esgscan.portfolio.inputs import Upload
from esgscan.report.rows import rows
from esgscan.result import ONLINE_SOURCE
from esgscan.sources.fields import lines_frame
from esgscan.sources.listed import ListedFund, fund_file
from tests.fakes import FakeHoldings, FakeQuotes

if TYPE_CHECKING:
    from pathlib import Path

MANY_KINDS = """Name,ISIN,Ticker,Asset Class,Quantity,Price,Market Value,Currency
Apple Inc,US0378331005,AAPL,Equity,45,200,9000,USD
Hangzhou Hikvision Digital Technology,CNE100000PM8,,Equity,-400,5,-2000,USD
Hangzhou Hikvision Digital Technology,CNE100000PM8,,Equity,100,5,500,USD
Call on a share in Shenzhen,,002415 CH 12/18/26 C40,Option,2,50,100,USD
Total return swap on iShares MSCI Emerging Markets ETF,,,Swap,1,400,400,USD
Equity-linked note on Zhejiang Dahua Technology 2027,,,Structured note,10,100,1000,USD
ZTE Corp 0% convertible bond 2030,,,Bond,10,100,1000,USD
"""
# 9000 - 2000 + 500 + 100 + 400 + 1000 + 1000 = 10000


def test_long_short_and_net_of_one_issuer_stay_apart():
    scan = esgscan.scan(MANY_KINDS.encode(), as_of="2026-11-23")
    exposures = rows(scan.tables["exposures"])
    assert [row["issuer_id"] for row in exposures] == ["hikvision"]
    assert scan.portfolio.market_value == pytest.approx(10000)
    # 500, -2000 and -1500 of 10000
    wanted = {"long": 0.05, "short": -0.2, "weight": -0.15, "market_value": -1500}
    assert {name: exposures[0][name] for name in wanted} == pytest.approx(wanted)
    found = {
        (row["source_row"], row["side"], row["kind"], round(row["weight"], 9)) for row in rows(scan.tables["paths"])
    }
    assert found == {(3, "short", "equity", -0.2), (4, "long", "equity", 0.05)}


def test_derivatives_notes_and_convertibles_are_neither_lost_nor_taken_for_the_share():
    scan = esgscan.scan(MANY_KINDS.encode(), as_of="2026-11-23")
    lines = {row["source_row"]: row for row in rows(scan.tables["positions"])}
    assert [lines[n]["kind"] for n in (5, 6, 7, 8)] == ["option", "swap", "structured-note", "bond"]
    for n, weight in {5: 0.01, 6: 0.04, 7: 0.1, 8: 0.1}.items():
        assert lines[n]["uncovered"] == pytest.approx(weight)
        assert lines[n]["flagged"] == lines[n]["clear"] == 0
    # the option and the note name an issuer of the watchlist: a person should look
    review = {row["source_row"]: row for row in rows(scan.tables["review"])}
    assert {5, 7} <= set(review)
    assert (review[5]["issuer_id"], review[5]["kind"], review[5]["confidence"]) == ("hikvision", "option", "possible")
    # the swap is on a fund of emerging markets
    open_parts = {row["source_row"]: row for row in rows(scan.tables["uncovered"])}
    assert (open_parts[6]["region"], open_parts[6]["kind"]) == ("emerging-markets", "swap")
    coverage = scan.coverage
    assert coverage.flagged + coverage.clear + coverage.uncovered == pytest.approx(1)
    # 0.9 is Apple; -0.15 is flagged; 0.01 + 0.04 + 0.1 + 0.1 is open
    assert (coverage.clear, coverage.flagged, coverage.uncovered) == pytest.approx((0.9, -0.15, 0.25))


UNPRICED = """Name,ISIN,Ticker,Asset Class,Quantity,Market Value,Currency
Apple Inc,US0378331005,,Equity,10,,
ZTE Corp H,,763 HK,Equity,1000,,HKD
Siemens,DE0007236101,,Equity,10,2000,EUR
Acme,,1 HK,Equity,5,,HKD
Cash,,,Cash,,3000,USD
"""
SUNDAY, FRIDAY = "2026-11-22", date(2026, 11, 20)
QUOTES = {
    "US0378331005": (200.0, "USD", FRIDAY),
    "763.XHKG": (20.0, "HKD", FRIDAY),
    "EURUSD": (1.25, "USD", FRIDAY),
    "HKDUSD": (0.125, "USD", FRIDAY),
}


def scan_online(monkeypatch, source, **wishes):
    monkeypatch.setattr(wiring, "quote_source", lambda: source)
    return esgscan.scan(UNPRICED.encode(), as_of=SUNDAY, online=True, **wishes)


def test_prices_and_rates_that_are_looked_up_value_the_lines_and_stand_in_the_result(monkeypatch):
    scan = scan_online(monkeypatch, FakeQuotes(QUOTES))
    # in dollars: 10 x 200; 1000 x 20 x 0.125; 2000 x 1.25; one line without a price; 3000
    values = [row["value"] for row in rows(scan.tables["positions"])]
    assert values == pytest.approx([2000, 2500, 2500, None, 3000])
    assert scan.portfolio.market_value == pytest.approx(10000)
    zte = {row["issuer_id"]: row["direct"] for row in rows(scan.tables["exposures"])}
    assert zte == {"zte": pytest.approx(0.25)}
    said = [row["what"] for row in rows(scan.tables["findings"])]
    assert "1 EUR = 1.25 USD, the close of 2026-11-20 (Invented Quotes, retrieved on 2026-11-24)." in said
    assert "No price of 'Acme' was found for 2026-11-22 or the days before." in said
    # of the lines that lacked a value, only the one that still does is said to
    assert [what for what in said if what.endswith("has no value.")] == ["The line 'Acme' has no value."]
    asked = {quote["symbol"]: (quote["value"], quote["day"]) for quote in scan.run.options["quotes"]}
    assert asked == {symbol: (str(value), str(day)) for symbol, (value, _, day) in QUOTES.items()}


def test_rates_of_the_user_win_over_those_that_could_be_looked_up(monkeypatch, tmp_path):
    rates = tmp_path / "rates.csv"
    rates.write_text("currency,rate,base\nEUR,1.5,USD\n")
    source = FakeQuotes(QUOTES)
    scan = scan_online(monkeypatch, source, fx=rates)
    assert "EURUSD" not in source.asked
    assert rows(scan.tables["positions"])[2]["value"] == pytest.approx(3000)


def test_a_source_that_refuses_stops_no_run(monkeypatch):
    source = FakeQuotes(QUOTES, patience=0)
    scan = scan_online(monkeypatch, source)
    assert len(source.asked) == 1
    said = [row["what"] for row in rows(scan.tables["findings"])]
    # three prices and the two rates into the currency of most lines
    assert any(what.startswith("Invented Quotes refuses") for what in said)


FUNDS = """Name,ISIN,Ticker,Asset Class,Market Value,Currency
Example Emerging Markets ETF,,XEEM,ETF,400,USD
Example Frontier ETF,,XFRO,ETF,150,USD
Cash,,,Cash,450,USD
"""


def fund_of_ten_per_cent_hikvision(ticker):
    lines = lines_frame(
        {
            "name_as_written": ["Hangzhou Hikvision Digital Technology", "Taiwan Semiconductor"],
            "isin": ["CNE100000PM8", "TW0002330008"],
            "kind": ["equity", "equity"],
            "market_value": [10.0, 90.0],
        }
    )
    listed = ListedFund(fund="", ticker=ticker, as_of=date(2026, 9, 30), lines=lines, publisher="test")
    return fund_file([listed], name=f"Form of {ticker}", sha256="", origin=ONLINE_SOURCE)


def test_holdings_of_a_us_fund_are_looked_up_when_asked_to_go_online(monkeypatch):
    source = FakeHoldings({"XEEM": fund_of_ten_per_cent_hikvision("XEEM")})
    monkeypatch.setattr(wiring, "quote_source", lambda: FakeQuotes({}))
    monkeypatch.setattr(wiring, "holdings_sources", lambda: [source])
    scan = esgscan.scan(FUNDS.encode(), as_of=SUNDAY, online=True)
    # 400 of 1,000, a tenth of it
    (exposure,) = rows(scan.tables["exposures"])
    assert (exposure["issuer_id"], exposure["indirect"]) == ("hikvision", pytest.approx(0.04))
    assert source.asked == ["XEEM", "XFRO"]
    said = [row["what"] for row in rows(scan.tables["findings"])]
    assert "No source has holdings of 'XFRO' on or before 2026-11-22." in said
    cited = [(row["title"], row["publisher"]) for row in rows(scan.tables["sources"])]
    assert ("Form of XEEM", "holdings looked up for this run") in cited
    assert scan.run.inputs["Form of XEEM"] == ""


@pytest.mark.parametrize(
    ("day", "older_is_old", "asked"),
    [
        ("2026-06-30", 400, ["XFRO"]),  # the store has it
        ("2025-06-30", 400, ["XEEM", "XFRO"]),  # what the store has is older than 400 days
        ("2025-06-30", 600, ["XFRO"]),
        ("2026-12-31", 400, ["XEEM", "XFRO"]),  # the store has a later day only
    ],
)
def test_what_the_store_has_is_not_looked_up(monkeypatch, tmp_path, day, older_is_old, asked):
    monkeypatch.setenv("ESGSCAN_HOME", str(tmp_path))
    fund = f"X Fund,XEEM,{day}"
    held = f"fund,fund_ticker,as_of,name,isin,value\n{fund},Hikvision,CNE100000PM8,20\n{fund},Apple,US0378331005,80\n"
    (tmp_path / "held.csv").write_text(held)
    list(add_funds([str(tmp_path / "held.csv")]))
    source = FakeHoldings({"XEEM": fund_of_ten_per_cent_hikvision("XEEM")})
    monkeypatch.setattr(wiring, "quote_source", lambda: FakeQuotes({}))
    monkeypatch.setattr(wiring, "holdings_sources", lambda: [source])
    scan = esgscan.scan(FUNDS.encode(), as_of=SUNDAY, online=True, max_age=older_is_old)
    assert source.asked == asked
    # 400 of 1,000: a fifth of it by the store, a tenth by the source
    assert scan.weight == pytest.approx(0.4 * (0.1 if "XEEM" in asked else 0.2))
    esgscan.scan(FUNDS.encode(), as_of=SUNDAY, online=True, store=False)
    assert source.asked == [*asked, "XEEM", "XFRO"]


def test_the_sources_of_holdings_are_the_sec_and_then_yahoo():
    assert [source.name for source in wiring.holdings_sources()] == ["SEC EDGAR", "Yahoo Finance"]


def test_without_online_nobody_is_asked(monkeypatch):
    monkeypatch.setattr(wiring, "quote_source", lambda: pytest.fail("asked for a source"))
    monkeypatch.setattr(wiring, "holdings_sources", lambda: pytest.fail("asked for a source"))
    scan = esgscan.scan(UNPRICED.encode(), as_of=SUNDAY)
    assert scan.run.options["online"] is False
    assert scan.run.options["quotes"] == []


def test_files_beside_the_portfolio_may_be_uploads(tmp_path: Path) -> None:
    portfolio = b"Name,ISIN,Currency,Market Value\nAcme Sensors,US0378331005,USD,100\nCash,,EUR,50\n"
    given = {
        "fx": ("rates.csv", b"currency,rate,base\nUSD,0.5,EUR\n"),
        "policy": ("house.toml", b'name = "House"\n[count]\ntags = ["*"]\n'),
        "watchlist": (
            "own.csv",
            b"name,isin,source,from\nAcme Sensors,US0378331005,https://example.org/a,2020-01-01\n",
        ),
        "decisions": ("answers.csv", b"name_as_written,answer,decided_by,decided_on\n"),
        "identifiers": ("map.csv", b"isin,cusip\nUS0378331005,037833100\n"),
    }
    uploads = {name: Upload(*one) for name, one in given.items()}
    paths = {name: tmp_path / file for name, (file, _) in given.items()}
    for name, path in paths.items():
        path.write_bytes(given[name][1])
    lists = ("watchlist", "decisions")
    asked = [{name: [one] if name in lists else one for name, one in files.items()} for files in (uploads, paths)]
    sent, read = (esgscan.scan(portfolio, as_of="2026-11-23", **wishes) for wishes in asked)
    assert sent.weight == pytest.approx(0.5)  # 100 USD are 50 EUR, of 100 EUR
    assert sent.run.options["policy"] == "house.toml"
    for name, table in sent.tables.items():
        assert table.equals(read.tables[name]), name


def test_a_listener_hears_each_step_and_the_share_of_the_files_that_is_read() -> None:
    heard: list[tuple[str, float | None]] = []

    def listen(step: str, share: float | None = None) -> None:
        heard.append((str(step), share))

    portfolio = b"Name,ISIN,Currency,Market Value\nOur Own Fund,LU0000000009,EUR,100\n"
    lines = b"fund_isin,as_of,name,isin,market_value\nLU0000000009,2026-06-30,Dahua,CNE100000BJ4,25\n"
    esgscan.wiring.scan(portfolio, as_of="2026-11-23", holdings=[Upload("own.csv", lines)], listener=listen)
    assert heard == [("reading", 0.0), ("reading", 0.5), ("identities", None), ("look-through", None)]
