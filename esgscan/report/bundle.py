"""A scan sealed in one archive: the result, its tables, its reports, and a manifest of their hashes."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from esgscan.report.archives import archive
from esgscan.report.csv import FORMULA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esgscan.records import Scan

MANIFEST, RESULT = "manifest.json", "result.json"
REPORTS = {"html": "report.html", "pdf": "report.pdf", "xlsx": "report.xlsx", "md": "report.md"}
BUNDLE_VERSION = "1"
SOURCE_IDS = "source_ids"
"""Column that a result replaces by numbers."""


def render_bundle(scan: Scan) -> bytes:
    """Seal a scan; the same scan gives the same bytes on every machine with the same versions."""
    members = bundle_members(scan)
    sealed = {MANIFEST: manifest(scan, members), **members}
    return archive(sealed, datetime.fromisoformat(scan.run.generated_at))


def bundle_members(scan: Scan) -> dict[str, bytes]:
    """Give the members of a bundle but its manifest, in order."""
    from esgscan.report.formats import FORMATS

    reports = {name: FORMATS[written].render(scan) for written, name in REPORTS.items()}
    tables = {f"tables/{name}.csv": _csv(table) for name, table in sorted(scan.tables.items())}
    return {RESULT: FORMATS["json"].render(scan), **reports, **tables}


def manifest(scan: Scan, members: Mapping[str, bytes]) -> bytes:
    """Write what made the scan, and the hash of each member."""
    run = scan.run
    written: dict[str, Any] = {
        "bundle_version": BUNDLE_VERSION,
        "version": run.version,
        "edition": run.edition,
        "edition_hash": run.edition_hash,
        "generated_at": run.generated_at,
        "as_of": scan.as_of.isoformat(),
        "inputs": dict(run.inputs),
        "options": dict(sorted(run.options.items())),
        "sha256": {name: digest(content) for name, content in members.items()},
    }
    return f"{json.dumps(written, indent=2, ensure_ascii=False, default=str)}\n".encode("utf-8", "backslashreplace")


def digest(content: bytes) -> str:
    """Give the SHA-256 of a member, in hex."""
    return hashlib.sha256(content).hexdigest()


def _csv(table: pl.DataFrame) -> bytes:
    """Write a table as CSV, without what the result leaves out.

    Text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    texts = [name for name, kind in table.schema.items() if kind == pl.String and name != SOURCE_IDS]
    guarded = [_guarded(pl.col(name)).alias(name) for name in texts]
    return (
        table.drop(SOURCE_IDS, strict=False)
        .with_columns(guarded)
        .write_csv(line_terminator="\r\n")
        .encode("utf-8", "backslashreplace")
    )


def _guarded(text: pl.Expr) -> pl.Expr:
    """Put an apostrophe before a formula; an empty text says no more than none."""
    is_formula = text.str.contains(f"^{FORMULA.pattern}")
    return pl.when(text == "").then(None).when(is_formula).then(pl.lit("'") + text).otherwise(text)
