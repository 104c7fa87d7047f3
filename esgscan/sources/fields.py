"""Fields of sources that say what each field is, so that no header word has to be guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from esgscan.tables import POSITIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOTHING = ("", "-", "--", "---", "N/A", "NA", "NONE", "NULL")
"""Words that stand for no value, in upper case."""
SHORTEST_IDENTIFIER = 5
FILLERS = ("0", "9", "X", "x")
"""What filers repeat where an identifier is asked for and there is none: `000000000`, `999999999`."""


def stated(text: str | None) -> str | None:
    """Give a text; a word that stands for no value is no text."""
    bare = (text or "").strip()
    return None if bare.upper() in NOTHING else bare


def identifier(text: str | None) -> str | None:
    """Give an identifier; one too short, or zeros or nines all through, is none. A ticker may be either."""
    bare = (text or "").strip()
    is_none = len(bare) < SHORTEST_IDENTIFIER or any(not bare.strip(letter) for letter in FILLERS)
    return None if is_none or bare.upper() == "UNASSIGNED" else bare


def number(text: str | None) -> float | None:
    """Give a decimal number in the plain form of XML and JSON; anything else is none."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


def lines_frame(columns: Mapping[str, Sequence[object]]) -> pl.DataFrame:
    """Put columns of POSITIONS together; those that are not given are empty."""
    schema = POSITIONS.schema
    return POSITIONS.conform(pl.DataFrame([pl.Series(name, cells, schema[name]) for name, cells in columns.items()]))
