"""Activity statements of Interactive Brokers: many tables in one text file, of which one is the portfolio."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SECTION, KIND = 0, 1
POSITIONS = "Open Positions"
INSTRUMENTS = "Financial Instrument Information"


def is_activity_statement(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first line of a text file is that of an activity statement."""
    return bool(rows) and list(rows[0][:2]) == ["Statement", "Header"]


def open_positions(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Keep the open positions where they stand in the file, with the security id that another table gives.

    Every other line becomes empty, so that the rows keep their numbers; tax lots and totals are among them.
    """
    ids = _security_ids(rows)
    kept: list[list[str]] = []
    symbol, level = -1, -1
    for row in rows:
        is_header = list(row[:2]) == [POSITIONS, "Header"]
        if is_header:
            symbol, level = _at(row, "Symbol"), _at(row, "DataDiscriminator")
        is_line = list(row[:2]) == [POSITIONS, "Data"] and (level < 0 or row[level] == "Summary")
        if is_header:
            kept.append([*row[2:], "Security ID"])
        elif is_line and symbol >= 0:
            kept.append([*row[2:], ids.get(row[symbol], "")])
        else:
            kept.append([])
    return kept


def _security_ids(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Give the ISIN or CUSIP of each symbol."""
    ids: dict[str, str] = {}
    symbol, security_id = -1, -1
    for row in rows:
        if list(row[:2]) == [INSTRUMENTS, "Header"]:
            symbol, security_id = _at(row, "Symbol"), _at(row, "Security ID")
        elif list(row[:2]) == [INSTRUMENTS, "Data"] and min(symbol, security_id) >= 0 and len(row) > security_id:
            ids.update((name.strip(), row[security_id]) for name in row[symbol].split(","))
    return ids


def _at(row: Sequence[str], header: str) -> int:
    return list(row).index(header) if header in row else -1
