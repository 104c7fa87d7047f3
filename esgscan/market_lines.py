"""The lines of a market, brought to where they are computed: Parquet as it lies, other files read first, or the store.

Nothing here loads Polars or the reference data before it must: the passes over Parquet files run while these load.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from esgscan.bulk.lines import fund_lines
from esgscan.bulk.passes import passes_over
from esgscan.errors import OptionError, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    import polars as pl

    from esgscan.bulk.passes import Passes
    from esgscan.records import FundFile
    from esgscan.sources.datasets import Dataset
    from esgscan.tables import Engine, Frame

Made = TypeVar("Made")

ATTEMPTS = 20
"""How often a run begins again because a list of the store went away meanwhile."""
DESCRIBED = {
    "fund_name": "name",
    "fund_isin": "isin",
    "fund_ticker": "ticker",
    "fund_identifiers": "identifiers",
    "fund_currency": "currency",
    "fund_total": "total_market_value",
}


def engine_named(name: str) -> Engine:
    """Make the engine of that name: memory, duckdb or spark."""
    if name == "spark":
        from esgscan.engines.spark import Spark

        return Spark()
    if name == "duckdb":
        from esgscan.engines.duckdb import DuckDB

        return DuckDB()
    from esgscan.engines.memory import Memory

    return Memory()


def over_store(run: Callable[[], Made], holdings: Sequence[str]) -> Made:
    """Run over the lines of the store; where a list went away since the catalogue was read, run again.

    Args:
        run: Chooses the lists and reads them.
        holdings: Files that are used instead; with them it runs once.

    Raises:
        SourceError: A list cannot be read; it says which, and how it comes back.
    """
    for _ in range(ATTEMPTS):
        try:
            return run()
        except SourceError as error:
            if holdings or not is_in_store(error.where):
                raise
            if said := damaged_list(error.where):
                raise said from error
    return run()


def is_in_store(place: str) -> bool:
    """Say whether a file lies among the lines of the store, or lay there."""
    from esgscan.choices import stored_holdings

    store = stored_holdings()
    return store is not None and store.has_lines_at(place)


def damaged_list(place: str) -> SourceError | None:
    """Name the list of the store that lies in a file, if that is damaged; None where it was removed or replaced."""
    from esgscan.choices import stored_holdings
    from esgscan.engines.damage import is_readable

    store = stored_holdings()
    return store.damaged_at(place) if store and not is_readable(place) else None


@contextmanager
def market_passes(
    holdings: Sequence[str], *, as_of: date, engine: str = "duckdb", may_lack: bool = False
) -> Iterator[Passes]:
    """Begin the passes over the lines of funds, of files or of the store.

    Args:
        holdings: Files and folders of holdings; without any, the store is used.
        as_of: Later holdings are left out.
        engine: Where lines are read: memory, duckdb or spark.
        may_lack: Whether there may be no holdings at all.

    Raises:
        SourceError: A file of holdings cannot be read.
        OptionError: There are no holdings, or the engine cannot run.
    """
    where = engine_named(engine)
    with tempfile.TemporaryDirectory() as folder, where.told():
        lines = market_lines(holdings, as_of, where, Path(folder), may_lack=may_lack)
        with passes_over(lines, where) as passes:
            yield passes


def market_lines(holdings: Sequence[str], as_of: date, engine: Engine, folder: Path, *, may_lack: bool) -> Frame:
    """Bring holdings into the engine: Parquet as it lies, other files read and put into `folder`."""
    if holdings:
        paths = [path for given in holdings for path in parquet_of(given, folder)]
        return fund_lines(engine.read(paths), as_of=as_of, where=", ".join(holdings))
    from esgscan.choices import stored_holdings
    from esgscan.store.catalogue import newest_on

    store = stored_holdings()
    chosen = newest_on(store.catalogue(), as_of) if store else None
    if store is None or chosen is None or chosen.is_empty():
        if not may_lack:
            what = "There are no holdings."
            raise OptionError(what, where="HOLDINGS", mend="name files, or fill the store with esgscan funds add")
        return fund_lines(engine.frame(_no_lines()), as_of=as_of, where="")
    paths = [str(store.path_of(one)) for one in chosen["stored_in"].unique(maintain_order=True)]
    keys = ["stored_in", "fund_id", "as_of", "listed_as"]
    described = chosen.select(*keys, **DESCRIBED)
    lines = engine.read(paths).join(engine.frame(described), on=keys, how="inner")
    return fund_lines(lines, as_of=as_of, where="the holdings store")


def parquet_of(given: str, folder: Path) -> list[str]:
    """Give the Parquet files of a file, a folder or an address; other files are read, and written to `folder`."""
    if there := _parquet_there(given):
        return there
    from esgscan.sources.datasets import dataset_of
    from esgscan.sources.holdings import read_holdings

    written = folder / f"{len(list(folder.iterdir()))}.parquet"
    if dataset := dataset_of(Path(given)):
        _write_dataset(dataset, Path(given), written)
    else:
        described_lines(read_holdings(given)).write_parquet(written)
    return [str(written)]


def _write_dataset(dataset: Dataset, path: Path, target: Path) -> None:
    """Write the lines of a data set with what describes their fund; millions of them go from file to file."""
    import polars as pl

    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        written = dataset.write_parquet(path, Path(folder))
        funds = pl.scan_parquet(written.funds).select("fund_id", "as_of", **DESCRIBED)
        lines = pl.scan_parquet(list(written.holdings)).join(funds, on=["fund_id", "as_of"], how="left")
        lines.sink_parquet(target)


def _parquet_there(given: str) -> list[str]:
    """Find the Parquet files that a path or address means, if it means such."""
    path = Path(given)
    if "://" in given:
        return [given]
    if path.is_dir():
        return [str(one) for one in sorted(path.rglob("*.parquet"))]
    if path.suffix.lower() != ".parquet":
        return []
    if not path.is_file():
        raise OptionError(f"There is no file '{given}'.", where=given, mend="check the path")
    return [given]


def described_lines(file: FundFile) -> pl.DataFrame:
    """Give the lines of a file with what describes their fund."""
    funds = file.funds.select("fund_id", "as_of", **DESCRIBED).unique(["fund_id", "as_of"], keep="last")
    return file.holdings.join(funds, on=["fund_id", "as_of"], how="left")


def _no_lines() -> pl.DataFrame:
    import polars as pl

    texts = ("fund_id", "name_as_written", "isin", "kind")
    return pl.DataFrame(schema={**dict.fromkeys(texts, pl.String), "as_of": pl.Date, "holding_weight": pl.Float64})
