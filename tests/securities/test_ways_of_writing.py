"""From a file to an outcome: what must not be missed, however it is written, and whom it must not flag."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import esgscan

FLAGGED, CLEAR, UNCOVERED = "flagged", "clear", "uncovered"


def outcomes(lines: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    """Give for each line where its weight ended, and the issuer it was taken for."""
    table = pd.DataFrame([{"market value": 1.0, **line} for line in lines])
    positions = esgscan.scan(table, as_of="2026-11-23").positions
    assert len(positions) == len(lines)
    ended = [next(name for name in (FLAGGED, CLEAR, UNCOVERED) if row[name]) for _, row in positions.iterrows()]
    return [
        (end, None if issuer is pd.NA else issuer) for end, issuer in zip(ended, positions["issuer_id"], strict=True)
    ]


def test_a_code_with_its_market_is_found_however_it_is_written() -> None:
    written = {
        "002415.SZ": "hikvision", "002415 CH": "hikvision", "002415 C2 Equity": "hikvision", "002415-CN": "hikvision",
        "SZSE:002415": "hikvision", "SHE:002415": "hikvision", "XSHE:002415": "hikvision", "002415.ZK": "hikvision",
        "sz002415": "hikvision", "002415CN": "hikvision", "002236.SZ": "dahua", "SH603019": "sugon",
        "603019.SS": "sugon", "600941 CH": "china-mobile", "300188.SZ": "meiya-pico", "0020.HK": "sensetime",
        "20 HK": "sensetime", "HKS:0981": "smic", "HK:XHKG:0981": "smic", "CN:XSHG:688981": "smic",
        "HK0020": "sensetime", "763 HK": "zte", "ZTCOF US": "zte", "BBG000Q844N5": "hikvision",
        "HK20": "sensetime", "763HK": "zte", "HKEX0981": "smic", "0020HKSE": "sensetime", "HK:00981.HK": "smic",
        "002415C2": "hikvision", "603019CG": "sugon", "SHSE601360": "qihoo-360", "SH:600071.SS": "phenix-optical",
        "Shanghai Stock Exchange: 688981": "smic", "981 H1 Equity": "smic",
        "ISIN:CNE100000PM8": "hikvision",
    }  # fmt: skip
    lines = [{"ticker": ticker, "name": "X"} for ticker in written]
    assert outcomes(lines) == [(FLAGGED, issuer) for issuer in written.values()]


def test_a_code_in_a_name_is_read_where_the_line_has_no_other() -> None:
    names = {
        "ZTE Corporation (0763.HK)": "zte", "CMHK (0762.HK)": "china-unicom-hk", "中移(0941.HK)": "china-mobile",
        "中科曙光（603019.SH）": "sugon", "科大讯飞(002230)": "iflytek", "SMIC (SEHK: 981)": "smic",
        "China Telecom (728 HK, Neu)": "china-telecom", "360 Security Technology (A-share 601360)": "qihoo-360",
        "601360 SS - 360": "qihoo-360", "000063.SZ ZTE Corp": "zte", "Sugon 603019.SS": "sugon",
        "SZ002415 海康威视": "hikvision",
        "Dahua (SZ 002236)": "dahua", "WTS X CNE100000PM8 2027": "hikvision", "SMIC [981 HK]": "smic",
    }  # fmt: skip
    assert outcomes([{"name": name} for name in names]) == [(FLAGGED, issuer) for issuer in names.values()]


@pytest.mark.parametrize(
    "line",
    [
        {"name": "Changzhou Xinrui (002415)"},
        {"name": "Changzhou Xinrui (002415)", "country": "China"},
        {"name": "长盛电子信息主题混合(000063)", "currency": "CNY"},
        {"name": "Tracker Fund of Hong Kong (2800.HK)"},
        {"name": "Hikvision (2415 TW)"},
        {"name": "Hikvision (2415)"},
        {"name": "2415 TW - Hikvision"},
        {"name": "Bank of Ningbo 300603"},
        {"name": "Premier Stocks Top 20 HK"},
        {"name": "300603 Bank of Ningbo"},
        {"name": "Hikvision (002475.SZ)", "country": "China"},
        {"name": "Hikvision (0763.HK)"},
    ],
    ids=str,
)
def test_a_code_in_brackets_that_is_bare_or_of_another_market_settles_nothing(line: dict[str, Any]) -> None:
    assert [end for end, _ in outcomes([line])] == [UNCOVERED]


def test_a_code_in_brackets_does_not_go_before_the_code_of_the_line() -> None:
    assert outcomes([{"name": "Formerly Sanan (002415.SZ)", "ticker": "600703.SS"}]) == [(CLEAR, None)]


@pytest.mark.parametrize(
    "line",
    [
        {"ticker": "002415.SZ (A)", "name": "X"},
        {"ticker": "0.002415", "name": "X"},
        {"ticker": "002415.CNE1", "name": "X"},
        {"ticker": "0020.HK (A)", "name": "X"},
        {"ticker": "SNTMF", "name": "X"},
        {"ticker": "XOTC-SNTMF", "name": "X"},
        {"ticker": "002415", "name": "X", "exchange": "SEHK"},
        {"ticker": "2415", "name": "X"},
        {"ticker": "2415", "name": "X", "country": "China"},
        {"ticker": "IEMG", "name": "Core EM"},
        {"name": "JPM-ASIA GROWTH JPMAGAADL", "isin": "LU0169518387"},
        {"name": "Schwab Emerging Markets Equity", "ticker": "SCHX"},
        {"name": "iShares Core MSCI Emerging Markets ETF", "isin": "LU0173614495"},
        {"name": "Note on Hikvision 2027", "isin": "XS1809220000"},
    ],
    ids=str,
)
def test_what_may_be_a_watchlist_line_or_a_fund_is_never_called_clear(line: dict[str, Any]) -> None:
    assert [end for end, _ in outcomes([line])] == [UNCOVERED]


@pytest.mark.parametrize(
    "line",
    [
        {"ticker": "002230", "name": "Some CSI 300 fund", "exchange": "Shenzhen", "asset class": "Fund"},
        {"ticker": "002415", "name": "Hikvision", "exchange": "Shenzhen", "asset class": "Swap"},
        {"name": "Hikvision call", "isin": "CNE100000PM8", "asset class": "Option"},
        {"ticker": "0992", "name": "ZTE Corp", "exchange": "Hong Kong"},
        {"ticker": "603019", "name": "Hikvision", "exchange": "Shanghai"},
        {"name": "Hytera Communications Limited", "country": "Hong Kong"},
        {"name": "Hangzhou Hikvision Digital Technology"},
    ],
    ids=str,
)
def test_witnesses_that_contradict_one_another_flag_nobody(line: dict[str, Any]) -> None:
    assert outcomes([line]) == [(UNCOVERED, None)]


@pytest.mark.parametrize(
    "line",
    [
        {"ticker": "2415", "name": "X", "exchange": "Taiwan Stock Exchange", "country": "Taiwan"},
        {"ticker": "000100", "name": "YUHAN", "exchange": "Korea Exchange (Stock Market)", "country": "Korea (South)"},
        {"ticker": "000728", "name": "Guoyuan Securities", "exchange": "Shenzhen"},
        {"ticker": "2230", "name": "Saudi Chemical", "exchange": "Saudi Stock Exchange", "country": "Saudi Arabia"},
        {"ticker": "600230", "name": "Cangzhou Dahua", "exchange": "Shanghai Stock Exchange"},
        {"ticker": "600050", "name": "China Unicom", "exchange": "Shanghai"},
        {"name": "ArcelorMittal SA", "isin": "LU1598757687"},
        {"name": "China Construction Bank", "isin": "CNE1000002H1"},
        {"ticker": "AAPL", "name": "Apple Inc"},
    ],
    ids=str,
)
def test_another_company_is_clear(line: dict[str, Any]) -> None:
    assert outcomes([line]) == [(CLEAR, None)]


def test_a_line_whose_value_says_missing_opens_the_ceiling() -> None:
    table = pd.DataFrame(
        {"Name": ["Hangzhou Hikvision", "Apple"], "ISIN": ["", "US0378331005"], "Market value": ["n/a", "1"]}
    )
    scan = esgscan.scan(table, as_of="2026-11-23")
    assert scan.ceiling == 1.0
    assert scan.portfolio.positions == 2
    assert any("no value" in what for what in scan.findings["what"])


def test_longs_and_shorts_do_not_hide_one_another() -> None:
    lines = pd.DataFrame(
        {
            "name": ["Hikvision", "Dahua", "Apple"],
            "isin": ["CNE100000PM8", "CNE100000BJ4", "US0378331005"],
            "market value": [10.0, -10.0, 100.0],
        }
    )
    scan = esgscan.scan(lines, as_of="2026-11-23")
    # net 10 - 10 of 100; long 10 of 100
    assert (scan.weight, float(scan.exposures["long"].sum()), float(scan.exposures["short"].sum())) == (0.0, 0.1, -0.1)


def test_an_unsure_short_lowers_the_floor_and_not_the_proof() -> None:
    lines = pd.DataFrame(
        {
            "name": ["Hikvision", "Hangzhou Hikvision Digital Technology", "Apple"],
            "isin": ["CNE100000PM8", None, "US0378331005"],
            "country": ["China", "China", "United States"],
            "market value": [10.0, -5.0, 95.0],
        }
    )
    scan = esgscan.scan(lines, as_of="2026-11-23")
    assert scan.floor <= scan.weight <= scan.ceiling
    assert scan.weight == pytest.approx(0.05, abs=1e-15)


@pytest.mark.parametrize("ticker", ["0763.HK", "763 HK", "002236.SZ", "ZTCOF US", "688012.SS"])
def test_a_code_beside_the_name_of_another_issuer_is_refused_and_says_why(ticker: str) -> None:
    table = pd.DataFrame([{"name": "Hikvision", "ticker": ticker, "market value": 1.0}])
    (row,) = esgscan.scan(table, as_of="2026-11-23").positions.to_dict("records")
    assert (row["confidence"], row["uncovered"]) == ("refused", 1.0)
    assert row["evidence"].endswith(("is that of another issuer", "and name 'Hikvision' do not all agree"))
