"""Positions and holdings as lines: the few columns by which an identity is found, identifiers checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esgscan.identifiers import read_figi, read_isin, read_lei
from esgscan.securities.links import LINKS, add_links

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
WRITTEN = ("name_as_written", "isin", "figi", "lei", "ticker", "exchange", "country", "currency")
WIDE = "[\uff01-\uff5e]"


def lines_of(table: pl.DataFrame, line_id: str, links: pl.DataFrame | None = None) -> pl.DataFrame:
    """Take the lines out of POSITIONS or HOLDINGS; an identifier with a wrong check digit becomes missing.

    Args:
        table: POSITIONS or HOLDINGS.
        line_id: The column that names its lines.
        links: What the CUSIPs, SEDOLs and FIGIs of the run stand for (`securities.links.identifier_links`).
    """
    lines = _with_plain_letters(table.rename({line_id: "line_id"}).select(LINE))
    checked = lines.with_columns(
        _checked(lines["isin"], read_isin), _checked(lines["figi"], read_figi), _checked(lines["lei"], read_lei)
    )
    return add_links(checked, table, LINKS.to_frame() if links is None else links)


def _with_plain_letters(lines: pl.DataFrame) -> pl.DataFrame:
    """Write wide letters and digits, as files from East Asia have them, as plain ones."""
    wide = [name for name in WRITTEN if lines[name].str.contains(WIDE).any()]
    return lines.with_columns(pl.col(wide).str.normalize("NFKC")) if wide else lines


def _checked(column: pl.Series, read: Callable[[str], str | None]) -> pl.Series:
    """Read each distinct text once."""
    values = {text: read(text) for text in column.unique().drop_nulls()}
    return column.replace_strict(values, return_dtype=column.dtype) if values else column
