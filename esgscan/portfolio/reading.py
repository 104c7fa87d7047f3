"""A portfolio file -> table POSITIONS, with an audit of everything that was guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from esgscan.errors import PortfolioError
from esgscan.portfolio.audits import make_audit, make_findings, one_of, stated_totals
from esgscan.portfolio.filekinds import REFUSALS, FileKind, file_kind
from esgscan.portfolio.grids import GridFile, letter
from esgscan.portfolio.inputs import Source, open_source
from esgscan.portfolio.lines import as_text
from esgscan.portfolio.positions import TablePositions, positions_frame, read_positions
from esgscan.portfolio.sheets import Table, file_currency, find_tables, portfolio_name, read_lines, titles_of
from esgscan.records import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ENDING = re.compile(r"\.(?:xls[xmb]?|ods|csv|tsv|txt|json|parquet|xml|html?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """What the user says about the file; it wins over what we find.

    Attributes:
        sheet: The only sheet to read.
        header_row: Row of the header, from 1; 0 for a table without one.
        columns: Meaning -> column letter or header text.
    """

    sheet: str | None = None
    header_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


def read_portfolio(source: Source, *, options: ReadingOptions | None = None, name: str = "") -> Reading:
    """Read a portfolio.

    Nothing of it is dropped in silence: each line of a table is a position, or stands in the audit with the reason
    why it is none; a cell that cannot be read is a finding, and its line stays.

    Args:
        source: Path of a file, its bytes, or a DataFrame (pandas, Polars, Arrow) with one row per line.
        options: What the user says about the file.
        name: Name of the portfolio where the source is not a path; the file's own statement wins.

    Returns:
        Table POSITIONS in the order of the file, the audit, and the findings.

    Raises:
        PortfolioError: The source cannot be read, or is not a portfolio.
        OptionError: `options` names a column that does not exist.
    """
    options = options or ReadingOptions()
    file, digest = open_source(source, name=name, sheet=options.sheet)
    tables = [
        table
        for grid in file.grids
        for table in find_tables(
            grid,
            name=file.name,
            file_format=file.format,
            header_row=options.header_row,
            named=options.columns,
        )
    ]
    kind = _kind(file, tables)
    wanted = [table for table in tables if table.kind is kind]
    found, repeated = _without_repeated_sheets(_read(wanted, kind, name=file.name))
    _refuse_empty(found, file.name)
    _refuse_unreadable(found, file.name)
    totals = stated_totals(found, file.name)
    return Reading(
        name=portfolio_name(wanted) or _without_ending(name or file.name),
        table=positions_frame(found),
        audit=make_audit(file, kind, found, tables=tables, repeated=repeated, totals=totals),
        findings=make_findings(file, kind, found, tables=wanted, repeated=repeated, totals=totals),
        sha256=digest,
        currency=one_of([c for table in found for c in table.amounts.currency]),
    )


def _read(tables: Sequence[Table], kind: FileKind, *, name: str) -> list[TablePositions]:
    """Read the positions of the tables of one kind."""
    currency, titles = file_currency(tables), titles_of(tables)
    return [
        read_positions(
            read_lines(table.block, table.layout, known=table.known),
            name=name,
            file_currency=currency,
            portfolio=title,
            is_fund=kind is FileKind.FUND,
        )
        for table, title in zip(tables, titles, strict=True)
    ]


def _kind(file: GridFile, tables: Sequence[Table]) -> FileKind:
    """Say what the file is, and refuse what is no portfolio."""
    kind = file_kind([table.kind for table in tables if table.block.height] or [table.kind for table in tables])
    if kind in REFUSALS:
        what, mend = REFUSALS[kind]
        raise PortfolioError(f"{file.name!r} {what}.", where=_where(file, tables), mend=mend)
    return kind


def _where(file: GridFile, tables: Sequence[Table]) -> str:
    if tables:
        sheet = f", sheet {tables[0].block.sheet!r}" if tables[0].block.sheet else ""
        return f"{file.name}{sheet}, header in row {tables[0].block.header_row}"
    sheets = ", ".join(repr(grid.sheet) for grid in file.grids if grid.sheet)
    return f"{file.name}, sheets {sheets}" if sheets else file.name


def _refuse_empty(found: Sequence[TablePositions], name: str) -> None:
    """Refuse a header without lines."""
    if not any(table.count for table in found):
        row = found[0].lines.block.header_row
        what = f"{name!r} has a header and no lines below it."
        raise PortfolioError(what, where=f"{name}, row {row}", mend="export the portfolio again with its positions")


def _refuse_unreadable(found: Sequence[TablePositions], name: str) -> None:
    """Refuse a file none of whose amounts can be read."""
    if any(v is not None for t in found for v in (*t.amounts.market_value, *t.amounts.weight, *t.amounts.quantity)):
        return
    table = next(t for t in found if t.count)
    index = table.lines.layout.index
    meaning = next((m for m in ("market_value", "weight", "quantity") if m in index), "market_value")
    column = letter(index[meaning]) if meaning in index else "?"
    cells = table.lines.block.columns[index[meaning]] if meaning in index else [""]
    shown = next((as_text(cell) for cell in cells if as_text(cell)), "")
    what = f"No line of {name!r} has an amount that can be read: column {column} holds {shown!r}."
    where = f"{name}, column {column}, from row {table.lines.block.first_row}"
    raise PortfolioError(what, where=where, mend="name the right column with --column market_value=LETTER")


def _without_ending(name: str) -> str:
    return ENDING.sub("", name) or name


def _without_repeated_sheets(found: Sequence[TablePositions]) -> tuple[list[TablePositions], list[TablePositions]]:
    """Leave out a sheet all of whose lines stand in another sheet, such as a list of the ten largest."""
    kept: list[TablePositions] = []
    repeated: list[TablePositions] = []
    lines = [_line_keys(table) for table in found]
    for number, table in enumerate(found):
        others = [n for n in range(len(found)) if found[n].lines.block.sheet != table.lines.block.sheet]
        inside = any(lines[number] < lines[n] or (lines[number] == lines[n] and n < number) for n in others)
        (repeated if inside and len(lines[number]) > 1 else kept).append(table)
    return kept, repeated


def _line_keys(table: TablePositions) -> set[tuple[object, ...]]:
    columns = table.columns
    keys = (columns["isin"], columns["ticker"], columns["name_as_written"], columns["market_value"], columns["weight"])
    return set(zip(*keys, strict=True))
