"""The user's own lists beside the packaged data sets: entries become issuers, listings, names, measures and tags.

An entry that names a company of the watchlist, by identifier or by a name of its own, is added to that company; another
becomes an issuer. From then on a scan treats both alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from esgscan.errors import OptionError
from esgscan.names import name_keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    Rows = list[dict[str, Any]]

OWN = "own"
EFFECT = "set by the owner of the list; no legal effect is known"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEntry:
    """One company on a list of the user's, for one period.

    Attributes:
        list_name: Name of the list, as reports print it.
        name: Name of the company.
        source: Address or description of what the entry rests on.
        in_force_from: First day on which the entry holds.
        in_force_until: First day on which it no longer holds.
        isin: ISIN of a security of the company.
        mic: Market of the listing, where a code is given.
        local_code: Code on that market.
        lei: LEI of the company.
        country: Country of its seat, ISO 3166.
        tag: Risk tag, one of ours or one of the user's own.
        effect: What the list means to an investor.
        note: What a reader must know.
        where: File, sheet and row of the entry.
    """

    list_name: str
    name: str
    source: str
    in_force_from: date
    in_force_until: date | None = None
    isin: str | None = None
    mic: str | None = None
    local_code: str | None = None
    lei: str | None = None
    country: str | None = None
    tag: str | None = None
    effect: str | None = None
    note: str | None = None
    where: str = ""


def with_own_entries(data: Mapping[str, pl.DataFrame], entries: Sequence[OwnEntry]) -> Mapping[str, pl.DataFrame]:
    """Add the user's entries to the data sets.

    Args:
        data: The packaged data sets by name.
        entries: One per company and period.

    Returns:
        The data sets with more rows; what is packaged stays as it is.

    Raises:
        OptionError: The identifiers of an entry belong to two companies.
    """
    added: dict[str, Rows] = {}
    known = _Known(data, entries)
    for number, entry in enumerate(entries, start=1):
        found = known.issuer_of(entry)
        issuer_id = found or f"{OWN}:{_slug(entry.name)}"
        rows = _rows(entry, issuer_id, number)
        if not found:
            rows["issuers"] = {"name": entry.name, "country": entry.country, "tier": OWN, "lei": entry.lei}
        if not known.has_listing(entry):
            rows |= _listing(entry)
        known.remember(entry, issuer_id)
        shared = {"issuer_id": issuer_id, "source_ids": f"{OWN}-{number}", "source_url": entry.source}
        for name, row in rows.items():
            added.setdefault(name, []).append({k: v for k, v in (shared | row).items() if k in data[name].columns})
    return {name: _extended(table, added.get(name, []), name) for name, table in data.items()}


class _Known:
    """Which issuer an identifier or a name belongs to; grows with the entries."""

    def __init__(self, data: Mapping[str, pl.DataFrame], entries: Sequence[OwnEntry]) -> None:
        listings, names = data["listings"], data["names"]
        places = dict(listings.select("security_id", "issuer_id").rows())
        isins = dict(pl.concat([one.select("isin", "issuer_id") for one in (listings, data["bonds"])]).rows())
        leis = dict(data["issuers"].select("lei", "issuer_id").rows())
        keyed = names.select("issuer_id", key=name_keys(names["name"])).unique()
        written = pl.Series([entry.name for entry in entries], dtype=pl.String)
        self._keys = dict(zip(written, name_keys(written), strict=True))
        self._listed = {key: issuer for key, issuer in (places | isins).items() if key}
        self._leis = {lei: issuer for lei, issuer in leis.items() if lei}
        self._names = dict(keyed.unique("key", keep="none").select("key", "issuer_id").rows())

    def issuer_of(self, entry: OwnEntry) -> str | None:
        """Find the issuer that an entry is about; a name counts only where no identifier tells."""
        told = [self._listed.get(one) for one in _securities(entry)] + [self._leis.get(entry.lei or "")]
        found = {issuer for issuer in told if issuer}
        if len(found) > 1:
            what = f"The identifiers of '{entry.name}' belong to two companies: {' and '.join(sorted(found))}."
            raise OptionError(what, where=entry.where, mend="write one line for each company")
        return found.pop() if found else self._names.get(self._keys[entry.name])

    def has_listing(self, entry: OwnEntry) -> bool:
        """Say whether a security of the entry is known already."""
        return any(one in self._listed for one in _securities(entry))

    def remember(self, entry: OwnEntry, issuer_id: str) -> None:
        """Let another line about the same company lead to the same issuer."""
        self._names.setdefault(self._keys[entry.name], issuer_id)
        self._listed |= dict.fromkeys(_securities(entry), issuer_id)
        if entry.lei:
            self._leis[entry.lei] = issuer_id


def _rows(entry: OwnEntry, issuer_id: str, number: int) -> dict[str, dict[str, Any]]:
    """Give the rows that each entry adds, by data set."""
    programme_id, first, end = f"{OWN}:{_slug(entry.list_name)}", entry.in_force_from, entry.in_force_until
    rows: dict[str, dict[str, Any]] = {
        "sources": _source(entry, number),
        "programmes": _programme(entry, programme_id),
        "names": {"name": entry.name, "kind": OWN},
        "measures": {
            "measure_id": f"{programme_id}--{issuer_id}--{number}",
            "programme_id": programme_id,
            "kind": "listing",
            "scope": "issuer",
            "named_entities": entry.name,
            "announced_on": first,
            "in_force_from": first,
            "in_force_until": end,
            "note": entry.note,
        },
    }
    if entry.tag:
        tag = _slug(entry.tag)
        evidence = {"evidence_id": f"{issuer_id}--{tag}--{number}", "tag": tag, "basis": "reported", "note": entry.note}
        rows["tag_evidence"] = evidence | {"known_from": first, "withdrawn_on": end}
        rows["tags"] = {"tag": tag, "label": entry.tag, "definition": f"As {entry.list_name} has it.", "theme": OWN}
    return rows


def _listing(entry: OwnEntry) -> dict[str, dict[str, Any]]:
    """Give the security of an entry, if it names one."""
    securities = _securities(entry)
    listing = {"mic": entry.mic, "local_code": entry.local_code, "isin": entry.isin, "status": "listed"}
    return {"listings": listing | {"security_id": securities[0]}} if securities else {}


def _programme(entry: OwnEntry, programme_id: str) -> dict[str, Any]:
    return {
        "programme_id": programme_id,
        "name": entry.list_name,
        "short_name": entry.list_name,
        "authority": "the owner of the list",
        "jurisdiction": "none",
        "kind": "own list",
        "restricts": "What the owner of the list decides.",
        "names_whom": "The companies on the list.",
        "us_person_investors": "No effect is known.",
        "effect_on_investor": entry.effect or EFFECT,
    }


def _source(entry: OwnEntry, number: int) -> dict[str, Any]:
    is_address = entry.source.startswith(("http://", "https://"))
    return {
        "source_id": f"{OWN}-{number}",
        "title": entry.name if is_address else entry.source,
        "publisher": f"own list: {entry.list_name}",
        "tier": "user",
        "url": entry.source if is_address else None,
    }


KEYS = {"programmes": "programme_id", "tags": "tag", "issuers": "issuer_id", "listings": "security_id"}
"""Data sets in which a row that is there already is not added again."""


def _extended(table: pl.DataFrame, rows: Rows, name: str) -> pl.DataFrame:
    """Add rows to a data set; a column that a row leaves out is missing."""
    if not rows:
        return table
    whole = pl.concat([table, pl.DataFrame(rows, schema=table.schema)])
    return whole.unique(KEYS[name], keep="first", maintain_order=True) if name in KEYS else whole


def _securities(entry: OwnEntry) -> list[str]:
    """Name the security of an entry: by listing, by ISIN."""
    listing = f"{entry.mic}:{entry.local_code}" if entry.mic and entry.local_code else None
    return [one for one in (listing, entry.isin) if one]


def _slug(text: str) -> str:
    return re.sub(r"[^\w]+", "-", text.casefold()).strip("-")
