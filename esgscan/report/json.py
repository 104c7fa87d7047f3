"""A scan as JSON, version 1; its schema is docs/schema/scan-1.json."""

from __future__ import annotations

import io
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
FEW = 200
"""Rows up to which a list is written row by row: planning the other way takes as long."""


class _Lines(bytes):
    """Rows written already, one line each."""

    __slots__ = ()


def render_json(scan: Scan) -> bytes:
    """Render a scan as JSON in UTF-8: full precision, dates as ISO 8601, null where a value is missing.

    Rows stand on one line each, so that two results can be compared line by line.
    """
    lists = {name: _written_rows(scan.tables[listing.attribute], listing) for name, listing in OF_THE_SCAN.items()}
    return b"".join([*written(_document(scan) | lists, b""), b"\n"])


def document(scan: Scan) -> Json:
    """Lay a scan out as the document that is written."""
    return _document(scan) | {name: _list(scan, listing) for name, listing in OF_THE_SCAN.items()}


def _document(scan: Scan) -> Json:
    """Lay out all but the lists of the scan, of which one has a row for every position."""
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


def _written_rows(table: pl.DataFrame, listing: Listing) -> _Lines | list[Json]:
    return _Lines(_lines(table, listing)) if table.height > FEW else listed(table, listing)


def _lines(table: pl.DataFrame, listing: Listing) -> bytes:
    """Give the rows that `listed` gives as lines of JSON: Polars writes a portfolio of many thousands at once."""
    import polars as pl

    columns = [_written_column(table.schema[name], name, listing) for name in listing.columns]
    if listing.has_sources:
        columns.append(pl.col("source_numbers").fill_null("").str.extract_all("[0-9]+").alias("sources"))
        columns[-1] = columns[-1].cast(pl.List(pl.Int64))
    written = io.BytesIO()
    table.select(columns).write_ndjson(written)
    return written.getvalue()


def _written_column(dtype: pl.DataType, name: str, listing: Listing) -> pl.Expr:
    import polars as pl

    column = pl.col(name)
    if name in LISTS:
        return column.fill_null("").str.split(LISTS[name]).list.filter(pl.element() != "")
    if dtype.is_float():
        return column.fill_nan(None)
    return pl.when(column != "").then(column) if dtype == pl.String and name not in listing.always else column


def _plain(value: Any) -> Any:
    """Give a value as JSON knows it: dates and paths become text, sets and tuples become lists."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def written(value: Any, indent: bytes) -> Iterator[bytes]:
    """Write a value: a row, and what holds no rows, on one line; everything else one member to a line."""
    deeper = indent + b"  "
    if isinstance(value, _Lines):
        rows = value.replace(b"\n", b",\n" + deeper, value.count(b"\n") - 1)
        yield from (b"[\n", deeper, rows, indent, b"]") if value else (b"[]",)
        return
    if not _holds_rows(value):
        yield orjson.dumps(value)
        return
    if isinstance(value, list) and not _holds_rows(value[0]):
        yield from (b"[\n", deeper, (b",\n" + deeper).join(map(orjson.dumps, value)), b"\n", indent, b"]")
        return
    is_object = isinstance(value, dict)
    members = value.items() if is_object else ((None, part) for part in value)
    yield b"{" if is_object else b"["
    for number, (name, part) in enumerate(members):
        yield (b",\n" if number else b"\n") + deeper
        if is_object:
            yield orjson.dumps(name) + b": "
        yield from written(part, deeper)
    yield b"\n" + indent + (b"}" if is_object else b"]")


def _holds_rows(value: Any) -> bool:
    """Say whether a value is a list of objects, or an object with such a list or an object inside."""
    if isinstance(value, list):
        return bool(value) and isinstance(value[0], dict)
    return isinstance(value, dict) and any(isinstance(part, dict) or _holds_rows(part) for part in value.values())
