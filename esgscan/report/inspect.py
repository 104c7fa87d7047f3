"""How a portfolio file was read, for `esgscan inspect`: everything that was guessed, and what was left out."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeAlias

from esgscan.report.wording import count, percent, plain

if TYPE_CHECKING:
    from esgscan.records import Audit, ColumnReading, Inspection, Reading, SheetReading, SkippedLine, StatedTotal
    from esgscan.report.page import Page

    Read: TypeAlias = Inspection | Reading

SCHEMA_VERSION = "1"
SHEET_FIELDS = ("sheet", "header_row", "decimal", "dates", "positions", "hidden_rows", "hidden_columns")
MOST_SKIPPED = 20


def render_audit(reading: Read, *, width: int = 80, color: bool = False) -> str:
    """Render how a file was read, as text for a terminal of `width` cells."""
    from esgscan.report.page import Page

    page = Page(width=width, color=color)
    _write_file(page, reading)
    for sheet in reading.audit.sheets:
        _write_sheet(page, sheet)
    _write_portfolios(page, reading)
    _write_stated_totals(page, reading.audit)
    _write_skipped(page, reading.audit.skipped)
    _write_findings(page, reading)
    return page.text()


def render_audit_json(reading: Read) -> str:
    """Render how a file was read, as JSON; missing values are null. Schema: docs/schema/inspect-1.json."""
    audit = reading.audit
    columns = [{"sheet": sheet.sheet, **asdict(column)} for sheet in audit.sheets for column in sheet.columns]
    document = {
        "schema_version": SCHEMA_VERSION,
        "name": reading.name,
        "file_name": audit.file_name,
        "file_format": audit.file_format or None,
        "kind": audit.kind,
        "encoding": audit.encoding or None,
        "delimiter": audit.delimiter or None,
        "sha256": reading.sha256 or None,
        "currency": reading.currency or None,
        "as_of": audit.as_of.isoformat() if audit.as_of else None,
        "layouts": [asdict(one) for one in audit.layouts],
        "portfolios": [asdict(portfolio) for portfolio in audit.portfolios],
        "sheets": [{name: getattr(sheet, name) for name in SHEET_FIELDS} for sheet in audit.sheets],
        "sheets_ignored": list(audit.sheets_ignored),
        "columns": columns,
        "stated_totals": [asdict(stated) for stated in audit.stated_totals],
        "skipped": [asdict(line) for line in audit.skipped],
        "findings": [asdict(finding) for finding in reading.findings],
    }
    return f"{json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)}\n"


def _write_file(page: Page, reading: Read) -> None:
    audit = reading.audit
    page.title(f"{plain(audit.file_name)}: {plain(reading.name)}")
    delimiter = {"\t": "tab", "": ""}.get(audit.delimiter, f"'{audit.delimiter}'")
    facts = {"format": audit.file_format, "kind": audit.kind, "encoding": audit.encoding, "delimiter": delimiter}
    facts |= {"layout": "; ".join(one.title for one in audit.layouts), "as of": str(audit.as_of or "")}
    facts |= {"currency": reading.currency, "ignored": ", ".join(audit.sheets_ignored), "sha256": reading.sha256}
    for name, value in facts.items():
        if value:
            page.line(value, lead=f"{name:<11}", indent=2)


def _write_sheet(page: Page, sheet: SheetReading) -> None:
    where = f"sheet '{plain(sheet.sheet)}'" if sheet.sheet else "the table"
    page.heading(f"{where.upper() if not sheet.sheet else where}: {count(sheet.positions, 'position')}")
    marks = [f"decimal mark '{sheet.decimal}'"] if sheet.decimal else []
    marks += [f"dates {sheet.dates}"] if sheet.dates else []
    page.line(", ".join([f"header in row {sheet.header_row}", *marks]), indent=2)
    cells = [(one.letter, one.header, one.meaning or "not used", _because(one)) for one in sheet.columns]
    page.table(["Column", "Header", "Read as", "Because"], cells, texts=4)


def _because(column: ColumnReading) -> str:
    return f"{column.why}; {column.format}" if column.format and column.format != "numbers" else column.why


def _write_portfolios(page: Page, read: Read) -> None:
    page.heading("POSITIONS")
    if not read.audit.portfolios:
        page.line("No position was found.")
    for one in read.audit.portfolios:
        totals = [f"{currency} {value:,.2f}".strip() for currency, value in one.total.items()]
        weight = f"stated weights add to {percent(one.total_weight)}" if one.total_weight is not None else ""
        cash = f"{one.cash_lines} of cash" if one.cash_lines else ""
        facts = ", ".join(filter(None, [count(one.positions, "position"), cash, *totals, weight]))
        page.line(facts, lead=f"{plain(one.name)}: ")


def _write_stated_totals(page: Page, audit: Audit) -> None:
    if audit.stated_totals:
        page.heading("TOTALS THE FILE PRINTS")
    for stated in audit.stated_totals:
        page.line(f"{plain(stated.where)}: {_compared(stated)}", lead="- ")


def _compared(stated: StatedTotal) -> str:
    values = (stated.stated, stated.computed, stated.computed - stated.stated)
    if stated.of == "weight":
        printed, computed, difference = map(percent, values)
    else:
        printed, computed, difference = (f"{value:,.2f}" for value in values)
        printed, computed = (f"{stated.currency} {value}".strip() for value in (printed, computed))
    if printed == computed:
        return f"{printed}, as the lines add up"
    return f"{printed}, but the lines add up to {computed} (difference {difference})"


def _write_skipped(page: Page, skipped: tuple[SkippedLine, ...]) -> None:
    if skipped:
        page.heading(f"NOT READ AS POSITIONS: {count(len(skipped), 'line')}")
    for line in skipped[:MOST_SKIPPED]:
        sheet = f"sheet '{plain(line.sheet)}', " if line.sheet else ""
        page.line(f"{plain(line.why)}: {plain(line.text)}", lead=f"- {sheet}row {line.row}: ")
    if len(skipped) > MOST_SKIPPED:
        page.line(f"{count(len(skipped) - MOST_SKIPPED, 'line')}; --format json lists all", lead="and ")


def _write_findings(page: Page, reading: Read) -> None:
    if reading.findings:
        page.heading("FINDINGS")
    for finding in reading.findings:
        page.line(plain(finding.what), lead=f"{finding.severity}: ")
        page.line(plain(finding.where), lead="where: ", indent=2)
        if finding.mend:
            page.line(plain(finding.mend), lead="mend:  ", indent=2)
