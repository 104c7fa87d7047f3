"""A scan as a workbook: a summary with a chart, and one sheet for each table a reader may want to filter."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from esgscan.report.columns import (
    ABSENCE_FIELDS,
    COVERAGE_FIELDS,
    DECISION_FIELDS,
    EDITION_FIELDS,
    EXCLUSION_FIELDS,
    EXPOSURE_FIELDS,
    FINDING_FIELDS,
    FLAG_FIELDS,
    HISTORY_FIELDS,
    INTERVAL_FIELDS,
    LEGAL_CALENDAR_FIELDS,
    NOTE_FIELDS,
    OWNER_FIELDS,
    PAI_FIELDS,
    PATH_FIELDS,
    POLICY_FIELDS,
    POSITION_FIELDS,
    PROGRAMME_FIELDS,
    REVIEW_FIELDS,
    SOURCE_FIELDS,
    STEP_FIELDS,
)
from esgscan.report.owners import reaching, reaching_names
from esgscan.report.pai import pai_sheet
from esgscan.report.rows import Row, all_sources, rows, rows_by
from esgscan.report.summary import write_summary
from esgscan.report.uncertainty import outcome_label
from esgscan.report.wording import BASES, DISCLAIMER, STATUS_HEADINGS, THEMES, index_event, measure_scope, subject
from esgscan.report.workbook import Book
from esgscan.terms import Outcome, Status

if TYPE_CHECKING:
    from esgscan.records import Scan

STATUS_WORDS = {status: heading.capitalize() for status, heading in STATUS_HEADINGS.items()}


def render_xlsx(scan: Scan) -> bytes:
    """Render a scan as a workbook; the same scan gives the same bytes."""
    book = Book()
    write_summary(book, scan)
    names = {row["issuer_id"]: row["name"] for row in rows(scan.tables["exposures"])}
    book.table("Exposures", EXPOSURE_FIELDS, _exposures(scan))
    book.table("Paths", PATH_FIELDS, rows(scan.tables["paths"]))
    book.table("Flags", FLAG_FIELDS, _flags(scan, names))
    if owners := _by_company(rows(scan.tables["owners"]), names):
        book.table("Owners", OWNER_FIELDS, owners)
    book.table("Notes", NOTE_FIELDS, _notes(scan, names))
    book.table("Coverage", COVERAGE_FIELDS, _coverage(scan))
    book.table("Interval", INTERVAL_FIELDS, rows(scan.tables["interval"]))
    book.table("PAI workpaper", PAI_FIELDS, pai_sheet(scan))
    optional = (
        ("Steps", STEP_FIELDS, scan.tables["steps"]),
        ("Over time", HISTORY_FIELDS, scan.tables["history"]),
        ("Positions", POSITION_FIELDS, scan.tables["positions"]),
        ("Review", REVIEW_FIELDS, scan.tables["review"]),
        ("Decisions", DECISION_FIELDS, scan.tables["decisions"]),
        ("Absences", ABSENCE_FIELDS, scan.tables["absences"]),
        ("Exclusion list", EXCLUSION_FIELDS, scan.tables["exclusions"]),
        ("Legal calendar", LEGAL_CALENDAR_FIELDS, scan.tables["legal_calendar"]),
        ("Programmes", PROGRAMME_FIELDS, scan.tables["programmes"]),
    )
    for title, fields, frame in optional:
        if len(frame):
            book.table(title, fields, rows(frame))
    book.table("Policy", POLICY_FIELDS, rows(scan.tables["policy"]))
    book.table("Editions", EDITION_FIELDS, rows(scan.tables["editions"]))
    book.table("Findings", FINDING_FIELDS, rows(scan.tables["findings"]))
    book.table_of_addresses("Sources", SOURCE_FIELDS, rows(scan.tables["sources"]))
    title = f"{scan.portfolio.name}, as of {scan.as_of}"
    return book.bytes(title=title, description=DISCLAIMER, at=_generated_at(scan))


def _generated_at(scan: Scan) -> datetime:
    """The time of the run, in UTC and without its zone, as a workbook keeps it."""
    at = datetime.fromisoformat(scan.run.generated_at)
    return (at if at.tzinfo is None else at.astimezone(UTC)).replace(tzinfo=None, microsecond=0)


def _exposures(scan: Scan) -> list[Row]:
    tags, flags, owners = (rows_by(scan.tables[name], "issuer_id") for name in ("tags", "flags", "owners"))
    return [
        {
            **row,
            "source_numbers": all_sources(
                [
                    *tags.get(row["issuer_id"], []),
                    *flags.get(row["issuer_id"], []),
                    *reaching(owners.get(row["issuer_id"], [])),
                ]
            ),
            "tags": _joined([tag["label"] for tag in tags.get(row["issuer_id"], [])]),
            "in_force": _joined(
                [flag["programme"] for flag in flags.get(row["issuer_id"], []) if flag["status"] == Status.IN_FORCE]
            ),
            "through_owners": reaching_names(owners.get(row["issuer_id"], [])),
        }
        for row in rows(scan.tables["exposures"])
    ]


def _interval(scan: Scan) -> list[Row]:
    """Floor, weight and ceiling of the whole and of each company; those of the companies need not add to the whole."""
    whole = {"name": "All flagged companies", "issuer_id": None}
    figures = {"floor": scan.floor, "weight": scan.weight, "ceiling": scan.ceiling}
    return [{**whole, **figures}, *rows(scan.tables["exposures"])]


def _flags(scan: Scan, names: dict[str, str]) -> list[Row]:
    """Measures and risk tags in one table, company after company, measures by status."""
    by_status = list(STATUS_HEADINGS)
    measures = [
        _measure(row) for row in sorted(rows(scan.tables["flags"]), key=lambda row: by_status.index(row["status"]))
    ]
    both = measures + [_tag(row) for row in rows(scan.tables["tags"])]
    return _by_company(both, names)


def _measure(row: Row) -> Row:
    return {
        "issuer_id": row["issuer_id"],
        "flag": row["programme"],
        "type": row["kind"].replace("-", " "),
        "status": STATUS_WORDS[row["status"]],
        "announced_on": row["announced_on"],
        "start": row["in_force_from"],
        "end": row["in_force_until"],
        "scope": measure_scope(row),
        "effect": row["effect_on_investor"],
        "note": " ".join(filter(None, [row["note"], row["citation"]])),
        "source_numbers": row["source_numbers"],
    }


def _tag(row: Row) -> Row:
    return {
        "issuer_id": row["issuer_id"],
        "flag": row["label"],
        "type": f"risk tag, {THEMES.get(row['theme'], row['theme'])}",
        "status": BASES.get(row["basis"], row["basis"]),
        "announced_on": None,
        "start": row["known_from"],
        "end": None,
        "scope": None,
        "effect": None,
        "note": row["note"],
        "source_numbers": row["source_numbers"],
    }


def _notes(scan: Scan, names: dict[str, str]) -> list[Row]:
    """Everything dated that is no flag: notes, context, suppliers and holders, index events."""
    notes = [
        _note(row, "context" if row["about"] == "context" else "note", "published_on", subject(row) or row["topic"])
        | {"as_printed": row["published_on_as_printed"]}
        for row in rows(scan.tables["notes"])
    ]
    relationships = [
        _note(row, row["type"], "known_on", row["counterparty"]) for row in rows(scan.tables["relationships"])
    ]
    events = [
        _note(row, "index event", "effective_on", row["index"]) | {"text": index_event(row)}
        for row in rows(scan.tables["index_events"])
    ]
    return _by_company(notes + relationships + events, names)


def _note(row: Row, kind: str, date_column: str, subject: str | None) -> Row:
    return {
        "issuer_id": row["issuer_id"],
        "kind": kind,
        "date": row[date_column],
        "as_printed": None,
        "subject": subject,
        "text": row.get("text"),
        "source_numbers": row["source_numbers"],
    }


def _by_company(mixed: list[Row], names: dict[str, str]) -> list[Row]:
    """Put rows into the order of the companies, and give them the company's name."""
    order = {issuer_id: number for number, issuer_id in enumerate(names)}
    known = [{**row, "company": names[row["issuer_id"]]} for row in mixed if row["issuer_id"] in order]
    return sorted(known, key=lambda row: order[row["issuer_id"]])


def _coverage(scan: Scan) -> list[Row]:
    """The whole portfolio, each part once: flagged and clear in one row each, and every uncovered route."""
    empty = dict.fromkeys(["source_sheet", "source_row", "name_as_written", "kind", "side", "route_names", "region"])
    empty |= dict.fromkeys(["worst_case", "adds_to_ceiling", "mend", "reason"])
    whole = [
        {**empty, "outcome": outcome_label(row), "weight": row["weight"], "market_value": row["market_value"]}
        for row in rows(scan.tables["coverage_rows"])
        if row["outcome"] != Outcome.UNCOVERED
    ]
    return whole + [{**row, "outcome": "Uncovered"} for row in rows(scan.tables["uncovered"])]


def _joined(words: list[str]) -> str:
    return "; ".join(dict.fromkeys(words))
