"""The portfolio that the benchmarks scan."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from python_calamine import load_workbook

from esgscan.identifiers import read_isin, read_isins
from esgscan.reference.datasets import load_dataset

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def portfolios(project, monkeypatch):
    """Import the generator, which lies outside the package."""
    monkeypatch.syspath_prepend(project / "benchmarks")
    return importlib.import_module("portfolios")


@pytest.fixture
def universe(project, monkeypatch):
    """Import the generator of a market."""
    monkeypatch.syspath_prepend(project / "benchmarks")
    return importlib.import_module("universe")


def written(universe, folder: Path, **options: Any) -> pl.DataFrame:
    universe.write_universe(folder, **options)
    return pl.read_parquet(folder / "*.parquet")


def test_a_generated_market_has_the_shape_of_a_real_one(universe, tmp_path):
    lines = written(universe, tmp_path, rows=200_000)
    assert len(lines) == 200_000
    assert 11_500 <= lines["fund_id"].n_unique() <= 12_000
    assert lines["isin"].is_null().mean() == pytest.approx(0.15, abs=0.01)
    per_fund = lines.group_by("fund_id").len()["len"].sort(descending=True)
    assert per_fund.head(len(per_fund) // 10).sum() > 0.3 * len(lines), "a tenth of the funds has most lines"
    of_funds = lines.filter(kind="fund")["fund_id"].n_unique()
    assert of_funds / 12_000 == pytest.approx(0.03, abs=0.002)
    issuers = set(load_dataset("names")["name"])
    spelled = set(lines["name_as_written"]) & issuers
    assert len(spelled) > 0.7 * len(issuers), "the watchlist appears under most of its spellings"
    isins = lines["isin"].drop_nulls().unique()
    assert read_isins(isins).null_count() == 0


def test_funds_of_a_generated_market_hold_funds_up_to_four_deep_and_no_loops(universe, tmp_path):
    lines = written(universe, tmp_path, rows=200_000)
    inside = lines.filter(pl.col("kind") == "fund", pl.col("isin").is_not_null()).group_by("fund_id").agg("isin")
    held = dict(inside.iter_rows())

    def depth(fund: str) -> int:
        return 1 + max((depth(one) for one in held[fund]), default=0) if fund in held else 0

    assert max(map(depth, held)) == 4


def test_a_generated_market_is_the_same_for_the_same_seed(universe, tmp_path):
    first = written(universe, tmp_path / "a", rows=20_000)
    assert first.equals(written(universe, tmp_path / "b", rows=20_000))
    assert not first.equals(written(universe, tmp_path / "c", rows=20_000, seed=1))
    lean = written(universe, tmp_path / "d", rows=20_000, lean=True)
    assert lean.equals(first.select(universe.LEAN))


def test_generated_lines_have_right_and_different_isins(portfolios):
    isins = [line.isin for line in portfolios.portfolio_lines(300)]
    assert all(map(read_isin, isins))
    assert len(set(isins)) == 300


def test_generated_portfolio_holds_each_watchlist_security_once(portfolios):
    isins = [line.isin for line in portfolios.portfolio_lines(301)]
    assert [isins.count(listed[1]) for listed in portfolios.WATCHLIST] == [1, 1, 1]


def test_generated_portfolio_is_the_same_for_the_same_seed(portfolios):
    first, again, other = (list(portfolios.portfolio_lines(50, seed=seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_written_workbook_has_a_header_and_every_line(portfolios, tmp_path):
    portfolios.write_portfolio(tmp_path / "portfolio.xlsx", lines=20)
    rows = load_workbook(tmp_path / "portfolio.xlsx").get_sheet_by_index(0).to_python()
    assert rows[0] == list(portfolios.HEADER)
    assert len(rows) == 1 + 20
