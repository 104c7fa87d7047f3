"""OFAC's XML in the layout it has had since 2003: `sdn.xml` and `consolidated.xml`, one `sdnEntry` per entry.

Data sheet: ofac.treasury.gov, "SDN list data formats and data schemas".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.reference.listed_entities import ListedEntity
from esgscan.sources.lists import ofac
from esgscan.sources.lists.attributes import country_of, issuer_names, read_attributes, read_day
from esgscan.sources.lists.markup import child, elements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

    from esgscan.reference.listed_entities import ListFile
    from esgscan.sources.lists.asked import GivenFile

ROOT = "sdnList"


def read(given: GivenFile) -> ListFile:
    """Read the organisations of the file; the count that it states must be right.

    Raises:
        SourceError: The XML is damaged, or holds fewer entries than it says.
    """
    entries: list[tuple[ListedEntity, list[str]]] = []
    published, stated, number = None, "", 0
    for tag, element in elements(given.content, "publshInformation", "sdnEntry", name=given.name):
        if tag == "publshInformation":
            published, stated = read_day(child(element, "Publish_Date")), child(element, "Record_Count")
            continue
        number += 1
        if child(element, "sdnType").casefold() not in ofac.NO_ORGANISATIONS:
            programmes = [code.text or "" for code in element.iterfind("programList/program")]
            entries.append((_entity(element, given, number), programmes))
    is_whole = not (stated.isdigit() and int(stated) > number)
    if not number:
        raise SourceError(f"'{given.name}' has no entry.", where=given.name, mend="download the file again")
    sdn = ofac.is_sdn((code for _, programmes in entries for code in programmes), given.name)
    shelf = ofac.Shelf()
    for entity, programmes in entries:
        shelf.add(entity, programmes, sdn=sdn)
    cut = [f"The file says it has {stated} entries and has {number}: it is not taken for the whole list."]
    return given.of(
        shelf.published(is_whole=is_whole),
        title=f"OFAC {ofac.SDN if sdn else ofac.CONSOLIDATED}, XML",
        publisher=ofac.PUBLISHER,
        home=ofac.HOME + ("SdnList" if sdn else "ConsolidatedList"),
        published_on=published,
        remarks=() if is_whole else cut,
    )


def _entity(entry: Element, given: GivenFile, number: int) -> ListedEntity:
    pairs = [(child(one, "idType"), child(one, "idNumber")) for one in entry.iterfind("idList/id")]
    names = [*_names(entry), *issuer_names(pairs)]
    return ListedEntity(
        name=_whole_name(entry),
        names=tuple(dict.fromkeys(names)),
        country=_country(entry, given.countries),
        number=child(entry, "uid"),
        where=f"{given.name}, entry {number}",
        **read_attributes(pairs),
    )


def _names(entry: Element) -> Iterator[str]:
    return (_whole_name(aka) for aka in entry.iterfind("akaList/aka") if child(aka, "category") != "weak")


def _whole_name(element: Element) -> str:
    return " ".join(filter(None, (child(element, "firstName"), child(element, "lastName"))))


def _country(entry: Element, countries: Mapping[str, str]) -> str | None:
    words = [child(one, "country") for one in entry.iterfind("addressList/address")]
    words += [child(one, "idCountry") for one in entry.iterfind("idList/id")]
    return country_of(words, countries)
