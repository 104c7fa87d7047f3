"""What every fund reaches is computed once per version of the store, and anew when the store has changed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from esgscan import markets
from esgscan.funds import add_funds, remove_fund
from esgscan.kept_exposures import kept_exposures, kept_holders
from esgscan.markets import MarketRequest, exposures_of_funds, holders_of

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 7, 1)
HEADER = "fund,as_of,name,isin,market_value\n"


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """Count the passes over the market, by their days."""
    monkeypatch.setenv("ESGSCAN_HOME", str(tmp_path / "home"))
    passes: list[date] = []

    def passing(*, request: MarketRequest, with_recorded: bool) -> pl.DataFrame:
        passes.append(request.day)
        return exposures_of_funds(request=request, with_recorded=with_recorded)

    monkeypatch.setattr(markets, "exposures_of_funds", passing)
    return passes


def add(folder: Path, fund: str, hikvision: int) -> None:
    lines = f"{fund},2026-06-30,Hikvision,CNE100000PM8,{hikvision}\n{fund},2026-06-30,Apple,US0378331005,100\n"
    (folder / f"{fund}.csv").write_text(HEADER + lines, encoding="utf-8")
    assert [file.error for file in add_funds([str(folder / f"{fund}.csv")])] == [None]


def weights(day: date = DAY) -> dict[str, float]:
    held = kept_exposures(day).filter(pl.col("issuer_id") == "hikvision", pl.col("fund_id").str.starts_with("Fund "))
    return dict(zip(held["fund_id"], held["weight"].round(9), strict=True))


def test_one_pass_serves_until_the_store_changes(counted: list[date], tmp_path: Path) -> None:
    add(tmp_path, "Fund A", 100)
    assert weights() == weights() == {"Fund A": 0.5}  # 100 of 200
    assert len(counted) == 1
    add(tmp_path, "Fund B", 300)
    assert weights() == {"Fund A": 0.5, "Fund B": 0.75}  # 300 of 400
    remove_fund("Fund A")
    assert weights() == {"Fund B": 0.75}
    assert len(counted) == 3


def test_each_day_is_a_pass_of_its_own(counted: list[date], tmp_path: Path) -> None:
    add(tmp_path, "Fund A", 100)
    assert weights(date(2026, 6, 1)) == {}
    assert weights() == {"Fund A": 0.5}
    assert counted == [date(2026, 6, 1), DAY]


def test_the_holders_are_those_that_a_command_gives_in_the_same_order(counted: list[date], tmp_path: Path) -> None:
    add(tmp_path, "Fund A", 100)
    add(tmp_path, "Fund B", 300)
    kept = kept_holders("hikvision", as_of=DAY)
    assert kept.equals(holders_of("hikvision", request=MarketRequest(as_of=DAY)))
    assert len(counted) == 2
