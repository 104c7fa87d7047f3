"""What every engine does: take a table in, compute it once, give it back with the same types."""

from __future__ import annotations

from concurrent.futures import CancelledError
from datetime import date
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from esgscan.engines.duckdb import DuckDB
from esgscan.errors import SourceError
from esgscan.tables import FUNDS
from tests.frames import collected

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.tables import Engine

ROWS = [
    {"fund_id": "a", "as_of": date(2026, 1, 31), "total_market_value": 0.1},
    {"fund_id": "b", "name": "Fonds für Schwellenländer 新兴市场", "share_published": 1.0},
]


def test_a_table_comes_back_as_it_went_in(engine: Engine) -> None:
    table = FUNDS.frame(ROWS)
    back = FUNDS.conform(engine.collect(engine.frame(table))).sort("fund_id")
    assert back.equals(table)


def test_dates_come_back_as_dates_and_missing_as_missing(engine: Engine) -> None:
    back = collected(engine, engine.frame(FUNDS.frame(ROWS))).set_index("fund_id")
    assert back.loc["a", "as_of"] == date(2026, 1, 31)
    assert back["as_of"].isna().to_dict() == {"a": False, "b": True}
    assert back["name"].isna().to_dict() == {"a": True, "b": False}


def test_a_settled_frame_has_the_same_rows_and_can_be_used_twice(engine: Engine) -> None:
    settled = engine.settle(engine.frame(FUNDS.frame(ROWS)).filter(nw.col("fund_id") == "a"))
    assert collected(engine, settled)["fund_id"].tolist() == ["a"]
    assert len(collected(engine, settled.join(settled, on="fund_id", how="inner"))) == 1


def test_settling_again_and_again_does_not_mix_the_results(engine: Engine) -> None:
    frame = engine.frame(FUNDS.frame(ROWS))
    one = engine.settle(frame.filter(nw.col("fund_id") == "a"))
    other = engine.settle(frame.filter(nw.col("fund_id") == "b"))
    assert collected(engine, one)["fund_id"].tolist() == ["a"]
    assert collected(engine, other)["fund_id"].tolist() == ["b"]


def test_only_a_frame_without_rows_is_empty(engine: Engine) -> None:
    frame = engine.frame(FUNDS.frame(ROWS))
    assert not engine.is_empty(frame)
    assert engine.is_empty(frame.filter(nw.col("fund_id") == "c"))
    assert engine.is_empty(engine.frame(FUNDS.frame()))


@pytest.mark.parametrize("damage", ["cut off", "overwritten", "gone"])
def test_of_many_files_the_one_that_cannot_be_read_is_named(engine: Engine, tmp_path: Path, damage: str) -> None:
    whole, damaged = tmp_path / "a.parquet", tmp_path / "b.parquet"
    for path in (whole, damaged):
        pl.DataFrame({"fund_id": [f"fund {n}" for n in range(1000)]}).write_parquet(path)
    content = damaged.read_bytes()
    if damage == "gone":
        damaged.unlink()
    else:
        damaged.write_bytes(content[:100] if damage == "cut off" else content[:4] + b"\xff" * 500 + content[504:])
    with pytest.raises(SourceError, match="The lines cannot be read: ") as caught:
        engine.collect(engine.read([str(whole), str(damaged)]))
    assert caught.value.where == str(damaged)
    assert "give the file anew" in str(caught.value.mend)


def test_each_engine_says_its_name(engine: Engine) -> None:
    assert engine.name in {"memory", "duckdb", "spark"}


def test_lines_match_a_small_table_where_missing_is_like_missing(engine: Engine) -> None:
    lines = pl.DataFrame({"isin": ["X", None, None, ""], "kind": ["a", "b", None, "b"], "value": [1.0, 2.0, 4.0, 8.0]})
    table = pl.DataFrame({"isin": ["X", None, "Y"], "kind": ["a", "b", None], "end": [7, 8, 9]})
    found = engine.collect(engine.match(engine.frame(lines), table))
    assert found.columns == ["isin", "kind", "value", "end"]
    assert sorted(found.rows(), key=lambda row: row[3]) == [("X", "a", 1.0, 7), (None, "b", 2.0, 8)]


def test_lines_match_a_small_table_that_one_column_tells_apart(engine: Engine) -> None:
    rows = [("A", "X", 1), ("A", None, 2), ("B", None, 4), ("D", "X", 8), (None, None, 16)]
    lines = pl.DataFrame(rows, schema=["name", "isin", "value"], orient="row")
    table = pl.DataFrame({"name": ["A", "A", "B", "C"], "isin": ["X", None, "Z", "X"], "end": [5, 6, 7, 8]})
    found = engine.collect(engine.match(engine.frame(lines), table))
    assert sorted(found.rows(), key=lambda row: row[3]) == [("A", "X", 1, 5), ("A", None, 2, 6)]


def test_what_was_begun_comes_in_the_order_in_which_it_is_waited_for(engine: Engine) -> None:
    frame = engine.frame(FUNDS.frame(ROWS))
    frames = [frame.filter(nw.col("fund_id") == name).select("fund_id") for name in "ab"]
    one, other = (engine.begin(frame) for frame in frames)
    assert other().rows() == [("b",)]
    assert one().rows() == [("a",)]
    engine.stop()


def test_an_engine_computes_again_after_it_was_stopped(engine: Engine) -> None:
    engine.stop()
    frame = engine.frame(FUNDS.frame(ROWS)).select("fund_id")
    assert len(engine.begin(frame)()) == len(ROWS)
    engine.stop()
    assert len(engine.begin(frame)()) == len(ROWS)
    engine.stop()


def test_stopping_gives_up_what_would_take_a_day() -> None:
    engine = DuckDB()
    days = engine.connection.sql("SELECT max(hash(a.range + b.range)) AS m FROM range(10000000) a, range(10000000) b")
    begun, queued = (engine.begin(nw.from_native(days)) for _ in "ab")
    engine.stop()
    with pytest.raises((SourceError, CancelledError)):
        begun()
    with pytest.raises(CancelledError):
        queued()
