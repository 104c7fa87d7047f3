"""Tables as the tests look at them: pandas, whose ways of picking a cell out read well in an assertion."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from esgscan.records import to_pandas
from esgscan.reference.datasets import load_dataset

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from esgscan.records import Scan
    from esgscan.tables import Engine, Frame


def collected(engine: Engine, frame: Frame) -> pd.DataFrame:
    """Compute a frame on an engine."""
    return to_pandas(engine.collect(frame))


def loaded(name: str) -> pd.DataFrame:
    """Load a packaged data set."""
    return to_pandas(load_dataset(name))


def with_tables(scan: Scan, **tables: pl.DataFrame) -> Scan:
    """Give the scan with some of its tables exchanged."""
    return replace(scan, tables={**scan.tables, **tables})
