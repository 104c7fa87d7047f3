"""The SEC's quarterly data sets: a zip, or the folder it unpacks to, of tab-separated tables with very many funds.

Their millions of lines go from file to file: a reader of one kind of data set writes Parquet and tells where it lies.
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
from esgscan.records import FundFile
from esgscan.tables import FUNDS, HOLDINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from esgscan.records import Finding

LARGEST_UNPACKED, SMALL_UNPACKED, LARGEST_RATIO = 16 * 2**30, 32 * 2**20, 60
"""The tables of a quarter unpack to one or two gigabytes, some six times their archive; a bomb a thousand times."""
ROW_GROUP = 50_000
"""Lines of a row group: one fund out of thousands is read without the others."""
NO_ROOM = tuple(map(os.strerror, (errno.ENOSPC, errno.EFBIG)))
"""Words of an error which the disk is to blame for, and not the data set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDataset:
    """Parquet files that hold a data set.

    Attributes:
        funds: Table FUNDS.
        holdings: Table HOLDINGS, in one file or more.
        findings: What the reader must know.
    """

    funds: Path
    holdings: tuple[Path, ...]
    findings: tuple[Finding, ...]


def has_tables(path: Path, needed: Collection[str]) -> bool:
    """Whether a folder or an archive holds the tables that are needed; what cannot be opened does not."""
    try:
        return members_of(path).issuperset(needed)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def members_of(path: Path) -> set[str]:
    """Give the names of the tables in a folder or an archive, in upper case and without their endings."""
    if path.is_dir():
        return {member.stem.upper() for member in path.iterdir()}
    if not zipfile.is_zipfile(path):
        return set()
    with zipfile.ZipFile(path) as archive:
        return {Path(member).stem.upper() for member in archive.namelist()}


def read_written(path: Path, write: Callable[[Path, Path], WrittenDataset]) -> FundFile:
    """Read a data set as tables FUNDS and HOLDINGS, by way of the Parquet that its reader writes to a folder."""
    import polars as pl

    with tempfile.TemporaryDirectory() as folder:
        written = write(path, Path(folder))
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
        raise unread(f"'{path.name}' is damaged or cut off: {error}.", path) from error


def is_quoted(file: Path) -> bool:
    """Whether a program wrote a table with its cells in quotes: its first one is."""
    with file.open("rb") as stream:
        return stream.read(4).removeprefix(codecs.BOM_UTF8).startswith(b'"')


def unread(what: str, path: Path) -> SourceError:
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


def hash_of(path: Path) -> str:
    """Hash the archive, or the tables of the folder one after the other."""
    digest = hashlib.sha256()
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    for file in files:
        with file.open("rb") as stream:
            while chunk := stream.read(2**20):
                digest.update(chunk)
    return digest.hexdigest()
