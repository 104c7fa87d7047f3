"""The audit of a reading: what was taken for what, what was left out, and what the reader must know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esgscan.portfolio.exclusions import is_total
from esgscan.portfolio.filekinds import FileKind
from esgscan.portfolio.grids import GridFile, letter, place
from esgscan.portfolio.headers import plain
from esgscan.portfolio.lines import as_text
from esgscan.portfolio.numbers import looks_numeric, read_numbers
from esgscan.portfolio.sheets import filled_cells
from esgscan.records import Audit, Finding, LayoutReading, SheetReading, SkippedLine, StatedTotal
from esgscan.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from esgscan.portfolio.grids import Cell
    from esgscan.portfolio.lines import Lines
    from esgscan.portfolio.positions import TablePositions
    from esgscan.portfolio.sheets import Table

CASH_LABEL = re.compile(
    r"(?:total |available |account )?(?:cash|liquidität|guthaben|liquidités|efectivo|liquidez)(?: balance| value)?"
)
NAMED_ONLY = frozenset({"heading or note", "no number and no identifier"})
SHOWN = 20
SAME = 0.005
"""Share by which a printed total may differ from ours before a reader is warned."""
EXPLAINED = frozenset({"market_value", "weight", "quantity", "price", "isin", "ticker", "name"})
"""Meanings whose rival columns are worth a finding."""


def _layouts(tables: Sequence[Table]) -> tuple[LayoutReading, ...]:
    """Say which known exports the sheets were recognised as."""
    found = [LayoutReading(title=t.known.layout.title, why=t.known.why, sheet=t.block.sheet) for t in tables if t.known]
    return tuple(dict.fromkeys(found))


def _stated_day(tables: Sequence[Table]) -> tuple[date, int] | None:
    """Find the day that a known export states for its positions, and the row."""
    return next((day for table in tables if table.known and (day := table.known.date())), None)


def stated_totals(found: Sequence[TablePositions], name: str) -> list[StatedTotal]:
    """Collect the totals that the file prints, below its lines and above its tables, beside ours."""
    totals = []
    for table in found:
        block = table.lines.block
        currency = one_of(table.amounts.currency)
        meets = table.amounts.market_value if "market_value" in table.lines.numbers else []
        scale = table.lines.layout.header("market_value").scale
        for row, stated, computed in table.lines.totals if meets else ():
            where = f"{name}, row {row}" if not block.sheet else f"{name}, sheet {block.sheet!r}, row {row}"
            totals.append(StatedTotal(where=where, stated=stated * scale, computed=computed * scale, currency=currency))
        for row, cells in block.above:
            stated_above = _total_above(cells)
            if stated_above is not None and table.total():
                where = f"{name}, row {row}"
                totals.append(StatedTotal(where=where, stated=stated_above, computed=table.total(), currency=currency))
    return totals + _known_totals(found, name, seen={total.where for total in totals})


def _known_totals(found: Sequence[TablePositions], name: str, *, seen: set[str]) -> list[StatedTotal]:
    """Collect the totals that a known export states outside its lines; they are of the whole sheet."""
    totals = []
    sheets = {table.lines.block.sheet: table.lines.known for table in found if table.lines.known}
    for sheet, known in sheets.items():
        tables = [table for table in found if table.lines.block.sheet == sheet]
        currency = one_of([c for table in tables for c in table.amounts.currency])
        for stated, row in known.totals() if currency else ():
            where = place(name, sheet, row)
            if where not in seen:
                computed = sum(table.total() for table in tables)
                totals.append(StatedTotal(where=where, stated=stated, computed=computed, currency=currency))
    return totals


def make_audit(
    file: GridFile,
    kind: FileKind,
    found: Sequence[TablePositions],
    *,
    tables: Sequence[Table],
    repeated: Sequence[TablePositions],
    totals: Sequence[StatedTotal],
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
    skipped += [
        SkippedLine(
            sheet=t.lines.block.sheet, row=t.lines.block.header_row, text="", why="repeats lines of another sheet"
        )
        for t in repeated
    ]
    return Audit(
        file_name=file.name,
        file_format=file.format,
        kind=str(kind),
        encoding=file.encoding,
        delimiter=file.delimiter,
        sheets=tuple(_sheet_reading(table) for table in found),
        sheets_ignored=(*ignored, *file.hidden),
        skipped=tuple(skipped),
        stated_totals=tuple(totals),
        layouts=_layouts([table for table in tables if table.kind is kind]),
        as_of=day[0] if (day := _stated_day(tables)) else None,
    )


def make_findings(
    file: GridFile,
    kind: FileKind,
    found: Sequence[TablePositions],
    *,
    tables: Sequence[Table],
    repeated: Sequence[TablePositions],
    totals: Sequence[StatedTotal],
) -> tuple[Finding, ...]:
    """Collect what the reader must know, the file as a whole first."""
    said = [_info(file.name, remark) for remark in file.remarks]
    said += [_info(file.name, f"Recognised as: {one.title} ({one.why}).") for one in _layouts(tables)]
    if day := _stated_day(tables):
        said.append(_info(f"{file.name}, row {day[1]}", f"The file states {day[0]} as the day of its positions."))
    if kind is FileKind.FUND:
        what = "The file lists what a fund holds; it was read as a portfolio of its own."
        said.append(_info(file.name, what, mend="give it with --holdings to look through the fund that you hold"))
    sheets = [table.lines.block.sheet for table in repeated]
    said += [_info(file.name, f"Sheet {s!r} repeats lines of another sheet; it was left out.") for s in sheets]
    if file.hidden:
        said.append(_info(file.name, f"Sheets not read: {', '.join(file.hidden)}.", mend="read one with --sheet NAME"))
    for table in found:
        said.extend(_table_findings(table, file.name))
        said.extend(_left_out(table, file.name))
    said.extend(_differing_totals(totals, _cash_above(found)))
    return tuple(said)


def _left_out(table: TablePositions, name: str) -> list[Finding]:
    """Name the lines between positions that have a name and nothing else: headings, or positions without a value."""
    lines = table.lines
    rows = [row for row in table.columns["source_row"] if isinstance(row, int)]
    named = [
        skipped
        for skipped in lines.skipped
        if skipped.why in NAMED_ONLY and min(rows, default=0) <= skipped.row <= max(rows, default=0) + 1
    ]
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
    return said


def _table_findings(table: TablePositions, name: str) -> list[Finding]:
    lines = table.lines
    where = f"{name}, sheet {lines.block.sheet!r}" if lines.block.sheet else name
    said = [_info(where, f"{remark[0].upper()}{remark[1:]}.") for remark in table.amounts.remarks]
    said += [_doubt(lines, meaning, where) for meaning in lines.ambiguous]
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
    mend = "write two decimals, or check the total"
    return Finding(severity=severity, where=f"{where}, {at}", what=what, mend=mend)


def _differing_totals(totals: Sequence[StatedTotal], cash: float) -> list[Finding]:
    """Warn of printed totals that are not the sum of the lines; cash stated above the table may be the difference."""
    said = []
    for total in totals:
        missing = total.stated - total.computed
        if abs(missing) <= max(SAME * abs(total.stated), 1.0):
            continue
        what = f"The file states a total of {total.stated:,.2f}; its lines add to {total.computed:,.2f}."
        mend = "check that the file is complete"
        if cash and abs(missing - cash) < 1:
            what = f"{what} The difference is cash of {cash:,.2f} stated above the table, which is not among its lines."
            mend = "add a line for the cash if it belongs to the portfolio"
        said.append(Finding(severity=Severity.WARNING, where=total.where, what=what, mend=mend))
    return said


def _total_above(row: Sequence[Cell]) -> float | None:
    """Read a total in a preamble: `Depotgesamtwert in Euro: | 36.965,96`."""
    cells = [cell for cell in row if as_text(cell)]
    if len(cells) != 2 or not looks_numeric(cells[1]):
        return None
    label = plain(as_text(cells[0])).removesuffix(" in euro").removesuffix(" in eur").removesuffix(" value").strip()
    if not (is_total(label) or label in {"stock", "portfolio", "account", "total"}):
        return None
    return read_numbers([cells[1]]).values[0]


def _cash_above(found: Sequence[TablePositions]) -> float:
    """Find an amount of cash in a preamble: `Total cash: | 250.00`."""
    for table in found:
        for _, row in table.lines.block.above:
            cells = filled_cells(row)
            if len(cells) == 2 and CASH_LABEL.fullmatch(plain(as_text(cells[0]))) and looks_numeric(cells[1]):
                return read_numbers([cells[1]]).values[0] or 0.0
    return 0.0


def _skipped_table(table: Table) -> SkippedLine:
    block = table.block
    text = " | ".join(text for text in block.header if text)[:120]
    why = f"a table of another kind ({table.kind}), rows {block.header_row} to {block.row(block.height - 1)}"
    return SkippedLine(sheet=block.sheet, row=block.header_row, text=text, why=why)


def _sheet_reading(table: TablePositions) -> SheetReading:
    block = table.lines.block
    return SheetReading(
        sheet=block.sheet,
        header_row=block.header_row,
        decimal=table.lines.decimal,
        columns=table.lines.layout.readings,
        positions=table.count,
    )


def one_of(currencies: Sequence[str]) -> str:
    """Give the one value that all have; empty if they differ."""
    distinct = set(currencies)
    return distinct.pop() if len(distinct) == 1 else ""


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(repr(text) for text in texts)


def _info(where: str, what: str, *, mend: str = "") -> Finding:
    return Finding(severity=Severity.INFO, where=where, what=what, mend=mend)


def _words(meaning: str) -> str:
    return meaning.replace("_", " ")
