"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from esgscan.engines.duckdb import DuckDB
from esgscan.engines.memory import Memory
from esgscan.engines.spark import Spark, missing_part
from esgscan.reference.datasets import dataset_names, load_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import polars as pl

    from esgscan.tables import Engine

PROJECT = Path(__file__).resolve().parent.parent
SPECIMENS = PROJECT.parent / "shared" / "specimens"


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep every test, and every process it starts, away from the holdings store of whoever runs them."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESGSCAN_HOME", str(folder))
        yield folder


@pytest.fixture(scope="session")
def project() -> Path:
    """Give the root folder of the project."""
    return PROJECT


@pytest.fixture(scope="session")
def specimens() -> Path:
    """Give the folder of real files; they do not travel with the project, and continuous integration requires them."""
    if not SPECIMENS.is_dir():
        reason = f"the folder of real files, {SPECIMENS.parent.name}/{SPECIMENS.name}, is not here"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return SPECIMENS


SMALL = {
    "spark.master": "local[1]",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.ui.enabled": "false",
}
"""A Spark for tables of a few rows."""


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    """Give a local Spark; where SPARK_TESTS=required, as in continuous integration, its tests fail without one."""
    if why := missing_part():
        if os.environ.get("SPARK_TESTS") == "required":
            pytest.fail(f"Spark cannot run: {why}")
        pytest.skip(f"Spark cannot run: {why}")
    made = Spark({**SMALL, "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse"))})
    yield made
    made.session.stop()


@pytest.fixture(params=["memory", "duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Run a test on every engine."""
    if request.param == "spark":
        made: Engine = request.getfixturevalue("spark")
        return made
    return Memory() if request.param == "memory" else DuckDB()


@pytest.fixture(scope="session")
def data() -> Mapping[str, pl.DataFrame]:
    """Give the packaged data sets by name."""
    return {name: load_dataset(name) for name in dataset_names()}
