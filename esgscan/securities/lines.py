"""Positions and holdings as lines: the few columns by which an identity is found, identifiers checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.identifiers import read_figi, read_isin, read_lei

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

LINE = [
    "line_id",
    "name_as_written",
    "isin",
    "figi",
    "lei",
    "ticker",
    "exchange",
    "country",
    "currency",
    "kind",
]


def lines_of(table: pl.DataFrame, line_id: str) -> pl.DataFrame:
    """Take the lines out of POSITIONS or HOLDINGS; an identifier with a wrong check digit becomes missing."""
    lines = table.rename({line_id: "line_id"}).select(LINE)
    return lines.with_columns(
        _checked(lines["isin"], read_isin), _checked(lines["figi"], read_figi), _checked(lines["lei"], read_lei)
    )


def _checked(column: pl.Series, read: Callable[[str], str | None]) -> pl.Series:
    """Read each distinct text once."""
    values = {text: read(text) for text in column.unique().drop_nulls()}
    return column.replace_strict(values, return_dtype=column.dtype) if values else column
