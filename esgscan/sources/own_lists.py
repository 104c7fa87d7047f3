"""The user's own watchlist: a table (xlsx, ods, CSV) or a TOML file, one line per company and period.

Columns: `name`, `source` and `from` on each line; `isin`, `ticker` with `exchange`, `lei`, `country`, `tag`, `list`,
`until`, `effect` and `note` where they are known. Each line is checked as the packaged data are.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import tomli

from esgscan.errors import OptionError, PortfolioError
from esgscan.identifiers import read_isin, read_lei
from esgscan.names import word_keys
from esgscan.portfolio.files import read_grids
from esgscan.portfolio.inputs import read_source
from esgscan.reference.own_entries import OwnEntry
from esgscan.reference.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from esgscan.portfolio.grids import Cell, Grid
    from esgscan.portfolio.inputs import Upload

WORDS = {
    "name": ("name", "company", "company name", "issuer", "unternehmen", "société", "公司"),
    "isin": ("isin",),
    "ticker": ("ticker", "code", "symbol"),
    "exchange": ("exchange", "mic", "market"),
    "lei": ("lei",),
    "country": ("country",),
    "tag": ("tag", "risk tag", "reason"),
    "list_name": ("list", "list name", "programme", "program"),
    "in_force_from": ("from", "since", "in_force_from", "date"),
    "in_force_until": ("until", "to", "in_force_until"),
    "source": ("source", "source_url", "url"),
    "effect": ("effect",),
    "note": ("note", "comment"),
}
"""Header words of each column."""
NEEDED = ("name", "source", "in_force_from")
HEADER_ROWS = 20
MEND = "write a header line with name, source and from, and one line below it for each company"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnList:
    """A list of the user's as it was read.

    Attributes:
        name: Name of the file.
        sha256: Hash of its bytes.
        entries: The lines without fault.
        problems: What is wrong with the others.
    """

    name: str
    sha256: str
    entries: tuple[OwnEntry, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One line before it is checked: text by column, and where it stands."""

    cells: Mapping[str, Cell]
    where: str

    def text(self, column: str) -> str:
        """Give a cell as text, empty where there is none."""
        cell = self.cells.get(column)
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        return "" if cell is None else str(cell).strip()


def read_own_list(path: Path | Upload, markets: pl.DataFrame) -> OwnList:
    """Read a list of the user's; lines with a fault are left out and told.

    Args:
        path: The file.
        markets: Data set `markets`: which market a word for an exchange or a country means.

    Raises:
        OptionError: The file cannot be read, or has no column for names, sources or days.
    """
    try:
        data = read_source(path)
        lines = list(_toml_lines(data, path) if Path(path.name).suffix.lower() == ".toml" else _table_lines(data, path))
    except PortfolioError as error:
        raise OptionError(error.what, where=error.where, mend=error.mend) from error
    places = _Places(markets)
    entries: list[OwnEntry] = []
    problems: list[Problem] = []
    for line in lines:
        found = list(_problems(line, places))
        problems += found
        if not found:
            entries.append(_entry(line, places, Path(path.name).stem))
    problems += _overlaps(entries)
    digest = hashlib.sha256(data).hexdigest()
    return OwnList(name=path.name, sha256=digest, entries=tuple(entries), problems=tuple(problems))


def without_problems(own: OwnList) -> OwnList:
    """Give the list back if every line is sound.

    Raises:
        OptionError: A line has a fault; the first is told, the others are counted.
    """
    if not own.problems:
        return own
    first, more = own.problems[0], len(own.problems) - 1
    others = f" ({more} more: esgscan watchlist check {own.name})" if more else ""
    raise OptionError(first.what, where=first.where, mend=first.mend + others)


def entry_check(markets: pl.DataFrame) -> Callable[[Mapping[str, Cell], str], list[Problem]]:
    """Give the check of a line, for entries from elsewhere: cells by the names of `WORDS`, and their place."""
    places = _Places(markets)
    return lambda cells, where: list(_problems(_Line(cells, where), places))


def _table_lines(data: bytes, path: Path | Upload) -> Iterator[_Line]:
    """Give the lines below the header of each sheet that has one."""
    grids = read_grids(data, name=path.name).grids
    headers = [(grid, *found) for grid in grids if (found := _header(grid))]
    if not headers:
        what = f"'{path.name}' is no watchlist: no line has the columns {', '.join(WORDS[one][0] for one in NEEDED)}."
        raise OptionError(what, where=path.name, mend=MEND)
    for grid, at, columns in headers:
        for number, row in enumerate(grid.rows[at + 1 :], start=at + 2):
            cells = {meaning: row[place] for meaning, place in columns.items() if place < len(row)}
            sheet = f", sheet '{grid.sheet}'" if grid.sheet else ""
            line = _Line(cells, f"{path.name}{sheet}, row {number}")
            if any(line.text(meaning) for meaning in columns):
                yield line


def _header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """Find the line with the column names: its place, and the place of each column."""
    for at, row in enumerate(grid.rows[:HEADER_ROWS]):
        words = [str(cell or "").strip().casefold() for cell in row]
        columns = {
            meaning: next(words.index(word) for word in known if word in words)
            for meaning, known in WORDS.items()
            if any(word in words for word in known)
        }
        if all(meaning in columns for meaning in NEEDED):
            return at, columns
    return None


def _toml_lines(data: bytes, path: Path | Upload) -> Iterator[_Line]:
    """Give the tables [[entry]]; their keys are the column names."""
    try:
        document: dict[str, Any] = tomli.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomli.TOMLDecodeError) as error:
        raise OptionError(
            f"Cannot read the watchlist: {error}.", where=path.name, mend="write TOML in UTF-8"
        ) from error
    entries = document.get("entry")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        what = "Cannot read the watchlist: it has no tables [[entry]]."
        raise OptionError(what, where=path.name, mend="write [[entry]] and below it name, source and from")
    for number, entry in enumerate(entries, start=1):
        cells = {m: entry[w] for m, words in WORDS.items() for w in words if w in entry}
        yield _Line(cells, f"{path.name}, entry {number}")


class _Places:
    """Which market and which country a word means."""

    def __init__(self, markets: pl.DataFrame) -> None:
        rows = markets.select("column", "word", "country", "mic").rows()
        self.mics = {word: mic for column, word, _, mic in rows if column == "exchange" and mic}
        self.countries = {word: country for column, word, country, _ in rows if column == "country"}


def _problems(line: _Line, places: _Places) -> Iterator[Problem]:
    """Check one line: filled, days in order, check digits right, a code only with its market."""

    def problem(what: str, mend: str) -> Problem:
        return Problem(what=what, where=line.where, mend=mend)

    for column in NEEDED:
        if not line.text(column):
            yield problem(f"The column {WORDS[column][0]} is empty.", _why_needed(column))
    for column in ("in_force_from", "in_force_until"):
        if line.text(column) and _day(line.cells[column]) is None:
            yield problem(f"Cannot read the day '{line.text(column)}'.", "write it as 2026-11-23")
    first, last = (_day(line.cells.get(column)) for column in ("in_force_from", "in_force_until"))
    if first and last and first >= last:
        yield problem(f"The entry ends on {last}, before it begins.", "until is the first day after the last one")
    for column, read in (("isin", read_isin), ("lei", read_lei)):
        if (text := line.text(column)) and not read(text):
            yield problem(f"Cannot trust the {column.upper()} '{text}': its check digit is wrong.", "copy it again")
    yield from (problem(what, mend) for what, mend in _misplaced(line, places))


def _misplaced(line: _Line, places: _Places) -> Iterator[tuple[str, str]]:
    """Check the words for market and country."""
    ticker, exchange, country = line.text("ticker"), line.text("exchange"), line.text("country")
    if ticker and not exchange:
        yield f"The code '{ticker}' has no market: a bare code is no identity.", "add a column exchange, such as XSHE"
    elif exchange and _word(exchange) not in places.mics:
        yield f"Cannot find the market '{exchange}'.", "write its MIC, such as XSHE"
    if country and _word(country) not in places.countries:
        yield f"Cannot find the country '{country}'.", "write its code, such as CN"


def _why_needed(column: str) -> str:
    return {
        "name": "write the name of the company",
        "source": "write the address or the title of what the entry rests on",
        "in_force_from": "write the first day on which the entry holds, such as 2026-11-23",
    }[column]


def _entry(line: _Line, places: _Places, list_name: str) -> OwnEntry:
    first = _day(line.cells["in_force_from"])
    assert first is not None  # noqa: S101 - checked before
    return OwnEntry(
        list_name=line.text("list_name") or list_name,
        name=line.text("name"),
        source=line.text("source"),
        in_force_from=first,
        in_force_until=_day(line.cells.get("in_force_until")),
        isin=read_isin(line.text("isin")),
        mic=places.mics.get(_word(line.text("exchange"))),
        local_code=line.text("ticker") or None,
        lei=read_lei(line.text("lei")),
        country=places.countries.get(_word(line.text("country"))),
        tag=line.text("tag") or None,
        effect=line.text("effect") or None,
        note=line.text("note") or None,
        where=line.where,
    )


def _overlaps(entries: Sequence[OwnEntry]) -> Iterator[Problem]:
    """Find two lines of one list that name one company for the same day."""
    seen: dict[tuple[str, ...], list[OwnEntry]] = {}
    for entry in entries:
        key = (entry.list_name, entry.name.casefold(), entry.isin or "", entry.local_code or "", entry.tag or "")
        for other in seen.setdefault(key, []):
            if _share_a_day(entry, other):
                what = f"'{entry.name}' is on the list '{entry.list_name}' twice for the same days."
                yield Problem(what=what, where=entry.where, mend=f"remove the line, or close the one at {other.where}")
        seen[key].append(entry)


def _share_a_day(one: OwnEntry, other: OwnEntry) -> bool:
    last = date.max
    return one.in_force_from < (other.in_force_until or last) and other.in_force_from < (one.in_force_until or last)


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(str(cell or "").strip())
    except ValueError:
        return None


@cache
def _word(text: str) -> str:
    key: str = word_keys(pl.Series([text]))[0]
    return key
