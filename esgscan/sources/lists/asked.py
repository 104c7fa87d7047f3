"""A file of a publisher's list as it was given, and what the readers share to read it."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from esgscan.errors import PortfolioError, SourceError
from esgscan.portfolio.texts import decode
from esgscan.reference.listed_entities import ListFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from esgscan.reference.listed_entities import PublishedList


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFile:
    """A file of a list, from disk or from a publisher.

    Attributes:
        name: Its name, for messages.
        content: Its bytes.
        address: Where it was fetched from; empty for a file from disk.
        published_on: Its day as the user says, or the day it was fetched; what the file says comes before.
        licence: The user's statement about the terms under which a licensed file may be used.
        countries: Country code by word.
    """

    name: str
    content: bytes
    address: str = ""
    published_on: date | None = None
    licence: str = ""
    countries: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """Decode the file: UTF-8 of any size, as publishers write it, or what else text comes in.

        Raises:
            SourceError: It is no text.
        """
        with suppress(UnicodeDecodeError):
            return self.content.decode("utf-8-sig")
        try:
            return decode(self.content, name=self.name)[0]
        except PortfolioError as error:
            raise SourceError(error.what, where=error.where, mend="download the file again") from error

    def of(
        self,
        lists: Sequence[PublishedList],
        *,
        title: str,
        publisher: str,
        home: str,
        published_on: date | None = None,
        remarks: Sequence[str] = (),
    ) -> ListFile:
        """Make the result of a reader; `home` is where the publisher has the file if it was not fetched.

        Raises:
            SourceError: The file names no organisation.
        """
        if not any(one.entities for one in lists):
            what = f"'{self.name}' looks like a file of {publisher}, and names no organisation."
            raise SourceError(what, where=self.name, mend="download the file again; it may be cut off")
        return ListFile(
            name=self.name,
            sha256=hashlib.sha256(self.content).hexdigest(),
            title=title,
            publisher=publisher,
            address=self.address or home,
            published_on=published_on or self.published_on,
            lists=tuple(lists),
            licence=self.licence,
            remarks=tuple(remarks),
        )


def damaged(name: str, what: object) -> SourceError:
    """Say that a file cannot be read to its end."""
    return SourceError(f"'{name}' is damaged or cut off: {what}.", where=name, mend="download the file again")
