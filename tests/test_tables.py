"""Tables of the flow: what `frame` makes of rows, and `conform` of frames from elsewhere."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

import esgscan.result_tables
import esgscan.tables
from esgscan.result_tables import RESULT
from esgscan.tables import FUNDS, HOLDINGS, POSITIONS, SECURITIES, Table, Type, polars_types

NAMED = {**vars(esgscan.tables), **vars(esgscan.result_tables)}
TABLES = [*(t for t in NAMED.values() if isinstance(t, Table)), *RESULT.values()]


def test_a_row_with_a_column_that_the_table_lacks_is_a_key_error() -> None:
    with pytest.raises(KeyError, match=r"SECURITIES has no column \['price'\]"):
        SECURITIES.frame([{"line_id": "p1", "price": 3.0}])


def test_a_key_that_a_row_leaves_out_is_missing_and_typed() -> None:
    frame = FUNDS.frame([{"fund_id": "a", "as_of": date(2026, 1, 31)}, {"fund_id": "b", "share_published": 1}])
    assert frame["as_of"].to_list() == [date(2026, 1, 31), None]
    assert frame["as_of"].dtype == pl.Date
    assert frame["share_published"].dtype == pl.Float64
    assert frame.columns == list(FUNDS.columns)


def test_a_date_compares_as_a_date() -> None:
    frame = FUNDS.frame([{"as_of": date(2026, 1, 31)}, {"as_of": date(2026, 10, 1)}])
    assert (frame["as_of"] <= date(2026, 9, 30)).to_list() == [True, False]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_without_rows_has_its_columns_and_their_types(table: Table) -> None:
    frame = table.frame()
    assert len(frame) == 0
    assert dict(frame.schema) == {name: polars_types()[column.type] for name, column in table.columns.items()}


def test_conform_gives_the_order_the_types_and_empty_columns_and_drops_what_is_not_of_the_table() -> None:
    frame = pl.DataFrame({"weight": [1], "ticker": ["EEM"], "of_another_table": ["x"]})
    conformed = POSITIONS.conform(frame)
    assert conformed.schema == POSITIONS.schema
    assert conformed["weight"].to_list() == [1.0]
    assert conformed["isin"].to_list() == [None]


def test_conform_does_not_take_text_for_a_number() -> None:
    with pytest.raises(pl.exceptions.InvalidOperationError, match="abc"):
        HOLDINGS.conform(pl.DataFrame({"holding_weight": ["abc"]}))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_says_what_a_row_and_each_column_is_and_the_unit_of_each_number(table: Table) -> None:
    assert table.one_row_per
    assert all(column.meaning for column in table.columns.values())
    assert [name for name, c in table.columns.items() if c.type is Type.NUMBER and not c.unit] == []
