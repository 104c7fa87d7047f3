"""OFAC's XML in the layout of its Sanctions List Service: `SDN_ENHANCED.XML` and `CONS_ENHANCED.XML`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from esgscan.reference.listed_entities import ListedEntity
from esgscan.sources.lists import ofac
from esgscan.sources.lists.attributes import country_of, issuer_names, read_attributes, read_day
from esgscan.sources.lists.markup import child, elements, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from xml.etree.ElementTree import Element

    from esgscan.reference.listed_entities import ListFile
    from esgscan.sources.lists.asked import GivenFile

ROOT = "sanctionsData"
TAKEN = ("publicationInfo", "referenceValue", "entity")
LATIN = "latin"


def read(given: GivenFile) -> ListFile:
    """Read the organisations of the file.

    Raises:
        SourceError: The XML is damaged, or puts nobody on a list.
    """
    shelves: dict[bool, ofac.Shelf] = {}
    values: dict[str, str] = {}
    published: date | None = None
    for tag, element in elements(given.content, *TAKEN, name=given.name):
        if tag == "publicationInfo":
            published = read_day(child(element, "dataAsOf"))
        elif tag == "referenceValue":
            values[element.get("refId", "")] = child(element, "value")
        elif child(element, "generalInfo/entityType").casefold() not in ofac.NO_ORGANISATIONS:
            _take(element, given, values, shelves)
    sdn = list(shelves) == [True]
    return given.of(
        [one for shelf in shelves.values() for one in shelf.published()],
        title=f"OFAC {ofac.SDN if sdn else ofac.CONSOLIDATED}, enhanced XML",
        publisher=ofac.PUBLISHER,
        home=ofac.HOME + ("SdnList" if sdn else "ConsolidatedList"),
        published_on=published,
    )


def _take(element: Element, given: GivenFile, values: Mapping[str, str], shelves: dict[bool, ofac.Shelf]) -> None:
    lists = list(element.iterfind("sanctionsLists/sanctionsList"))
    programmes = [text_of(one) for one in element.iterfind("sanctionsPrograms/sanctionsProgram")]
    entity = _entity(element, given, values)
    if entity is None:
        return
    days = [day for one in lists if (day := read_day(one.get("datePublished")))]
    if entity.listed_on is None and days:
        entity = replace(entity, listed_on=min(days))
    on_sdn = any(text_of(one).casefold().startswith("sdn") for one in lists)
    sdn = on_sdn if lists else ofac.is_sdn(programmes, given.name)
    shelves.setdefault(sdn, ofac.Shelf()).add(entity, programmes, sdn=sdn)


def _entity(element: Element, given: GivenFile, values: Mapping[str, str]) -> ListedEntity | None:
    names = sorted(_names(element), reverse=True)
    if not names:
        return None
    documents = [
        (child(one, "type"), child(one, "documentNumber"), child(one, "issuingCountry"))
        for one in element.iterfind("identityDocuments/identityDocument")
    ]
    pairs = [*_features(element, values), *((label, number) for label, number, _ in documents)]
    countries = [child(one, "country") for one in element.iterfind("addresses/address")]
    countries += [country for _, _, country in documents]
    primary = names[0][1]
    return ListedEntity(
        name=primary,
        names=tuple(dict.fromkeys([*(name for _, name in names if name != primary), *issuer_names(pairs)])),
        country=country_of(countries, given.countries),
        number=element.get("id", ""),
        where=f"{given.name}, entity {element.get('id', '')}",
        **read_attributes(pairs),
    )


def _names(element: Element) -> Iterator[tuple[tuple[bool, bool, bool], str]]:
    """Give the names that are not weak, each with its rank: primary, in Latin letters, as it was given."""
    for name in element.iterfind("names/name"):
        if child(name, "isLowQuality") == "true":
            continue
        for one in name.iterfind("translations/translation"):
            whole = child(one, "formattedFullName") or " ".join(
                child(part, "value") for part in one.iterfind("nameParts/namePart")
            )
            rank = (
                child(name, "isPrimary") == "true",
                child(one, "script").casefold() in {LATIN, ""},
                child(one, "isPrimary") == "true",
            )
            if whole:
                yield rank, whole


def _features(element: Element, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for feature in element.iterfind("features/feature"):
        value = child(feature, "value") or values.get(child(feature, "valueRefId"), "")
        day = child(feature, "valueDate/fromDateBegin")
        yield child(feature, "type"), value or day
