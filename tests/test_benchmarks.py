"""The portfolio that the benchmarks scan."""

from __future__ import annotations

import importlib

import pytest
from python_calamine import load_workbook

from esgscan.identifiers import read_isin


@pytest.fixture
def portfolios(project, monkeypatch):
    """Import the generator, which lies outside the package."""
    monkeypatch.syspath_prepend(project / "benchmarks")
    return importlib.import_module("portfolios")


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
