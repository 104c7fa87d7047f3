"""The SEC's quarterly N-PORT data sets: a zip, or the folder it unpacks to, of tab-separated tables with many funds.

Millions of lines: DuckDB reads them by the names of their columns and writes Parquet, and no line passes through
Python. An amendment supersedes the filing of the same series and day.

Source: SEC, Form N-PORT Data Sets (nport_readme.htm).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from esgscan.records import Finding
from esgscan.result import USER_SOURCE
from esgscan.sources.nport import PUBLISHER
from esgscan.sources.nport_sql import FUNDS_SQL, HOLDINGS_SQL, REST_SQL, tables_sql
from esgscan.sources.quarters import (
    ROW_GROUP,
    WrittenDataset,
    has_tables,
    is_quoted,
    read_written,
    unpacked_tables,
    unread,
)
from esgscan.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

    from esgscan.records import FundFile

NEEDED = ("SUBMISSION", "REGISTRANT", "FUND_REPORTED_INFO", "FUND_REPORTED_HOLDING")
USED = (*NEEDED, "IDENTIFIERS", "DESC_REF_OTHER")
WORDS = 1000
"""Distinct texts of a row group that get a dictionary; names and numbers of securities have too many to gain by one."""
OPTIONS = f"FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP}, DICTIONARY_SIZE_LIMIT {WORDS}"
MEMORY = "1GB"
"""DuckDB spills to disk beyond."""


def recognises(path: Path) -> bool:
    """Whether a folder or an archive holds the tables that are needed; what cannot be opened does not."""
    return has_tables(path, NEEDED)


def write_parquet(path: Path, folder: Path, *, stored_in: str = "") -> WrittenDataset:
    """Write a data set as Parquet: `funds.parquet`, `holdings.parquet` and `rest.parquet` in `folder`.

    Args:
        path: The zip or the folder.
        folder: Where to write; it must exist. What is unpacked on the way lies there too, and is removed.
        stored_in: Name of the file in the holdings store; the lines then have the columns of the store beside.

    Raises:
        SourceError: The archive or a table is damaged, or a needed column is missing.
    """
    import duckdb

    with tempfile.TemporaryDirectory(dir=folder, prefix=".unpacked-") as unpacked:
        tables = unpacked_tables(path, Path(unpacked), USED)
        connection = duckdb.connect()
        try:
            _prepare(connection, tables, spill=unpacked)
            return _write(connection, folder, path.name, stored_in)
        except (duckdb.Error, UnicodeDecodeError) as error:
            first = str(error).strip().splitlines()[0]
            raise unread(f"The tables of '{path.name}' cannot be read: {first}", path) from error
        finally:
            connection.close()


def read(path: Path) -> FundFile:
    """Read a data set as tables FUNDS and HOLDINGS.

    Raises:
        SourceError: As `write_parquet`.
    """
    return read_written(path, write_parquet)


def _prepare(connection: duckdb.DuckDBPyConnection, tables: dict[str, Path], *, spill: str) -> None:
    """Make one view per table with the columns that are needed, whatever their order; a missing one is empty."""
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET temp_directory = $spill", {"spill": spill})
    quoted = {name for name, file in tables.items() if is_quoted(file)}
    for statement in tables_sql({name: _columns(file) for name, file in tables.items()}, quoted):
        if statement.table:
            connection.execute(f"SET VARIABLE {statement.table} = $path", {"path": str(tables[statement.table])})
        connection.execute(statement.sql)


def _columns(file: Path) -> tuple[str, ...]:
    with file.open("rb") as stream:
        line = stream.readline(2**20).decode("utf-8-sig", "replace")
    return tuple(word.strip().strip('"') for word in line.rstrip("\r\n").split("\t"))


def _write(connection: duckdb.DuckDBPyConnection, folder: Path, name: str, stored_in: str) -> WrittenDataset:
    source = f"{USER_SOURCE}{name}"
    holdings, rest, funds = (folder / f"{one}.parquet" for one in ("holdings", "rest", "funds"))
    names = {"source": source, "publisher": PUBLISHER, "lines": str(holdings), "rest": str(rest)}
    quoted = {name: _quoted(text) for name, text in names.items()}
    columns = f"*, fund_id AS listed_as, {_quoted(stored_in)} AS stored_in" if stored_in else "*"
    for sql, target, chosen in ((HOLDINGS_SQL, holdings, columns), (REST_SQL, rest, columns), (FUNDS_SQL, funds, "*")):
        statement = f"SELECT {chosen} FROM ({sql.format(**quoted)})"  # noqa: S608 - our own words, and texts in quotes
        connection.execute(f"COPY ({statement}) TO {_quoted(str(target))} ({OPTIONS})")
    return WrittenDataset(funds=funds, holdings=(holdings, rest), findings=tuple(_findings(connection, name)))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _findings(connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[Finding]:
    """Say which filings were superseded, and which could not be used."""
    counts: Sequence[tuple[int, int]] = connection.execute(
        "SELECT (SELECT count(*) FROM filings WHERE rank > 1), (SELECT count(*) FROM filings WHERE as_of IS NULL)"
    ).fetchall()
    superseded, undated = counts[0]
    if superseded:
        what = f"{superseded:,} filings were superseded by a later one of the same series and day."
        yield Finding(severity=Severity.INFO, where=name, what=what)
    if undated:
        what = f"{undated:,} filings have no day that can be read, and were left out."
        yield Finding(severity=Severity.WARNING, where=name, what=what, mend="check the column REPORT_DATE")
