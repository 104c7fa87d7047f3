"""A check as JSON, version 1, and its schema: `python -m esgscan.report.check_json > docs/schema/check-1.json`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from esgscan.report.json import listed, run_document, written
from esgscan.report.layout import OWNERS_OF_AN_ISSUER, Listing, listing
from esgscan.report.schema import DATE, list_schema, object_schema, row_schema, run_schema
from esgscan.report.wording import DISCLAIMER
from esgscan.result_tables import CHECK_ANSWERS, CHECK_MEASURES, RESULT_LEGAL_CALENDAR, RESULT_SOURCES, RESULT_TAGS
from esgscan.terms import Investor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esgscan.records import Check

SCHEMA_VERSION = "1"
ADDRESS = "https://esgscan.github.io/schema/check-1.json"

ANSWERS = listing("answers", CHECK_ANSWERS, always="number identifier answer matched_by confidence evidence why")
OF_AN_ANSWER: Mapping[str, Listing] = {
    "measures": listing(
        "measures",
        CHECK_MEASURES,
        without="issuer_id issuer source_ids effect_on_investor",
        always="measure_id programme_id programme kind status named_entities prohibits_holding effect",
    ),
    "legal_calendar": listing(
        "legal_calendar",
        RESULT_LEGAL_CALENDAR,
        without="issuer_id issuer",
        always="measure_id programme_id effect_id investors state phase text citation programme said",
    ),
    "tags": listing("tags", RESULT_TAGS, without="issuer_id", always="tag label theme evidence_id basis known_from"),
    "owners": OWNERS_OF_AN_ISSUER,
}
SOURCES = listing("sources", RESULT_SOURCES, always="number source_id")


def render_check_json(check: Check) -> bytes:
    """Render a check as JSON in UTF-8; rows stand on one line each, dates are ISO 8601, null is not known."""
    return b"".join([*written(_document(check), b""), b"\n"])


def _document(check: Check) -> dict[str, Any]:
    groups = {name: _by_issuer(check, one) for name, one in OF_AN_ANSWER.items()}
    answers = [
        {**row, **{name: of_issuer.get(row["issuer_id"], []) for name, of_issuer in groups.items()}}
        for row in listed(check.tables["answers"], ANSWERS)
    ]
    return {
        "schema_version": SCHEMA_VERSION,
        "as_of": check.as_of.isoformat(),
        "investor": check.investor,
        "disclaimer": DISCLAIMER,
        "run": run_document(check.run),
        "answers": answers,
        "sources": listed(check.tables["sources"], SOURCES),
    }


def _by_issuer(check: Check, one: Listing) -> dict[str, list[dict[str, Any]]]:
    table = check.tables[one.attribute]
    groups: dict[str, list[dict[str, Any]]] = {}
    for issuer_id, row in zip(table["issuer_id"], listed(table, one), strict=True):
        groups.setdefault(issuer_id, []).append(row)
    return groups


def check_schema() -> dict[str, Any]:
    """Describe the document that `render_check_json` writes, as JSON Schema 2020-12."""
    lists = {name: list_schema(row_schema(one), one.table.one_row_per) for name, one in OF_AN_ANSWER.items()}
    answer = row_schema(ANSWERS)
    whole = {
        **answer,
        "properties": {**answer["properties"], **lists},
        "required": [*answer["required"], *lists],
    }
    members: dict[str, dict[str, Any]] = {
        "schema_version": {"const": SCHEMA_VERSION},
        "as_of": {**DATE, "description": "the day the answer is for"},
        "investor": {"enum": [*(one.value for one in Investor), None], "description": "for whom effects are given"},
        "disclaimer": {"type": "string", "description": "what the document is not"},
        "run": run_schema(),
        "answers": list_schema(whole, CHECK_ANSWERS.one_row_per),
        "sources": list_schema(row_schema(SOURCES), RESULT_SOURCES.one_row_per),
    }
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": ADDRESS, "title": "esgscan check"}
    return {**head, **object_schema(members, "What is known of identifiers on one day; null is not known.")}


def schema_text() -> str:
    """The schema as the file under docs/ holds it."""
    return f"{json.dumps(check_schema(), indent=2, ensure_ascii=False)}\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
