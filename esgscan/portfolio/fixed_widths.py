"""Text whose columns stand at fixed places, with blanks between them -> rows of cells: prints and old filings.

Where columns end is read from the lines: no letter of any line stands there, and the header has a word on either side.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esgscan.portfolio.blocks import is_header
from esgscan.portfolio.columns import AMOUNTS
from esgscan.portfolio.headers import is_known, read_header
from esgscan.portfolio.number_cells import looks_numeric

if TYPE_CHECKING:
    from collections.abc import Sequence

SEARCHED = 200
"""Lines at the top of a text among which a header is looked for."""
LINES_LOOKED_AT = 2_000
"""Lines below a header that show where the columns end."""
LONGEST_LINE = 1_000
FEWEST_COLUMNS = 2
TAB = 8
LONGEST_TITLE = 6
"""Lines of the title of a page, blank ones with them, above a header that is printed again."""
MOST_ASTRAY = 20
"""One line in so many may have a letter where a column ends: a name longer than its column."""
WORDS = re.compile(r"\S+(?: \S+)*")
"""Words with one blank between them; two and more part the columns."""
RULE = re.compile(r"[-=_+|\s]*[-=_]{3}[-=_+|\s]*|\s*(?:</?(?:TABLE|CAPTION|PAGE|S|C)>\s*)+", re.IGNORECASE)
"""A line that only draws or marks columns: `-----  -----`, `<S>   <C>`."""
DASHES = re.compile(r"[-=_]{2,}")

WIDE = re.compile("[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]")
"""Letters that are two places wide in a print, as those of Chinese, Japanese and Korean are."""
FILLER = "\0"

Span = tuple[int, int]


def read_fixed_widths(text: str) -> list[list[str]]:
    """Split a text into cells, every line a row; nothing where no line is a header of a table of securities."""
    first = text.split("\n", SEARCHED)[:SEARCHED]
    headers = sorted({line: at for at, line in reversed(list(enumerate(first)))}.values())  # each page has it again
    headers = [at for at in headers if _may_be_header(first[at].expandtabs(TAB))]
    if not headers:
        return []
    lines = [line.expandtabs(TAB).rstrip()[:LONGEST_LINE] for line in text.split("\n")]
    ways = [lines] if text.isascii() else [[WIDE.sub(r"\g<0>" + FILLER, line) for line in lines], lines]
    found = [(rows, rows[at]) for way in ways for at in headers if (rows := _rows(way, at))]
    return max(found, key=lambda table: _known(table[1]))[0] if found else []


def _known(cells: Sequence[str]) -> int:
    """Count the cells that are known header words."""
    return sum(is_known(cell) for cell in cells if cell)


def _may_be_header(line: str) -> bool:
    """Whether a line has known header words, two blanks or more between them."""
    words = WORDS.findall(line)
    return len(words) > 1 and _known(words) > 1


def _rows(lines: Sequence[str], at: int) -> list[list[str]]:
    """Split all lines at the columns of the table whose header is at a place; nothing if they make no header."""
    heads = _page_heads(lines, at)
    looked_at = range(at + 1, min(at + 1 + LINES_LOOKED_AT, len(lines)))
    below = [lines[row] for row in looked_at if row not in heads and _is_line(lines[row])]
    if not below:
        return []
    rule = lines[at + 1] if at + 1 < len(lines) else ""
    spans = _ruled(rule, below) or _columns(lines[at], below)
    if len(spans) < FEWEST_COLUMNS:
        return []
    header = _split(lines[at], spans)
    above = _upper_line(lines, at, spans, header)
    header = [f"{first} {second}".strip() for first, second in zip(above or [""] * len(spans), header, strict=True)]
    if not is_header([read_header(cell) for cell in header if cell]):
        return []
    rows = [[] if RULE.fullmatch(line) else _split(line, spans) for line in lines]
    rows[at] = header
    amounts = [place for place, cell in enumerate(header) if AMOUNTS & set(read_header(cell).meanings)]
    for row in heads:
        if not any(looks_numeric(rows[row][place]) for place in amounts if rows[row]):
            rows[row] = [lines[row].strip()]
    if above:
        rows[at - 1] = []
    return [row if any(row) else [] for row in rows]


def _page_heads(lines: Sequence[str], at: int) -> set[int]:
    """Give the lines between a blank one and the same header on a later page: the title of that page.

    Blank lines may stand between a title and its header. A line with an amount under the header of one is none of them.
    """
    heads: set[int] = set()
    for again in (row for row in range(at + 1, len(lines)) if lines[row] == lines[at]):
        above = [row for row in range(max(at, again - LONGEST_TITLE), again) if not lines[row].strip()]
        first = above[0] if above else again
        heads |= {row for row in range(first, again) if lines[row].strip()}
    return heads


def _is_line(line: str) -> bool:
    """Whether a line is one of a table: a number among words that stand apart."""
    words = WORDS.findall(line)
    return len(words) > 1 and any(map(looks_numeric, line.split())) and not RULE.fullmatch(line)


def _ruled(rule: str, below: Sequence[str]) -> list[Span]:
    """Take the columns that a line of dashes draws, if hardly any line has words that run over their ends."""
    starts = [found.start() for found in DASHES.finditer(rule)]
    astray = sum(any(line[at - 1 : at].strip() and line[at : at + 1].strip() for at in starts[1:]) for line in below)
    if len(starts) < 2 or astray > len(below) // MOST_ASTRAY:
        return []
    return list(zip(starts, (*starts[1:], LONGEST_LINE), strict=True))


def _columns(header: str, below: Sequence[str]) -> list[Span]:
    """Find the columns: runs of places that lines fill, each with a word of the header over it."""
    width = max(len(header), *map(len, below))
    filled = [0] * width
    for line in below:
        for place, letter in enumerate(line):
            filled[place] += letter != " "
    allowed = len(below) // MOST_ASTRAY
    runs = _runs([count > allowed or header[place : place + 1].strip() != "" for place, count in enumerate(filled)])
    return _with_headers(runs, header, below)


def _runs(is_filled: Sequence[bool]) -> list[Span]:
    runs: list[Span] = []
    for place, is_letter in enumerate(is_filled):
        if is_letter and runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        elif is_letter:
            runs.append((place, place + 1))
    return runs


def _with_headers(runs: Sequence[Span], header: str, below: Sequence[str]) -> list[Span]:
    """Join runs that are one column: no word of the header is over one, or words of one blank between them."""
    columns: list[Span] = []
    for run in runs:
        before = columns[-1] if columns else None
        if before and run[0] - before[1] == 1 and not _stands_apart(before, run, header, below):
            columns[-1] = (before[0], run[1])
        else:
            columns.append(run)
    return columns


def _stands_apart(before: Span, run: Span, header: str, below: Sequence[str]) -> bool:
    """Whether two runs with one blank between them are two columns: one of them holds numbers and nothing else."""
    left, right = (_cells(below, span) for span in (before, run))
    if not (left and right and header[slice(*run)].strip()):
        return False
    return all(map(looks_numeric, left)) or all(map(looks_numeric, right))


def _cells(below: Sequence[str], span: Span) -> list[str]:
    return [cell for line in below if (cell := line[slice(*span)].strip())]


def _split(line: str, spans: Sequence[Span]) -> list[str]:
    """Give the cells of a line; words that run over the end of a column stay whole, in the first column they meet."""
    return [cell.replace(FILLER, "") for cell in _cut(line, spans)]


def _cut(line: str, spans: Sequence[Span]) -> list[str]:
    cells = [""] * len(spans)
    ends = [start for start, _ in spans[1:]]
    if not any(line[end - 1 : end].strip() and line[end : end + 1].strip() for end in ends):
        return [line[start:end].strip() for start, end in zip((0, *ends), (*ends, len(line)), strict=True)]
    for found in WORDS.finditer(line):
        over = [at for at, (start, end) in enumerate(spans) if start < found.end() and found.start() < end]
        at = over[0] if over else 0
        cells[at] = f"{cells[at]} {found[0]}".strip()
    return cells


def _upper_line(lines: Sequence[str], at: int, spans: Sequence[Span], header: Sequence[str]) -> list[str]:
    """Give the first line of a header of two: words over columns that are known with them, and a title's are not."""
    above = lines[at - 1] if at else ""
    if not above.strip() or RULE.fullmatch(above) or any(map(looks_numeric, above.split())):
        return []
    upper = _split(above, spans)
    joined = [f"{first} {second}".strip() for first, second in zip(upper, header, strict=True)]
    changed = [cell for first, cell in zip(upper, joined, strict=True) if first]
    return upper if _known(joined) > _known(header) or _known(changed) == len(changed) else []
