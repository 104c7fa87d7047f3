"""The audit of a reading: what was taken for what, what was left out, and what the reader must know."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from esgscan.portfolio.columns import AMOUNTS
from esgscan.portfolio.exclusions import BELOW
from esgscan.portfolio.filekinds import FileKind
from esgscan.portfolio.grids import GridFile, letter, place
from esgscan.portfolio.headers import DATED
from esgscan.portfolio.lines import as_text
from esgscan.portfolio.sheets import is_section
from esgscan.portfolio.sums import TOTAL
from esgscan.portfolio.totals import cash_above, differing_totals, read_portfolios, stated_totals
from esgscan.records import Audit, ColumnReading, Finding, LayoutReading, SheetReading, SkippedLine
from esgscan.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from esgscan.portfolio.grids import Cell, Grid
    from esgscan.portfolio.lines import Lines
    from esgscan.portfolio.numbers import Numbers
    from esgscan.portfolio.positions import TablePositions
    from esgscan.portfolio.sheets import Table

NAMED_ONLY = frozenset({"heading or note", "no number and no identifier"})
SHOWN = 20
SHORTEST_HEADING = 3
EXPLAINED = frozenset({"market_value", "weight", "quantity", "price", "isin", "ticker", "name"})
"""Meanings whose rival columns are worth a finding."""


def _layouts(tables: Sequence[Table], kind: FileKind) -> tuple[LayoutReading, ...]:
    """Say which known exports the sheets were recognised as."""
    known = [(table.known, table.block.sheet) for table in tables if table.known and table.kind is kind]
    return tuple(dict.fromkeys(LayoutReading(title=k.layout.title, why=k.why, sheet=sheet) for k, sheet in known))


def _stated_day(tables: Sequence[Table], kind: FileKind) -> tuple[date, int] | None:
    """Find the day that a known export states for its positions, and the row."""
    known = [table.known for table in tables if table.known and table.kind is kind]
    return next((day for one in known if (day := one.date())), None)


def make_audit(
    file: GridFile,
    kind: FileKind,
    found: Sequence[TablePositions],
    *,
    tables: Sequence[Table],
    repeated: Sequence[TablePositions],
    name: str,
) -> Audit:
    """Say how the file was read: format, columns with reasons, lines left out, totals it states."""
    read_sheets = {table.lines.block.sheet for table in found}
    ignored = [grid.sheet for grid in file.grids if grid.sheet not in read_sheets]
    known = {table.block.sheet: table.known for table in tables if table.known}
    skipped = [s for sheet in known.values() for s in sheet.skipped]
    skipped += [s for table in found for s in table.lines.skipped]
    skipped += [
        _skipped_table(table) for table in tables if table.kind is not kind and table.block.sheet in read_sheets
    ]
    skipped += [_skipped_repeat(table) for table in repeated]
    return Audit(
        file_name=file.name,
        file_format=file.format,
        kind=str(kind),
        encoding=file.encoding,
        delimiter=file.delimiter,
        sheets=tuple(_sheet_reading(table, _grid_of(file, table)) for table in found),
        sheets_ignored=(*ignored, *file.hidden),
        skipped=tuple(skipped),
        stated_totals=tuple(stated_totals(found, file.name)),
        portfolios=read_portfolios(found, name=name, file_name=file.name),
        layouts=_layouts(tables, kind),
        as_of=day[0] if (day := _stated_day(tables, kind)) else None,
    )


def refused_audit(file: GridFile, kind: FileKind, tables: Sequence[Table]) -> Audit:
    """Say what a file is that is no portfolio, and what its columns are."""
    sheets = [
        SheetReading(
            sheet=table.block.sheet,
            header_row=table.block.header_row,
            decimal="",
            columns=table.layout.readings,
            positions=0,
        )
        for table in tables
    ]
    return Audit(
        file_name=file.name,
        file_format=file.format,
        kind=str(kind),
        encoding=file.encoding,
        delimiter=file.delimiter,
        sheets=tuple(sheets),
        sheets_ignored=file.hidden,
        layouts=_layouts(tables, kind),
    )


def make_findings(
    file: GridFile,
    kind: FileKind,
    found: Sequence[TablePositions],
    *,
    tables: Sequence[Table],
    repeated: Sequence[TablePositions],
) -> tuple[Finding, ...]:
    """Collect what the reader must know, the file as a whole first; what several tables say alike, once."""
    said = [_info(file.name, remark) for remark in file.remarks]
    said += [_info(file.name, f"Recognised as: {one.title} ({one.why}).") for one in _layouts(tables, kind)]
    if day := _stated_day(tables, kind):
        said.append(_info(f"{file.name}, row {day[1]}", f"The file states {day[0]} as the day of its positions."))
    if kind is FileKind.FUND:
        what = "The file lists what a fund holds; it was read as a portfolio of its own."
        said.append(_info(file.name, what, mend="give it with --holdings to look through the fund that you hold"))
    for table in repeated:
        what = f"This table {table.left_out}; it was left out."
        said.append(_info(place(file.name, table.lines.block.sheet, table.lines.block.header_row), what))
    if file.hidden:
        said.append(_info(file.name, f"Sheets not read: {', '.join(file.hidden)}.", mend="read one with --sheet NAME"))
    said.extend(_other_tables(file, kind, tables))
    for table in found:
        said.extend(_table_findings(table, file.name))
        said.extend(_hidden(table, _grid_of(file, table), file.name))
        said.extend(_left_out(table, file.name))
    said.extend(differing_totals(stated_totals(found, file.name), cash_above(found)))
    return tuple(dict.fromkeys(said))


def _is_heading(lines: Lines, skipped: SkippedLine) -> bool:
    """Whether a line without a value is surely a heading: an asset class, or words that a total repeats."""
    words = skipped.text.casefold()
    if is_section(skipped.text) or len(words) < SHORTEST_HEADING:
        return is_section(skipped.text)
    return any(words in other.text.casefold() for other in lines.skipped if other.why == TOTAL)


def _other_tables(file: GridFile, kind: FileKind, tables: Sequence[Table]) -> list[Finding]:
    """Say which tables with amounts were left out because they are of another kind than the file."""
    left_out = [t for t in tables if t.kind is not kind and t.block.height and t.layout.has(*AMOUNTS)]
    return [
        Finding(
            severity=Severity.WARNING if table.kind in {FileKind.UNKNOWN, FileKind.FUND} else Severity.INFO,
            where=place(file.name, table.block.sheet, table.block.header_row),
            what=f"A table of another kind ({table.kind}) was not read.",
            mend="give it in a file of its own if its lines are positions",
        )
        for table in left_out
    ]


def _left_out(table: TablePositions, name: str) -> list[Finding]:
    """Name the lines between positions that have a name and nothing else: headings, or positions without a value."""
    lines = table.lines
    below = [s for s in lines.skipped if s.why == BELOW and lines.number("market_value", s.row - lines.block.first_row)]
    said_below = [
        Finding(
            severity=Severity.WARNING,
            where=place(name, lines.block.sheet, skipped.row),
            what=f"The line {skipped.text!r} below the table has no identifier and was not read as a position.",
            mend="if it is a position, move it into the table or add its identifier",
        )
        for skipped in below[:SHOWN]
    ]
    rows = [row for row in table.columns["source_row"] if isinstance(row, int)]
    inside = range(min(rows, default=0), max(rows, default=0) + 2)
    named = [s for s in lines.skipped if s.why in NAMED_ONLY and s.row in inside and not _is_heading(lines, s)]
    said = [
        Finding(
            severity=Severity.WARNING,
            where=place(name, lines.block.sheet, skipped.row),
            what=f"The line {skipped.text!r} has no value and no identifier, and was not read as a position.",
            mend="if it is a position, add its value",
        )
        for skipped in named[:SHOWN]
    ]
    if len(named) > SHOWN:
        said.append(_info(name, f"{len(named) - SHOWN} more lines have neither value nor identifier."))
    return [*said, *said_below]


def _table_findings(table: TablePositions, name: str) -> list[Finding]:
    lines = table.lines
    where = f"{name}, sheet {lines.block.sheet!r}" if lines.block.sheet else name
    said = [_info(where, f"{remark[0].upper()}{remark[1:]}.") for remark in table.amounts.remarks]
    said += [_doubt(lines, meaning, where) for meaning in lines.ambiguous]
    said += _doubtful_dates(lines, where)
    said += _headed_by_a_day(lines, where)
    for meaning, others in lines.layout.several.items():
        if meaning in EXPLAINED:
            taken = f"Column {letter(lines.layout.index[meaning])} {lines.layout.header(meaning).text!r}"
            what = f"{taken} was taken for {_words(meaning)}, not {_quoted(others)}."
            said.append(_info(where, what, mend=f"choose another with --column {meaning}=LETTER"))
    if not any(table.amounts.currency) and any(v is not None for v in table.amounts.market_value):
        what = "The file does not say in which currency its values are."
        mend = "add a currency column or write the currency into the header: Market Value (EUR)"
        said.append(Finding(severity=Severity.WARNING, where=where, what=what, mend=mend))
    return [*said, *table.findings]


def _headed_by_a_day(lines: Lines, where: str) -> list[Finding]:
    """Say of amounts that only a day heads what they were taken for."""
    dated = [meaning for meaning in ("market_value", "weight") if DATED in lines.layout.header(meaning).meanings]
    return [
        _info(
            where,
            f"Column {letter(lines.layout.index[meaning])} is headed by a day only, "
            f"{lines.layout.header(meaning).text!r}; its numbers were taken for the {_words(meaning)}.",
            mend=f"say what it is with --column quantity={letter(lines.layout.index[meaning])}, or another meaning",
        )
        for meaning in dated
    ]


def _doubt(lines: Lines, meaning: str, where: str) -> Finding:
    """Say that no cell of a column shows its decimal mark, with an example and how it was read."""
    numbers = lines.numbers[meaning]
    cells = lines.block.columns[lines.layout.index[meaning]]
    pairs = ((str(c).strip(), v) for c, v in zip(cells, numbers.values, strict=True) if v and isinstance(c, str))
    written, value = next(((c, v) for c, v in pairs if "." in c or "," in c), ("", 0.0))
    at = f"column {letter(lines.layout.index[meaning])}"
    what = f"{written!r} in {at} ({_words(meaning)}) may be {value:,.10g} or not: no cell shows the decimal mark."
    is_grouped = "," in written and abs(value) >= 1000  # three digits after a comma are hardly ever decimals
    severity = Severity.INFO if is_grouped else Severity.WARNING
    mend = "say which it is: --decimal , or --decimal ."
    return Finding(severity=severity, where=f"{where}, {at}", what=what, mend=mend)


def _doubtful_dates(lines: Lines, where: str) -> list[Finding]:
    """Say that no cell of the column of dates shows what stands first, if that could make a difference."""
    dates = lines.dates
    if dates is None or not dates.is_ambiguous or len({day for day in dates.values if day}) < 2:
        return []
    cells = lines.block.columns[lines.layout.index["date"]]
    written, day = next((as_text(c), d) for c, d in zip(cells, dates.values, strict=True) if d and type(c) is str)
    what = f"{written!r} was read as {day}: no cell of its column shows whether the day or the month stands first."
    return [_info(where, what, mend="say which it is: --dates day-first or --dates month-first")]


def _skipped_table(table: Table) -> SkippedLine:
    block = table.block
    text = " | ".join(text for text in block.header if text)[:120]
    why = f"a table of another kind ({table.kind}), rows {block.header_row} to {block.row(block.height - 1)}"
    return SkippedLine(sheet=block.sheet, row=block.header_row, text=text, why=why)


def _skipped_repeat(table: TablePositions) -> SkippedLine:
    block = table.lines.block
    return SkippedLine(sheet=block.sheet, row=block.header_row, text="", why=table.left_out)


def _sheet_reading(table: TablePositions, grid: Grid) -> SheetReading:
    lines, block = table.lines, table.lines.block
    order = lines.dates.order if lines.dates else None
    return SheetReading(
        sheet=block.sheet,
        header_row=block.header_row,
        decimal=lines.decimal,
        columns=tuple(_formatted(lines, column) for column in lines.layout.readings),
        positions=table.count,
        dates=str(order or ""),
        hidden_rows=_hidden_rows(table, grid),
        hidden_columns=_hidden_columns(table, grid),
    )


def _formatted(lines: Lines, column: ColumnReading) -> ColumnReading:
    """Add how the numbers or dates of a column are written."""
    if column.meaning == "date" and lines.dates and lines.dates.order:
        doubt = "; no cell shows the order" if lines.dates.is_ambiguous else ""
        return replace(column, format=f"dates, {lines.dates.order}{doubt}")
    numbers = lines.numbers.get(column.meaning)
    if numbers is None:
        return column
    cells = lines.block.columns[lines.layout.index[column.meaning]]
    return replace(column, format=_number_format(lines, column.meaning, numbers, cells))


def _number_format(lines: Lines, meaning: str, numbers: Numbers, cells: Sequence[Cell]) -> str:
    is_written = str in set(map(type, cells))
    if not (is_written and any(type(c) is str and v is not None for c, v in zip(cells, numbers.values, strict=True))):
        return "numbers"
    mark = {",": "decimal comma", ".": "decimal point"}.get(numbers.decimal)
    if meaning in lines.ambiguous:
        return f"{mark or 'decimal point'}; no cell shows the mark"
    if numbers.is_ambiguous:
        return f"{mark}, as in the other columns"
    return mark or "whole numbers as text"


def _grid_of(file: GridFile, table: TablePositions) -> Grid:
    return next(grid for grid in file.grids if grid.sheet == table.lines.block.sheet)


def _hidden(table: TablePositions, grid: Grid, name: str) -> list[Finding]:
    """Say which positions and columns the file hides: they are read like all others."""
    rows, columns = _hidden_rows(table, grid), _hidden_columns(table, grid)
    where = f"{name}, sheet {grid.sheet!r}"
    said = []
    if rows:
        shown = ", ".join(map(str, rows[:SHOWN])) + (" and more" if len(rows) > SHOWN else "")
        what = f"The file hides rows that hold positions (row {shown}); they were read like all others."
        said.append(
            Finding(severity=Severity.WARNING, where=where, what=what, mend="delete the rows if they do not count")
        )
    if columns:
        what = f"The file hides columns that were read (column {', '.join(columns)})."
        said.append(_info(where, what, mend="name others with --column if they are out of date"))
    return said


def _hidden_rows(table: TablePositions, grid: Grid) -> tuple[int, ...]:
    if not grid.hidden_rows:
        return ()
    return tuple(row for row in table.columns["source_row"] if isinstance(row, int) and row in grid.hidden_rows)


def _hidden_columns(table: TablePositions, grid: Grid) -> tuple[str, ...]:
    return tuple(letter(i) for i in sorted(grid.hidden_columns & set(table.lines.layout.index.values())))


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(repr(text) for text in texts)


def _info(where: str, what: str, *, mend: str = "") -> Finding:
    return Finding(severity=Severity.INFO, where=where, what=what, mend=mend)


def _words(meaning: str) -> str:
    return meaning.replace("_", " ")
