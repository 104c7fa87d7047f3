"""Files in which each line names its table: the tables that hold positions or cash, as one sheet with the same rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from esgscan.portfolio.layouts.descriptions import expression
from esgscan.portfolio.lines import as_text
from esgscan.records import SkippedLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from esgscan.portfolio.grids import Cell, Grid
    from esgscan.portfolio.layouts.descriptions import Part, Sections

SHOWN = 120


def take_apart(grid: Grid, sections: Sections) -> tuple[Grid, list[SkippedLine]]:
    """Keep the lines of the tables that count where they stand, under headers the reading knows.

    Every other line becomes empty, so that the rows keep their numbers.

    Returns:
        The sheet, and what was left out: one line per table that does not count, and every line of those that do.
    """
    rows = list(_named([[as_text(cell) for cell in row] for row in grid.rows], sections))
    parts = {part.name: part for part in sections.parts}
    joined = {name: _by_key(rows, sections, part) for name, part in parts.items() if part.join}
    headers: dict[str, list[str]] = {}
    kept: list[Sequence[Cell]] = []
    skipped: list[SkippedLine] = []
    for number, row in enumerate(rows, start=1):
        name, kind = _at(row, sections.name_at), _at(row, sections.kind_at)
        part = parts.get(name)
        cells: list[str] = []
        if part and kind == sections.header:
            headers[name] = row
            cells = _header(row, part)
        elif part and kind == sections.line and _wanted(record := _record(headers.get(name, []), row), part):
            cells = _cells(record, part, joined.get(name, {}))
        elif part and any(row):
            text = " | ".join(filter(None, row))[:SHOWN]
            skipped.append(SkippedLine(sheet=grid.sheet, row=number, text=text, why="repeats or adds up other lines"))
        kept.append(cells)
    return replace(grid, rows=kept), [*_other_tables(rows, grid.sheet, sections, parts), *skipped]


def _other_tables(
    rows: Sequence[Sequence[str]], sheet: str, sections: Sections, parts: Mapping[str, Part]
) -> list[SkippedLine]:
    """Name the tables that do not count, each with its number of lines."""
    counts: dict[str, tuple[int, int]] = {}
    for number, row in enumerate(rows, start=1):
        name = _at(row, sections.name_at)
        if name and name not in parts and _at(row, sections.kind_at) in {sections.header, sections.line}:
            first, count = counts.get(name, (number, 0))
            counts[name] = first, count + (_at(row, sections.kind_at) == sections.line)
    return [
        SkippedLine(sheet=sheet, row=first, text=name, why=f"a table without positions, lines in it: {count}")
        for name, (first, count) in counts.items()
    ]


def _named(rows: Sequence[list[str]], sections: Sections) -> Iterator[list[str]]:
    """Write the name of its table into each line, where only the line that begins the table has it."""
    name = ""
    for row in rows:
        if sections.begins and _at(row, sections.kind_at) == sections.begins:
            name = _at(row, sections.name_at)
        is_of_table = _at(row, sections.kind_at) in {sections.header, sections.line}
        if name and is_of_table and _at(row, sections.name_at) != name:
            yield [*row[: sections.name_at], name, *row[sections.name_at :]]
        else:
            yield row


def _header(row: Sequence[str], part: Part) -> list[str]:
    own = [part.columns.get(header, "") if part.columns else header for header in row[2:]]
    return [*filter(None, own), *part.adds, *part.join.get("take", {}).values()]


def _cells(record: Mapping[str, str], part: Part, joined: Mapping[str, Mapping[str, str]]) -> list[str]:
    own = [record[h] for h in record if not part.columns or part.columns.get(h)]
    other = joined.get(record.get(part.join.get("on", ""), ""), {})
    added = [text.format_map(record) for text in part.adds.values()]
    return [*own, *added, *(other.get(header, "") for header in part.join.get("take", {}))]


def _record(header: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """Give a line by its headers; the two cells that name table and kind are not of it."""
    return {text: _at(row, at) for at, text in enumerate(header) if at > 1 and text}


def _wanted(record: Mapping[str, str], part: Part) -> bool:
    return all(expression(text).fullmatch(record.get(h, "")) for h, text in part.where.items() if h in record)


def _by_key(rows: Sequence[Sequence[str]], sections: Sections, part: Part) -> dict[str, dict[str, str]]:
    """Read the table to join by the column that both have; one line may stand for several keys (`BRK B, BRKB`)."""
    found: dict[str, dict[str, str]] = {}
    header: Sequence[str] = ()
    for row in rows:
        if _at(row, sections.name_at) != part.join["table"]:
            continue
        if _at(row, sections.kind_at) == sections.header:
            header = row
        elif _at(row, sections.kind_at) == sections.line:
            record = _record(header, row)
            for key in record.get(part.join["on"], "").split(","):
                found.setdefault(key.strip(), record)
    return found


def _at(row: Sequence[str], position: int) -> str:
    return row[position].strip() if position < len(row) else ""
