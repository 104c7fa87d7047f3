"""Vanguard layouts: sections of a US file, and the plain lists of other countries."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.sources.files import fund_of, kinds, read_text, weights

if TYPE_CHECKING:
    from pathlib import Path

US = (
    "Holdings details\r\n\r\nFTSE Emerging Markets ETF (VWO)\r\n\r\n\r\nEquity,as of 09/30/2020\r\n\r\n"
    ",SEDOL,HOLDINGS,TICKER,% OF FUNDS*,SECTOR,COUNTRY,SECURITY DEPOSITORY RECEIPT TYPE,MARKET VALUE*,SHARES\r\n"
    ',BP41ZD1,Alibaba Group Holding Ltd.,BABA,40.00%,Retail,CN,ADR,"$40,000.00","23,133"\r\n'
    ',BMMV2K8,Tencent Holdings Ltd.,700,50.00%,Internet,CN,---,"$50,000.00","1"\r\n'
    ",BD5CPQ2,Hangzhou Hikvision Digital Technology Co. Ltd.,002415,<0.01%,Electronic,CN,---,$6.50,23\r\n"
    ",B450X03,Hangzhou Hikvision Digital Technology Co. Ltd.,002415,0.01%,Electronic,CN,---,$8.50,23\r\n"
    ",B000001,Delisted Co.,XXX,<0.01%,Electronic,CN,---,---,23\r\n\r\n"
    "Fixed income,as of 09/30/2020\r\n\r\n"
    ",SEDOL,HOLDINGS,TICKER,% OF FUNDS*,FACEAMOUNT,COUPONYIELD,MATURITY DATE,MARKET VALUE*\r\n"
    ",B000002,United States Treasury Bill,T,1.00%,100.00,0.11%,10/15/2020,$985.00\r\n\r\n"
    "Short-term reserves,as of 09/30/2020\r\n\r\n"
    ",HOLDINGS,% OF FUNDS*,MARKET VALUE*,FACEAMOUNT\r\n"
    ",Vanguard Market Liquidity Fund,9.00%,$9000.00,90\r\n\r\n"
    '"*The holdings listed exclude any temporary cash investments and equity index products."\r\n\r\n"Total"\r\n'
)


def test_us_file_reads_each_section_by_its_own_header(tmp_path: Path) -> None:
    file = read_text(tmp_path, US)
    # 40,000 + 50,000 + 6.50 + 8.50 + 985 + 9,000 = 100,000; the printed 100.01 % agrees within a percent
    assert weights(file) == [0.4, 0.5, 0.000065, 0.000085, 0.0, 0.00985, 0.09]
    assert kinds(file) == ["equity"] * 5 + ["bond", "money-market"]
    fund = fund_of(file)
    assert (fund["name"], fund["ticker"]) == ("Vanguard FTSE Emerging Markets ETF", "VWO")
    assert (fund["as_of"], fund["total_market_value"]) == (date(2020, 9, 30), 100_000.0)


def test_the_dollar_sign_of_a_value_is_no_witness_of_where_a_share_trades(tmp_path: Path) -> None:
    file = read_text(tmp_path, US)
    assert file.holdings["currency"].null_count() == file.holdings.height
    assert fund_of(file)["currency"] == "USD"


def test_a_file_of_shares_only_weighs_by_the_whole_that_its_percentages_tell(tmp_path: Path) -> None:
    file = read_text(tmp_path, US.split("Fixed income", 1)[0])
    # The large lines say the whole: 90,000 / 0.90 = 100,000. Listed are 90,015 of it.
    assert fund_of(file)["total_market_value"] == pytest.approx(100_000.0)
    assert fund_of(file)["share_published"] == pytest.approx(0.90015)
    assert weights(file)[:4] == [0.4, 0.5, 0.000065, 0.000085]
    assert "printed weights" in str(fund_of(file)["denominator"])


def test_australian_file_has_weights_only(tmp_path: Path) -> None:
    text = (
        "Holding Name,Ticker,Sector,Country code,% of net assets\n"
        "Taiwan Semiconductor Manufacturing Co. Ltd.,2330,IT,TW,60.00000%\n"
        "SenseTime Group Inc.,20,IT,KY,0.03006%\n"
    )
    file = read_text(tmp_path, text, fund="AU000000VAE1@2024-04-30")
    assert weights(file) == [0.6, 0.0003006, 0.3996994]
    assert kinds(file)[-1] == "not-listed"
    assert list(file.holdings["country"])[:2] == ["TW", "KY"]
