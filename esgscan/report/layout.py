"""How the JSON of a scan is laid out: which columns each list has, and which cells are split into lists.

`json.py` writes by this layout and `schema.py` describes it, so that the two cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from esgscan.result_tables import (
    RESULT_ABSENCES,
    RESULT_COVERAGE,
    RESULT_DECISIONS,
    RESULT_EDITIONS,
    RESULT_EXCLUSIONS,
    RESULT_FLAGS,
    RESULT_HISTORY,
    RESULT_INDEX_EVENTS,
    RESULT_INTERVAL,
    RESULT_LEGAL_CALENDAR,
    RESULT_LISTINGS,
    RESULT_NOTES,
    RESULT_OWNERS,
    RESULT_PAI,
    RESULT_PATHS,
    RESULT_POLICY,
    RESULT_POSITIONS,
    RESULT_PROGRAMMES,
    RESULT_RELATIONSHIPS,
    RESULT_REVIEW,
    RESULT_SOURCES,
    RESULT_STEPS,
    RESULT_TAGS,
    RESULT_UNCOVERED,
)
from esgscan.tables import EXPOSURES, FINDINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esgscan.tables import Table

SCHEMA_VERSION = "1"

# Columns whose cell holds a list, with the mark between its parts.
LISTS: Mapping[str, str] = {"route": " > ", "route_names": " > ", "named_entities": "; ", "investors": "; "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list of the JSON.

    Attributes:
        attribute: Attribute of the scan that holds the rows.
        table: The table of those rows.
        without: Columns that are left out, because they stand elsewhere in the document.
        always: Columns that never are null.
        about: What `about` must be, where one table feeds two lists.
    """

    attribute: str
    table: Table
    without: frozenset[str] = frozenset()
    always: frozenset[str] = frozenset()
    about: str = ""

    @property
    def columns(self) -> list[str]:
        """Columns of the table that are written, in order, but for the source numbers."""
        return [name for name in self.table.columns if name not in self.without and name != "source_numbers"]

    @property
    def has_sources(self) -> bool:
        """Whether the rows cite sources."""
        return "source_numbers" in self.table.columns


def listing(attribute: str, table: Table, *, without: str = "", always: str = "", about: str = "") -> Listing:
    """Describe one list in short: words are parted by blanks."""
    left_out, never_null = frozenset(without.split()), frozenset(always.split())
    return Listing(attribute=attribute, table=table, without=left_out, always=never_null, about=about)


OWNERS_OF_AN_ISSUER = listing(
    "owners",
    RESULT_OWNERS,
    without="issuer_id source_ids",
    always="owner_id owner programme_id programme measure_id status reach basis covered text",
)

OF_AN_ISSUER: Mapping[str, Listing] = {
    "listings": listing("listings", RESULT_LISTINGS, without="issuer_id", always="security_id"),
    "tags": listing("tags", RESULT_TAGS, without="issuer_id", always="tag label theme evidence_id basis known_from"),
    "measures": listing(
        "flags",
        RESULT_FLAGS,
        without="issuer_id issuer source_ids",
        always="measure_id programme_id programme kind status named_entities",
    ),
    "owners": OWNERS_OF_AN_ISSUER,
    "notes": listing("notes", RESULT_NOTES, without="issuer_id about subject", always="note_id text", about="issuer"),
    "context": listing("notes", RESULT_NOTES, without="issuer_id about", always="note_id text", about="context"),
    "relationships": listing(
        "relationships", RESULT_RELATIONSHIPS, without="issuer_id", always="relationship_id counterparty type"
    ),
    "index_events": listing("index_events", RESULT_INDEX_EVENTS, without="issuer_id", always="event_id event"),
}

ISSUERS = listing(
    "exposures",
    EXPOSURES,
    always="issuer_id name weight direct indirect long short floor ceiling paths counts tier is_brief",
)

REASONS = listing("coverage_rows", RESULT_COVERAGE, without="outcome", always="reason weight positions")

OF_THE_SCAN: Mapping[str, Listing] = {
    "programmes": listing("programmes", RESULT_PROGRAMMES, always="programme_id short_name name"),
    "legal_calendar": listing(
        "legal_calendar",
        RESULT_LEGAL_CALENDAR,
        always="issuer_id measure_id programme_id effect_id investors state phase text citation issuer programme said",
    ),
    "paths": listing(
        "paths", RESULT_PATHS, always="path_id position_id route route_names issuer_id weight matched_by confidence"
    ),
    "history": listing("history", RESULT_HISTORY, always="as_of invested weight not_known is_whole joins"),
    "uncovered": listing("uncovered", RESULT_UNCOVERED, always="position_id route_names weight reason"),
    "interval": listing("interval", RESULT_INTERVAL, always="component adds"),
    "pai": listing("pai", RESULT_PAI, always="part line remark"),
    "steps": listing("steps", RESULT_STEPS, always="subject action weight adds_to_ceiling positions"),
    "positions": listing("positions", RESULT_POSITIONS, always="position_id flagged clear uncovered"),
    "absences": listing("absences", RESULT_ABSENCES, always="fund_id issuer_id text"),
    "exclusions": listing("exclusions", RESULT_EXCLUSIONS, always="security_id kind issuer_id name"),
    "review": listing("review", RESULT_REVIEW, always="position_id confidence"),
    "decisions": listing("decisions", RESULT_DECISIONS, always="position_id answer decided_by decided_on where"),
    "policy": listing("policy", RESULT_POLICY, always="setting value"),
    "editions": listing("editions", RESULT_EDITIONS, always="kind subject"),
    "findings": listing("findings", FINDINGS, always="severity where what"),
    "sources": listing("sources", RESULT_SOURCES, always="number source_id"),
}
