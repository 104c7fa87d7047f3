"""The engine for one portfolio: Polars in this process (docs/decisions/0005)."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from esgscan.engines.damage import unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import polars as pl

    from esgscan.tables import Frame


class Memory:
    """Plans lazily and computes in memory."""

    name = "memory"

    def __init__(self) -> None:
        self.paths: list[str] = []

    def frame(self, table: pl.DataFrame) -> Frame:
        """Take a table as it is."""
        return nw.from_native(table.lazy())

    def read(self, paths: Sequence[str]) -> Frame:
        """Read Parquet files; a column that some lack is missing there."""
        import polars as pl

        self.paths += paths
        return nw.from_native(pl.concat([pl.scan_parquet(path) for path in paths], how="diagonal_relaxed"))

    def settle(self, frame: Frame) -> Frame:
        """Compute the frame, and go on from there."""
        return self.frame(self.collect(frame))

    def match(self, frame: Frame, table: pl.DataFrame) -> Frame:
        """Join on all but the last column of `table`, a missing value being equal to a missing one."""
        native: pl.LazyFrame = frame.to_native()
        return nw.from_native(native.join(table.lazy(), on=table.columns[:-1], how="inner", nulls_equal=True))

    def is_empty(self, frame: Frame) -> bool:
        """Look whether there is a row."""
        native: pl.LazyFrame = frame.to_native()
        return native.limit(1).collect(engine="in-memory").is_empty()

    def collect(self, frame: Frame) -> pl.DataFrame:
        """Compute the frame: not by streaming, which is for tables that memory does not hold and slower for these."""
        native: pl.LazyFrame = frame.to_native()
        if not self.paths:
            return native.collect(engine="in-memory")
        with self.told():
            return native.collect(engine="in-memory")

    def begin(self, frame: Frame) -> Callable[[], pl.DataFrame]:
        """Compute when somebody waits for it."""
        return partial(self.collect, frame)

    def stop(self) -> None:
        """Have nothing to give up."""

    @contextmanager
    def told(self) -> Iterator[None]:
        """Say which file Polars could not read."""
        import polars as pl

        try:
            yield
        except (pl.exceptions.ComputeError, OSError) as error:
            raise unreadable(error, self.paths) from error
