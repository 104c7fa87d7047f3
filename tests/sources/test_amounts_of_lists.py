"""Amounts and weights of funds' lists: which of several columns counts, and in which unit; answers by arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from esgscan.errors import SourceError
from tests.sources.files import fund_of, read_text, said, weights

if TYPE_CHECKING:
    from pathlib import Path

TITLE = "Example Emerging Markets ETF\nAs of 20 Nov 2026\n"
TSMC, HIKVISION = "TSMC,TW0002330008", "Hikvision,CNE100000PM8"


@pytest.mark.parametrize("fact", ['Net Assets (in millions),"$1,234.5"', "Fund size (USD m): 1 234.5"])
def test_the_unit_of_one_figure_above_a_table_is_not_that_of_its_values(tmp_path: Path, fact: str) -> None:
    table = f"{TITLE}{fact}\n\nName,ISIN,Market Value\n{TSMC},9500\n{HIKVISION},500\n"
    assert fund_of(read_text(tmp_path, table))["total_market_value"] == 9500 + 500


@pytest.mark.parametrize(
    ("unit", "scale"), [("(thousands of Canadian dollars)", 1e3), ("Millionen Euro", 1e6), ("milliers d'euros", 1e3)]
)
def test_a_unit_in_words_above_a_table_is_that_of_its_values(tmp_path: Path, unit: str, scale: float) -> None:
    table = f"{TITLE}{unit}\n\nName,ISIN,Market Value\n{TSMC},9500\n{HIKVISION},500\n"
    assert fund_of(read_text(tmp_path, table))["total_market_value"] == (9500 + 500) * scale


@pytest.mark.parametrize(
    "header",
    [
        "Weight in Index %,Weight in Fund %",
        "Index Weight (%),Fund Weight (%)",
        "Indexgewicht %,Fondsgewicht %",
        "Index weight,% of Net Assets",
    ],
)
def test_what_a_line_weighs_in_the_index_is_not_what_it_weighs_in_the_fund(tmp_path: Path, header: str) -> None:
    table = f"{TITLE}\nName,ISIN,{header}\n{TSMC},90.00,95.00\n{HIKVISION},10.00,5.00\n"
    assert weights(read_text(tmp_path, table)) == [0.95, 0.05]


def test_the_weights_of_an_index_are_taken_where_no_others_are(tmp_path: Path) -> None:
    table = f"{TITLE}\nName,ISIN,Sector,Index Weight (%)\n{TSMC},IT,90.00\n{HIKVISION},IT,10.00\n"
    assert weights(read_text(tmp_path, table)) == [0.9, 0.1]


@pytest.mark.parametrize("header", ["Market Value,Base Market Value", "Market Value,Market Value (USD)"])
def test_values_in_the_currency_of_the_fund_count_and_not_those_in_each_line_s(tmp_path: Path, header: str) -> None:
    lines = f"{TSMC},TWD,299250,9500\n{HIKVISION},CNY,3550,500\n"
    file = read_text(tmp_path, f"{TITLE}\nName,ISIN,Currency,{header}\n{lines}")
    assert weights(file) == [9500 / 10_000, 500 / 10_000]
    assert fund_of(file)["total_market_value"] == 10_000


def test_values_of_another_kind_in_a_named_currency_leave_the_market_values_in(tmp_path: Path) -> None:
    lines = f"{TSMC},9500,9500\n{HIKVISION},500,500\nIndex future,0,7000\n"
    file = read_text(
        tmp_path, f"{TITLE}\nName,ISIN,Market Value,Exposure Value ($)\n{lines}".replace("future,", "future,,")
    )
    assert weights(file)[:2] == [9500 / 10_000, 500 / 10_000]


@pytest.mark.parametrize(
    ("header", "whole"), [("Weight (bps)", 10_000), ("Weight in bp", 10_000), ("Weight (‰)", 1_000)]
)
def test_weights_may_be_parts_of_ten_thousand_or_of_a_thousand(tmp_path: Path, header: str, whole: int) -> None:
    table = f"{TITLE}\nName,ISIN,{header}\n{TSMC},{whole * 95 // 100}\n{HIKVISION},{whole * 5 // 100}\n"
    assert weights(read_text(tmp_path, table)) == [0.95, 0.05]


def test_a_share_of_the_market_value_is_a_weight_and_no_value(tmp_path: Path) -> None:
    header = "issuerName,isin,marketValuePercentage,marketValueBaseCurrency"
    file = read_text(tmp_path, f"{TITLE}\n{header}\n{TSMC},95.0,19000\n{HIKVISION},5.0,1000\n")
    assert fund_of(file)["total_market_value"] == 20_000
    assert weights(file) == [0.95, 0.05]


@pytest.mark.parametrize(
    ("table", "total"),
    [
        ("Name;ISIN;Marktwert\nTSMC;TW0002330008;9.500\nHikvision;CNE100000PM8;1.250\n", 9500 + 1250),  # by language
        ("Name,ISIN,Market Value\nTSMC,TW0002330008,9.500\nHikvision,CNE100000PM8,500\n", 9500 + 500),  # by its cells
        ("Name,ISIN,Market Value\nTSMC,TW0002330008,9.525\nHikvision,CNE100000PM8,0.475\n", 9.525 + 0.475),
        ("Name,ISIN,Market Value\nTSMC,TW0002330008,9.525\nHikvision,CNE100000PM8,3\n", 9.525 + 3),
    ],
)
def test_a_point_before_three_figures_groups_thousands_where_the_list_shows_it(
    tmp_path: Path, table: str, total: float
) -> None:
    file = read_text(tmp_path, f"{TITLE}\n{table}")
    assert fund_of(file)["total_market_value"] == pytest.approx(total, rel=1e-12)


def test_weights_of_three_decimals_have_the_mark_of_their_language(tmp_path: Path) -> None:
    head = "Beispiel Fonds\nStand 20.11.2026\n\n"
    table = "Name;ISIN;Anteil\nTSMC;TW0002330008;95,123%\nHikvision;CNE100000PM8;4,877%\n"
    assert weights(read_text(tmp_path, head + table, fund="X")) == [0.95123, 0.04877]


def test_the_market_capitalisation_of_a_company_is_no_value_of_a_line(tmp_path: Path) -> None:
    header = "Name,ISIN,Index Weight (%),Free Float Market Cap (USD)"
    file = read_text(tmp_path, f"{TITLE}\n{header}\n{TSMC},95.00,900000\n{HIKVISION},5.00,800000\n")
    assert (weights(file), fund_of(file)["total_market_value"]) == ([0.95, 0.05], None)


def test_values_that_add_to_less_than_the_net_assets_above_them_are_told(tmp_path: Path) -> None:
    table = f"Name,ISIN,Market Value\n{TSMC},9500\n{HIKVISION},500\n"
    part = read_text(tmp_path, f"{TITLE}Net Assets (in millions),2\n\n{table}")
    assert "states net assets of 2,000,000.00 above its table; the values add to 10,000.00" in said(part)
    assert "states net assets" not in said(read_text(tmp_path, f'{TITLE}Net Assets,"10,050"\n\n{table}'))
    weighted = f"Name,ISIN,Market Value,Weight\n{TSMC},9500,95%\n{HIKVISION},500,5%\n"
    assert "states net assets" not in said(read_text(tmp_path, f"{TITLE}Net Assets (in millions),2\n\n{weighted}"))


LOCAL_LINES = "TSMC,TW0002330008,TWD,285000{}\nMediaTek,TW0002454006,TWD,14250{}\nHikvision,CNE100000PM8,CNY,3550{}\n"
"""9,000 and 450 dollars at 31.6667 to the dollar, and 500 at 7.1."""


def test_values_that_the_printed_weights_show_to_be_in_many_currencies_are_no_weights(tmp_path: Path) -> None:
    table = LOCAL_LINES.format(",90.45", ",4.52", ",5.03")
    file = read_text(tmp_path, f"{TITLE}\nName,ISIN,Currency,Market Value,Weight (%)\n{table}")
    assert weights(file) == [0.9045, 0.0452, 0.0503]
    assert fund_of(file)["total_market_value"] is None


def test_values_in_one_currency_beside_a_column_of_trading_currencies_count(tmp_path: Path) -> None:
    table = "TSMC,TW0002330008,TWD,9500,95.0\nHikvision,CNE100000PM8,CNY,500,5.1\n"
    file = read_text(tmp_path, f"{TITLE}\nName,ISIN,Currency,Market Value,Weight (%)\n{table}")
    assert weights(file) == [9500 / 10_000, 500 / 10_000]


@pytest.mark.parametrize("header", ["Market Value (Local Currency)", "Local Market Value"])
def test_local_values_of_several_currencies_are_refused_without_weights(tmp_path: Path, header: str) -> None:
    with pytest.raises(SourceError, match="has values in CNY, TWD, and no weights"):
        read_text(tmp_path, f"{TITLE}\nName,ISIN,Currency,{header}\n{LOCAL_LINES.format('', '', '')}")
    one = read_text(tmp_path, f"{TITLE}\nName,ISIN,Currency,{header}\n{TSMC},TWD,9500\n{TSMC},TWD,500\n")
    assert fund_of(one)["total_market_value"] == 10_000  # one currency is as good as another


@pytest.mark.parametrize("title", ["Top 10 Holdings", "Largest positions", "前十大持股"])
def test_the_largest_values_of_a_whole_that_nobody_tells_are_refused(tmp_path: Path, title: str) -> None:
    table = f"Name,ISIN,Market Value\n{TSMC},9500\n{HIKVISION},500\n"
    with pytest.raises(SourceError, match="stands above values without weights"):
        read_text(tmp_path, f"{title}\n{TITLE}\n{table}")
    assert weights(read_text(tmp_path, f"Example Top 100 ETF\n{TITLE}\n{table}")) == [0.95, 0.05]
    weighted = f"Name,ISIN,Market Value,Weight\n{TSMC},9500,9.5%\n{HIKVISION},500,0.5%\n"
    assert weights(read_text(tmp_path, f"{title}\n{TITLE}\n{weighted}")) == [0.095, 0.005, 0.9]
