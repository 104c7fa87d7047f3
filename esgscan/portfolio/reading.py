"""A portfolio file -> table POSITIONS, with an audit of everything that was guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from esgscan.errors import OptionError, PortfolioError
from esgscan.portfolio.audits import make_audit, make_findings, refused_audit
from esgscan.portfolio.columns import IDENTITY
from esgscan.portfolio.filekinds import REFUSALS, FileKind, file_kind
from esgscan.portfolio.grids import GridFile, letter
from esgscan.portfolio.inputs import Opening, Source, open_source
from esgscan.portfolio.lines import as_text
from esgscan.portfolio.positions import TablePositions, positions_frame, read_positions
from esgscan.portfolio.sheets import (
    Table,
    file_currency,
    find_tables,
    lists_securities,
    mapped_tables,
    portfolio_name,
    read_lines,
    titles_of,
)
from esgscan.portfolio.totals import one_of
from esgscan.records import Audit, Finding, Inspection, Reading
from esgscan.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esgscan.portfolio.mappings import MappingFile

SAME_TOTAL = 1e-4
"""Share by which the total of a summary may differ from that of the tables it is of, for rounding."""
ENDING = re.compile(r"\.(?:xls[xmb]?|ods|csv|tsv|txt|json|parquet|xml|html?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """What the user says about the file; it wins over what we find.

    Attributes:
        sheet: The only sheet to read.
        header_row: Row of the header, from 1; 0 for a table without one.
        columns: Meaning -> column letter or header text.
        decimal: The decimal mark of written numbers, `,` or `.`; empty to find it in each column.
        dates: The order in dates, `day-first` or `month-first`; empty to find it in each column.
        mapping: A mapping file, which tells all of this.
    """

    sheet: str | None = None
    header_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    decimal: str = ""
    dates: str = ""
    mapping: MappingFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A file whose tables were read, or the reason why they could not be."""

    file: GridFile
    digest: str
    name: str
    kind: FileKind
    tables: Sequence[Table]
    found: Sequence[TablePositions] = ()
    repeated: Sequence[TablePositions] = ()
    error: PortfolioError | None = None

    @property
    def currency(self) -> str:
        """The currency that all values have; empty if they differ."""
        return one_of([currency for table in self.found for currency in table.amounts.currency])

    def audit(self) -> Audit:
        """Say how the file was read."""
        if self.error:
            return refused_audit(self.file, self.kind, self.tables)
        return make_audit(self.file, self.kind, self.found, tables=self.tables, repeated=self.repeated, name=self.name)

    def findings(self) -> tuple[Finding, ...]:
        """Say what a reader must know."""
        if self.error:
            error = self.error
            return (Finding(severity=Severity.ERROR, where=error.where, what=error.what, mend=error.mend),)
        return make_findings(self.file, self.kind, self.found, tables=self.tables, repeated=self.repeated)


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
        OptionError: `options` names a column that does not exist, or a mapping that does not fit.
    """
    examined = _examine(source, options=options or ReadingOptions(), name=name)
    if examined.error:
        raise examined.error
    return Reading(
        name=examined.name,
        table=positions_frame(examined.found),
        audit=examined.audit(),
        findings=examined.findings(),
        sha256=examined.digest,
        currency=examined.currency,
    )


def inspect_portfolio(source: Source, *, options: ReadingOptions | None = None, name: str = "") -> Inspection:
    """Say how a file is read, without making table POSITIONS; arguments as `read_portfolio`.

    Returns:
        The audit and the findings; also for a file that is no portfolio, with the reason.

    Raises:
        OptionError: As `read_portfolio`.
    """
    options = options or ReadingOptions()
    try:
        examined = _examine(source, options=options, name=name)
    except PortfolioError as error:
        return _unopened(error, name or _name_of(source))
    return Inspection(
        name=examined.name,
        audit=examined.audit(),
        findings=examined.findings(),
        sha256=examined.digest,
        currency=examined.currency,
        mapping="" if examined.error else _mapping(examined, options),
        error=examined.error,
    )


def _mapping(examined: Examined, options: ReadingOptions) -> str:
    """Write the mapping that makes the file be read in the same way again."""
    from esgscan.portfolio.mapping_fit import make_mapping
    from esgscan.portfolio.mappings import write_mapping

    lines = [table.lines for table in examined.found]
    about = f"How {examined.file.name} is read; made by esgscan inspect, to be given with --mapping."
    return write_mapping(make_mapping(lines, decimal=options.decimal, dates=options.dates), about=about)


def _name_of(source: Source) -> str:
    path = source.path if isinstance(source, Opening) else source
    return Path(path).name if isinstance(path, (str, Path)) else "portfolio"


def _unopened(error: PortfolioError, name: str) -> Inspection:
    """Say that a file could not even be opened."""
    finding = Finding(severity=Severity.ERROR, where=error.where, what=error.what, mend=error.mend)
    audit = Audit(file_name=name, file_format="", kind=str(FileKind.UNKNOWN))
    return Inspection(name=_without_ending(name), audit=audit, findings=(finding,), error=error)


def _examine(source: Source, *, options: ReadingOptions, name: str) -> Examined:
    """Open a file, find its tables, and read those of its kind."""
    file, digest = open_source(source, name=name, sheet=options.sheet)
    tables = _tables(file, options)
    kind = file_kind([table.kind for table in tables if table.block.height] or [table.kind for table in tables])
    if not tables and any(map(lists_securities, file.grids)):
        kind = FileKind.LIST
    wanted = [table for table in tables if table.kind is kind]
    title = portfolio_name(wanted) or _without_ending(name or file.name)
    examined = Examined(file=file, digest=digest, name=title, kind=kind, tables=tables)
    if kind in REFUSALS:
        what, mend = REFUSALS[kind]
        refused = PortfolioError(f"{file.name!r} {what}.", where=_where(file, tables), mend=mend)
        return replace(examined, error=refused)
    found, repeated = _without_repeated_tables(_read(wanted, kind, file=file, options=options))
    if repeated and len(found) == 1:
        found[0].drop_title()
    error = _empty(found, file.name) or _unreadable(found, file.name)
    return replace(examined, found=found, repeated=repeated, error=error)


def _tables(file: GridFile, options: ReadingOptions) -> list[Table]:
    if options.mapping:
        if options.sheet is not None or options.header_row is not None:
            what = "A mapping tells the sheet and the header row."
            raise OptionError(what, where="--mapping", mend="leave --sheet and --header-row out, or the mapping")
        return mapped_tables(file.grids, options.mapping, name=file.name, named=options.columns)
    return [
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


def _read(tables: Sequence[Table], kind: FileKind, *, file: GridFile, options: ReadingOptions) -> list[TablePositions]:
    """Read the positions of the tables of one kind."""
    currency, titles = file_currency(tables), titles_of(tables)
    mapping = options.mapping
    decimal = options.decimal or (mapping.decimal if mapping else "")
    dates = options.dates or (mapping.dates if mapping else "")
    return [
        read_positions(
            read_lines(
                table.block,
                table.layout,
                decimal=decimal,
                dates=dates,
                delimiter=file.delimiter,
                known=table.known,
            ),
            name=file.name,
            file_currency=currency,
            portfolio=title,
            section=table.section,
            is_fund=kind is FileKind.FUND,
        )
        for table, title in zip(tables, titles, strict=True)
    ]


def _where(file: GridFile, tables: Sequence[Table]) -> str:
    if tables:
        sheet = f", sheet {tables[0].block.sheet!r}" if tables[0].block.sheet else ""
        return f"{file.name}{sheet}, header in row {tables[0].block.header_row}"
    sheets = ", ".join(repr(grid.sheet) for grid in file.grids if grid.sheet)
    return f"{file.name}, sheets {sheets}" if sheets else file.name


def _empty(found: Sequence[TablePositions], name: str) -> PortfolioError | None:
    """Refuse a header without lines."""
    if any(table.count for table in found):
        return None
    row = found[0].lines.block.header_row
    what = f"{name!r} has a header and no lines below it."
    return PortfolioError(what, where=f"{name}, row {row}", mend="export the portfolio again with its positions")


def _unreadable(found: Sequence[TablePositions], name: str) -> PortfolioError | None:
    """Refuse a file none of whose amounts can be read."""
    amounts = (c for t in found for c in (t.amounts.market_value, t.amounts.weight, t.amounts.quantity))
    if any(value is not None for column in amounts for value in column):
        return None
    table = next(t for t in found if t.count)
    index = table.lines.layout.index
    meaning = next((m for m in ("market_value", "weight", "quantity") if m in index), "market_value")
    column = letter(index[meaning]) if meaning in index else "?"
    cells = table.lines.block.columns[index[meaning]] if meaning in index else [""]
    shown = next((as_text(cell) for cell in cells if as_text(cell)), "")
    what = f"No line of {name!r} has an amount that can be read: column {column} holds {shown!r}."
    where = f"{name}, column {column}, from row {table.lines.block.first_row}"
    return PortfolioError(what, where=where, mend="name the right column with --column market_value=LETTER")


def _without_ending(name: str) -> str:
    return ENDING.sub("", name) or name


def _without_repeated_tables(found: Sequence[TablePositions]) -> tuple[list[TablePositions], list[TablePositions]]:
    """Leave out a sheet all of whose lines stand in another one, and a summary of the other tables."""
    if len(found) < 2:
        return list(found), []
    lines = [_line_keys(table) for table in found]
    for number, table in enumerate(found):
        others = [n for n in range(len(found)) if found[n].lines.block.sheet != table.lines.block.sheet]
        inside = any(lines[number] < lines[n] or (lines[number] == lines[n] and n < number) for n in others)
        if inside and len(lines[number]) > 1:
            table.left_out = "repeats lines of another sheet"
    for table in found:
        rest = [other for other in found if other is not table and not other.left_out]
        if not table.left_out and rest and _is_summary(table, rest):
            table.left_out = "adds up to what the other tables hold: a summary"
    return [table for table in found if not table.left_out], [table for table in found if table.left_out]


def _is_summary(table: TablePositions, others: Sequence[TablePositions]) -> bool:
    """Whether a table without codes has the total of the others, which have codes."""
    if table.lines.layout.has(*IDENTITY):
        return False
    if not all(other.lines.layout.has(*IDENTITY, "asset_class") for other in others):
        return False
    total = sum(other.total for other in others)
    return total != 0 and abs(table.total - total) <= SAME_TOTAL * abs(total)


def _line_keys(table: TablePositions) -> set[tuple[object, ...]]:
    columns = table.columns
    keys = (columns["isin"], columns["ticker"], columns["name_as_written"], columns["market_value"], columns["weight"])
    return set(zip(*keys, strict=True))
