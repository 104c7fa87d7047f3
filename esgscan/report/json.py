"""A scan as JSON, version 1; its schema is docs/schema/scan-1.json."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson

from esgscan.report.headline import headline, outcome_value
from esgscan.report.layout import ISSUERS, LISTS, OF_AN_ISSUER, OF_THE_SCAN, REASONS, SCHEMA_VERSION, Listing
from esgscan.report.rows import rows, source_numbers, split, values
from esgscan.terms import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import polars as pl

    from esgscan.records import Run, Scan

Json = dict[str, Any]


def render_json(scan: Scan) -> str:
    """Render a scan as JSON: full precision, dates as ISO 8601, null where a value is missing.

    Rows stand on one line each, so that two results can be compared line by line.
    """
    return f"{''.join(written(document(scan), ''))}\n"


def document(scan: Scan) -> Json:
    """Lay a scan out as the document that is written."""
    return {
        "schema_version": SCHEMA_VERSION,
        "as_of": scan.as_of.isoformat(),
        "known_on": (scan.known_on or scan.as_of).isoformat(),
        "run": run_document(scan.run),
        "portfolio": {
            "name": scan.portfolio.name,
            "positions": scan.portfolio.positions,
            "market_value": scan.portfolio.market_value,
            "currency": scan.portfolio.currency,
            "band": scan.portfolio.band,
        },
        "exposure": _exposure(scan),
        "coverage": _coverage(scan),
        "issuers": _issuers(scan),
        **{name: _list(scan, listing) for name, listing in OF_THE_SCAN.items()},
    }


def run_document(run: Run) -> Json:
    """Lay out what made a result."""
    return {
        "version": run.version,
        "edition": run.edition,
        "edition_hash": run.edition_hash,
        "generated_at": run.generated_at,
        "inputs": [{"name": name, "sha256": digest} for name, digest in run.inputs.items()],
        "options": {name: _plain(value) for name, value in sorted(run.options.items())},
    }


def _exposure(scan: Scan) -> Json:
    figures = headline(scan)
    names = ("weight", "counted", "direct", "indirect", "long", "short", "floor", "ceiling")
    amounts = {
        "market_value": figures.market_value,
        "direct_market_value": figures.direct_value,
        "indirect_market_value": figures.indirect_value,
    }
    written = {**{name: getattr(figures, name) for name in names}, **amounts}
    for name, figure in written.items():
        if figure is not None and not math.isfinite(figure):
            raise ValueError(f"the {name} of the scan is {figure}, which is not JSON compliant")
    return written


def _coverage(scan: Scan) -> Json:
    names = ("flagged", "clear", "uncovered", "screened", "looked_through")
    uncovered = scan.tables["coverage_rows"].filter(outcome=str(Outcome.UNCOVERED))
    return {
        **{name: getattr(scan.coverage, name) for name in names},
        **{f"{outcome.value}_market_value": outcome_value(scan, outcome) for outcome in Outcome},
        **{f"{outcome.value}_positions": _positions(scan, outcome) for outcome in (Outcome.FLAGGED, Outcome.CLEAR)},
        "reasons": listed(uncovered, REASONS),
    }


def _positions(scan: Scan, outcome: Outcome) -> int | None:
    """Count the positions of which a part ended so; None where none of the portfolio did."""
    counted: list[int] = scan.tables["coverage_rows"].filter(outcome=str(outcome))["positions"].to_list()
    return counted[0] if counted else None


def _issuers(scan: Scan) -> list[Json]:
    known = {name: _by_issuer(scan, listing) for name, listing in OF_AN_ISSUER.items()}
    return [
        {**row, **{name: of_issuer.get(row["issuer_id"], []) for name, of_issuer in known.items()}}
        for row in listed(scan.tables["exposures"], ISSUERS)
    ]


def _by_issuer(scan: Scan, listing: Listing) -> Mapping[str, list[Json]]:
    table = scan.tables[listing.attribute]
    if listing.about:
        table = table.filter(about=listing.about)
    groups: dict[str, list[Json]] = {}
    for issuer, row in zip(table["issuer_id"], listed(table, listing), strict=True):
        groups.setdefault(issuer, []).append(row)
    return groups


def _list(scan: Scan, listing: Listing) -> list[Json]:
    return listed(scan.tables[listing.attribute], listing)


def listed(table: pl.DataFrame, listing: Listing) -> list[Json]:
    """Give the rows of a table, column after column: a portfolio may have many thousands."""
    columns = {name: _column(table, name, listing) for name in listing.columns}
    if listing.has_sources:
        columns["sources"] = [source_numbers(row) for row in rows(table.select("source_numbers"))]
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _column(table: pl.DataFrame, name: str, listing: Listing) -> list[Any]:
    """Give one column: lists split, dates as text, and an empty text, which says no more than none, as null."""
    cells = values(table[name])
    if name in LISTS:
        return [split(cell, LISTS[name]) for cell in cells]
    if isinstance(next((cell for cell in cells if cell is not None), None), date):
        return [cell and cell.isoformat() for cell in cells]
    return cells if name in listing.always else [None if cell == "" else cell for cell in cells]


def _plain(value: Any) -> Any:
    """Give a value as JSON knows it: dates and paths become text, sets and tuples become lists."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def written(value: Any, indent: str) -> Iterator[str]:
    """Write a value: a row, and what holds no rows, on one line; everything else one member to a line."""
    if not _holds_rows(value):
        yield orjson.dumps(value).decode()
        return
    deeper = f"{indent}  "
    if isinstance(value, list) and not _holds_rows(value[0]):
        yield f"[\n{deeper}" + f",\n{deeper}".join(orjson.dumps(row).decode() for row in value) + f"\n{indent}]"
        return
    is_object = isinstance(value, dict)
    members = value.items() if is_object else ((None, part) for part in value)
    yield "{" if is_object else "["
    for number, (name, part) in enumerate(members):
        yield f"{',' if number else ''}\n{deeper}"
        if is_object:
            yield f"{orjson.dumps(name).decode()}: "
        yield from written(part, deeper)
    yield f"\n{indent}{'}' if is_object else ']'}"


def _holds_rows(value: Any) -> bool:
    """Say whether a value is a list of objects, or an object with such a list or an object inside."""
    if isinstance(value, list):
        return bool(value) and isinstance(value[0], dict)
    return isinstance(value, dict) and any(isinstance(part, dict) or _holds_rows(part) for part in value.values())
