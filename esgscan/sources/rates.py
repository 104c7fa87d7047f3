"""Exchange rates from a file that the user gives."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from esgscan.errors import SourceError
from esgscan.portfolio.inputs import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from esgscan.portfolio.inputs import Upload

COLUMNS = "currency,rate and, if wanted, base and date"


@dataclass(frozen=True, slots=True)
class Rates:
    """Units of `base` for one unit of each currency; an empty `base` leaves the choice to the portfolio."""

    rates: Mapping[str, float] = field(default_factory=dict)
    base: str = ""

    def into(self, currency: str) -> pl.DataFrame:
        """Give the rates into `currency` as a table: currency, rate."""
        rows = {code: rate for code, rate in self.rates.items() if code != currency}
        schema = {"currency": pl.String, "rate": pl.Float64}
        return pl.DataFrame({"currency": list(rows), "rate": list(rows.values())}, schema=schema)


def read_rates(path: Path | Upload, *, as_of: date) -> Rates:
    """Read a file of rates: `currency,rate[,base][,date]`, one line per currency and, with dates, per day.

    `rate` is the amount of the portfolio's currency (of `base`, if given) that one unit of `currency` buys. Of several
    days the newest one not after `as_of` counts.

    Raises:
        SourceError: The file cannot be read, a column is missing, or a rate is not a positive number.
    """
    try:
        text = read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"Cannot read the rates: {error}.", where=str(path), mend="name a CSV file in UTF-8"
        ) from error
    rows = csv.DictReader(io.StringIO(text))
    names = {name.strip().lower(): name for name in rows.fieldnames or []}
    if not {"currency", "rate"} <= set(names):
        raise SourceError(
            "Cannot read the rates: the columns currency and rate are needed.",
            where=f"{path}, line 1",
            mend=f"write a header line with {COLUMNS}",
        )
    dated: dict[str, tuple[date, float]] = {}
    bases = set()
    for number, row in enumerate(rows, start=2):
        cells = {name: (row[written] or "").strip() for name, written in names.items()}
        day = _day(cells.get("date", ""), path, number)
        rate = _rate(cells["rate"], path, number)
        bases.add(cells.get("base", "").upper())
        code = cells["currency"].upper()
        if day <= as_of and (code not in dated or dated[code][0] <= day):
            dated[code] = (day, rate)
    if len(bases) > 1:
        raise SourceError(
            f"Cannot read the rates: they lead into {' and '.join(sorted(bases))}.",
            where=str(path),
            mend="give rates into one currency",
        )
    return Rates({code: rate for code, (_, rate) in dated.items()}, next(iter(bases), ""))


def _day(text: str, path: Path | Upload, line: int) -> date:
    if not text:
        return date.min
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        where = f"{path}, line {line}"
        raise SourceError(f"Cannot read the date '{text}'.", where=where, mend="write it as 2026-11-23") from error


def _rate(text: str, path: Path | Upload, line: int) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate < float("inf"):
        where = f"{path}, line {line}, column rate"
        raise SourceError(f"Cannot read a rate: '{text}' is no positive number.", where=where, mend="write 1.0842")
    return rate
