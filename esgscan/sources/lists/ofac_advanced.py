"""OFAC's XML in the advanced layout, that of the United Nations: `sdn_advanced.xml` and `cons_advanced.xml`.

Values stand once, in sets, and are named by number; a party has names and features, an entry puts it on a list.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from esgscan.reference.listed_entities import ListedEntity
from esgscan.sources.lists import ofac
from esgscan.sources.lists.attributes import country_of, issuer_names, read_attributes
from esgscan.sources.lists.markup import child, elements, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from esgscan.reference.listed_entities import ListFile
    from esgscan.sources.lists.asked import GivenFile

ROOT = "Sanctions"
TAKEN = ("DateOfIssue", "ReferenceValueSets", "Location", "IDRegDocument", "DistinctParty", "SanctionsEntry")
VALUES = ("Country", "FeatureType", "DetailReference", "IDRegDocType", "PartySubType", "PartyType", "List")
LATIN = "215"


@dataclass(slots=True)
class _Party:
    """A party before it is known which list it is on."""

    name: str
    names: list[str]
    identities: list[str]
    pairs: list[tuple[str, str]]
    countries: list[str]


@dataclass(slots=True)
class _Reading:
    """What was read so far."""

    given: GivenFile
    published_on: date | None = None
    values: dict[tuple[str, str], str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    documents: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    parties: dict[str, _Party] = field(default_factory=dict)
    shelves: dict[bool, ofac.Shelf] = field(default_factory=dict)
    entries: int = 0


def read(given: GivenFile) -> ListFile:
    """Read the organisations of the file.

    Raises:
        SourceError: The XML is damaged, or puts nobody on a list.
    """
    reading = _Reading(given)
    take = {
        "DateOfIssue": _take_day,
        "ReferenceValueSets": _take_values,
        "Location": _take_place,
        "IDRegDocument": _take_document,
        "DistinctParty": _take_party,
        "SanctionsEntry": _take_entry,
    }
    for tag, element in elements(given.content, *TAKEN, name=given.name):
        take[tag](reading, element)
    sdn = list(reading.shelves) == [True]
    return given.of(
        [one for shelf in reading.shelves.values() for one in shelf.published()],
        title=f"OFAC {ofac.SDN if sdn else ofac.CONSOLIDATED}, advanced XML",
        publisher=ofac.PUBLISHER,
        home=ofac.HOME + ("SdnList" if sdn else "ConsolidatedList"),
        published_on=reading.published_on,
    )


def _take_day(reading: _Reading, element: Element) -> None:
    reading.published_on = _day(element)


def _take_values(reading: _Reading, element: Element) -> None:
    for one in element.iter():
        if one.tag in VALUES and (number := one.get("ID")):
            reading.values[one.tag, number] = one.get("ISO2") or text_of(one)
            if one.tag == "PartySubType":
                reading.kinds[number] = one.get("PartyTypeID", "")


def _take_place(reading: _Reading, element: Element) -> None:
    for one in element.iter("LocationCountry"):
        reading.places[element.get("ID", "")] = reading.values.get(("Country", one.get("CountryID", "")), "")


def _take_document(reading: _Reading, element: Element) -> None:
    label = reading.values.get(("IDRegDocType", element.get("IDRegDocTypeID", "")), "")
    country = reading.values.get(("Country", element.get("IssuedBy-CountryID", "")), "")
    told = (label, child(element, "IDRegistrationNo"), country)
    reading.documents.setdefault(element.get("IdentityID", ""), []).append(told)


def _take_party(reading: _Reading, element: Element) -> None:
    for profile in element.iter("Profile"):
        sub_type = profile.get("PartySubTypeID", "")
        kinds = {
            reading.values.get(("PartySubType", sub_type), "").casefold(),
            reading.values.get(("PartyType", reading.kinds.get(sub_type, "")), "").casefold(),
        }
        names = list(_names(profile))
        if kinds & ofac.NO_ORGANISATIONS or not names:
            continue
        primary = next((name for name, is_primary in names if is_primary), names[0][0])
        party = _Party(
            name=primary,
            names=[name for name, _ in names if name != primary],
            identities=[one.get("ID", "") for one in profile.iter("Identity")],
            pairs=[],
            countries=[],
        )
        for feature in profile.iter("Feature"):
            _take_feature(reading, party, feature)
        reading.parties[profile.get("ID", "")] = party


def _names(profile: Element) -> Iterator[tuple[str, bool]]:
    """Give the names of a party that are not weak; the primary one in Latin letters is marked."""
    for alias in profile.iter("Alias"):
        if alias.get("LowQuality", "").casefold() == "true":
            continue
        for documented in alias.iter("DocumentedName"):
            parts = list(documented.iter("NamePartValue"))
            name = " ".join(text_of(part) for part in parts)
            is_latin = all(part.get("ScriptID", LATIN) == LATIN for part in parts)
            if name:
                yield name, is_latin and alias.get("Primary", "").casefold() == "true"


def _take_feature(reading: _Reading, party: _Party, feature: Element) -> None:
    label = reading.values.get(("FeatureType", feature.get("FeatureTypeID", "")), "")
    for version in feature.iter("FeatureVersion"):
        for detail in version.iter("VersionDetail"):
            value = text_of(detail) or reading.values.get(("DetailReference", detail.get("DetailReferenceID", "")), "")
            party.pairs.append((label, value))
        for period in version.iter("DatePeriod"):
            if day := next((found for one in period.iter("From") if (found := _day(one))), None):
                party.pairs.append((label, day.isoformat()))
        for place in version.iter("VersionLocation"):
            party.countries.append(reading.places.get(place.get("LocationID", ""), ""))


def _take_entry(reading: _Reading, element: Element) -> None:
    """Put the party of an entry on the lists of its programmes."""
    party = reading.parties.get(element.get("ProfileID", ""))
    if party is None:
        return
    reading.entries += 1
    documents = [told for one in party.identities for told in reading.documents.get(one, ())]
    pairs = [*party.pairs, *((label, value) for label, value, _ in documents)]
    countries = [*party.countries, *(country for _, _, country in documents)]
    events = [day for event in element.iter("EntryEvent") for one in event.iter("Date") if (day := _day(one))]
    entity = ListedEntity(
        name=party.name,
        names=tuple(dict.fromkeys([*party.names, *issuer_names(pairs)])),
        country=country_of(countries, reading.given.countries),
        number=element.get("ProfileID", ""),
        where=f"{reading.given.name}, profile {element.get('ProfileID', '')}",
        **read_attributes(pairs),
    )
    if entity.listed_on is None and events:
        entity = replace(entity, listed_on=min(events))
    programmes = [child(one, "Comment") for one in element.iter("SanctionsMeasure")]
    name = reading.values.get(("List", element.get("ListID", "")), "").casefold()
    by_name = ofac.is_sdn(programmes, reading.given.name)
    sdn = name.startswith("sdn") if name else by_name
    reading.shelves.setdefault(sdn, ofac.Shelf()).add(entity, [code for code in programmes if _is_code(code)], sdn=sdn)


def _is_code(comment: str) -> bool:
    """Whether a comment is a programme code; blocking and other measures have no comment, or a sentence."""
    return bool(comment) and (comment.upper() == comment)


def _day(element: Element) -> date | None:
    parts = [child(element, name) for name in ("Year", "Month", "Day")]
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None
