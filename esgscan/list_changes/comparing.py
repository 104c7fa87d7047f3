"""The lists of publishers' files against the data sets: changes for a person to confirm, and what cannot be decided.

Nothing ends because a file is short, old or spelt otherwise: a measure ends only where a whole list of a known day
that names most of what we have names neither its entities nor anything like them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from esgscan.list_changes.identities import (
    GREATER_CHINA,
    SAME,
    SUBSIDIARIES,
    identities_of,
    names_of,
    near_issuers,
    similar_names,
    variants,
)
from esgscan.records import Finding
from esgscan.reference.list_updates import Kind, ListChange, issuer_id_of
from esgscan.reference.listed_entities import NS_CMIC
from esgscan.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from esgscan.list_changes.identities import Identities, Match
    from esgscan.reference.listed_entities import ListedEntity, ListFile, PublishedList

    Row = Mapping[str, Any]

col = pl.col

MOST_MUST_BE_NAMED = 0.5
"""The part of the measures we have that a file must name before what it leaves out is taken to have ended."""
MOST_NAMED = 5
GIVE_DAY = "say of which day the file is: --published 2026-11-26"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCount:
    """How one list was read.

    Attributes:
        programme_id: The list.
        name: Its name.
        entities: Organisations on it.
        of_watchlist: Those that are companies of the watchlist, or belong to them.
        day: The day of the file.
        files: Names of the files.
    """

    programme_id: str
    name: str
    entities: int
    of_watchlist: int
    day: date | None
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListComparison:
    """What files say that the data sets do not.

    Attributes:
        counts: How each list was read.
        changes: New, ended and renamed entries of companies of the watchlist.
        candidates: Companies of greater China on these lists that the watchlist does not have.
        doubts: What was left alone because it cannot be decided.
    """

    counts: tuple[ListCount, ...]
    changes: tuple[ListChange, ...]
    candidates: tuple[ListChange, ...]
    doubts: tuple[Finding, ...]


def compare_lists(files: Sequence[ListFile], data: Mapping[str, pl.DataFrame]) -> ListComparison:
    """Compare the lists of files with what we know.

    Args:
        files: The files as they were read; those of one list are taken together.
        data: The data sets, with what was confirmed before.
    """
    by_programme: dict[str, list[tuple[ListFile, PublishedList]]] = defaultdict(list)
    for file in files:
        for published in file.lists:
            by_programme[published.programme_id].append((file, published))
    everyone = [entity for file in files for one in file.lists for entity in one.entities]
    identities = identities_of(data, everyone)
    issuers = dict(data["issuers"].select("issuer_id", "name").rows())
    found = [_Programme(key, those, identities, data, issuers) for key, those in by_programme.items()]
    for one in found:
        one.compare()
    strangers = [change for one in found for change in one.candidates]
    near = near_issuers([*(change.entity for change in strangers), *_names_left(found)], data)
    candidates = [replace(one, known_as=issuers.get(near.get(one.entity, ""), "")) for one in strangers]
    ended = [change for one in found for change in one.ends(near)]
    return ListComparison(
        counts=tuple(one.count() for one in found),
        changes=(*(change for one in found for change in one.changes), *ended),
        candidates=tuple(candidates),
        doubts=tuple(doubt for one in found for doubt in one.doubts),
    )


def _names_left(found: Sequence[_Programme]) -> Iterator[str]:
    """Give the names on lists from which something we have is missing: one of them may be its new spelling."""
    for one in found:
        if one.unseen():
            yield from (name for entity in one.left for name in names_of(entity))


class _Programme:
    """One list, from all the files that have it, against our measures."""

    def __init__(
        self,
        programme_id: str,
        those: Sequence[tuple[ListFile, PublishedList]],
        identities: Identities,
        data: Mapping[str, pl.DataFrame],
        issuers: Mapping[str, str],
    ) -> None:
        self.programme_id, self.those, self.identities, self.issuers = programme_id, those, identities, issuers
        known = data["programmes"].filter(programme_id=programme_id)
        self.name = known["short_name"][0] if len(known) else those[0][1].name
        self.authority = known["authority"][0] if len(known) else those[0][1].authority
        self.day = max((file.published_on for file, _ in those if file.published_on), default=None)
        rows = data["measures"].filter(programme_id=programme_id, kind="listing")
        self.measures: list[dict[str, Any]] = rows.to_dicts()
        self.words = data["name_words"]
        self.entities: dict[str, list[str]] = defaultdict(list)
        for measure_id, entity in data["named_entities"].select("measure_id", "entity").rows():
            self.entities[measure_id].append(entity)
        self.seen: set[str] = set()
        self.met: set[str] = set()
        self.left: list[ListedEntity] = []
        self.new: dict[tuple[str, str], ListChange] = {}
        self.others: list[ListChange] = []
        self.over: dict[str, ListChange] = {}
        self.strangers: dict[str, ListChange] = {}
        self.doubts: list[Finding] = []

    @property
    def changes(self) -> list[ListChange]:
        """New entries and new names."""
        return [*self.new.values(), *self.others]

    @property
    def candidates(self) -> list[ListChange]:
        """Companies of greater China that are not of the watchlist, each once."""
        return list(self.strangers.values())

    def count(self) -> ListCount:
        """Say how the list was read."""
        return ListCount(
            programme_id=self.programme_id,
            name=self.name,
            entities=max(len(one.entities) for _, one in self.those),
            of_watchlist=len(self.met),
            day=self.day,
            files=tuple(file.name for file, _ in self.those),
        )

    def compare(self) -> None:
        """Sort the entities into known, new, renamed and strangers."""
        for file, one in self.those:
            for entity in one.entities:
                matches = self.identities.find(entity, self.programme_id)
                if not matches:
                    self._take_stranger(entity, file)
                for match in matches:
                    self.met.add(entity.name)
                    self._take(entity, match, file)

    def _take(self, entity: ListedEntity, match: Match, file: ListFile) -> None:
        mine = [one for one in self.measures if one["issuer_id"] == match.issuer_id]
        still = [one for one in mine if not self._has_ended(one)]
        if entity.in_force_until and (self.day is None or entity.in_force_until <= self.day):
            self._take_end(entity, match, still, file)
        elif still:
            if match.measure_id:
                self.seen.add(match.measure_id)
            elif match.relation == SAME:
                own = {one["measure_id"] for one in still if _is_own(one)}
                self.seen |= own or {one["measure_id"] for one in still}
            self._take_name(entity, match, file)
        else:
            self._take_new(entity, match, mine, file)

    def _has_ended(self, measure: Row) -> bool:
        return measure["in_force_until"] is not None and (self.day is None or measure["in_force_until"] <= self.day)

    def _take_new(self, entity: ListedEntity, match: Match, mine: Sequence[Row], file: ListFile) -> None:
        """Take an entry that we do not have; one of a period that we know to be over means that the file is old."""
        announced = entity.listed_on or file.published_on
        ended = max((one["in_force_until"] for one in mine), default=None)
        issuer = self.issuers[match.issuer_id]
        if announced is None:
            what = f"{self.name} names '{entity.name}' ({issuer}), and neither the entry nor the file has a day."
            self._doubt(entity, what, GIVE_DAY)
        elif ended and announced < ended:
            what = f"{self.name} names '{entity.name}' ({issuer}), listed {announced}; we have an end on {ended}."
            self._doubt(entity, what, "the file may be older than that; check it with the publisher")
        elif match.relation not in {SAME, *SUBSIDIARIES}:
            what = f"{self.name} names '{entity.name}', which is near {issuer}: how it belongs to it is not known."
            self._doubt(entity, what, "look at the entry, and add it to a list of your own")
        elif kept := self.new.get((match.issuer_id, match.relation)):
            if entity.name != kept.entity and entity.name not in kept.also:
                self.new[match.issuer_id, match.relation] = replace(kept, also=(*kept.also, entity.name))
        else:
            change = self._change(Kind.NEW, entity, file, issuer_id=match.issuer_id, relation=match.relation)
            undated = "" if entity.listed_on else "The list gives no day; this is the day of the file."
            begins = entity.in_force_from or announced
            self.new[match.issuer_id, match.relation] = replace(
                change, announced_on=announced, in_force_from=begins, note=undated
            )

    def _take_name(self, entity: ListedEntity, match: Match, file: ListFile) -> None:
        """Take a first name that we do not have for the company itself, known by an alias or an identifier."""
        is_new = not match.is_by_first_name and not self.identities.knows(match.issuer_id, entity.name)
        printed = [one.entity for one in self.others if one.issuer_id == match.issuer_id]
        if match.relation == SAME and is_new and entity.name not in printed:
            change = self._change(Kind.RENAMED, entity, file, issuer_id=match.issuer_id)
            self.others.append(replace(change, known_as=self.issuers[match.issuer_id], announced_on=file.published_on))

    def _take_end(self, entity: ListedEntity, match: Match, still: Sequence[Row], file: ListFile) -> None:
        """Take an end that the file states; another entry of the company that is still open comes before."""
        for measure in still:
            is_it = measure["measure_id"] == match.measure_id or (match.relation == SAME and _is_own(measure))
            if is_it and entity.in_force_until and entity.in_force_until > measure["announced_on"]:
                change = self._change(Kind.ENDED, entity, file, issuer_id=match.issuer_id, relation=match.relation)
                self.over[measure["measure_id"]] = replace(
                    change,
                    measure_id=measure["measure_id"],
                    in_force_until=entity.in_force_until,
                    note="The file states the end.",
                )

    def _take_stranger(self, entity: ListedEntity, file: ListFile) -> None:
        """Keep an entity that is no company of the watchlist; those of greater China are candidates."""
        if several := self.identities.contradicted(entity):
            what = f"The identifiers of '{entity.name}' belong to {' and '.join(several)}."
            self._doubt(entity, what, "look at the entry, and add it to a list of your own")
            return
        self.left.append(entity)
        is_over = entity.in_force_until and (self.day is None or entity.in_force_until <= self.day)
        key = self.identities.keys.get(entity.name, entity.name)
        if not self._is_chinese(entity):
            return
        if is_over or key in self.strangers:
            return
        announced = entity.listed_on or file.published_on
        change = self._change(Kind.CANDIDATE, entity, file, issuer_id=issuer_id_of(entity.name))
        begins = entity.in_force_from or announced
        self.strangers[key] = replace(change, announced_on=announced, in_force_from=begins)

    def _is_chinese(self, entity: ListedEntity) -> bool:
        """Whether an entity is of greater China: by its country, its securities, or the list it is on."""
        is_issued_there = bool(entity.codes) or any(isin[:2] in GREATER_CHINA for isin in entity.isins)
        return entity.country in GREATER_CHINA or is_issued_there or self.programme_id == NS_CMIC

    def unseen(self) -> list[dict[str, Any]]:
        """Give the measures that hold on the day of the file and that none of its entities is."""
        begun = [one for one in self.measures if not self._has_ended(one)]
        return [one for one in begun if one["measure_id"] not in self.seen | set(self.over)]

    def ends(self, near: Mapping[str, str]) -> Iterator[ListChange]:
        """Give what has ended: what the file says has ended, and what a whole list no longer names."""
        yield from (one for key, one in self.over.items() if key not in self.seen)
        missing = self.unseen()
        if not missing:
            return
        if len(self.seen) < MOST_MUST_BE_NAMED * (len(self.seen) + len(missing)):
            what = (
                f"{self.name} names {len(self.seen)} of our {len(self.seen) + len(missing)} entries. Nothing was ended."
            )
            self._doubt(None, what, "it may be cut, old, or a part of the list; check the file")
            return
        whole = [file for file, one in self.those if one.is_whole and file.published_on == self.day]
        if not whole or self.day is None:
            why = GIVE_DAY if self.day is None else "the file has a part of the list; give the whole one"
            self._doubt(None, f"{self.name} does not name {self._those(missing)}. Nothing was ended.", why)
            return
        yield from self._absent(missing, near, whole[0])

    def _absent(self, missing: Sequence[Row], near: Mapping[str, str], file: ListFile) -> Iterator[ListChange]:
        first = {name: entity.name for entity in self.left for name in names_of(entity)}
        alike = {issuer: first[name] for name, issuer in near.items() if name in first}
        printed = {one["measure_id"]: self._printed(one) for one in missing}
        like = similar_names([name for names in printed.values() for name in names], [*first], self.words)
        for measure in missing:
            issuer_id, names = measure["issuer_id"], measure["named_entities"] or ""
            other = alike.get(issuer_id) or next(
                (first[like[n]] for n in printed[measure["measure_id"]] if n in like), ""
            )
            if measure["announced_on"] >= self.day:
                continue
            if other:
                what = f"{self.name} does not name '{names}' as we have it, but '{other}'. Nothing was ended."
                self._doubt(None, what, "compare the two names; they may be one company")
            elif measure["measure_id"] not in self.entities:
                what = f"{self.name} cannot tell whether {self.issuers[issuer_id]} is still listed: we have no name."
                self._doubt(None, what, f"we have '{names}'; look it up in the list")
            else:
                yield self._end(measure, file)

    def _printed(self, measure: Row) -> list[str]:
        """Give the names under which a list may still have what a measure names."""
        names = list(self.entities.get(measure["measure_id"], ()))
        names += [self.issuers[measure["issuer_id"]]] if _is_own(measure) else []
        return [one for name in names for one in variants(name)]

    def _end(self, measure: Row, file: ListFile) -> ListChange:
        return ListChange(
            kind=Kind.ENDED,
            programme_id=self.programme_id,
            programme=self.name,
            authority=self.authority,
            entity=measure["named_entities"] or self.issuers[measure["issuer_id"]],
            issuer_id=measure["issuer_id"],
            issuer=self.issuers[measure["issuer_id"]],
            measure_id=measure["measure_id"],
            in_force_until=self.day,
            note=f"Not named in the list of {self.day}.",
            source=file.sha256,
            where=file.name,
        )

    def _those(self, measures: Sequence[Row]) -> str:
        names = list(dict.fromkeys(self.issuers[one["issuer_id"]] for one in measures))
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        return ", ".join(names[:MOST_NAMED]) + more

    def _change(
        self, kind: Kind, entity: ListedEntity, file: ListFile, *, issuer_id: str, relation: str = SAME
    ) -> ListChange:
        return ListChange(
            kind=kind,
            programme_id=self.programme_id,
            programme=self.name,
            authority=self.authority,
            entity=entity.name,
            issuer_id=issuer_id,
            issuer=self.issuers.get(issuer_id, entity.name),
            relation=relation,
            divest_until=entity.divest_until,
            in_force_until=entity.in_force_until,
            isins=entity.isins,
            codes=entity.codes,
            lei=entity.lei,
            country=entity.country,
            is_public=entity.is_public or bool(entity.isins),
            citation=entity.citation,
            source=file.sha256,
            where=entity.where,
        )

    def _doubt(self, entity: ListedEntity | None, what: str, mend: str) -> None:
        where = entity.where if entity else ", ".join(file.name for file, _ in self.those)
        self.doubts.append(Finding(severity=Severity.WARNING, where=where, what=what, mend=mend))


def _is_own(measure: Row) -> bool:
    """Whether a measure names the company itself."""
    return str(measure["scope"]).startswith("issuer")
