"""The folder of the store: where it lies, one writer at a time, and files that are old or new but never half."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from esgscan.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HOME = "ESGSCAN_HOME"
LOCK = "writer.lock"
PART = ".part"
"""Ending of a file that is not whole yet."""
PATIENCE = 60.0
"""Seconds to wait for another writer."""


def store_folder() -> Path:
    """Give the folder of the holdings store: in ESGSCAN_HOME, else in the user's data folder."""
    return home_folder() / "holdings"


def updates_folder() -> Path:
    """Give the folder of what was confirmed from publishers' newer lists."""
    return home_folder() / "watchlist"


def home_folder() -> Path:
    """Give the folder of what users keep: ESGSCAN_HOME, else the user's data folder."""
    if given := os.environ.get(HOME):
        return Path(given)
    from platformdirs import user_data_path

    return user_data_path("esgscan", appauthor=False)


@contextmanager
def only_writer(folder: Path, *, patience: float = PATIENCE, what_is_it: str = "holdings store") -> Iterator[None]:
    """Keep other writers out; the lock of a writer that was killed is free again.

    Args:
        folder: The folder that is written to.
        patience: Seconds to wait for another writer.
        what_is_it: What the folder holds, for messages.

    Raises:
        SourceError: The folder cannot be written to, or another writer stays in it.
    """
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK)
        lock.acquire(timeout=patience)
    except Timeout as error:
        what = f"Another esgscan is writing to the {what_is_it}."
        raise SourceError(what, where=str(folder), mend="wait until it is done, and run the command again") from error
    except OSError as error:
        what = f"Cannot write to the {what_is_it}: {error.strerror}."
        mend = f"name a folder that you may write to in {HOME}"
        raise SourceError(what, where=str(folder), mend=mend) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def written(folder: Path) -> Iterator[None]:
    """Say what keeps a folder from being written to: a full disk, above all; what was there before stays as it was.

    Raises:
        SourceError: It cannot be written to.
    """
    try:
        yield
    except (OSError, pl.exceptions.ComputeError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error).rpartition(": ")[2]
        reason = said.partition(" (os error")[0]
        what = f"Cannot write to the holdings store: {reason}."
        mend = f"make room, or name another folder in {HOME}, and run the command again: it goes on where it stood"
        raise SourceError(what, where=str(folder), mend=mend) from error


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Give a file to write beside `path`, and move it there once it is whole and on the disk."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}{PART}")
    try:
        yield beside
        with beside.open("rb+") as written:
            os.fsync(written.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def moved(files: Sequence[Path], path: Path) -> None:
    """Put files that are whole into a folder `path`, which comes to its place once all of them are on the disk."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}{PART}")
    beside.mkdir()
    try:
        for file in files:
            with file.open("rb+") as written:
                os.fsync(written.fileno())
            file.replace(beside / file.name)
        remove(path)
        beside.replace(path)
    finally:
        remove(beside)


def remove(path: Path) -> None:
    """Take a file or a folder away, if it is there; a folder goes at once, so that nobody meets half of it."""
    if not path.is_dir():
        path.unlink(missing_ok=True)
        return
    going = path if path.suffix == PART else path.with_name(f"{path.name}.{secrets.token_hex(4)}{PART}")
    path.replace(going)
    shutil.rmtree(going, ignore_errors=True)
