"""The file of identifiers that a user gives: numbers that we may not package, each beside its ISIN or security."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import polars as pl

from esgscan.errors import SourceError
from esgscan.identifiers import read_cusip, read_figi, read_isin, read_sedol
from esgscan.portfolio.inputs import read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from esgscan.portfolio.inputs import Upload

READERS: dict[str, Callable[[str], str | None]] = {"cusip": read_cusip, "sedol": read_sedol, "figi": read_figi}
GIVEN = pl.Schema([(name, pl.String()) for name in ("isin", *READERS)])
COLUMNS = "isin or security_id, and one or more of cusip, sedol, figi"


def read_identifiers(path: Path | Upload, *, securities: Mapping[str, str]) -> pl.DataFrame:
    """Read a file of identifiers: CSV with a header line, columns in any order.

    Args:
        path: The file.
        securities: security_id -> ISIN of the watchlist, for lines that name a security and no ISIN.

    Returns:
        isin, cusip, sedol, figi: one row per line of the file.

    Raises:
        SourceError: The file cannot be read, a column is missing, or a number is not one.
    """
    try:
        text = read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"Cannot read the identifiers: {error}.", where=str(path), mend="name a CSV file in UTF-8"
        ) from error
    rows = csv.DictReader(io.StringIO(text))
    names = {name.strip().lower(): name for name in rows.fieldnames or []}
    if not ({"isin", "security_id"} & set(names) and set(READERS) & set(names)):
        raise SourceError(
            f"Cannot read the identifiers: the columns {COLUMNS} are needed.",
            where=f"{path}, line 1",
            mend=f"write a header line with {COLUMNS}",
        )
    given = []
    for number, row in enumerate(rows, start=2):
        cells = {name: (row[written] or "").strip() for name, written in names.items()}
        given.append(_line(cells, securities, f"{path}, line {number}"))
    return pl.DataFrame(given, schema=GIVEN)


def _line(cells: Mapping[str, str], securities: Mapping[str, str], where: str) -> dict[str, str | None]:
    line = {kind: _number(cells.get(kind, ""), kind, read, where) for kind, read in READERS.items()}
    security = cells.get("security_id", "")
    isin = _number(cells.get("isin", ""), "isin", read_isin, where) or securities.get(security)
    if isin is None:
        what = f"Cannot tell the ISIN of '{security}'." if security else "Cannot use a line without an ISIN."
        raise SourceError(what, where=where, mend="write the ISIN, or a security_id of `esgscan issuers` that has one")
    return {"isin": isin, **line}


def _number(text: str, kind: str, read: Callable[[str], str | None], where: str) -> str | None:
    if not text:
        return None
    number = read(text)
    if number is None:
        raise SourceError(
            f"Cannot read the {kind.upper()} '{text}'.",
            where=f"{where}, column {kind}",
            mend="write it with its check digit, as text and not as a number",
        )
    return number
