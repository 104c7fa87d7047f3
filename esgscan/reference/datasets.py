"""The packaged data sets as tables, and the edition they belong to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from esgscan.errors import ReferenceDataError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

    import polars as pl

ENTRIES = "entries.csv"

# Which columns are not text, by name and for all data sets alike; a test compares them with the cards.
# The loader reads no card, so that it needs no YAML.
DATES = frozenset(
    {
        "announced_on",
        "as_of",
        "divest_until",
        "effective_on",
        "from",
        "in_force_from",
        "in_force_until",
        "known_from",
        "known_until",
        "latest_source_on",
        "listed_before",
        "listed_from",
        "listed_until",
        "published_on",
        "until",
        "valid_from",
        "valid_until",
        "withdrawn_on",
    }
)
NUMBERS = frozenset(
    {
        "denominator",
        "holding_weight",
        "market_value",
        "market_value_usd",
        "ownership",
        "shares",
        "stake",
        "threshold",
        "total_market_value",
        "weight",
    }
)
INTEGERS = frozenset({"begins_after_days", "ends_after_days", "lines", "position", "row"})
BOOLEANS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Which state of the packaged data an answer was given from.

    Args:
        date: The day the edition is of.
        content_hash: SHA-256, in hex, over the names and bytes of all entries.csv in the order of the names.
    """

    date: date
    content_hash: str

    @property
    def label(self) -> str:
        """The edition as reports print it, such as `2026-11-23+1a2b3c4d`."""
        return f"{self.date.isoformat()}+{self.content_hash[:8]}"


def data_folder(folder: Path | None = None) -> Traversable:
    """Return the folder that holds the data sets: the packaged one, or `folder`."""
    return folder if folder is not None else files("esgscan.reference") / "data"


def dataset_names(*, folder: Path | None = None) -> list[str]:
    """List the data sets, sorted by name."""
    return sorted(entry.name for entry in data_folder(folder).iterdir() if (entry / ENTRIES).is_file())


def load_dataset(name: str, *, folder: Path | None = None) -> pl.DataFrame:
    """Load one data set, with the columns and the order of its entries.csv.

    Lists inside a cell stay text, and so do source ids: both are split where they are needed.

    Args:
        name: The name of the data set, such as `measures`.
        folder: Where to look instead of in the package.

    Returns:
        One row per entry; columns are text, dates, numbers and integers, and an empty cell is missing.

    Raises:
        ReferenceDataError: There is no such data set, or a cell is not of the type of its column.
    """
    import polars as pl

    content = _entries_bytes(name, folder)
    header = content.partition(b"\n")[0].decode().split(",")
    try:
        return pl.read_csv(content, schema={column: _type(column) for column in header})
    except pl.exceptions.PolarsError as error:
        raise ReferenceDataError(
            f"Cannot load the data set '{name}': {str(error).partition(chr(10))[0]}",
            where=f"reference/data/{name}/{ENTRIES}",
            mend="run check_datasets() of esgscan.reference.checks, which names the line and the column",
        ) from error


@cache
def edition() -> Edition:
    """Return the edition of the packaged data."""
    text = (data_folder() / "EDITION").read_text(encoding="utf-8").strip()
    digest = hashlib.sha256()
    for name in dataset_names():
        digest.update(name.encode())
        digest.update(_entries_bytes(name, None))
    return Edition(date=date.fromisoformat(text), content_hash=digest.hexdigest())


def _entries_bytes(name: str, folder: Path | None) -> bytes:
    """Read the entries of one data set as they stand in the file."""
    try:
        return (data_folder(folder) / name / ENTRIES).read_bytes()
    except OSError as error:
        raise ReferenceDataError(
            f"Cannot find a data set: '{name}' has no {ENTRIES}.",
            where=f"reference/data/{name}",
            mend=f"choose one of: {', '.join(dataset_names(folder=folder))}",
        ) from error


def _type(column: str) -> Any:
    """Choose the type of a column by its name."""
    import polars as pl

    if column in DATES:
        return pl.Date
    if column in NUMBERS:
        return pl.Float64
    if column in INTEGERS:
        return pl.Int64
    return pl.Boolean if column in BOOLEANS else pl.String
