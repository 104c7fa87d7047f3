"""The day an answer is for: read from what a user wrote, or today."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

from esgscan.errors import OptionError


def read_day(day: date | str | None, *, where: str = "--as-of") -> date:
    """Read the as-of date; without one it is the day of SOURCE_DATE_EPOCH, or today.

    Raises:
        OptionError: `day` is not a date.
    """
    if isinstance(day, datetime):
        return day.date()
    if isinstance(day, date):
        return day
    if day is None:
        return now().date()
    try:
        return date.fromisoformat(day)
    except (TypeError, ValueError) as error:
        raise OptionError(f"Cannot read the date '{day}'.", where=where, mend="write it as 2026-11-23") from error


def now() -> datetime:
    """Give the moment of the run: that of SOURCE_DATE_EPOCH, else the clock's."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
