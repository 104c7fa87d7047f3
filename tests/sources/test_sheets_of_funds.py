"""Workbooks of several sheets: a fund on each below the name of the house, or one fund with a sheet per asset class."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
from openpyxl import Workbook

from esgscan.sources.holdings import read_holdings
from tests.sources.files import fund_of, names, said, weights

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from esgscan.records import FundFile

TSMC, HIKVISION, DAHUA = "TW0002330008", "CNE100000PM8", "CNE100000BJ4"
HEADER = ["Name", "ISIN", "Market Value", "% of NAV"]


def read(folder: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> FundFile:
    book = Workbook()
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save(folder / "book.xlsx")
    return read_holdings(str(folder / "book.xlsx"))


def test_the_name_of_the_house_is_not_that_of_the_fund_below_it(tmp_path: Path) -> None:
    def scheme(fund: str, day: str, isin: str, value: float) -> list[list[object]]:
        return [
            ["Example Mutual Fund"],
            [fund],
            [f"Monthly Portfolio Statement as on {day}"],
            ["Name of the Instrument", "ISIN", "Market/Fair Value(Rs. in Lakhs)", "% to NAV"],
            ["TSMC", TSMC, 100 - value, 1 - value / 100],
            ["Share", isin, value, value / 100],
            ["(b) Unlisted", None, "NIL", "NIL"],
            ["GRAND TOTAL", None, 100, 1],
        ]

    first = scheme("Example Alpha China Fund", "Oct 31,2026", HIKVISION, 5)
    file = read(tmp_path, {"A": first, "B": scheme("Example Beta China Fund", "31-Oct-26", DAHUA, 10)})
    assert list(file.funds["name"]) == ["Example Alpha China Fund", "Example Beta China Fund"]
    assert set(file.funds["as_of"]) == {date(2026, 10, 31)}
    assert weights(file) == [0.95, 0.05, 0.9, 0.1]  # of 100 lakhs each
    assert list(file.funds["total_market_value"]) == [100 * 100_000.0] * 2
    assert list(file.holdings.filter(pl.col("isin") == DAHUA)["fund_id"]) == ["Example Beta China Fund"]


def classes(*, is_weighted: bool) -> dict[str, list[list[object]]]:
    lines = {
        "Shares": [["TSMC", TSMC, 5500, 55], ["Hikvision", HIKVISION, 500, 5]],
        "Bonds": [["US Treasury 4% 2034", "US91282CLF67", 3500, 35]],
        "Cash": [["USD Cash", None, 500, 5]],
    }
    columns = len(HEADER) if is_weighted else len(HEADER) - 1
    head: list[list[object]] = [["Example Multi Fund"], ["As of 20 Nov 2026"], HEADER[:columns]]
    return {title: [*head, *(row[:columns] for row in rows)] for title, rows in lines.items()}


def test_a_sheet_for_each_class_makes_one_fund_where_the_weights_show_it(tmp_path: Path) -> None:
    file = read(tmp_path, classes(is_weighted=True))
    assert names(file) == ["TSMC", "Hikvision", "US Treasury 4% 2034", "USD Cash"]
    assert weights(file) == [0.55, 0.05, 0.35, 0.05]
    assert fund_of(file)["total_market_value"] == 5500 + 500 + 3500 + 500


def test_lists_on_other_sheets_are_named_where_nothing_shows_that_they_belong_together(tmp_path: Path) -> None:
    file = read(tmp_path, classes(is_weighted=False))
    assert names(file) == ["TSMC", "Hikvision"]
    assert "there are lists on 'Bonds', 'Cash' too" in said(file)


def test_a_whole_list_beside_its_largest_lines_is_read_alone(tmp_path: Path) -> None:
    head: list[list[object]] = [["Example Fund"], ["As of 20 Nov 2026"], HEADER]
    rows: list[list[object]] = [["TSMC", TSMC, 9000, 90], ["Hikvision", HIKVISION, 1000, 10]]
    file = read(tmp_path, {"All holdings": [*head, *rows], "Top holding": [*head, rows[0]]})
    assert weights(file) == [0.9, 0.1]
    assert "Only the sheet" not in said(file)
