"""What a person confirmed from publishers' newer files, and the data sets with it.

The packaged data stay as they are; an update adds measures, ends and names beside them, each with its file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import polars as pl

from esgscan.reference.editions import LIST_UPDATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    Rows = list[dict[str, Any]]

UPDATE = "update"
NO_EFFECT = "esgscan tells no legal effect of this list; see its publisher"
AS_LISTED = "as-listed"
BASIS = "not among the names of the file of this day"


class Kind(StrEnum):
    """What a newer file says that our data do not."""

    NEW = "new"
    ENDED = "ended"
    RENAMED = "renamed"
    CANDIDATE = "candidate"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChange:
    """One thing that a newer file says.

    Attributes:
        kind: What it is.
        programme_id: The list, as our data name it or will.
        programme: Its name, as the file has it.
        authority: Whose list it is.
        entity: The name as printed.
        also: Further entities of the same company on the list.
        issuer_id: The company of the watchlist; for a candidate the id it would get.
        issuer: Its name.
        relation: What the entity is to the company: same, subsidiary or unit.
        measure_id: For an end, the measure that ends.
        known_as: For a new name, the one we had; for a candidate, the company of the watchlist whose name it is like.
        announced_on: The day on which the entity was named, or the day of the file.
        in_force_from: First day on which the list binds.
        in_force_until: First day on which it no longer does.
        divest_until: Last day on which its securities may be sold.
        isins: ISINs that the list gives.
        codes: Listings that it gives, MIC and local code.
        lei: LEI that it gives.
        country: Country that it gives.
        is_public: Whether the list calls it a public company.
        held_as: ISINs that funds of the user hold under this name, where the list gives none; no identity.
        citation: The notice that named it.
        note: What a reader must know.
        source: Hash of the file.
        where: Place in the file.
    """

    kind: Kind
    programme_id: str
    programme: str
    authority: str
    entity: str
    also: tuple[str, ...] = ()
    issuer_id: str
    issuer: str
    relation: str = "same"
    measure_id: str = ""
    known_as: str = ""
    announced_on: date | None = None
    in_force_from: date | None = None
    in_force_until: date | None = None
    divest_until: date | None = None
    isins: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    lei: str | None = None
    country: str | None = None
    is_public: bool = False
    held_as: tuple[str, ...] = ()
    citation: str = ""
    note: str = ""
    source: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSource:
    """A file that an update rests on.

    Attributes:
        sha256: Hash of the file.
        name: Its name.
        title: What it is.
        publisher: Who publishes it.
        address: Where it was got, or where the publisher has it.
        published_on: Its day.
        retrieved_on: The day on which it was read.
        licence: Terms under which it is used, where there are any.
        programmes: Ids of the lists of which it has the whole.
    """

    sha256: str
    name: str
    title: str
    publisher: str
    address: str
    published_on: date | None
    retrieved_on: date
    licence: str = ""
    programmes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUpdate:
    """All that was confirmed so far.

    Attributes:
        number: How often something was confirmed.
        content_hash: Hash of the file that keeps it.
        updated_on: The day of the last confirmation.
        sources: The files.
        changes: What they said.
    """

    number: int
    content_hash: str
    updated_on: date
    sources: tuple[ListSource, ...]
    changes: tuple[ListChange, ...]

    @property
    def label(self) -> str:
        """The edition of the update as reports print it, such as `2026-11-26+9f8e7d6c`."""
        return f"{self.updated_on.isoformat()}+{self.content_hash[:8]}"


def with_update(data: Mapping[str, pl.DataFrame], update: ListUpdate | None) -> Mapping[str, pl.DataFrame]:
    """Add what was confirmed to the data sets.

    Args:
        data: The data sets by name.
        update: What was confirmed; None leaves the data as they are.

    Returns:
        The data sets with more rows, ends of measures, and newer days up to which programmes are known.
    """
    if update is None:
        return data
    ids = {source.sha256: f"{UPDATE}-{number}" for number, source in enumerate(update.sources, start=1)}
    added: dict[str, Rows] = {"sources": [_source(one, ids[one.sha256]) for one in update.sources]}
    for number, change in enumerate(update.changes, start=1):
        for name, rows in _rows(change, number, ids[change.source]).items():
            added.setdefault(name, []).extend(rows)
    whole = {name: _extended(table, added.get(name, []), name) for name, table in data.items()}
    ends = {change.measure_id: change for change in update.changes if change.kind is Kind.ENDED}
    whole["measures"] = _ended(whole["measures"], ends, ids)
    whole["programmes"] = _dated(whole["programmes"], update.sources)
    return {**whole, LIST_UPDATES: _list_updates(update, ids)}


def _list_updates(update: ListUpdate, ids: Mapping[str, str]) -> pl.DataFrame:
    """Give the lists that were read: one row per file, the newest last."""
    rows = [
        {
            "label": update.label,
            "updated_on": update.updated_on,
            "content_hash": update.content_hash,
            "title": source.title,
            "file_name": source.name,
            "sha256": source.sha256,
            "published_on": source.published_on,
            "retrieved_on": source.retrieved_on,
            "source_ids": ids[source.sha256],
        }
        for source in update.sources
    ]
    days = {"published_on": pl.Date, "retrieved_on": pl.Date}
    return pl.DataFrame(rows, schema_overrides=days)


def _rows(change: ListChange, number: int, source_id: str) -> dict[str, Rows]:
    """Give the rows that a change adds, by data set; what is new of a company that we know is a measure."""
    shared = {"issuer_id": change.issuer_id, "source_ids": source_id}
    name = {**shared, "name": change.entity, "kind": AS_LISTED}
    if change.kind is Kind.RENAMED:
        return {"names": [name]}
    if change.kind is Kind.ENDED:
        return {}
    measure_id = f"{change.programme_id}--{change.issuer_id}--{UPDATE}-{number}"
    rows = {
        "programmes": [_programme(change, source_id)],
        "measures": [{**shared, **_measure(change, measure_id)}],
        "named_entities": [
            {
                **shared,
                "measure_id": measure_id,
                "entity": entity,
                "relation": change.relation,
                "as_of": change.announced_on,
            }
            for entity in (change.entity, *change.also)
        ],
        "names": [name] if change.relation == "same" else [],
    }
    return rows | (_issuer(change, shared) if change.kind is Kind.CANDIDATE else {})


def _measure(change: ListChange, measure_id: str) -> dict[str, Any]:
    return {
        "measure_id": measure_id,
        "programme_id": change.programme_id,
        "kind": "listing",
        "scope": "issuer" if change.relation == "same" else f"{change.relation} only",
        "named_entities": "; ".join((change.entity, *change.also)),
        "announced_on": change.announced_on,
        "in_force_from": change.in_force_from,
        "in_force_until": change.in_force_until,
        "divest_until": change.divest_until,
        "citation": change.citation or None,
        "note": change.note or None,
    }


def _issuer(change: ListChange, shared: Mapping[str, str]) -> dict[str, Rows]:
    """Give the rows of a company that was a candidate: an issuer and its securities."""
    securities: dict[str, tuple[str | None, str | None, str | None]] = {
        f"{mic}:{code}": (mic, code, None) for mic, code in change.codes
    }
    isins = iter(change.isins)
    if len(change.isins) == len(change.codes) == 1:
        securities = {key: (mic, code, next(isins)) for key, (mic, code, _) in securities.items()}
    securities |= {isin: (None, None, isin) for isin in isins}
    return {
        "issuers": [{**shared, "name": change.entity, "country": change.country, "tier": "listed", "lei": change.lei}],
        "listings": [
            {**shared, "security_id": key, "mic": mic, "local_code": code, "isin": isin, "status": "listed"}
            for key, (mic, code, isin) in securities.items()
        ],
    }


def _programme(change: ListChange, source_id: str) -> dict[str, Any]:
    """Give the row of a list that our data do not describe; that of one they do is not added."""
    return {
        "programme_id": change.programme_id,
        "name": change.programme,
        "short_name": change.programme,
        "authority": change.authority,
        "jurisdiction": "not told",
        "kind": "official list",
        "restricts": "Not described in esgscan; see the publisher.",
        "names_whom": "The entities on the list.",
        "us_person_investors": "Not described in esgscan; see the publisher.",
        "effect_on_investor": NO_EFFECT,
        "source_ids": source_id,
    }


def _source(source: ListSource, source_id: str) -> dict[str, Any]:
    dated = f" of {source.published_on}" if source.published_on else ""
    read = f"read {source.retrieved_on} ({source.name}, SHA-256 {source.sha256[:8]})"
    licence = f", {source.licence}" if source.licence else ""
    return {
        "source_id": source_id,
        "title": f"{source.title}{dated}, {read}{licence}",
        "publisher": source.publisher,
        "tier": "data" if source.licence else "official",
        "url": source.address if source.address.startswith("http") else None,
        "published_on": source.published_on or source.retrieved_on,
    }


KEYS = {"programmes": "programme_id", "issuers": "issuer_id", "listings": "security_id"}
"""Data sets in which a row that is there already is not added again."""


def _extended(table: pl.DataFrame, rows: Sequence[Mapping[str, Any]], name: str) -> pl.DataFrame:
    if not rows:
        return table
    kept = [{column: row.get(column) for column in table.columns} for row in rows]
    if name == "names":
        known = set(table.select("issuer_id", "name").rows())
        kept = [row for row in kept if (row["issuer_id"], row["name"]) not in known]
    whole = pl.concat([table, pl.DataFrame(kept, schema=table.schema)])
    return whole.unique(KEYS[name], keep="first", maintain_order=True) if name in KEYS else whole


def _ended(measures: pl.DataFrame, ends: Mapping[str, ListChange], ids: Mapping[str, str]) -> pl.DataFrame:
    """Close the measures that a file no longer names; one that has an end already keeps it."""
    if not ends:
        return measures
    rows = [
        {"measure_id": key, "ends": one.in_force_until, "basis": one.note or BASIS, "source": ids[one.source]}
        for key, one in ends.items()
    ]
    schema = {"measure_id": pl.String, "ends": pl.Date, "basis": pl.String, "source": pl.String}
    joined = measures.join(pl.DataFrame(rows, schema=schema), on="measure_id", how="left", maintain_order="left")
    is_closed = pl.col("in_force_until").is_null() & pl.col("ends").is_not_null()
    return joined.with_columns(
        in_force_until=pl.coalesce("in_force_until", "ends"),
        ended_basis=pl.when(is_closed).then(pl.col("basis")).otherwise(pl.col("ended_basis")),
        source_ids=pl.when(is_closed)
        .then(pl.concat_str("source_ids", "source", separator=" ", ignore_nulls=True))
        .otherwise(pl.col("source_ids")),
    ).select(measures.columns)


def _dated(programmes: pl.DataFrame, sources: Sequence[ListSource]) -> pl.DataFrame:
    """Give the programmes the newest day of a whole list that was read."""
    days: dict[str, date] = {}
    for source in sources:
        day = source.published_on or source.retrieved_on
        for programme in source.programmes:
            days[programme] = max(day, days.get(programme, day))
    schema = {"programme_id": pl.String, "read_on": pl.Date}
    read = pl.DataFrame([{"programme_id": key, "read_on": day} for key, day in days.items()], schema=schema)
    newest = pl.max_horizontal("latest_source_on", "read_on")
    is_newer = (pl.col("read_on") > pl.col("latest_source_on")).fill_null(value=pl.col("read_on").is_not_null())
    return (
        programmes.join(read, on="programme_id", how="left", maintain_order="left")
        .with_columns(
            latest_source_on=newest,
            latest_source_on_as_printed=pl.when(~is_newer).then(pl.col("latest_source_on_as_printed")),
        )
        .select(programmes.columns)
    )


def issuer_id_of(name: str) -> str:
    """Make the id of a company that is no company of the packaged watchlist."""
    return "listed:" + re.sub(r"[^\w]+", "-", name.casefold()).strip("-")
