"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from esgscan.engines.duckdb import DuckDB
from esgscan.engines.memory import Memory
from esgscan.reference.datasets import dataset_names, load_dataset

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from esgscan.tables import Engine

PROJECT = Path(__file__).resolve().parent.parent
SPECIMENS = PROJECT.parent / "shared" / "specimens"


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


@pytest.fixture(params=[Memory, DuckDB], ids=lambda kind: kind.name)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Run a test on every engine."""
    made: Engine = request.param()
    return made


@pytest.fixture(scope="session")
def data() -> Mapping[str, pl.DataFrame]:
    """Give the packaged data sets by name."""
    return {name: load_dataset(name) for name in dataset_names()}
