"""The engine for millions of rows: DuckDB, in this process, spilling to disk when it must."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import narwhals.stable.v2 as nw
import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from esgscan.tables import Frame


class DuckDB:
    """Computes lazily in one connection of its own."""

    name = "duckdb"

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.settled = 0

    def frame(self, table: pd.DataFrame) -> Frame:
        """Hand a pandas table over as Arrow, without a copy."""
        arrow = pa.Table.from_pandas(table, preserve_index=False)
        return nw.from_native(self.connection.from_arrow(arrow))

    def settle(self, frame: Frame) -> Frame:
        """Compute the frame into a temporary table, and go on from there."""
        self.settled += 1
        name = f"settled_{self.settled}"
        frame.to_native().create(name)
        return nw.from_native(self.connection.table(name))

    def is_empty(self, frame: Frame) -> bool:
        """Look whether there is a row."""
        return not frame.to_native().limit(1).fetchall()

    def pandas(self, frame: Frame) -> pd.DataFrame:
        """Fetch the result as pandas with Arrow types."""
        arrow: pa.Table = frame.to_native().to_arrow_table()
        result: pd.DataFrame = arrow.to_pandas(types_mapper=pd.ArrowDtype)
        return result
