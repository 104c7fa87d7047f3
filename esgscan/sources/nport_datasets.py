"""The SEC's quarterly N-PORT data sets: a zip, or the folder it unpacks to, of tab-separated tables with many funds.

Millions of lines: DuckDB reads them by the names of their columns and writes Parquet, and no line passes through
Python. An amendment supersedes the filing of the same series and day.

Source: SEC, Form N-PORT Data Sets (nport_readme.htm).
"""

from __future__ import annotations

import codecs
import errno
import hashlib
import os
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.records import Finding, FundFile
from esgscan.result import USER_SOURCE
from esgscan.sources.nport import PUBLISHER
from esgscan.sources.nport_sql import FUNDS_SQL, HOLDINGS_SQL, REST_SQL, tables_sql
from esgscan.tables import FUNDS, HOLDINGS
from esgscan.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import duckdb

NEEDED = ("SUBMISSION", "REGISTRANT", "FUND_REPORTED_INFO", "FUND_REPORTED_HOLDING")
USED = (*NEEDED, "IDENTIFIERS", "DESC_REF_OTHER")
LARGEST_UNPACKED, SMALL_UNPACKED, LARGEST_RATIO = 16 * 2**30, 32 * 2**20, 60
"""The tables of a quarter unpack to one or two gigabytes, some six times their archive; a bomb a thousand times."""
ROW_GROUP = 50_000
"""Lines of a row group: one fund out of thousands is read without the others."""
WORDS = 1000
"""Distinct texts of a row group that get a dictionary; names and numbers of securities have too many to gain by one."""
OPTIONS = f"FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP}, DICTIONARY_SIZE_LIMIT {WORDS}"
MEMORY = "1GB"
"""DuckDB spills to disk beyond."""
NO_ROOM = tuple(map(os.strerror, (errno.ENOSPC, errno.EFBIG)))
"""Words of an error which the disk is to blame for, and not the data set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDataset:
    """Parquet files that hold a data set.

    Attributes:
        funds: Table FUNDS.
        holdings: Table HOLDINGS, in two files: the lines, and what is left over of each fund.
        findings: What the reader must know.
    """

    funds: Path
    holdings: tuple[Path, ...]
    findings: tuple[Finding, ...]


def recognises(path: Path) -> bool:
    """Whether a folder or an archive holds the tables that are needed; what cannot be opened does not."""
    try:
        names = members_of(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return names.issuperset(NEEDED)


def members_of(path: Path) -> set[str]:
    """Give the names of the tables in a folder or an archive, in upper case and without their endings."""
    if path.is_dir():
        return {member.stem.upper() for member in path.iterdir()}
    if not zipfile.is_zipfile(path):
        return set()
    with zipfile.ZipFile(path) as archive:
        return {Path(member).stem.upper() for member in archive.namelist()}


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
            raise _unread(f"The tables of '{path.name}' cannot be read: {first}", path) from error
        finally:
            connection.close()


def read(path: Path) -> FundFile:
    """Read a data set as tables FUNDS and HOLDINGS.

    Raises:
        SourceError: As `write_parquet`.
    """
    import polars as pl

    with tempfile.TemporaryDirectory() as folder:
        written = write_parquet(path, Path(folder))
        funds = FUNDS.conform(pl.read_parquet(written.funds))
        holdings = HOLDINGS.conform(pl.read_parquet(list(written.holdings)))
    return FundFile(
        name=path.name,
        funds=funds,
        holdings=holdings.with_columns(holding_id=pl.format("h{}", pl.int_range(1, pl.len() + 1))),
        findings=written.findings,
        sha256=hash_of(path),
    )


def unpacked_tables(path: Path, unpacked: Path, used: Collection[str]) -> dict[str, Path]:
    """Find the tables used, by name; those in an archive are unpacked to a folder.

    Raises:
        SourceError: The archive is damaged, or unpacks to more than a quarter can be.
    """
    if path.is_dir():
        return {member.stem.upper(): member for member in sorted(path.iterdir()) if member.stem.upper() in used}
    try:
        with zipfile.ZipFile(path) as archive:
            members = {Path(one.filename).stem.upper(): one for one in archive.infolist()}
            wanted = {name: member for name, member in members.items() if name in used}
            _refuse_bombs(list(wanted.values()), path)
            return {name: _unpack(archive, member, unpacked / f"{name}.tsv") for name, member in wanted.items()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise _unread(f"'{path.name}' is damaged or cut off: {error}.", path) from error


def _unread(what: str, path: Path) -> SourceError:
    """Say why a data set cannot be read: its tables are damaged, or the disk has no room to unpack them to."""
    for reason in NO_ROOM:
        if reason in what:
            room = f"The tables of '{path.name}' cannot be unpacked: {reason}."
            return SourceError(room, where=str(path), mend="make room on the disk, and run the command again")
    return SourceError(what, where=str(path), mend="download the data set again")


def _refuse_bombs(members: Sequence[zipfile.ZipInfo], path: Path) -> None:
    """Refuse what would unpack to more than a quarter can be; sizes are known before anything is unpacked."""
    size = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if size > LARGEST_UNPACKED or (size > SMALL_UNPACKED and size > LARGEST_RATIO * packed):
        what = f"The tables of '{path.name}' unpack from {packed:,} to {size:,} bytes, which no quarter needs."
        raise SourceError(what, where=str(path), mend="download the data set again")


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> Path:
    """Unpack one table, and no more of it than the archive announces."""
    with archive.open(member) as packed, target.open("wb") as plain:
        while chunk := packed.read(2**20):
            plain.write(chunk)
    return target


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


def is_quoted(file: Path) -> bool:
    """Whether a program wrote a table with its cells in quotes: its first one is."""
    with file.open("rb") as stream:
        return stream.read(4).removeprefix(codecs.BOM_UTF8).startswith(b'"')


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


def hash_of(path: Path) -> str:
    """Hash the archive, or the tables of the folder one after the other."""
    digest = hashlib.sha256()
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    for file in files:
        with file.open("rb") as stream:
            while chunk := stream.read(2**20):
                digest.update(chunk)
    return digest.hexdigest()
