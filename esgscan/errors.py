"""The error tree: each error says what happened, where, and how to mend it."""

from __future__ import annotations


class EsgscanError(Exception):
    """The run cannot go on.

    Args:
        what: One sentence, quoting the offending value as it was written.
        where: File, sheet, cell, option or data set.
        mend: What the reader can do about it.
    """

    def __init__(self, what: str, *, where: str, mend: str) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.what}\n  where: {self.where}\n  mend:  {self.mend}"


class PortfolioError(EsgscanError):
    """The user's portfolio cannot be read."""


class OptionError(EsgscanError):
    """The user asked for something that cannot be done."""


class ReferenceDataError(EsgscanError):
    """Our own packaged data is broken."""


class SourceError(EsgscanError):
    """A publisher's file or service failed."""
