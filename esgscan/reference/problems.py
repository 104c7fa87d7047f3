"""What can be wrong in a packaged data set, with its place and its cure."""

from __future__ import annotations

from dataclasses import dataclass

from esgscan.reference.datasets import ENTRIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault of the packaged data.

    Args:
        what: One sentence, quoting the value as it is written.
        where: File relative to the package, line and column.
        mend: What to do about it.
    """

    what: str
    where: str
    mend: str

    def __str__(self) -> str:
        return f"{self.what}\n  where: {self.where}\n  mend:  {self.mend}"


def place(dataset: str, *, line: int | None = None, column: str = "", file: str = ENTRIES) -> str:
    """Write where a problem is, such as `reference/data/names/entries.csv, line 3, column name`."""
    parts = [f"reference/data/{dataset}/{file}" if dataset else f"reference/data/{file}"]
    if line is not None:
        parts.append(f"line {line}")
    if column:
        parts.append(f"column {column}")
    return ", ".join(parts)
