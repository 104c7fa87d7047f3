"""What every fund reaches, kept for those who ask again: one pass over the store serves until something changes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from esgscan.days import read_day
from esgscan.store.catalogue import FILE
from esgscan.store.folder import store_folder, updates_folder

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    Stamp = tuple[tuple[str, int, int, int], ...]

col = pl.col

MOST_DAYS = 4


def kept_exposures(as_of: date | str | None = None) -> pl.DataFrame:
    """Give what every fund of the store and of the packaged figures reaches, as `markets.exposures_of_funds` does.

    Args:
        as_of: The day the answer is for; today if not given.
    """
    return _exposures(read_day(as_of), _stamp())


def kept_holders(issuer_id: str, *, as_of: date | str | None = None) -> pl.DataFrame:
    """Give the funds that reach an issuer, the biggest holding first, as `markets.holders_of` does."""
    found = kept_exposures(as_of).filter(col("issuer_id") == issuer_id)
    size = [col("market_value").abs(), col("weight").abs()]
    return found.sort(*size, col("fund_id"), descending=[True, True, False], nulls_last=True)


@lru_cache(maxsize=MOST_DAYS)
def _exposures(day: date, stamp: Stamp) -> pl.DataFrame:  # noqa: ARG001 - the stamp tells one version from another
    from esgscan.markets import MarketRequest, exposures_of_funds

    return exposures_of_funds(request=MarketRequest(as_of=day), with_recorded=True)


def _stamp() -> Stamp:
    """Tell the version of the store and of the confirmed updates: their files are replaced and never changed."""
    files = [store_folder() / FILE, *sorted(updates_folder().glob("update-*.json"))]
    return tuple(stamp for file in files if (stamp := _stamp_of(file)))


def _stamp_of(file: Path) -> tuple[str, int, int, int] | None:
    try:
        known = file.stat()
    except FileNotFoundError:
        return None
    return (str(file), known.st_ino, known.st_mtime_ns, known.st_size)
