"""Damaged copies of good files, with a fixed seed: a reading or one of our errors, never a traceback or a hang."""

from __future__ import annotations

import io
import random
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from esgscan.errors import EsgscanError
from esgscan.portfolio.reading import inspect_portfolio, read_portfolio
from esgscan.report.inspect import render_audit_json
from tests.portfolio.files import ods, xlsx, zipped
from tests.portfolio.test_formats import FORMATS

if TYPE_CHECKING:
    from esgscan.records import Reading

ROWS = [
    ["Depot 4711"],
    ["Name", "ISIN", "Ticker", "Quantity", "Price", "Market Value (EUR)", "Weight"],
    ["Apple Inc", "US0378331005", "AAPL", 10, 190.5, 1905.0, 0.5],
    ["Shell plc", "GB00BP6MXD84", 2415, -5, 381, -1905.0, 0.5],
    ["Cash", "", "", "", "", 12.5, ""],
    ["Total", "", "", "", "", 12.5, ""],
]
TEXT = "\n".join(";".join(map(str, row)) for row in ROWS)
GOOD = {
    "csv": TEXT.encode(),
    "utf-16": TEXT.encode("utf-16"),
    "xlsx": xlsx({"Depot": ROWS}),
    "ods": ods(ROWS),
    "html": f"<table><tr><td>{TEXT.replace(';', '<td>').replace(chr(10), '<tr><td>')}</table>".encode(),
    "flex": b'<FlexQueryResponse><FlexStatement accountId="U1"><OpenPosition symbol="VT" isin="US9220427424" '
    b'position="2" positionValue="10" currency="USD"/></FlexStatement></FlexQueryResponse>',
    "json": b'[{"name": "Apple", "isin": "US0378331005", "value": 1}, {"name": "Shell", "isin": null, "value": "2"}]',
}
PIECES = [
    b'"',
    b",,,",
    b";",
    b"\n",
    b"\t",
    b"\xff",
    b"\x00",
    b"Total;",
    b"%",
    b"(",
    b"1e999",
    b"nan",
    b"\xef\xbb\xbf",
    b"<",
]


CORPUS = GOOD | {
    path.name: path.read_bytes() for path in sorted(FORMATS.iterdir()) if path.suffix not in {".md", ".js"}
}
COPIES = 150
"""Damaged copies of each file; a run makes some 4,000 of them."""
PARTS_THAT_MATTER = re.compile(r"sheet|workbook|content|sharedStrings|styles", re.IGNORECASE)


def damaged(data: bytes, rng: random.Random) -> bytes:
    copy = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 5, 20])):
        at = rng.randrange(len(copy) or 1)
        until = at + rng.choice([1, 3, 30])
        kind = rng.randrange(5)
        if kind == 0:
            copy[at:until] = b""
        elif kind == 1:
            copy[at:at] = rng.choice(PIECES)
        elif kind == 2:
            copy[at:until] = copy[at:until][::-1]
        elif kind == 3:
            copy[at:at] = copy[at:until] * 3
        else:
            copy[at : at + 1] = bytes([rng.randrange(256)])
    return bytes(copy)


def damaged_inside(data: bytes, rng: random.Random) -> bytes:
    """Damage one part of an archive, which otherwise only its check sum would be asked about."""
    if data[:2] != b"PK" or not rng.randrange(5):
        return damaged(data, rng)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    part = rng.choice([name for name in parts if PARTS_THAT_MATTER.search(name)])
    return zipped(parts | {part: damaged(parts[part], rng)})


def outcome(data: bytes, name: str) -> Reading | EsgscanError:
    try:
        return read_portfolio(data, name=name)
    except EsgscanError as error:
        return error


@pytest.mark.parametrize("form", CORPUS)
def test_damage_gives_a_reading_or_one_of_our_errors(form: str) -> None:
    rng = random.Random(form)  # noqa: S311  damage needs no secrecy
    assert len(read_portfolio(CORPUS[form], name=form).table) >= 1
    for _ in range(COPIES):
        found = outcome(damaged_inside(CORPUS[form], rng), form)
        if isinstance(found, EsgscanError):
            assert all([found.what, found.where, found.mend])
        else:
            assert len(found.table) == sum(sheet.positions for sheet in found.audit.sheets)


@pytest.mark.parametrize("form", CORPUS)
def test_damage_never_stops_an_inspection(form: str) -> None:
    rng = random.Random(f"inspect {form}")  # noqa: S311  damage needs no secrecy
    for _ in range(COPIES // 2):
        inspection = inspect_portfolio(damaged_inside(CORPUS[form], rng), name=form)
        assert (inspection.error is None) is bool(inspection.audit.portfolios)
        assert render_audit_json(inspection)
