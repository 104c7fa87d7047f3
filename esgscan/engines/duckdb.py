"""The engine for millions of rows: DuckDB, in this process, spilling to disk when it must."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import narwhals.stable.v2 as nw

if TYPE_CHECKING:
    import polars as pl

    from esgscan.tables import Frame


class DuckDB:
    """Computes lazily in one connection of its own."""

    name = "duckdb"

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.settled = 0

    def frame(self, table: pl.DataFrame) -> Frame:
        """Hand a table over as Arrow, without a copy."""
        return nw.from_native(self.connection.from_arrow(table.to_arrow()))

    def settle(self, frame: Frame) -> Frame:
        """Compute the frame into a temporary table, and go on from there."""
        self.settled += 1
        name = f"settled_{self.settled}"
        frame.to_native().create(name)
        return nw.from_native(self.connection.table(name))

    def is_empty(self, frame: Frame) -> bool:
        """Look whether there is a row."""
        return not frame.to_native().limit(1).fetchall()

    def collect(self, frame: Frame) -> pl.DataFrame:
        """Fetch the result."""
        fetched: pl.DataFrame = frame.to_native().pl()
        return fetched
