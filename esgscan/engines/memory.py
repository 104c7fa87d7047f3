"""The engine for one portfolio: Polars in this process (docs/decisions/0005)."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import pandas as pd
import pyarrow as pa

if "polars" not in sys.modules:
    # Sums of fractions depend on their order, and threads change it: with one, the same input gives the same bytes.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")

import polars as pl

if TYPE_CHECKING:
    from esgscan.tables import Frame


class Memory:
    """Plans lazily and computes in memory."""

    name = "memory"

    def frame(self, table: pd.DataFrame) -> Frame:
        """Hand a pandas table over as Arrow."""
        arrow = pa.Table.from_pandas(table, preserve_index=False)
        frame = pl.DataFrame(pl.from_arrow(arrow))
        return nw.from_native(frame.lazy())

    def settle(self, frame: Frame) -> Frame:
        """Compute the frame, and go on from there."""
        settled: pl.LazyFrame = frame.to_native().collect().lazy()
        return nw.from_native(settled)

    def is_empty(self, frame: Frame) -> bool:
        """Look whether there is a row."""
        is_empty: bool = frame.to_native().limit(1).collect().is_empty()
        return is_empty

    def pandas(self, frame: Frame) -> pd.DataFrame:
        """Fetch the result as pandas with Arrow types."""
        arrow: pa.Table = frame.to_native().collect().to_arrow(compat_level=pl.CompatLevel.oldest())
        result: pd.DataFrame = arrow.to_pandas(types_mapper=pd.ArrowDtype)
        return result
