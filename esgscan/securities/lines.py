"""Positions and holdings as lines: the few columns by which an identity is found, identifiers checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esgscan.identifiers import read_figi, read_isin, read_lei
from esgscan.terms import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

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
DERIVATIVES = [str(kind) for kind in (Kind.OPTION, Kind.FUTURE, Kind.SWAP, Kind.STRUCTURED_NOTE)]
CONTRACT = r"(?i)\s*(?:\b\d{1,2}/\d{1,2}/\d{2,4}|\b\d\d[a-z]{3}\d\d\b|\d{6}[pc]\d).*$"
"""What the symbol of a contract says after its underlying: `763 HK 12/30/26 P20`, `BABA 18DEC26 30 C`."""


def lines_of(table: pl.DataFrame, line_id: str) -> pl.DataFrame:
    """Take the lines out of POSITIONS or HOLDINGS; an identifier with a wrong check digit becomes missing.

    The symbol of an option or future gives the code of its underlying.
    """
    lines = table.rename({line_id: "line_id"}).select(LINE)
    underlying = pl.col("ticker").str.replace(CONTRACT, "").str.strip_chars(" -").replace("", None)
    is_contract = pl.col("kind").is_in(DERIVATIVES)
    lines = lines.with_columns(ticker=pl.when(is_contract).then(underlying).otherwise(pl.col("ticker")))
    return lines.with_columns(
        _checked(lines["isin"], read_isin), _checked(lines["figi"], read_figi), _checked(lines["lei"], read_lei)
    )


def _checked(column: pl.Series, read: Callable[[str], str | None]) -> pl.Series:
    """Read each distinct text once."""
    values = {text: read(text) for text in column.unique().drop_nulls()}
    return column.replace_strict(values, return_dtype=column.dtype) if values else column
