"""The JSON of a scan -> the Scan it was written from, by the layout that wrote it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import orjson

from esgscan.errors import OptionError
from esgscan.records import Coverage, PortfolioSummary, Run, Scan
from esgscan.report.formats import FileReporter
from esgscan.report.layout import ISSUERS, LISTS, OF_AN_ISSUER, OF_THE_SCAN, REASONS, SCHEMA_VERSION
from esgscan.result_tables import RESULT
from esgscan.tables import EXPOSURES, Type
from esgscan.terms import Outcome

if TYPE_CHECKING:
    import polars as pl

    from esgscan.report.layout import Listing
    from esgscan.report.rows import Row
    from esgscan.tables import Table

Json = dict[str, Any]


def is_scan(content: bytes) -> bool:
    """Say whether a file looks like the JSON of a scan."""
    return content.lstrip()[:1] == b"{" and b'"schema_version"' in content[:200]


def read_scan(content: bytes, *, name: str) -> Scan:
    """Read the JSON of a scan.

    Args:
        content: Bytes of the file.
        name: What the file is called in an error.

    Returns:
        The scan; its reports are those of the scan that was written.

    Raises:
        OptionError: The file is no scan, or of another version of the shape.
    """
    try:
        written = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise _unreadable(name, f"it is no JSON ({error})") from error
    if not isinstance(written, dict) or written.get("schema_version") != SCHEMA_VERSION:
        raise _unreadable(name, f"its schema_version is not {SCHEMA_VERSION}")
    try:
        return _scan(written)
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(name, f"a member is missing or of another kind ({error})") from error


def _scan(written: Json) -> Scan:
    exposure, coverage, run = written["exposure"], written["coverage"], written["run"]
    names = ("weight", "direct", "indirect", "floor", "ceiling")
    parts = ("flagged", "clear", "uncovered", "looked_through")
    inputs = {one["name"]: one["sha256"] for one in run["inputs"]}
    return Scan(
        as_of=date.fromisoformat(written["as_of"]),
        known_on=date.fromisoformat(written["known_on"]),
        run=Run(**{**run, "inputs": inputs}),
        portfolio=PortfolioSummary(**written["portfolio"]),
        **{name: exposure[name] for name in names},
        coverage=Coverage(**{name: coverage[name] for name in parts}),
        tables=_tables(written),
        reporter=FileReporter(),
    )


def _tables(written: Json) -> dict[str, pl.DataFrame]:
    issuers, coverage = written["issuers"], written["coverage"]
    whole = {
        one.attribute: _table(one.table, [_row(row, one) for row in written[name]]) for name, one in OF_THE_SCAN.items()
    }
    own: dict[str, list[Row]] = {one.attribute: [] for one in OF_AN_ISSUER.values()}
    for issuer in issuers:
        # Context stands before the notes about the company: the order of `result.py`.
        for name in sorted(OF_AN_ISSUER):
            listing = OF_AN_ISSUER[name]
            own[listing.attribute] += [_of_issuer(row, listing, issuer) for row in issuer[name]]
    return {
        **whole,
        **{attribute: _table(RESULT[attribute], rows) for attribute, rows in own.items()},
        "exposures": _table(EXPOSURES, [_row(issuer, ISSUERS) for issuer in issuers]),
        "coverage_rows": _table(REASONS.table, _coverage(coverage)),
    }


def _of_issuer(row: Json, listing: Listing, issuer: Json) -> Row:
    """Give a row of an issuer the columns that its place in the document stands for."""
    implied = {"issuer_id": issuer["issuer_id"], "issuer": issuer["name"], "about": listing.about or None}
    known = {name: value for name, value in implied.items() if name in listing.without}
    return {**_row(row, listing), **known}


def _coverage(coverage: Json) -> list[Row]:
    """Give the outcomes that the coverage has, then the reasons for being uncovered."""
    whole = [
        {"outcome": str(outcome), "reason": None}
        | {
            "weight": coverage[str(outcome)],
            "market_value": coverage[f"{outcome}_market_value"],
            "positions": coverage[f"{outcome}_positions"],
        }
        for outcome in (Outcome.FLAGGED, Outcome.CLEAR)
        if coverage[f"{outcome}_positions"] is not None
    ]
    return whole + [{"outcome": str(Outcome.UNCOVERED), **_row(row, REASONS)} for row in coverage["reasons"]]


def _row(row: Json, listing: Listing) -> Row:
    """Turn a row of the document into one of the table: lists joined, dates read."""
    read = {name: _cell(name, row[name], listing.table) for name in listing.columns}
    if listing.has_sources:
        read["source_numbers"] = ", ".join(map(str, row["sources"]))
    return read


def _cell(name: str, value: Any, table: Table) -> Any:
    if name in LISTS:
        return LISTS[name].join(value) or None
    is_day = table.columns[name].type is Type.DATE and value is not None
    return date.fromisoformat(value) if is_day else value


def _table(table: Table, rows: list[Row]) -> pl.DataFrame:
    return table.frame(rows)


def _unreadable(name: str, why: str) -> OptionError:
    return OptionError(
        f"Cannot read '{name}' as the result of a scan: {why}.",
        where=name,
        mend="give a file that `esgscan scan -o NAME.json` of this version wrote, or the portfolio itself",
    )
