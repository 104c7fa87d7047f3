"""The US Consolidated Screening List of the Department of Commerce: `consolidated.csv` and `consolidated.json`.

One row per party on one of its lists, named in `source`; several values of a cell are parted by `; `. The older form of
the CSV has no `_id`; the JSON has the parties in `results`, and its API the same.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from esgscan.reference.listed_entities import ENTITY_LIST, GLOBAL_MAGNITSKY, NS_CMIC, ListedEntity, PublishedList
from esgscan.sources.lists import ofac
from esgscan.sources.lists.asked import damaged
from esgscan.sources.lists.attributes import country_of, issuer_names, read_attributes, read_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from esgscan.reference.listed_entities import ListFile
    from esgscan.sources.lists.asked import GivenFile

    Row = Mapping[str, Any]

COLUMNS = frozenset({"source", "name", "programs", "start_date", "source_list_url", "alt_names"})
TITLE = "US Consolidated Screening List"
PUBLISHER = "International Trade Administration, US Department of Commerce"
HOME = "https://www.trade.gov/consolidated-screening-list"
ABBREVIATION = re.compile(r"\((?:NS-)?([A-Z]{2,5})(?: List)?\)")
PROGRAMMES = {"EL": ENTITY_LIST, "CMIC": NS_CMIC}
"""Our programmes, by the abbreviation that the name of a list carries."""
LAST_PART = re.compile(r",\s*([A-Z]{2})\s*$")


@dataclass(slots=True)
class _List:
    name: str
    authority: str
    entities: list[ListedEntity] = field(default_factory=list)


def is_table(header: Sequence[str]) -> bool:
    """Say whether the first line of a file is that of the list."""
    return {cell.strip().strip("\ufeff").casefold() for cell in header} >= COLUMNS


def read_table(given: GivenFile) -> ListFile:
    """Read the CSV.

    Raises:
        SourceError: It is damaged, or names no organisation.
    """
    text = given.text().lstrip("\ufeff")
    delimiter = "\t" if text.partition("\n")[0].count("\t") > 5 else ","
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        header = [cell.strip().casefold() for cell in next(rows, [])]
        records = ((n, dict(zip(header, row, strict=False))) for n, row in enumerate(rows, start=2) if any(row))
        return _read(given, records, "line")
    except csv.Error as error:
        raise damaged(given.name, error) from error


def is_document(document: object) -> bool:
    """Say whether a JSON document is the list, or an answer of its API."""
    rows = document.get("results") if isinstance(document, dict) else document
    first = rows[0] if isinstance(rows, list) and rows else None
    return isinstance(first, dict) and {"source", "name", "alt_names"} <= first.keys()


def read_document(given: GivenFile, document: Any) -> ListFile:
    """Read the JSON.

    Raises:
        SourceError: It names no organisation.
    """
    rows = document["results"] if isinstance(document, dict) else document
    stated = document.get("total") if isinstance(document, dict) else None
    days = [day for one in _used(document) if (day := read_day(one.get("source_last_updated")))]
    is_whole = not (isinstance(stated, int) and stated > len(rows))
    records = ((number, row) for number, row in enumerate(rows, start=1) if isinstance(row, dict))
    return _read(given, records, "result", published_on=max(days, default=None), is_whole=is_whole)


def parsed(given: GivenFile) -> Any:
    """Parse JSON.

    Raises:
        SourceError: It is damaged.
    """
    try:
        return json.loads(given.text())
    except (ValueError, RecursionError) as error:
        raise damaged(given.name, error) from error


def _used(document: Any) -> Iterable[Mapping[str, Any]]:
    used = document.get("sources_used") if isinstance(document, dict) else None
    return [one for one in used if isinstance(one, dict)] if isinstance(used, list) else []


def _read(
    given: GivenFile,
    records: Iterable[tuple[int, Row]],
    unit: str,
    *,
    published_on: date | None = None,
    is_whole: bool = True,
) -> ListFile:
    lists: dict[str, _List] = {}
    for number, row in records:
        if _text(row.get("type")).casefold() in ofac.NO_ORGANISATIONS or not _text(row.get("name")):
            continue
        entity = _entity(row, given, f"{given.name}, {unit} {number}")
        for list_id, name, authority in _lists_of(row):
            lists.setdefault(list_id, _List(name, authority)).entities.append(entity)
    published = [
        PublishedList(
            programme_id=list_id,
            name=one.name,
            authority=one.authority,
            entities=tuple(one.entities),
            is_whole=is_whole,
        )
        for list_id, one in lists.items()
    ]
    cut = "The file has fewer results than it says there are: it is not taken for the whole list."
    return given.of(
        published,
        title=TITLE,
        publisher=PUBLISHER,
        home=HOME,
        published_on=published_on,
        remarks=() if is_whole else (cut,),
    )


def _lists_of(row: Row) -> Iterator[tuple[str, str, str]]:
    """Give the list that a row is on: id, name and authority; Global Magnitsky is a programme of the SDN list."""
    source = _text(row.get("source"))
    name, _, authority = source.rpartition(" - ")
    found = ABBREVIATION.search(source)
    word = found[1] if found else ""
    if word == "SDN" and any(code.upper().startswith("GLOMAG") for code in _several(row.get("programs"))):
        yield GLOBAL_MAGNITSKY, f"{ofac.SDN} [GLOMAG]", authority
        return
    if word == "SDN":
        yield "list:ofac-sdn", ofac.SDN, authority
        return
    yield PROGRAMMES.get(word) or f"list:{ofac.slug(name or source)}", name or source, authority or PUBLISHER


def _entity(row: Row, given: GivenFile, where: str) -> ListedEntity:
    pairs = list(_pairs(row.get("ids")))
    told = read_attributes(pairs)
    started, ended = read_day(_text(row.get("start_date"))), read_day(_text(row.get("end_date")))
    return ListedEntity(
        name=_text(row.get("name")),
        names=tuple(dict.fromkeys([*_several(row.get("alt_names")), *issuer_names(pairs)])),
        country=country_of(_countries(row), given.countries),
        number=_text(row.get("entity_number")) or _text(row.get("_id") or row.get("id")),
        citation=_text(row.get("federal_register_notice")),
        in_force_until=ended,
        where=where,
        **{**told, "listed_on": told.get("listed_on") or started},
    )


def _pairs(ids: Any) -> Iterator[tuple[str, str]]:
    """Give the identifiers as label and value: objects in JSON, words between commas in the CSV."""
    if isinstance(ids, list):
        for one in ids:
            if isinstance(one, dict):
                yield _text(one.get("type")), _text(one.get("number"))
        return
    for written in _several(ids):
        parts = [part.strip() for part in written.split(",")]
        for at in range(len(parts) - 1):
            yield parts[at + 1], parts[at]
            yield parts[at], parts[at + 1]
        yield parts[-1], ", ".join(parts[:-1])


def _countries(row: Row) -> list[str]:
    if _text(row.get("country")):
        return [_text(row.get("country"))]
    addresses = row.get("addresses")
    if isinstance(addresses, list):
        return [_text(one.get("country")) for one in addresses if isinstance(one, dict)]
    return [found[1] for one in _several(addresses) if (found := LAST_PART.search(one))]


def _several(cell: Any) -> list[str]:
    parts = cell if isinstance(cell, list) else str(cell or "").split(";")
    return [text for part in parts if (text := _text(part))]


def _text(cell: Any) -> str:
    return " ".join(str(cell).split()) if isinstance(cell, str | int) else ""
