"""A scan as one flat CSV file, for a spreadsheet or another program.

One row per route to a flagged company (`part` is "flagged"), one per route that ends in money we cannot speak about
("uncovered"), and one for everything screened and clear ("clear"): the weights of all rows add to 1, so that a reader
who adds up a column finds the whole portfolio. Repeated on each route of a company: its names, its risk tags, and its
programmes by status, and those that reach it through an owner, which do not list it; joined with "; ". Weights are
fractions; `sources` holds the addresses of the holdings, or titles where a source has none, and `flag_sources` those of
tags, programmes and owners. Text that a spreadsheet would take for a formula begins with an apostrophe; numbers stay
numbers. The file is UTF-8 with a byte-order mark, so that Excel shows Chinese names.
"""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import TYPE_CHECKING, Any

from esgscan.report.headline import outcome_value
from esgscan.report.owners import reaching, reaching_names
from esgscan.report.rows import Row, all_sources, rows, rows_by, source_numbers
from esgscan.report.wording import plain
from esgscan.terms import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from esgscan.records import Scan

BYTE_ORDER_MARK = "\ufeff"
FORMULA = re.compile(r"\s*[=+\-@]")

COLUMNS = (
    "part",
    "as_of",
    "portfolio",
    "issuer_id",
    "issuer",
    "name_zh",
    "held",
    "weight",
    "market_value",
    "currency",
    "tags",
    "in_force",
    "announced",
    "considered",
    "ended",
    "through_owners",
    "position_id",
    "source_sheet",
    "source_row",
    "name_as_written",
    "route",
    "security_id",
    "isin",
    "holdings_as_of",
    "age_days",
    "is_stale",
    "matched_by",
    "confidence",
    "evidence",
    "reason",
    "region",
    "worst_case",
    "adds_to_ceiling",
    "mend",
    "sources",
    "flag_sources",
    "edition",
)
PROGRAMME_COLUMNS = {
    "in_force": Status.IN_FORCE,
    "announced": Status.ANNOUNCED,
    "considered": Status.CONSIDERED,
    "ended": Status.ENDED,
}


def render_csv(scan: Scan) -> str:
    """Render a scan as one flat table; the module's head says what the rows are."""
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    everywhere = {
        "as_of": scan.as_of,
        "portfolio": scan.portfolio.name,
        "currency": scan.portfolio.currency,
        "edition": scan.run.edition,
    }
    for row in _parts(scan):
        writer.writerow({name: cell(value) for name, value in {**everywhere, **row}.items()})
    return BYTE_ORDER_MARK + text.getvalue()


def guarded(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula."""
    text = plain(text)
    return f"'{text}" if FORMULA.match(text) else text


def _parts(scan: Scan) -> Iterator[Row]:
    companies = _companies(scan)
    addresses = {row["number"]: row["url"] or row["title"] or "" for row in rows(scan.tables["sources"])}
    for row in rows(scan.tables["paths"]):
        shared = {name: row[name] for name in COLUMNS if name in row}
        yield {
            **shared,
            **companies[row["issuer_id"]],
            "flag_sources": " ".join(addresses[number] for number in source_numbers(companies[row["issuer_id"]])),
            "part": Outcome.FLAGGED,
            "held": "through funds" if row["route"] else "direct",
            "route": row["route_names"],
            "sources": " ".join(addresses[number] for number in source_numbers(row)),
        }
    for row in rows(scan.tables["uncovered"]):
        shared = {name: row[name] for name in COLUMNS if name in row}
        yield {**shared, "part": Outcome.UNCOVERED, "route": row["route_names"]}
    yield {"part": Outcome.CLEAR, "weight": scan.coverage.clear, "market_value": outcome_value(scan, Outcome.CLEAR)}


def _companies(scan: Scan) -> dict[str, Row]:
    """What each route of a company repeats."""
    tags, flags, owners = (rows_by(scan.tables[name], "issuer_id") for name in ("tags", "flags", "owners"))
    return {
        row["issuer_id"]: {
            "issuer": row["name"],
            "name_zh": row["name_zh"],
            "source_numbers": all_sources(
                [
                    *tags.get(row["issuer_id"], []),
                    *flags.get(row["issuer_id"], []),
                    *reaching(owners.get(row["issuer_id"], [])),
                ]
            ),
            "tags": _joined(tags.get(row["issuer_id"], []), "label"),
            **{
                column: _joined(
                    [flag for flag in flags.get(row["issuer_id"], []) if flag["status"] == status], "programme"
                )
                for column, status in PROGRAMME_COLUMNS.items()
            },
            "through_owners": reaching_names(owners.get(row["issuer_id"], [])),
        }
        for row in rows(scan.tables["exposures"])
    }


def _joined(of_issuer: list[Row], column: str) -> str:
    return "; ".join(dict.fromkeys(row[column] for row in of_issuer))


def cell(value: Any) -> Any:
    """Give a value as a cell: text never as a formula, numbers as they are."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return guarded(value) if isinstance(value, str) else value
