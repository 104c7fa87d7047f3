"""Positions and holdings as lines: the few columns by which an identity is found, identifiers checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.identifiers import read_figi, read_isin, read_lei
from esgscan.tables import PANDAS, Type

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

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


def lines_of(table: pd.DataFrame, line_id: str) -> pd.DataFrame:
    """Take the lines out of POSITIONS or HOLDINGS; an identifier with a wrong check digit becomes missing."""
    lines = table.rename(columns={line_id: "line_id"})[LINE]
    return lines.assign(
        isin=_checked(lines["isin"], read_isin),
        figi=_checked(lines["figi"], read_figi),
        lei=_checked(lines["lei"], read_lei),
    )


def _checked(column: pd.Series, read: Callable[[str], str | None]) -> pd.Series:
    """Read each distinct text once."""
    values = {text: read(text) for text in column.dropna().unique()}
    return column.map(values).astype(PANDAS[Type.TEXT])
