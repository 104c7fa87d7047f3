"""Exchange rates from a file that the user gives."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from esgscan.errors import SourceError
from esgscan.portfolio.inputs import read_text
from esgscan.records import Finding
from esgscan.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from esgscan.portfolio.inputs import Upload

COLUMNS = "currency,rate and, if wanted, base and date"
LARGE = frozenset({"USD", "EUR", "GBP", "CHF"})
SMALL = frozenset(
    (
        *("CNY", "CNH", "HKD", "TWD", "JPY", "KRW", "INR", "IDR", "VND", "THB", "PHP", "MYR", "PKR", "KZT"),
        *("SEK", "NOK", "DKK", "CZK", "HUF", "PLN", "RUB", "TRY", "ILS", "AED", "SAR", "EGP", "ZAR"),
        *("MXN", "BRL", "CLP", "COP", "ARS"),
    )
)
"""Currencies of which one unit is worth less, and by far, than one of the large: a rate that says otherwise is the
rate of the other direction."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Units of `base` for one unit of each currency; an empty `base` leaves the choice to the portfolio."""

    rates: Mapping[str, float] = field(default_factory=dict)
    base: str = ""
    file: str = field(default="--fx", compare=False)

    def into(self, currency: str) -> pl.DataFrame:
        """Give the rates into `currency` as a table: currency, rate.

        Raises:
            SourceError: A rate is that of the other direction.
        """
        rows = {code: rate for code, rate in self.rates.items() if code != currency}
        for code, rate in rows.items():
            self._refuse_inverse(code, rate, currency)
        schema = {"currency": pl.String, "rate": pl.Float64}
        return pl.DataFrame({"currency": list(rows), "rate": list(rows.values())}, schema=schema)

    def used(self, currency: str, written: Collection[str]) -> list[Finding]:
        """Say which of the rates values of these currencies were changed with."""
        used = [code for code in sorted(written) if code in self.rates and code != currency]
        if not used:
            return []
        told = ", ".join(f"1 {code} as {self.rates[code]:,.6g} {currency}" for code in used)
        return [Finding(severity=Severity.INFO, where=self.file, what=f"Values are changed with your rates: {told}.")]

    def _refuse_inverse(self, code: str, rate: float, currency: str) -> None:
        is_small, is_large = code in SMALL and currency in LARGE, code in LARGE and currency in SMALL
        if (is_small and rate >= 1) or (is_large and rate <= 1):
            what = (
                f"The rate of {code} says that one {code} is worth {rate:,.6g} {currency}; that is the other direction."
            )
            mend = f"write what one {code} is worth in {currency}: {1 / rate:.6g}"
            raise SourceError(what, where=self.file, mend=mend)


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
    return Rates({code: rate for code, (_, rate) in dated.items()}, next(iter(bases), ""), Path(str(path)).name)


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
