"""How reports speak of ownership: who stands behind a name on a list, and how far a list reaches through ownership.

A list that names a parent or a subsidiary does not name the company, and no sentence here says that it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from esgscan.ownership import owners_named
from esgscan.report.rows import Row, rows
from esgscan.report.wording import date_of, percent, plain
from esgscan.screening import flags_known
from esgscan.terms import Covered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esgscan.report.catalogue import Library
    from esgscan.tables import Frame

RELATIONS = {
    "same": "the company itself",
    "parent": "the parent of the company",
    "subsidiary": "a subsidiary of the company",
    "affiliate": "an affiliate of the company",
    "unit": "a unit of it",
    "not stated": "whose link to the company was not read",
}
COVERED = {
    Covered.YES: "it reaches the company through ownership",
    Covered.NO: "it does not reach the company through ownership",
    Covered.NOT_KNOWN: "whether it reaches the company through ownership is not known",
}


def owners_of(library: Library, issuer_id: str) -> list[Row]:
    """Give the owners of an issuer that lists name on the day of the library; table OWNERS, by owner and programme."""
    flags = flags_known(_frame(library, "measures"), as_of=library.as_of)
    ownership, rules = _frame(library, "ownership"), _frame(library, "ownership_rules")
    found = owners_named(ownership, flags, rules, as_of=library.as_of).to_native().collect()
    by_programme = sorted(rows(found), key=lambda row: (row["owner_id"], row["programme_id"], row["measure_id"]))
    return [row for row in by_programme if row["issuer_id"] == issuer_id]


def entity_text(row: Row, short_names: Mapping[str, str], measures: Mapping[str, Row]) -> str:
    """Say which other entity a list names, and what it is to the company."""
    programme = short_names[measures[row["measure_id"]]["programme_id"]]
    stake = f" ({percent(row['stake'])})" if row["stake"] is not None else ""
    note = f". {plain(row['note'])}" if row["note"] else ""
    return f"{programme}: names {plain(row['entity'])}, {RELATIONS[row['relation']]}{stake}, {row['as_of']}{note}"


def owner_text(row: Row, short_names: Mapping[str, str]) -> str:
    """Say which list names an owner, what is known of the share, and whether the list reaches the company."""
    stake = percent(row["stake"]) if row["stake"] is not None else "share not given"
    who = f"{plain(row['owner'])} ({stake}, {date_of(row, 'known_on')})"
    return f"{short_names[row['programme_id']]} names its owner {who}; {COVERED[row['covered']]}: {plain(row['text'])}"


def reaching(owners: list[Row]) -> list[Row]:
    """Keep the programmes that are certain to reach the company."""
    return [row for row in owners if row["covered"] == Covered.YES]


def reaching_names(owners: list[Row]) -> str:
    """Name in one cell the programmes that reach a company through an owner, each with the owner."""
    return "; ".join(dict.fromkeys(f"{row['programme']} ({plain(row['owner'])})" for row in reaching(owners)))


def rule_text(row: Row) -> str:
    """Say how far a programme reaches through ownership, and when."""
    first, last = row["in_force_from"], row["in_force_until"]
    since = f"from {first}" if first else ""
    period = " ".join(filter(None, [since, f"until {last}" if last else ""]))
    return f"{period}: {plain(row['text'])}" if period else plain(row["text"])


def _frame(library: Library, name: str) -> Frame:
    return nw.from_native(library.data[name].lazy())
