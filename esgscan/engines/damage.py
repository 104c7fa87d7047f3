"""Which file is to blame when an engine cannot read its tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from esgscan.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_LETTERS = 300
"""Letters of an engine's own words that are repeated."""
SHOWN = 3
"""Paths that are named where none is to blame."""
CAUSE = "Exception: "
"""What stands before the words of each cause in a report of Java; the last one is where it began."""
MEND = "give the file anew if it is damaged; its columns must be as docs/scale.md says"
MEND_ALL = "give Parquet files whose columns are as docs/scale.md says"


def unreadable(error: Exception, paths: Sequence[str], *, mend: str = MEND_ALL) -> SourceError:
    """Say what an engine could not read: the file that its words name, else the first that cannot be read alone.

    Args:
        error: What the engine raised.
        paths: The files and folders it was given.
        mend: What to do where every file can be read alone.
    """
    file = _named_in(str(error), paths) or _damaged(paths)
    what = f"The lines cannot be read: {_reason(error)[:MOST_LETTERS]}"
    return SourceError(what, where=file or _listed(paths), mend=MEND if file else mend)


def _reason(error: Exception) -> str:
    """Take the one line of an engine's words that says what went wrong."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    causes = [line.partition(CAUSE)[2] for line in lines if CAUSE in line]
    return next(iter([*reversed(causes), *lines]), type(error).__name__)


def is_readable(file: str) -> bool:
    """Read a whole file, a few lines at a time, and say whether that went well."""
    import duckdb

    try:
        with duckdb.connect() as connection:
            connection.execute("SELECT count(hash(line)) FROM read_parquet($file) line", {"file": file}).fetchall()
    except (duckdb.Error, RuntimeError):
        return False
    return True


def _listed(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - SHOWN:,} more" if len(paths) > SHOWN else ""
    return ", ".join(paths[:SHOWN]) + more


def _named_in(words: str, paths: Sequence[str]) -> str:
    return next((file for file in _files(paths) if file in words), "")


def _damaged(paths: Sequence[str]) -> str:
    return next((file for file in _files(paths) if not is_readable(file)), "")


def _files(paths: Sequence[str]) -> Iterator[str]:
    """Give the files of the paths; those of an address elsewhere are not looked for."""
    for path in paths:
        if Path(path).is_dir():
            yield from map(str, sorted(Path(path).rglob("*.parquet")))
        elif "://" not in path:
            yield path
