"""The JSON Schema of a scan, made from the tables: `python -m esgscan.report.schema > docs/schema/scan-1.json`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from esgscan.report.layout import ISSUERS, LISTS, OF_AN_ISSUER, OF_THE_SCAN, REASONS, SCHEMA_VERSION, Listing
from esgscan.tables import Type
from esgscan.terms import (
    Answer,
    Component,
    Confidence,
    Covered,
    Kind,
    LegalState,
    MatchedBy,
    Outcome,
    Phase,
    Reason,
    Region,
    Severity,
    Side,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

Schema = dict[str, Any]

ADDRESS = "https://esgscan.github.io/schema/scan-1.json"
DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
TYPES = {Type.TEXT: "string", Type.NUMBER: "number", Type.INTEGER: "integer", Type.BOOLEAN: "boolean"}
VOCABULARIES: Mapping[str, type[StrEnum]] = {
    "outcome": Outcome,
    "reason": Reason,
    "region": Region,
    "matched_by": MatchedBy,
    "confidence": Confidence,
    "status": Status,
    "component": Component,
    "state": LegalState,
    "phase": Phase,
    "severity": Severity,
    "side": Side,
    "covered": Covered,
}
# Two tables use one column name for two vocabularies; a programme's or measure's kind is free text.
KIND_OF_LINE = frozenset({"positions", "paths", "uncovered", "review"})
STATUS_OF_A_MEASURE = frozenset({"flags", "measures", "owners"})
SOURCES = {
    "type": "array",
    "items": {"type": "integer", "minimum": 1},
    "description": "sources, as numbers of the list `sources`",
}


def scan_schema() -> Schema:
    """Describe the document that `render_json` writes, as JSON Schema 2020-12; nothing undescribed is allowed."""
    members: dict[str, Schema] = {
        "schema_version": {"const": SCHEMA_VERSION},
        "as_of": {**DATE, "description": "the day the answer is for"},
        "known_on": {**DATE, "description": "the day whose knowledge counts"},
        "run": run_schema(),
        "portfolio": _portfolio(),
        "exposure": _exposure(),
        "coverage": _coverage(),
        "issuers": list_schema(_issuer(), ISSUERS.table.one_row_per),
        **{name: list_schema(row_schema(listing), listing.table.one_row_per) for name, listing in OF_THE_SCAN.items()},
    }
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": ADDRESS, "title": "esgscan result"}
    weights = "Weights are fractions of the portfolio, money is in the portfolio's currency, null is not known."
    return {**head, **object_schema(members, f"The result of one run. {weights}")}


def schema_text() -> str:
    """The schema as the file under docs/ holds it."""
    return f"{json.dumps(scan_schema(), indent=2, ensure_ascii=False)}\n"


def run_schema() -> Schema:
    """Describe what made a result."""
    one_input = object_schema(
        {"name": _text("name of the file"), "sha256": _text("SHA-256 of its bytes, in hex")}, "one input"
    )
    return object_schema(
        {
            "version": _text("version of esgscan"),
            "edition": _text("edition of the reference data"),
            "edition_hash": _text("SHA-256 of the reference data, in hex"),
            "generated_at": _text("time of the run, from the as-of date or SOURCE_DATE_EPOCH, never from the clock"),
            "inputs": list_schema(one_input, "file that was read"),
            "options": {"type": "object", "description": "options of the run, by name"},
        },
        "what made the result: enough to make it again",
    )


def _portfolio() -> Schema:
    return object_schema(
        {
            "name": _text("name of the portfolio"),
            "positions": {"type": "integer", "minimum": 0, "description": "number of positions"},
            "market_value": _amount("value of the portfolio"),
            "currency": _text("currency of all money in the document, ISO 4217"),
            "band": _text("powers of ten between which the value lies, in a redacted result; else empty"),
        },
        "the portfolio as a whole",
    )


def _exposure() -> Schema:
    return object_schema(
        {
            "weight": _fraction("net weight that reaches flagged issuers, by confirmed and probable matches"),
            "counted": _fraction("part of the weight that counts by the policy of the run"),
            "direct": _fraction("part held directly"),
            "indirect": _fraction("part held through funds"),
            "long": _fraction("long part"),
            "short": _fraction("short part, negative"),
            "floor": _fraction("what is proven, on holdings that are not too old"),
            "ceiling": _fraction("what could be there at most"),
            "market_value": _amount("the weight in money"),
            "direct_market_value": _amount("the direct part in money"),
            "indirect_market_value": _amount("the part through funds in money"),
        },
        "how much of the portfolio reaches flagged issuers",
    )


def _coverage() -> Schema:
    words = {
        "flagged": "reaches a flagged issuer",
        "clear": "screened, and no flagged issuer",
        "uncovered": "could not be resolved or opened",
        "screened": "flagged and clear together",
        "looked_through": "lies in funds that were opened",
    }
    fractions = {name: _fraction(meaning) for name, meaning in words.items()}
    amounts = {f"{outcome.value}_market_value": _amount(f"{words[outcome]}, in money") for outcome in Outcome}
    counts: dict[str, Schema] = {
        f"{outcome}_positions": {
            "type": ["integer", "null"],
            "description": f"positions of which a part {words[outcome]}",
        }
        for outcome in (Outcome.FLAGGED, Outcome.CLEAR)
    }
    reasons = {"reasons": list_schema(row_schema(REASONS), "reason for being uncovered")}
    return object_schema(
        {**fractions, **amounts, **counts, **reasons},
        "where the whole portfolio ended; flagged + clear + uncovered = 1",
    )


def _issuer() -> Schema:
    lists = {
        name: list_schema(row_schema(listing), listing.table.one_row_per) for name, listing in OF_AN_ISSUER.items()
    }
    issuer = row_schema(ISSUERS)
    return {**issuer, "properties": {**issuer["properties"], **lists}, "required": [*issuer["required"], *lists]}


def row_schema(listing: Listing) -> Schema:
    """Describe one row of a list."""
    members = {name: _column(listing, name) for name in listing.columns}
    return object_schema(members | ({"sources": SOURCES} if listing.has_sources else {}), listing.table.one_row_per)


def _column(listing: Listing, name: str) -> Schema:
    column = listing.table.columns[name]
    meaning = f"{column.meaning} ({column.unit})" if column.unit else column.meaning
    if name in LISTS:
        meaning = meaning.partition(", joined with")[0]
        return {"type": "array", "items": {"type": "string", "minLength": 1}, "description": meaning}
    described = _vocabulary(listing, name) or (DATE if column.type is Type.DATE else {"type": TYPES[column.type]})
    is_always = name in listing.always
    return {**(described if is_always else {"anyOf": [described, {"type": "null"}]}), "description": meaning}


def _vocabulary(listing: Listing, name: str) -> Schema | None:
    words = Kind if name == "kind" and listing.attribute in KIND_OF_LINE else VOCABULARIES.get(name)
    if (listing.attribute, name) == ("answers", "answer"):
        words = Answer
    if words is None or (name == "status" and listing.attribute not in STATUS_OF_A_MEASURE):
        return None
    return {"enum": [word.value for word in words]}


def object_schema(members: Mapping[str, Schema], meaning: str) -> Schema:
    """Describe an object all of whose members are there; nothing undescribed is allowed."""
    return {
        "type": "object",
        "description": meaning,
        "properties": dict(members),
        "required": list(members),
        "additionalProperties": False,
    }


def list_schema(items: Schema, one_row_per: str) -> Schema:
    """Describe a list."""
    return {"type": "array", "description": f"one per {one_row_per}", "items": items}


def _text(meaning: str) -> Schema:
    return {"type": "string", "description": meaning}


def _fraction(meaning: str) -> Schema:
    return {"type": "number", "description": f"{meaning} (fraction of the portfolio)"}


def _amount(meaning: str) -> Schema:
    return {"type": ["number", "null"], "description": f"{meaning} (portfolio currency)"}


if __name__ == "__main__":
    sys.stdout.write(schema_text())
