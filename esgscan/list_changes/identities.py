"""Which company of the watchlist an entity on a list is: by identifier, or by a name that only this company has."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from esgscan.names import name_keys
from esgscan.securities.keys import spellings_of_issuers
from esgscan.securities.likeness import likenesses
from esgscan.securities.words import add_keys, padded, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from esgscan.reference.listed_entities import ListedEntity

LAST_BRACKETS = re.compile(r"\s*\([^()]*\)$")
SHORT = "short"
SHORTEST_WORD = 5
"""Letters of a short name that may decide, and then only for an entity in greater China: `DJI` is too short."""
SIMILAR, SHORTEST_CORE = 80.0, 3
"""Score from which a name may be a new spelling, and letters of the words that tell a company from another."""
GREATER_CHINA = frozenset({"CN", "HK", "MO"})
SAME, SUBSIDIARIES = "same", frozenset({"subsidiary", "unit"})


class Match(NamedTuple):
    """A company that an entity is, or belongs to.

    Attributes:
        issuer_id: The company.
        relation: What the entity is to it: same, subsidiary, unit.
        measure_id: The measure that names the entity, where one does.
        is_by_first_name: Whether the first name of the entity told, and not an alias or an identifier.
    """

    issuer_id: str
    relation: str
    measure_id: str = ""
    is_by_first_name: bool = True


@dataclass(slots=True)
class Identities:
    """What is known of the companies of the watchlist, and of the entities that lists named before."""

    by_number: dict[str, str] = field(default_factory=dict)
    full: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    short: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    named: dict[tuple[str, str], list[Match]] = field(default_factory=lambda: defaultdict(list))
    related: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    keys: dict[str, str] = field(default_factory=dict)

    def find(self, entity: ListedEntity, programme_id: str) -> list[Match]:
        """Find the companies that an entity is; several only where a list named one entity for several.

        Identifiers come first; then what the same list named before; then whole names, those of subsidiaries, and
        short names of an entity in greater China. A name of two companies tells nothing.
        """
        names = [(self.keys.get(name, ""), name == entity.name) for name in names_of(entity)]
        before = [
            m._replace(is_by_first_name=is_first) for key, is_first in names for m in self.named[programme_id, key]
        ]
        if numbered := {self.by_number[number] for number in numbers_of(entity) if number in self.by_number}:
            told = [match for match in before if match.issuer_id in numbered]
            return told or ([Match(numbered.pop(), SAME, is_by_first_name=False)] if len(numbered) == 1 else [])
        return before or self._by_name(entity, names)

    def contradicted(self, entity: ListedEntity) -> list[str]:
        """Give the companies to which the identifiers of an entity belong, if they are more than one."""
        found = {self.by_number[number] for number in numbers_of(entity) if number in self.by_number}
        return sorted(found) if len(found) > 1 else []

    def _by_name(self, entity: ListedEntity, names: Sequence[tuple[str, bool]]) -> list[Match]:
        for key, is_first in names:
            if len(issuers := self.full.get(key, set())) == 1:
                return [Match(next(iter(issuers)), SAME, is_by_first_name=is_first)]
        for key, is_first in names:
            if len(related := self.related.get(key, set())) == 1:
                issuer_id, relation = next(iter(related))
                return [Match(issuer_id, relation, is_by_first_name=is_first)]
        first = names[0][0]
        is_told = entity.country in GREATER_CHINA and len(first.replace(" ", "")) >= SHORTEST_WORD
        issuers = self.short.get(first, set()) if is_told else set()
        return [Match(next(iter(issuers)), SAME)] if len(issuers) == 1 else []

    def knows(self, issuer_id: str, name: str) -> bool:
        """Say whether a name is one that we have for a company."""
        key = self.keys.get(name, "")
        return issuer_id in self.full.get(key, set()) or issuer_id in self.short.get(key, set())


def numbers_of(entity: ListedEntity) -> list[str]:
    """Give the identifiers of an entity: ISINs, listings, LEI and USCC."""
    codes = [f"{mic}:{code}" for mic, code in entity.codes]
    return [*entity.isins, *codes, *filter(None, (entity.lei, entity.uscc))]


def names_of(entity: ListedEntity) -> list[str]:
    """Give the names of an entity, the first one first, those with brackets behind also without them."""
    return list(dict.fromkeys(one for name in (entity.name, *entity.names) for one in variants(name)))


def variants(name: str) -> tuple[str, ...]:
    """Give a name, and without what stands in brackets behind it: `X Co., Ltd. (X)`."""
    bare = LAST_BRACKETS.sub("", name).strip()
    return (name, bare) if bare and bare != name else (name,)


def identities_of(data: Mapping[str, pl.DataFrame], entities: Iterable[ListedEntity]) -> Identities:
    """Gather what is known, and the keys of all names that are compared.

    Args:
        data: The data sets by name.
        entities: The entities that will be looked for.
    """
    issuers, names, named = data["issuers"], data["names"], data["named_entities"]
    legal = [*issuers.select("issuer_id", "name").rows(), *issuers.select("issuer_id", "name_zh").drop_nulls().rows()]
    kinds = [*((one, name, "legal") for one, name in legal), *names.select("issuer_id", "name", "kind").rows()]
    printed = named.select("measure_id", "issuer_id", "entity", "relation").rows()
    wanted = [name for entity in entities for name in names_of(entity)]
    known = [*(name for _, name, _ in kinds), *(one for row in printed for one in variants(row[2]))]
    identities = Identities(keys=full_keys([*wanted, *known], data["name_words"]))
    programmes = dict(data["measures"].select("measure_id", "programme_id").rows())
    for issuer_id, name, kind in kinds:
        (identities.short if kind == SHORT else identities.full)[identities.keys[name]].add(issuer_id)
    for measure_id, issuer_id, entity, relation in printed:
        for name in variants(entity):
            key = identities.keys[name]
            identities.named[programmes.get(measure_id, ""), key].append(Match(issuer_id, relation, measure_id))
            if relation in SUBSIDIARIES:
                identities.related[key].add((issuer_id, relation))
            elif relation == SAME and key not in identities.short:
                identities.full[key].add(issuer_id)
    identities.by_number = _numbers(data)
    return identities


def _numbers(data: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Give the company of each identifier."""
    issuers, listings = data["issuers"], data["listings"]
    tables = [
        *(issuers.select(number, "issuer_id") for number in ("lei", "uscc")),
        *(listings.select(number, "issuer_id") for number in ("security_id", "isin")),
        data["bonds"].select("isin", "issuer_id"),
    ]
    return {number: issuer for table in tables for number, issuer in table.rows() if number}


def full_keys(names: Sequence[str], words: pl.DataFrame) -> dict[str, str]:
    """Give the key of each name under which two ways of writing it meet, abbreviations written out."""
    written = pl.Series("name", list(dict.fromkeys(names)), dtype=pl.String)
    keyed = add_keys(pl.DataFrame({"padded": padded(name_keys(written))}), words_of(words))
    return dict(zip(written, keyed["full"].str.strip_chars(" "), strict=True))


def similar_names(names: Sequence[str], among: Sequence[str], words: pl.DataFrame) -> dict[str, str]:
    """Give for each name one of others that has nearly all of its telling words: enough to doubt that it is gone."""
    from rapidfuzz import fuzz, process

    written = pl.Series("name", list(dict.fromkeys([*names, *among])), dtype=pl.String)
    keyed = add_keys(pl.DataFrame({"padded": padded(name_keys(written))}), words_of(words))
    cores = dict(zip(written, keyed["core"].str.strip_chars(" "), strict=True))
    theirs = [cores[name] for name in among]
    found = {
        name: process.extractOne(cores[name], theirs, scorer=fuzz.token_set_ratio, score_cutoff=SIMILAR)
        for name in dict.fromkeys(names)
        if len(cores[name]) >= SHORTEST_CORE
    }
    return {name: among[best[2]] for name, best in found.items() if best}


def near_issuers(names: Sequence[str], data: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Give the company of the watchlist whose name a name is like, for those that are like one."""
    written = pl.Series("name", list(dict.fromkeys(names)), dtype=pl.String)
    if written.is_empty():
        return {}
    keys = name_keys(written)
    spellings = spellings_of_issuers(data)
    found = likenesses(keys.unique(maintain_order=True).rename("name_key"), spellings)
    known = dict(spellings.known.select("name_key", "issuer_id").drop_nulls("issuer_id").rows())
    near = {
        key: issuer
        for key, known_key, issuer_id in found.select("name_key", "known_key", "near_issuer").rows()
        if (issuer := issuer_id or known.get(known_key))
    }
    return {
        name: issuer for name, key in zip(written, keys, strict=True) if (issuer := near.get(key) or known.get(key))
    }
