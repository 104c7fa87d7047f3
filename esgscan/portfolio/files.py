"""Bytes of a file -> sheets of cells. The ending of a name is only a hint: the bytes decide what a file is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esgscan.errors import PortfolioError
from esgscan.portfolio.grids import without_boms

if TYPE_CHECKING:
    from collections.abc import Callable

    from esgscan.portfolio.grids import GridFile

LARGEST_INPUT = 128 * 2**20
FIRST_BYTES = 65_536
NOTHING = b" \t\r\n\x00\x1a\xef\xbb\xbf"
JSON_START = re.compile(rb"\{|\[\s*[\[{]|\[\s*$")
BINARY = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
}


def read_grids(data: bytes, *, name: str, sheet: str | None = None) -> GridFile:
    """Read the sheets of a file.

    Args:
        data: The file.
        name: Its name, for messages.
        sheet: The only sheet to read; without it every visible one.

    Raises:
        PortfolioError: The bytes are no table: empty, cut off, locked, binary, or larger than we read.
    """
    if len(data) > LARGEST_INPUT:
        what = f"The file is larger than {LARGEST_INPUT // 2**20} MiB."
        raise PortfolioError(what, where=name, mend="remove what is not the portfolio, or split the file")
    if not data[:FIRST_BYTES].strip(NOTHING) and not data.strip(NOTHING):
        raise PortfolioError(f"{name!r} is empty.", where=name, mend="export the portfolio again")
    return _reader(data, name)(data, name=name, sheet=sheet)


def _reader(data: bytes, name: str) -> Callable[..., GridFile]:
    """Choose the reader by the first bytes; only that one is loaded."""
    if data[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        from esgscan.portfolio.workbooks import read_zip

        return read_zip
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        from esgscan.portfolio.workbooks import read_ole

        return read_ole
    if data[:4] == b"PAR1":
        from esgscan.portfolio.markup import read_parquet

        return read_parquet
    head = without_boms(data[:4096]).lstrip()
    if head.startswith(b"version https://git-lfs"):
        what = f"{name!r} is a Git LFS pointer, not the file itself."
        raise PortfolioError(what, where=name, mend="fetch the file with: git lfs pull")
    for magic, words in BINARY.items():
        if data.startswith(magic):
            raise PortfolioError(f"{name!r} is {words}, not a table.", where=name, mend="export it as .xlsx or .csv")
    return _reader_of_text(head.replace(b"\x00", b"").lstrip())


def _reader_of_text(head: bytes) -> Callable[..., GridFile]:
    """Choose the reader of a text by its beginning."""
    if _is_ofx(head):
        from esgscan.portfolio.ofx import read_ofx

        return read_ofx
    if head.startswith(b"<"):
        from esgscan.portfolio.markup import read_markup

        return read_markup
    if JSON_START.match(head):
        from esgscan.portfolio.json_tables import read_json

        return read_json
    from esgscan.portfolio.texts import read_text

    return read_text


def _is_ofx(head: bytes) -> bool:
    """Whether a file begins as OFX of either version."""
    start = head[:2048].upper()
    return start.startswith(b"OFXHEADER") or b"<OFX>" in start or b"<?OFX" in start
