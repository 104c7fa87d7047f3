"""Which funds are looked up, at whom, and what happens when a source refuses."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from esgscan.errors import SourceError
from esgscan.fund_lookups import MOST, look_up, wanted_funds
from esgscan.sources.fields import lines_frame
from esgscan.sources.listed import ListedFund, fund_file
from esgscan.tables import FUNDS

if TYPE_CHECKING:
    import polars as pl

    from esgscan.records import FundFile

DAY = date(2026, 5, 31)


def file_of(ticker: str) -> FundFile:
    lines = lines_frame({"name_as_written": ["Apple"], "isin": ["US0378331005"], "market_value": [1.0]})
    return fund_file(
        [ListedFund(fund="", ticker=ticker, as_of=DAY, lines=lines, publisher="test")], name=ticker, sha256=""
    )


class Source:
    """A publisher with the holdings of some funds, or one that refuses."""

    def __init__(self, name: str, *tickers: str, refuses: bool = False) -> None:
        self.name, self.tickers, self.refuses, self.asked = name, tickers, refuses, [""][1:]

    def find(self, ticker: str, *, on: date) -> FundFile | None:
        assert on == DAY
        self.asked.append(ticker)
        if self.refuses:
            raise SourceError("It is closed.", where=self.name, mend="come back later")
        return file_of(ticker) if ticker in self.tickers else None


def positions(**columns: list[str | None]) -> pl.DataFrame:
    return lines_frame(columns)


def test_us_funds_without_holdings_are_wanted_once_each() -> None:
    table = positions(
        ticker=["EEM", "EEM", "VWO", "EIMI", "AAPL", "SPY", "IEMG", None],
        isin=[None, None, None, "IE00BKM4GZ66", None, "US78462F1030", None, None],
        kind=["fund", "fund", "fund", "fund", "equity", "fund", "fund", "fund"],
        exchange=[None, None, None, None, None, "NYSE Arca", "London Stock Exchange", None],
    )
    assert wanted_funds(table, file_of("VWO").funds) == ["EEM", "SPY"]


@pytest.mark.parametrize(
    "known", [{"ticker": "EEM"}, {"isin": "US4642872349"}, {"name": "ISHARES MSCI Emerging markets"}]
)
def test_a_fund_that_is_there_by_any_of_its_identifiers_is_not_wanted(known: dict[str, str]) -> None:
    table = positions(
        name_as_written=["iShares MSCI Emerging Markets"], ticker=["EEM"], isin=["US4642872349"], kind=["fund"]
    )
    assert wanted_funds(table, FUNDS.frame([{"fund_id": "x", **known}])) == []
    assert wanted_funds(table, FUNDS.frame()) == ["EEM"]


def test_the_first_source_that_has_a_fund_is_used() -> None:
    first, second = Source("First", "EEM"), Source("Second", "EEM", "VWO")
    files, findings = look_up(["EEM", "VWO"], [first, second], on=DAY)
    assert [file.name for file in files] == ["EEM", "VWO"]
    assert (first.asked, second.asked) == (["EEM", "VWO"], ["VWO"])
    assert findings == []


def test_a_fund_that_nobody_has_is_said() -> None:
    files, findings = look_up(["XYZ"], [Source("First")], on=DAY)
    assert files == []
    assert "No source has holdings of 'XYZ' on or before 2026-05-31." in findings[0].what


def test_a_source_that_refuses_is_asked_no_more_and_the_others_are() -> None:
    closed, open_one = Source("Closed", refuses=True), Source("Open", "EEM", "VWO")
    files, findings = look_up(["EEM", "VWO"], [closed, open_one], on=DAY)
    assert len(files) == 2
    assert closed.asked == ["EEM"]
    assert "Closed was asked for the holdings of 'EEM' and is asked no more: It is closed." in findings[0].what


def test_a_run_does_not_ask_without_end() -> None:
    source = Source("First")
    _, findings = look_up([f"F{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(MOST + 5)], [source], on=DAY)
    assert len(source.asked) == MOST
    assert "were not looked up" in findings[-1].what
