"""Valuation sheets of Chinese funds: only the lowest accounts are positions, whatever stands above them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from esgscan.portfolio.reading import ReadingOptions, read_portfolio
from tests.sources.files import fund_of, names, read_text, said, weights

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "科目代码,科目名称,数量,单位成本,成本,成本占净值%,市价,市值,市值占净值%,估值增值,停牌信息"
CASH, STOCKS, GAIN, HONG_KONG, DEBT = 1000, (4000, 3000), 500, 2000, 50
NET = CASH + sum(STOCKS) + HONG_KONG - DEBT
TITLE = "某证券股份有限公司__甲一号私募证券投资基金__专用表"


def account(code: str, name: str, value: float, *, quantity: str = "") -> str:
    return f"{code},{name},{quantity},,{value},,,{value},{value / NET:.4%},,"


def sheet(code: str = "{}", title: str = TITLE) -> str:
    """Write a sheet; `code` is how a security's code is written behind its account."""
    rows = [
        "证券投资基金估值表",
        title,
        "估值日期：2026-06-30,,,,单位净值：1.1000",
        HEADER,
        account("1002", "银行存款", CASH),
        account("100201", "活期存款", CASH),
        account("10020101", "某银行活期", CASH),
        account("1102", "股票投资", sum(STOCKS) + HONG_KONG),
        account("110201", "上交所A股", STOCKS[0]),
        account("11020101", "成本", STOCKS[0]),
        account("11020101" + code.format("600519"), "贵州茅台", STOCKS[0], quantity="100"),
        account("11020199", "估值增值", GAIN),
        account("11020199" + code.format("600519"), "贵州茅台", GAIN),
        account("110231", "深交所A股", STOCKS[1]),
        account("11023101", "成本", STOCKS[1]),
        account("11023101" + code.format("002415"), "海康威视", STOCKS[1], quantity="100"),
        account("110281", "港股通", HONG_KONG),
        account("11028101", "成本", HONG_KONG),
        account("11028101" + code.format("H00020"), "商汤-W", HONG_KONG, quantity="1000"),
        account("2203", "应付赎回款", DEBT),
        account("4001", "实收基金", 9000),
        account("资产类合计:", "", NET + DEBT),
        account("负债类合计:", "", DEBT),
        account("基金资产净值:", "", NET),
        "基金单位净值:,1.1000,,,,,,,,,",
        "制表：,甲,复核：,乙,,,,,,,",
    ]
    return "\n".join(rows)


@pytest.mark.parametrize("code", ["{}", " {}", ".{}"], ids=["joined", "space", "point"])
def test_the_lowest_accounts_are_the_positions_and_debts_count_against_them(tmp_path: Path, code: str) -> None:
    file = read_text(tmp_path, sheet(code).replace("002415", "002415 SZ"))
    assert names(file) == ["某银行活期", "贵州茅台", "海康威视", "商汤-W", "应付赎回款"]
    assert list(file.holdings["ticker"]) == [None, "600519", "002415", "00020", None]
    assert list(file.holdings["exchange"]) == [None, "SSE", "SZSE", "HKEX", None]
    assert list(file.holdings["kind"]) == ["cash", "equity", "equity", "equity", "cash"]
    values = [CASH, *STOCKS, HONG_KONG, -DEBT]
    assert list(file.holdings["market_value"]) == values
    assert weights(file) == [round(value / NET, 12) for value in values]
    assert (fund_of(file)["name"], fund_of(file)["as_of"]) == ("甲一号私募证券投资基金", date(2026, 6, 30))


def test_a_sheet_that_names_no_fund_asks_for_it_and_takes_the_name_given(tmp_path: Path) -> None:
    file = read_text(tmp_path, sheet(title="未知产品___专用表"), fund="Fund A")
    assert fund_of(file)["fund_id"] == "Fund A"
    assert "2026-06-30" in said(file)


def test_a_sheet_given_as_the_portfolio_says_why_each_sum_was_left_out() -> None:
    reading = read_portfolio(sheet().encode(), name="sheet.csv", options=ReadingOptions())
    assert sum(reading.positions["market_value"]) == NET
    whys = [line.why for line in reading.audit.skipped]
    assert whys.count("gain, which the line of the security has in its value") == 1
    assert whys.count("total or note") == 5
    assert whys.count("what belongs to the owners") == 1
    assert whys.count("sum of the accounts below it") == 10


def test_a_taiwanese_list_reads_weights_and_day(tmp_path: Path) -> None:
    text = "甲台灣卓越基金\n交易日期：,2026/06/30\n股票\n商品代碼,商品名稱,商品數量,商品權重\n"
    text += '2330,台積電,"1,000",58.87\n2317,鴻海,500,5.03\n'
    file = read_text(tmp_path, text, name="0050.csv")
    assert weights(file) == [0.5887, 0.0503, round(1 - 0.5887 - 0.0503, 12)]
    assert fund_of(file)["as_of"] == date(2026, 6, 30)
