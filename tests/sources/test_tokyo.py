"""Portfolio composition files of Tokyo: cash above the table, rates on lines of cash, derivatives without a value."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from esgscan.errors import SourceError
from tests.sources.files import fund_of, kinds, read_text, weights

if TYPE_CHECKING:
    from pathlib import Path

FACTS = "ETF Code,ETF Name,Fund Cash Component,Shares Outstanding,Fund Date{}\n"
TABLE = "Code,Name,ISIN,Exchange,Currency,Shares Amount,Stock Price\n"
TOYOTA = "7203,TOYOTA MOTOR,JP3633400001,TSE,JPY,3000.0,2500.0\n"


def test_values_are_quantity_times_price_and_the_cash_component_is_a_line(tmp_path: Path) -> None:
    text = FACTS.format("") + "9999,Example China ETF,1000000.0,100,20260227\n\n" + TABLE + TOYOTA
    text += "002415,HIKVISION,CNE100000PM8,SHZ,JPY,2500.0,600.0\n"
    file = read_text(tmp_path, text)
    assert (fund_of(file)["ticker"], fund_of(file)["as_of"]) == ("9999", date(2026, 2, 27))
    # 3,000 x 2,500 = 7,500,000; 2,500 x 600 = 1,500,000; cash 1,000,000: 10,000,000 in all
    assert weights(file) == [0.75, 0.15, 0.1]


def test_a_line_of_cash_gives_the_rate_and_derivatives_weigh_nothing(tmp_path: Path) -> None:
    text = FACTS.format(",,") + "9999,Example ETF,500,100,20260904,,\n,,,,,,\n" + TABLE
    text += "AAA,ALBEMARLE CORP,US0126531013,XNYS,USD,10,50\n,TOPIX 2609,,OSE,JPY,-1,4106\n"
    text += "FX FORWARD,USD20261005,,,USD,-500,0.0064\nCASH,CASH USD,,,USD,10,150\n"
    file = read_text(tmp_path, text)
    # 10 x 50 x 150 = 75,000; 10 x 150 = 1,500; 500: 77,000 in all
    assert weights(file) == [round(75000 / 77000, 12), 0.0, 0.0, round(1500 / 77000, 12), round(500 / 77000, 12)]
    assert kinds(file) == ["unknown", "future", "forward", "cash", "cash"]


def test_a_currency_without_a_rate_is_refused(tmp_path: Path) -> None:
    text = FACTS.format("") + "9999,Example ETF,1000,100,20260904\n\n" + TABLE + TOYOTA
    text += "AAA,ALBEMARLE CORP,US0126531013,XNYS,USD,1,100\n"
    with pytest.raises(SourceError) as error:
        read_text(tmp_path, text)
    assert "lines in USD and no rate to yen" in error.value.what
