"""OpenSanctions, for those who hold a licence: `targets.simple.csv`, `targets.nested.json`, `entities.ftm.json`.

The data are under CC BY-NC 4.0, or under a licence for business use; esgscan packages none of them. Each data set of a
file is a list of its own, beside the official lists that it copies.
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from esgscan.errors import OptionError
from esgscan.identifiers import read_isin, read_lei
from esgscan.reference.listed_entities import ListedEntity, PublishedList
from esgscan.sources.lists import ofac
from esgscan.sources.lists.asked import damaged
from esgscan.sources.lists.attributes import USCC, country_of, read_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from esgscan.reference.listed_entities import ListFile
    from esgscan.sources.lists.asked import GivenFile

    Entity = Mapping[str, Any]

COLUMNS = frozenset({"id", "schema", "name", "aliases", "countries", "identifiers", "sanctions", "dataset"})
ORGANISATIONS = frozenset({"company", "organization", "legalentity", "publicbody"})
PUBLISHER = "OpenSanctions"
HOME = "https://www.opensanctions.org/datasets/"
FIRST_SEEN = "Where the data give no day of a listing, it is the day on which OpenSanctions first saw it."


def is_table(header: Sequence[str]) -> bool:
    """Say whether the first line of a file is that of `targets.simple.csv`."""
    return {cell.strip().strip("\ufeff").casefold() for cell in header} >= COLUMNS


def is_entity(document: object) -> bool:
    """Say whether a JSON object is an entity of OpenSanctions."""
    return isinstance(document, dict) and {"id", "schema", "properties"} <= document.keys()


def read_table(given: GivenFile) -> ListFile:
    """Read `targets.simple.csv`.

    Raises:
        SourceError: It is damaged.
        OptionError: The user has not said under which terms the data are used.
    """
    _licensed(given)
    lists: dict[str, list[ListedEntity]] = defaultdict(list)
    try:
        for number, row in enumerate(csv.DictReader(io.StringIO(given.text().lstrip("\ufeff"))), start=2):
            if row["schema"].casefold() in ORGANISATIONS and row["name"]:
                for dataset in _several(row["dataset"]):
                    lists[dataset].append(_of_row(row, given, f"{given.name}, line {number}"))
    except (csv.Error, KeyError, AttributeError) as error:
        raise damaged(given.name, error) from error
    return _file(given, lists)


def read_entities(given: GivenFile) -> ListFile:
    """Read `entities.ftm.json` or `targets.nested.json`: one entity per line.

    Raises:
        SourceError: It is damaged.
        OptionError: The user has not said under which terms the data are used.
    """
    _licensed(given)
    organisations: list[tuple[int, Entity]] = []
    days: dict[str, list[date]] = defaultdict(list)
    isins: dict[str, list[str]] = defaultdict(list)
    for number, entity in _entities(given):
        schema, told = str(entity["schema"]).casefold(), entity["properties"]
        if schema == "sanction":
            for owner in _ids(told.get("entity")):
                days[owner] += _days(told.get("startDate"))
        elif schema == "security":
            for issuer in _ids(told.get("issuer")):
                isins[issuer] += _texts(told.get("isin"))
        elif schema in ORGANISATIONS and entity.get("target", True):
            organisations.append((number, entity))
    lists: dict[str, list[ListedEntity]] = defaultdict(list)
    for number, entity in organisations:
        one = _of_entity(entity, given, number, days[str(entity["id"])], isins[str(entity["id"])])
        for dataset in _texts(entity.get("datasets")):
            lists[dataset].append(one)
    return _file(given, lists)


def _licensed(given: GivenFile) -> None:
    if not given.licence.strip():
        what = f"'{given.name}' is data of OpenSanctions: CC BY-NC 4.0, or a licence for business use."
        mend = 'say under which terms you use them: --licence "OpenSanctions business licence 2026-001"'
        raise OptionError(what, where=given.name, mend=mend)


def _file(given: GivenFile, lists: Mapping[str, Sequence[ListedEntity]]) -> ListFile:
    published = [
        PublishedList(
            programme_id=f"list:opensanctions-{ofac.slug(name)}",
            name=f"OpenSanctions: {name}",
            authority=PUBLISHER,
            entities=tuple(entities),
        )
        for name, entities in lists.items()
    ]
    return given.of(published, title="OpenSanctions data", publisher=PUBLISHER, home=HOME, remarks=[FIRST_SEEN])


def _of_row(row: Mapping[str, str], given: GivenFile, where: str) -> ListedEntity:
    told = _identifiers(_several(row["identifiers"]))
    return ListedEntity(
        name=row["name"],
        names=tuple(dict.fromkeys(_several(row["aliases"]))),
        country=country_of(_several(row["countries"]), given.countries),
        listed_on=read_day(row.get("first_seen", "")),
        number=row["id"],
        where=where,
        **told,
    )


def _of_entity(
    entity: Entity, given: GivenFile, number: int, days: Sequence[date], isins: Sequence[str]
) -> ListedEntity:
    told = entity["properties"]
    nested = [day for one in _nested(told.get("sanctions")) for day in _days(one.get("startDate"))]
    of_securities = [isin for one in _nested(told.get("securities")) for isin in _texts(one.get("isin"))]
    names = _texts(told.get("name")) or [str(entity.get("caption", ""))]
    numbers = [*isins, *of_securities]
    for label in ("isin", "leiCode", "uscCode", "registrationNumber"):
        numbers += _texts(told.get(label))
    first_seen = read_day(str(entity.get("first_seen", "")))
    return ListedEntity(
        name=str(entity.get("caption") or names[0]),
        names=tuple(dict.fromkeys([*names, *_texts(told.get("alias")), *_texts(told.get("previousName"))])),
        country=country_of([*_texts(told.get("jurisdiction")), *_texts(told.get("country"))], given.countries),
        listed_on=min([*days, *nested], default=first_seen),
        number=str(entity["id"]),
        where=f"{given.name}, line {number}",
        **_identifiers(numbers),
    )


def _identifiers(numbers: Iterable[str]) -> dict[str, Any]:
    those = list(dict.fromkeys(numbers))
    isins = tuple(isin for text in those if (isin := read_isin(text)))
    return {
        "isins": isins,
        "lei": next((lei for text in those if (lei := read_lei(text))), None),
        "uscc": next((text for text in those if USCC.fullmatch(text) and not text.isalpha()), None),
        "is_public": bool(isins),
    }


def _entities(given: GivenFile) -> Iterator[tuple[int, Entity]]:
    for number, line in enumerate(given.content.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            document = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise damaged(given.name, f"line {number}: {error}") from error
        if is_entity(document) and isinstance(document["properties"], dict):
            yield number, document


def _nested(value: object) -> list[Entity]:
    those = value if isinstance(value, list) else []
    return [one["properties"] for one in those if isinstance(one, dict) and isinstance(one.get("properties"), dict)]


def _ids(value: object) -> list[str]:
    those = value if isinstance(value, list) else []
    return [str(one.get("id", "")) if isinstance(one, dict) else str(one) for one in those]


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str) and one] if isinstance(value, list) else []


def _days(value: object) -> list[date]:
    return [day for text in _texts(value) if (day := read_day(text))]


def _several(cell: str | None) -> list[str]:
    return [part.strip() for part in (cell or "").split(";") if part.strip()]
