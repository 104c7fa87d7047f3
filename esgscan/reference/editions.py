"""Which state of the data an answer was given from: the packaged edition, and what was confirmed since."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from esgscan.reference.datasets import edition

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import polars as pl

LIST_UPDATES = "list_updates"
"""The data set that is there once something was confirmed from newer lists: the files that it rests on."""


def edition_of(data: Mapping[str, pl.DataFrame]) -> str:
    """Give the edition of the data as reports print it; what was confirmed since stands behind the packaged edition."""
    return edition_label(updated_in(data))


def updated_in(data: Mapping[str, pl.DataFrame]) -> str:
    """Give the edition of what was confirmed from newer lists, such as `2026-11-26+9f8e7d6c`; empty for nothing."""
    return str(data[LIST_UPDATES]["label"][0]) if LIST_UPDATES in data else ""


def edition_label(updated: str) -> str:
    """Give the same for the label of an update, empty where there is none."""
    return f"{edition().label}, lists updated {updated}" if updated else edition().label


def edition_hash_of(data: Mapping[str, pl.DataFrame]) -> str:
    """Give the hash of the data: that of the packaged data, or of both together."""
    packaged = edition().content_hash
    if LIST_UPDATES not in data:
        return packaged
    return hashlib.sha256(f"{packaged} {data[LIST_UPDATES]['content_hash'][0]}".encode()).hexdigest()


def day_of(data: Mapping[str, pl.DataFrame]) -> date:
    """Give the last day that the data know of: that of the packaged edition, or of the last confirmation."""
    packaged = edition().date
    if LIST_UPDATES not in data:
        return packaged
    confirmed: date = data[LIST_UPDATES]["updated_on"][0]
    return max(packaged, confirmed)
