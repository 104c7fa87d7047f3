"""Lines that have a ticker and nothing else, where the user named the fund of a holdings file by that ticker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import esgscan
from esgscan.market_portfolios import exposures_of_portfolios, read_portfolios
from esgscan.markets import MarketRequest
from esgscan.report.rows import rows
from esgscan.told_funds import told_tickers

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-23"
HOLDINGS = """name,isin,weight
Hangzhou Hikvision Digital-A,CNE100000PM8,2%
Samsung Electronics,KR7005930003,98%
"""


@pytest.fixture
def holdings(tmp_path: Path) -> str:
    (tmp_path / "list.csv").write_text(HOLDINGS)
    return f"EXWD@2026-10-31={tmp_path / 'list.csv'}"


@pytest.mark.parametrize("line", ["EXWD,,", "exwd,,", "EXWD,EXWD,"])
def test_a_ticker_alone_opens_the_fund_that_the_user_named_so(holdings: str, line: str) -> None:
    scan = esgscan.scan(
        f"Ticker,Name,ISIN,Market Value\n{line},1000\nMSFT,,,1000\n".encode(), holdings=[holdings], as_of=DAY
    )
    assert scan.weight == pytest.approx(0.5 * 0.02)  # half of the portfolio, 2 % of the fund
    assert scan.floor == 0.0  # a ticker alone is probable, and never certain
    position = rows(scan.tables["positions"])[0]
    assert (position["fund_id"], position["confidence"]) == ("EXWD", "probable")
    [said] = [one for one in rows(scan.tables["findings"]) if "ticker and nothing else" in one["what"]]
    assert said["where"].endswith("row 2")


@pytest.mark.parametrize(
    "line",
    [
        "EXWD,Exwood Lumber Inc,,",  # the name is of something else
        "EXWD,,,Equity",
        "EXWD,,US0378331005,",
        "EXWE,,,",
    ],
)
def test_a_share_with_the_ticker_of_a_fund_does_not_become_the_fund(holdings: str, line: str) -> None:
    text = f"Ticker,Name,ISIN,Asset Class,Market Value\n{line},1000\nMSFT,Microsoft Corp,,Equity,1000\n"
    scan = esgscan.scan(text.encode(), holdings=[holdings], as_of=DAY)
    assert scan.weight == 0.0
    assert rows(scan.tables["positions"])[0]["fund_id"] is None


def test_a_file_that_names_its_own_ticker_opens_no_line_that_has_only_that(tmp_path: Path) -> None:
    """Publishers' files have thousands of tickers, and a share may have each of them."""
    table = "fund,fund_ticker,as_of,name,isin,weight\nExample,EXWD,2026-10-31,Hikvision,CNE100000PM8,100%\n"
    (tmp_path / "funds.csv").write_text(table)
    scan = esgscan.scan(b"Ticker,Market Value\nEXWD,1000\n", holdings=[str(tmp_path / "funds.csv")], as_of=DAY)
    assert (scan.weight, scan.ceiling) == (0.0, 1.0)


def test_thousands_of_portfolios_are_read_as_one_is(holdings: str, tmp_path: Path) -> None:
    (tmp_path / "portfolios").mkdir()
    (tmp_path / "portfolios" / "a.csv").write_text("Ticker,Market Value\nEXWD,1000\nMSFT,1000\n")
    lines = [one.lines for one in read_portfolios(str(tmp_path / "portfolios"), as_of=DAY) if one.lines is not None]
    [row] = rows(exposures_of_portfolios(lines, [holdings], request=MarketRequest(as_of=DAY)))
    assert (row["issuer_id"], row["weight"], row["indirect"]) == ("hikvision", pytest.approx(0.01), pytest.approx(0.01))


def test_only_tickers_count_among_the_names_that_users_give() -> None:
    given = ["EXWD=a.csv", "CSPX.L@2026-05-31=b.csv", "IE00B4L5Y983=c.csv", "Example Fund=d.csv", "e.csv", "EXWD=f.csv"]
    assert told_tickers(given) == ["EXWD", "CSPX.L"]
