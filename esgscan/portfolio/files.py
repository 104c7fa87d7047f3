"""Bytes of a file -> sheets of cells. The ending of a name is only a hint: the bytes decide what a file is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esgscan.errors import PortfolioError
from esgscan.portfolio import json_tables, markup, texts, workbooks
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
    """Choose the reader by the first bytes."""
    head = without_boms(data[:4096]).lstrip()
    if data[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return workbooks.read_zip
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return workbooks.read_ole
    if data[:4] == b"PAR1":
        return markup.read_parquet
    if head.startswith(b"version https://git-lfs"):
        what = f"{name!r} is a Git LFS pointer, not the file itself."
        raise PortfolioError(what, where=name, mend="fetch the file with: git lfs pull")
    for magic, words in BINARY.items():
        if data.startswith(magic):
            raise PortfolioError(f"{name!r} is {words}, not a table.", where=name, mend="export it as .xlsx or .csv")
    text_head = head.replace(b"\x00", b"").lstrip()
    if text_head.startswith(b"<"):
        return markup.read_markup
    if JSON_START.match(text_head):
        return json_tables.read_json
    return texts.read_text
