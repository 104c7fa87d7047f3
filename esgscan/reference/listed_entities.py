"""What publishers' lists name, read from their bulk files: entities, the lists they stand on, and the files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

ENTITY_LIST = "us-bis-entity-list"
NS_CMIC = "us-ofac-ns-cmic"
GLOBAL_MAGNITSKY = "us-ofac-glomag"
SECTION_1260H = "us-dod-1260h"
UFLPA = "us-uflpa"
FCC_COVERED_LIST = "us-fcc-covered-list"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEntity:
    """An organisation as a list names it.

    Attributes:
        name: Its name as printed.
        names: Further names that the list gives for it, former ones among them.
        country: Country of its seat or address, ISO 3166; None where the list gives none.
        isins: ISINs of its securities.
        codes: Its listings as the list gives them: MIC and local code.
        lei: Its LEI.
        uscc: Its Unified Social Credit Code.
        listed_on: The day it was named.
        in_force_from: The day from which the list binds, where that is another.
        in_force_until: The first day on which it is no longer listed, where the file says so.
        divest_until: The last day on which its securities may be sold.
        is_public: Whether the list calls it a public company, or gives securities of it.
        number: The publisher's own number for it.
        citation: The notice that named it.
        where: File, sheet and row.
    """

    name: str
    names: tuple[str, ...] = ()
    country: str | None = None
    isins: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    lei: str | None = None
    uscc: str | None = None
    listed_on: date | None = None
    in_force_from: date | None = None
    in_force_until: date | None = None
    divest_until: date | None = None
    is_public: bool = False
    number: str = ""
    citation: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedList:
    """One list of a file.

    Attributes:
        programme_id: Our programme, or `list:` and its name where we have none.
        name: Its name as the file prints it.
        authority: Whose list it is.
        entities: The organisations on it.
        is_whole: Whether the file has all of the list, so that what it leaves out is not on the list.
    """

    programme_id: str
    name: str
    authority: str
    entities: tuple[ListedEntity, ...]
    is_whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFile:
    """A publisher's file as it was read.

    Attributes:
        name: Name of the file.
        sha256: Hash of its bytes; of several that belong together, of all of them.
        title: What the file is.
        publisher: Who publishes it.
        address: Where it was got, or where the publisher has it.
        published_on: Its day, as the file or the user says; None where nobody does.
        lists: The lists in it.
        licence: Terms under which it may be used; empty for what governments publish freely.
        remarks: What the reader must know of the file.
    """

    name: str
    sha256: str
    title: str
    publisher: str
    address: str
    published_on: date | None
    lists: tuple[PublishedList, ...]
    licence: str = ""
    remarks: tuple[str, ...] = field(default=())
