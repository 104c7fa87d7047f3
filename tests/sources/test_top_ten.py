"""The ten largest lines of a fund: a part, of today, and said to be that."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from esgscan.errors import SourceError
from esgscan.sources.top_ten import TopTen, ask_yahoo
from tests.sources.test_sec_filings import Kept

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = date(2026, 11, 26)
LINES = [
    {"symbol": "2330.TW", "name": "Taiwan Semiconductor", "weight": 0.13},
    {"symbol": "002415.SZ", "name": "Hangzhou Hikvision", "weight": 0.02},
]


def source(fetch: Callable[[str], list[dict[str, Any]]]) -> TopTen:
    return TopTen(answers=Kept(), today=TODAY, fetch=fetch)


def test_what_the_list_leaves_out_is_uncovered_and_the_list_is_marked() -> None:
    asked: list[str] = []
    yahoo = source(lambda ticker: (asked.append(ticker), LINES)[1])
    for _ in range(2):
        file = yahoo.find("EEM", on=TODAY)
    assert file is not None
    assert [round(weight, 12) for weight in file.holdings["holding_weight"]] == [0.13, 0.02, 0.85]
    assert file.funds.select("ticker", "as_of", "publisher").row(0) == ("EEM", TODAY, "Yahoo Finance, largest holdings")
    assert "only the 2 largest holdings are known" in file.findings[0].what
    assert asked == ["EEM"]


def test_a_list_of_today_says_nothing_of_a_day_that_is_past() -> None:
    assert source(lambda _: LINES).find("EEM", on=date(2026, 11, 25)) is None


def test_a_fund_without_a_list_has_none() -> None:
    assert source(lambda _: []).find("EEM", on=TODAY) is None


def test_yahoo_s_table_is_read_by_its_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    import yfinance

    table = pd.DataFrame(
        {"Name": ["Hikvision"], "Holding Percent": [0.02]}, index=pd.Index(["002415.SZ"], name="Symbol")
    )
    monkeypatch.setattr(yfinance, "Ticker", lambda _: SimpleNamespace(funds_data=SimpleNamespace(top_holdings=table)))
    assert ask_yahoo("EEM") == [{"symbol": "002415.SZ", "name": "Hikvision", "weight": 0.02}]
    monkeypatch.setattr(yfinance, "Ticker", lambda _: SimpleNamespace(funds_data=None))
    assert ask_yahoo("EEM") == []


def test_a_refusal_of_yahoo_is_a_source_error(monkeypatch: pytest.MonkeyPatch) -> None:
    import yfinance

    def refuse(_: str) -> None:
        raise OSError("connection refused")

    monkeypatch.setattr(yfinance, "Ticker", refuse)
    with pytest.raises(SourceError, match="did not answer for 'EEM'"):
        ask_yahoo("EEM")
