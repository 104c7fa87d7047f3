"""A whole run as a user starts it: a file in, a result out."""

from __future__ import annotations

import pytest

import esgscan
from esgscan.report.rows import rows

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
