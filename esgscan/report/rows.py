"""The tables of a scan as plain rows: dictionaries of Python values, None where a value is missing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

Row: TypeAlias = dict[str, Any]

ROUTE_SEPARATOR = " > "


def rows(frame: pl.DataFrame) -> list[Row]:
    """Turn a table into rows, in its order; a missing value and NaN become None."""
    columns = [values(frame[name]) for name in frame.columns]
    return [dict(zip(frame.columns, cells, strict=True)) for cells in zip(*columns, strict=True)]


def rows_by(frame: pl.DataFrame, column: str) -> dict[str, list[Row]]:
    """Group the rows of a table by one column, in the order of the table."""
    groups: dict[str, list[Row]] = {}
    for row in rows(frame):
        groups.setdefault(row[column], []).append(row)
    return groups


def source_numbers(row: Row) -> list[int]:
    """Read the source numbers of a row, written there as `3, 4`."""
    return [int(number) for number in (row["source_numbers"] or "").replace(",", " ").split()]


def route_names(row: Row) -> list[str]:
    """List the funds on the way, outermost first; none for a direct holding."""
    return split(row["route_names"], ROUTE_SEPARATOR)


def split(text: str | None, separator: str) -> list[str]:
    """Split a list written into one cell."""
    return [part for part in (text or "").split(separator) if part]


def total(values: list[float | None]) -> float | None:
    """Add amounts; None when there is an amount that is not known."""
    known = [value for value in values if value is not None]
    return math.fsum(known) if len(known) == len(values) else None


def values(column: pl.Series) -> list[Any]:
    """Give a column as Python values, None where one is missing."""
    return (column.fill_nan(None) if column.dtype.is_float() else column).to_list()


def all_sources(table_rows: Iterable[Row]) -> str:
    """Give the source numbers of several rows, each once, in the order in which they are met."""
    return ", ".join(str(number) for number in dict.fromkeys(n for row in table_rows for n in source_numbers(row)))
