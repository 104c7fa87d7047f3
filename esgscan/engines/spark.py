"""The engine beyond one machine: Spark, on a cluster or in local mode (extra `spark`, Java 17 or newer)."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import polars as pl

from esgscan.engines.damage import unreadable
from esgscan.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pyspark.sql import SparkSession

    from esgscan.tables import Frame

SETTINGS: Mapping[str, str] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.showConsoleProgress": "false",
}
"""What a run needs; where it runs, and with how much, is for `spark-submit` and spark-defaults.conf to say."""
MEND = "see what Spark itself says above; the columns must be as docs/scale.md says"


class Spark:
    """Computes in the active Spark session, or in a new one.

    Args:
        settings: Spark properties of a new session, beside `SETTINGS`.

    Raises:
        OptionError: PySpark or Java is not installed.
    """

    name = "spark"

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        if why := missing_part():
            raise OptionError(
                f"Spark cannot run: {why}.",
                where="--engine spark",
                mend="install Java 17 or newer, and PySpark: pip install '.[spark]' in the project's folder",
            )
        self.session = _session({**SETTINGS, **(settings or {})})
        self.paths: list[str] = []

    def frame(self, table: pl.DataFrame) -> Frame:
        """Send a table to Spark as Arrow; tables sent are small, and joins bring them to where the lines are."""
        from pyspark.sql.functions import broadcast

        sent = self.session.createDataFrame(table.to_arrow(compat_level=pl.CompatLevel.oldest()))
        return nw.from_native(broadcast(sent))

    def read(self, paths: Sequence[str]) -> Frame:
        """Read Parquet files or folders; a column that some lack is missing there."""
        self.paths += paths
        with self.told():
            return nw.from_native(self.session.read.option("mergeSchema", "true").parquet(*paths))

    def settle(self, frame: Frame) -> Frame:
        """Compute the frame where it is, and go on from there."""
        with self.told():
            settled: Frame = nw.from_native(frame.to_native().localCheckpoint())
        return settled

    def match(self, frame: Frame, table: pl.DataFrame) -> Frame:
        """Join on all but the last column of `table`, a missing value being equal to a missing one."""
        lines, small = frame.to_native(), self.frame(table).to_native()
        same = [lines[name].eqNullSafe(small[name]) for name in table.columns[:-1]]
        joined = lines.join(small, on=same, how="inner")
        columns = [*(lines[name] for name in lines.columns), small[table.columns[-1]]]
        matched: Frame = nw.from_native(joined.select(*columns))
        return matched

    def is_empty(self, frame: Frame) -> bool:
        """Look whether there is a row."""
        with self.told():
            return bool(frame.to_native().isEmpty())

    def collect(self, frame: Frame) -> pl.DataFrame:
        """Bring the result to this process."""
        with self.told():
            collected = pl.from_arrow(frame.to_native().toArrow())
        assert isinstance(collected, pl.DataFrame)  # noqa: S101 - a table of Arrow is a frame of Polars
        return collected

    def begin(self, frame: Frame) -> Callable[[], pl.DataFrame]:
        """Compute when somebody waits for it."""
        return partial(self.collect, frame)

    def stop(self) -> None:
        """Have nothing to give up."""

    @contextmanager
    def told(self) -> Iterator[None]:
        """Say which file Spark could not read, or what else it says."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            yield
        except (Py4JError, PySparkException) as error:
            raise unreadable(error, self.paths, mend=MEND) from error


def missing_part() -> str | None:
    """Say what Spark needs and this machine lacks, if anything."""
    from importlib.util import find_spec

    if find_spec("pyspark") is None:
        return "PySpark is not installed"
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java") or (home and shutil.which("java", path=str(Path(home) / "bin")))
    return None if java else "there is no Java"


def _session(settings: Mapping[str, str]) -> SparkSession:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("esgscan")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
