"""Lists that count money more than once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sources.files import kinds, names, read_text, said, weights

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "fund,as_of,name,isin,asset_class,market_value,weight\n"
FUND = "Mixed,2026-05-31,"
BLOCK = (
    f"{FUND}Apple,US0378331005,equity,600,60.0%\n{FUND}Hangzhou Hikvision,CNE100000PM8,equity,300,30.0%\n"
    f"{FUND}Cash,,cash,100,10.0%\n"
)


def test_a_block_that_is_printed_twice_counts_once(tmp_path: Path) -> None:
    file = read_text(tmp_path, HEADER + BLOCK + BLOCK)
    assert weights(file) == [0.6, 0.3, 0.1]
    assert "first 3 lines come a second time" in said(file)


def test_two_equal_lots_of_a_security_are_no_repeated_block(tmp_path: Path) -> None:
    lot = f"{FUND}Apple,US0378331005,equity,500,50.0%\n"
    file = read_text(tmp_path, HEADER + lot + lot)
    assert weights(file) == [0.5, 0.5]


def test_a_hedged_fund_keeps_its_inner_fund_and_forwards_and_not_the_shares_below(tmp_path: Path) -> None:
    text = (
        f"{FUND}iShares MSCI Emerging Markets ETF,US4642872349,fund,1026,102.6%\n"
        f"{FUND}USD/CNH,,forward,-26,-2.6%\n"
        f"{FUND}Hangzhou Hikvision,CNE100000PM8,equity,700,70.0%\n"
        f"{FUND}Tencent,KYG875721634,equity,300,30.0%\n"
    )
    file = read_text(tmp_path, HEADER + text)
    assert names(file) == ["iShares MSCI Emerging Markets ETF", "USD/CNH"]
    assert weights(file) == [1.026, -0.026]


def test_weights_of_200_per_cent_that_nobody_can_part_are_all_uncovered(tmp_path: Path) -> None:
    text = f"{FUND}Apple,US0378331005,equity,600,100.0%\n{FUND}Tencent,KYG875721634,equity,600,100.0%\n"
    file = read_text(tmp_path, HEADER + text)
    assert kinds(file) == ["not-listed"]
    assert "counts money more than once" in said(file)
