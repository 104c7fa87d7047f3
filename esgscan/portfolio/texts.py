"""Delimited text -> rows of cells: encoding and delimiter are found from the bytes."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING

from esgscan.errors import PortfolioError
from esgscan.portfolio.grids import MOST_CELLS, Grid, GridFile, refuse_large, without_boms
from esgscan.portfolio.headers import is_known

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DELIMITERS = (",", ";", "\t", "|", "~", "^")
SAMPLE_LINES, SAMPLE_LETTERS = 200, 400_000
LARGEST_TEXT = 64 * 2**20
FORMULA = re.compile(r'="(?P<text>[^"]*)"|=DOLLAR\((?P<number>-?[\d.]+)\)')
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
NEIGHBOURS = ("cp1250", "cp1251", "cp1255")
"""Polish and its neighbours, Russian, Hebrew: taken only where they make more header words readable than cp1252."""
EAST_ASIAN = ("gb18030", "shift_jis", "big5", "cp949")
LONGEST_CELL = 1_000_000
FEWEST_WORDS = 2
"""Known words that a delimited line must have; with fewer, the columns may stand at fixed places."""
MIXED = "utf-8, in part cp1252"
TWO_ENCODINGS = "The file is in two encodings: bytes that are not UTF-8 were read as Windows-1252."
STRAY_BYTE = re.compile("[\udc80-\udcff]")
BEYOND_ASCII = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]+")
MOST_STRAYS = 3
"""Stray bytes to one letter of UTF-8; in a file of another encoding, hardly any bytes happen to be UTF-8."""
UTF_16_BOMS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def read_text(data: bytes, *, name: str, sheet: str | None) -> GridFile:
    """Read delimited text; it has no sheets, so `sheet` must not be given."""
    if sheet is not None:
        raise PortfolioError(f"A text file has no sheet {sheet!r}.", where=name, mend="leave --sheet out")
    text, encoding = decode(data, name=name)
    text = text.rstrip("\x1a\x00\r\n ")
    if "\x00" in text:
        row = text[: text.index("\x00")].count("\n") + 1
        what = f"{name!r} holds NUL bytes: it is a binary file or damaged."
        raise PortfolioError(what, where=f"{name}, line {row}", mend="export the portfolio again as .csv or .xlsx")
    delimiter, words = _find_delimiter(text)
    if words < FEWEST_WORDS and (printed := _read_print(text, name=name, encoding=encoding)):
        return printed
    cells = text.count(delimiter) + text.count("\n") + text.count("\r")
    if cells > MOST_CELLS:
        refuse_large(name, f"{cells:,} cells")
    rows = _rows(text, delimiter, name)
    lost = "Letters of this file were lost in a copy before us (U+FFFD stands in their place)."
    return GridFile(
        name=name,
        format="csv",
        grids=(Grid(sheet="", rows=rows),),
        encoding=encoding,
        delimiter=delimiter,
        remarks=((lost,) if "\ufffd" in text else ()) + ((TWO_ENCODINGS,) if encoding == MIXED else ()),
    )


def decode(data: bytes, *, name: str) -> tuple[str, str]:
    """Decode text: byte order mark, UTF-16 by its zero bytes, UTF-8, an East Asian encoding, else Windows-1252.

    Raises:
        PortfolioError: There is more of it than a portfolio has, or it is not in the encoding that its mark says.
    """
    if len(data) > LARGEST_TEXT:
        refuse_large(name, f"{len(data):,} bytes of text")
    if data[:2] in UTF_16_BOMS:
        encoding = UTF_16_BOMS[data[:2]]
        return _decoded(data[2:], encoding, name), encoding
    if encoding := _unmarked_utf_16(data):
        return _decoded(data, encoding, name), encoding
    bare = without_boms(data)
    try:
        return bare.decode("utf-8"), "utf-8" if bare == data else "utf-8-sig"
    except UnicodeDecodeError:
        encoding = _legacy_encoding(bare)
    if encoding == "cp1252" and (mixed := _mixed(bare)):
        return mixed, MIXED
    return bare.decode(encoding, errors="replace"), encoding


def _mixed(data: bytes) -> str:
    """Read UTF-8 in which some bytes are Windows-1252, as in files put together from two; empty if it is not that."""
    text = data.decode("utf-8", errors="surrogateescape")
    strays = len(STRAY_BYTE.findall(text))
    letters = sum(map(len, BEYOND_ASCII.findall(text)))
    if letters * MOST_STRAYS < strays or not letters:
        return ""
    return STRAY_BYTE.sub(lambda stray: bytes([ord(stray[0]) - 0xDC00]).decode("cp1252", "replace"), text)


def find_delimiter(text: str) -> str:
    """Find the delimiter by what the split gives: known header words first, then lines of one and the same width."""
    return _find_delimiter(text)[0]


def _find_delimiter(text: str) -> tuple[str, int]:
    """Find the delimiter, and the number of known header words in the line that has most of them."""
    sample = "\n".join(text[:SAMPLE_LETTERS].split("\n", SAMPLE_LINES)[:SAMPLE_LINES])
    splits = {delimiter: _splits(sample, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: splits[delimiter])
    return best, splits[best][0]


def _read_print(text: str, *, name: str, encoding: str) -> GridFile | None:
    """Read text whose columns stand at fixed places; None if it has none that make a table of securities."""
    from esgscan.portfolio.fixed_widths import read_fixed_widths

    rows = read_fixed_widths(text)
    if not rows:
        return None
    said = "The file has no delimiter: its columns were found by the blanks between them, at fixed places."
    return GridFile(
        name=name, format="fixed-width", grids=(Grid(sheet="", rows=rows),), encoding=encoding, remarks=(said,)
    )


def header_words(rows: Sequence[Sequence[object]]) -> int:
    """Count the known words of the line that has most of them."""
    return max((sum(is_known(c) for c in row if isinstance(c, str)) for row in rows), default=0)


def _splits(sample: str, delimiter: str) -> tuple[int, int]:
    try:
        rows = list(csv.reader(io.StringIO(sample), delimiter=delimiter))
    except csv.Error:
        return 0, 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, count = max(widths.items(), key=lambda item: item[1] * (item[0] - 1), default=(0, 0))
    return header_words([row for row in rows if len(row) > 1]), count * (width - 1)


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        what = f"{name!r} begins as {encoding} and is not: {error.reason} at byte {error.start}."
        raise PortfolioError(what, where=name, mend="save the file as UTF-8 and give that") from error


def _unmarked_utf_16(data: bytes) -> str:
    """Recognise UTF-16 without a mark: every second byte of Western text is zero."""
    head = data[:2000]
    half = len(head) // 2
    if half < 8 or b"\x00" not in head:
        return ""
    if head[1::2].count(0) > 0.6 * half > 10 * head[0::2].count(0):
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > 0.6 * half > 10 * head[1::2].count(0) else ""


def _legacy_encoding(data: bytes) -> str:
    """Choose among encodings by the header words they make readable; without any, Windows-1252 if it fits."""
    best, most = "", 0
    for encoding in ("cp1252", *NEIGHBOURS, *EAST_ASIAN):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        found = header_words(_first_lines(text))
        best, most = (encoding, found) if not best or found > most else (best, most)
    return best or _guessed(data)


def _first_lines(text: str) -> list[list[str]]:
    lines = text.split("\n", 60)[:60]
    return [
        [cell.strip('"\r ') for cell in line.split(delimiter)]
        for line in lines
        for delimiter in DELIMITERS
        if delimiter in line
    ]


def _guessed(data: bytes) -> str:
    """Ask charset-normalizer, which looks at the letters' habits; Latin-1 if it has no answer."""
    from charset_normalizer import from_bytes

    match = from_bytes(data[:200_000]).best()
    return match.encoding if match else "latin-1"


def _rows(text: str, delimiter: str, name: str) -> list[list[str]]:
    """Split text into rows; a quotation mark that is never closed is taken as a letter."""
    previous = csv.field_size_limit(LONGEST_CELL)
    try:
        rows = list(csv.reader(_text_lines(text), delimiter=delimiter))
        if _swallowed(rows, text):
            rows = list(csv.reader(_text_lines(text), delimiter=delimiter, quoting=csv.QUOTE_NONE))
    except csv.Error as error:
        what = f"The lines of {name!r} cannot be split: {error}."
        raise PortfolioError(what, where=name, mend="export the portfolio again as .csv or .xlsx") from error
    finally:
        csv.field_size_limit(previous)
    if '="' in text or '"=' in text or "=DOLLAR(" in text:
        return [[_constant(cell) if cell.startswith("=") else cell for cell in row] for row in rows]
    return rows


def _constant(cell: str) -> str:
    """Give what a formula without a reference is: `="002415"` keeps the zeros, `=DOLLAR(12.50)` is an amount."""
    found = FORMULA.fullmatch(cell)
    return (found["text"] or found["number"] or "") if found else cell


def _text_lines(text: str) -> Iterator[str]:
    """Give the lines of a text with their ends, without a copy of the whole."""
    return (found[0] for found in LINE.finditer(text))


def _swallowed(rows: list[list[str]], text: str) -> bool:
    """Whether an open quotation mark took the rest of the file into one cell."""
    if not rows or text.count('"') % 2 == 0:
        return False
    return any(cell.count("\n") > 20 for cell in rows[-1])
