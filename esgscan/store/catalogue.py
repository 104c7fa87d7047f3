"""The catalogue of the store: one row per fund, day and file, in one Parquet file that is replaced as a whole.

The version of its layout stands in the file. An older catalogue is brought up to date when it is read, and written so
by the next writer; a newer one is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esgscan.errors import SourceError
from esgscan.store.folder import replaced
from esgscan.tables import FUNDS, Column, Table, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

VERSION = 1
"""The version of the layout; each step to the next is one of MIGRATIONS."""
MIGRATIONS: Mapping[int, Callable[[pl.DataFrame], pl.DataFrame]] = {}
"""What makes a catalogue of one version one of the next."""
FILE = "catalogue.parquet"
KEY = "esgscan_store_version"

CATALOGUE = Table(
    "CATALOGUE",
    "fund, day and file in the store",
    {
        **FUNDS.columns,
        "listed_as": Column(Type.TEXT, "id of the fund in the file"),
        "lines": Column(Type.INTEGER, "lines of its holdings"),
        "content": Column(Type.TEXT, "fingerprint of the lines, by which a repeat is known"),
        "file": Column(Type.TEXT, "hash of the file that was added, and of the fund that the user named for it"),
        "sha256": Column(Type.TEXT, "SHA-256 of the file"),
        "file_name": Column(Type.TEXT, "its name"),
        "stored_in": Column(Type.TEXT, "Parquet file that has the lines; missing for a further identifier of a fund"),
        "is_whole": Column(Type.BOOLEAN, "whether the store has every fund of the file"),
        "number": Column(Type.INTEGER, "order in which the files were added"),
    },
)


def read_catalogue(folder: Path) -> pl.DataFrame:
    """Read the catalogue; a store that is not there is empty.

    Raises:
        SourceError: The catalogue is of a newer version, or damaged.
    """
    path = folder / FILE
    if not path.exists():
        return CATALOGUE.frame()
    try:
        content = path.read_bytes()
        version = int(pl.read_parquet_metadata(content)[KEY])
        rows = pl.read_parquet(content)
    except (OSError, KeyError, ValueError, pl.exceptions.PolarsError) as error:
        what = "The catalogue of the holdings store cannot be read."
        raise SourceError(what, where=str(path), mend="remove the folder, and add the files again") from error
    if version > VERSION:
        what = f"The holdings store is of version {version}; this esgscan knows {VERSION}."
        raise SourceError(what, where=str(path), mend="use a newer esgscan, or another folder in ESGSCAN_HOME")
    for step in range(version, VERSION):
        rows = MIGRATIONS[step](rows)
    return CATALOGUE.conform(rows)


def write_catalogue(folder: Path, rows: pl.DataFrame) -> None:
    """Put a new catalogue in the place of the old one."""
    with replaced(folder / FILE) as beside:
        CATALOGUE.conform(rows).write_parquet(beside, metadata={KEY: str(VERSION)})


def newest_on(rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Keep of each fund the newest day not after `as_of`, and of one day the file that was added last."""
    there = newest_of_each_day(rows).filter(pl.col("as_of") <= as_of)
    return there.unique("fund_id", keep="last", maintain_order=True)


def newest_of_each_day(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep of each fund and day the file that was added last, in the order of the days."""
    there = rows.filter(pl.col("stored_in").is_not_null())
    ranked = there.sort("fund_id", "as_of", "number", "listed_as", maintain_order=True)
    return ranked.unique(["fund_id", "as_of"], keep="last", maintain_order=True)
