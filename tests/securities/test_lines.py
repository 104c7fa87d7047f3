"""Positions and holdings as lines: the columns, and identifiers with a right check digit or none."""

from __future__ import annotations

from datetime import date

import polars as pl

from esgscan.securities.lines import LINE, NAMED, lines_of
from esgscan.tables import POSITIONS
from tests.rows import HIKVISION, fund_file, line_table


def test_an_identifier_with_a_wrong_check_digit_becomes_missing() -> None:
    rows = [
        {"isin": "cne1 0000 0pm8", "figi": "BBG000Q844N5", "lei": "300300PV91RY9GH3CT16"},
        {"isin": "CNE100000PM9", "figi": "BBG000Q844N6", "lei": "300300PV91RY9GH3CT17"},
        {},
    ]
    lines = lines_of(line_table(rows), "position_id")
    assert lines["isin"].to_list() == [HIKVISION, None, None]
    assert lines["figi"].to_list() == ["BBG000Q844N5", None, None]
    assert lines["lei"].to_list() == ["300300PV91RY9GH3CT16", None, None]


def test_positions_and_holdings_give_the_same_columns() -> None:
    holdings = fund_file({"isin": HIKVISION}, fund="a", as_of=date(2026, 1, 31)).holdings
    assert lines_of(holdings, "holding_id").columns == [*LINE, *NAMED, "linked_by"]
    assert lines_of(holdings, "holding_id")["line_id"].to_list() == ["h1"]


def test_no_lines_are_a_table_without_rows_whose_identifiers_are_text() -> None:
    lines = lines_of(POSITIONS.frame(), "position_id")
    assert len(lines) == 0
    assert lines["isin"].dtype == pl.String
