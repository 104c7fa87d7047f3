"""The engine for millions of rows: DuckDB, in this process, spilling to disk when it must."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import narwhals.stable.v2 as nw
import polars as pl

from esgscan.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.tables import Frame

UNREADABLE = (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.IOException)


class DuckDB:
    """Computes lazily in one connection of its own."""

    name = "duckdb"

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET enable_progress_bar = false")
        self.connection.execute("SET preserve_insertion_order = false")
        self.settled = 0

    def frame(self, table: pl.DataFrame) -> Frame:
        """Hand a table over as Arrow, without a copy."""
        return nw.from_native(self.connection.from_arrow(Stream(table)))

    def read(self, paths: Sequence[str]) -> Frame:
        """Read Parquet files; a column that some lack is missing there."""
        try:
            return nw.from_native(self.connection.read_parquet(list(paths), union_by_name=True))
        except UNREADABLE as error:
            raise _unreadable(error) from error

    def settle(self, frame: Frame) -> Frame:
        """Compute the frame into a temporary table, and go on from there."""
        self.settled += 1
        name = f"settled_{self.settled}"
        frame.to_native().create(name)
        return nw.from_native(self.connection.table(name))

    def match(self, frame: Frame, table: pl.DataFrame) -> Frame:
        """Join on all but the last column of `table`, a missing value being equal to a missing one."""
        lines, small = frame.to_native().set_alias("lines"), self.frame(table).to_native().set_alias("small")
        same = " AND ".join(f'lines."{name}" IS NOT DISTINCT FROM small."{name}"' for name in table.columns[:-1])
        joined = lines.join(small, same).select(f'lines.*, small."{table.columns[-1]}"')
        matched: Frame = nw.from_native(joined)
        return matched

    def is_empty(self, frame: Frame) -> bool:
        """Look whether there is a row."""
        return not frame.to_native().limit(1).fetchall()

    def collect(self, frame: Frame) -> pl.DataFrame:
        """Fetch the result."""
        try:
            return pl.DataFrame(frame.to_native())
        except UNREADABLE as error:
            raise _unreadable(error) from error


class Stream:
    """A table that DuckDB takes as a stream of Arrow; of a frame itself it would load PyArrow first."""

    def __init__(self, table: pl.DataFrame) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Give the table as a stream, each time from its beginning."""
        return self.table.__arrow_c_stream__(requested_schema)


def _unreadable(error: duckdb.Error) -> SourceError:
    what = f"The lines cannot be read: {str(error).strip().splitlines()[0]}"
    return SourceError(
        what, where="the tables given", mend="give Parquet files whose columns are as docs/scale.md says"
    )
