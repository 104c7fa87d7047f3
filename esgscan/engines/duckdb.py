"""The engine for millions of rows: DuckDB, in this process, spilling to disk when it must."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb
import narwhals.stable.v2 as nw

from esgscan.engines.damage import unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import polars as pl

    from esgscan.tables import Frame

UNREADABLE = (duckdb.Error, RuntimeError)
"""What DuckDB raises of files it cannot read; the latter where its message holds bytes of the file that are no text."""
PATIENCE = 0.01
"""Seconds between two interruptions of what is to be given up."""


class DuckDB:
    """Computes lazily in one connection of its own."""

    name = "duckdb"

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET enable_progress_bar = false")
        self.connection.execute("SET preserve_insertion_order = false")
        self.settled = 0
        self.thread: ThreadPoolExecutor | None = None
        self.begun: list[Future[pl.DataFrame]] = []
        self.paths: list[str] = []

    def frame(self, table: pl.DataFrame) -> Frame:
        """Hand a table over as Arrow, without a copy."""
        return nw.from_native(self.connection.from_arrow(Stream(table.__arrow_c_stream__)))

    def read(self, paths: Sequence[str]) -> Frame:
        """Read Parquet files; a column that some lack is missing there."""
        self.paths += paths
        try:
            return nw.from_native(self.connection.read_parquet(list(paths), union_by_name=True))
        except UNREADABLE as error:
            raise unreadable(error, self.paths) from error

    def settle(self, frame: Frame) -> Frame:
        """Compute the frame into a temporary table, and go on from there."""
        self.settled += 1
        name = f"settled_{self.settled}"
        frame.to_native().create(name)
        return nw.from_native(self.connection.table(name))

    def match(self, frame: Frame, table: pl.DataFrame) -> Frame:
        """Join on all but the last column of `table`, a missing value being equal to a missing one."""
        lines, small = frame.to_native().set_alias("lines"), self.frame(table).to_native().set_alias("small")
        if name := _telling(table):  # most lines fall out by one column, which spares comparing the others
            lines = lines.join(small.select(f'"{name}"').distinct(), f'"{name}"', how="semi").set_alias("lines")
        same = " AND ".join(f'lines."{name}" IS NOT DISTINCT FROM small."{name}"' for name in table.columns[:-1])
        joined = lines.join(small, same).select(f'lines.*, small."{table.columns[-1]}"')
        matched: Frame = nw.from_native(joined)
        return matched

    def is_empty(self, frame: Frame) -> bool:
        """Look whether there is a row."""
        return not frame.to_native().limit(1).fetchall()

    def collect(self, frame: Frame) -> pl.DataFrame:
        """Fetch the result; Polars, which takes what comes, may load while DuckDB computes."""
        try:
            computed = frame.to_native().__arrow_c_stream__()
        except UNREADABLE as error:
            raise unreadable(error, self.paths) from error
        import polars as pl

        try:
            return pl.DataFrame(Stream(lambda _: computed))
        except (
            *UNREADABLE,
            pl.exceptions.ComputeError,
        ) as error:  # what comes up while rows are fetched is Polars' to say
            raise unreadable(error, self.paths) from error

    def begin(self, frame: Frame) -> Callable[[], pl.DataFrame]:
        """Begin to compute in a thread, one result after another; DuckDB needs no interpreter for it."""
        self.thread = self.thread or ThreadPoolExecutor(1)
        begun = self.thread.submit(self.collect, frame)
        self.begun.append(begun)
        return begun.result

    def stop(self) -> None:
        """Interrupt what is being computed, as often as it takes: what has not quite begun does not hear of it."""
        if self.thread:
            self.thread.shutdown(wait=False, cancel_futures=True)
            while running := [begun for begun in self.begun if not begun.done()]:
                self.connection.interrupt()
                wait(running, timeout=PATIENCE)
            self.thread, self.begun = None, []

    @contextmanager
    def told(self) -> Iterator[None]:
        """Say which file DuckDB could not read; it opens them anew for each step of a plan."""
        try:
            yield
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise unreadable(error, self.paths) from error


def _telling(table: pl.DataFrame) -> str | None:
    """Name the column that tells most rows of a table apart, if it does so for many and has no missing value."""
    whole = [name for name in table.columns[:-1] if not table[name].null_count()]
    name = max(whole, key=lambda name: table[name].n_unique(), default=None)
    return name if name and table[name].n_unique() > len(table) / 2 else None


class Stream:
    """What gives a stream of Arrow and is nothing else; for a frame itself DuckDB would load PyArrow first."""

    def __init__(self, stream: Callable[[object], object]) -> None:
        self.stream = stream

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Give the stream."""
        return self.stream(requested_schema)
