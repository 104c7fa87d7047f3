"""How a portfolio file was read, for `esgscan inspect`: everything that was guessed, and what was left out."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from esgscan.report.page import Page
from esgscan.report.rows import Row, rows, total
from esgscan.report.wording import count, percent, plain
from esgscan.terms import Kind

if TYPE_CHECKING:
    from esgscan.records import Audit, Reading, SheetReading, SkippedLine, StatedTotal

MOST_SKIPPED = 20
CASH = frozenset({Kind.CASH, Kind.MONEY_MARKET})


def render_audit(reading: Reading, *, width: int = 80, color: bool = False) -> str:
    """Render how a file was read, as text for a terminal of `width` cells."""
    page = Page(width=width, color=color)
    _write_file(page, reading)
    for sheet in reading.audit.sheets:
        _write_sheet(page, sheet)
    _write_portfolios(page, reading)
    _write_stated_totals(page, reading.audit)
    _write_skipped(page, reading.audit.skipped)
    _write_findings(page, reading)
    return page.text()


def render_audit_json(reading: Reading) -> str:
    """Render how a file was read, as JSON; missing values are null."""
    audit = reading.audit
    columns = [{"sheet": sheet.sheet, **asdict(column)} for sheet in audit.sheets for column in sheet.columns]
    document = {
        "name": reading.name,
        "file_name": audit.file_name,
        "file_format": audit.file_format,
        "kind": audit.kind,
        "encoding": audit.encoding or None,
        "delimiter": audit.delimiter or None,
        "sha256": reading.sha256,
        "currency": reading.currency or None,
        "as_of": audit.as_of.isoformat() if audit.as_of else None,
        "layouts": [asdict(one) for one in audit.layouts],
        "portfolios": portfolios(reading),
        "sheets": [
            {name: getattr(sheet, name) for name in ("sheet", "header_row", "decimal", "positions")}
            for sheet in audit.sheets
        ],
        "sheets_ignored": list(audit.sheets_ignored),
        "columns": columns,
        "stated_totals": [asdict(stated) for stated in audit.stated_totals],
        "skipped": [asdict(line) for line in audit.skipped],
        "findings": [asdict(finding) for finding in reading.findings],
    }
    return f"{json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)}\n"


def portfolios(reading: Reading) -> list[dict[str, Any]]:
    """Count and add up the positions of each portfolio of the file, in the order of the file.

    Returns:
        One record per portfolio: name, positions, cash lines among them, and totals by currency; the currency is
        empty where the file states none. `stated_total` is the total that the file prints, if it holds one portfolio
        and prints one.
    """
    groups: dict[str, list[Row]] = {}
    for row in rows(reading.table):
        groups.setdefault(row["portfolio"] or reading.name, []).append(row)
    stated = [one.stated for one in reading.audit.stated_totals]
    stated_total = stated[-1] if stated and len(groups) == 1 else None
    return [{"name": name, **_summary(lines), "stated_total": stated_total} for name, lines in groups.items()]


def _summary(lines: list[Row]) -> dict[str, Any]:
    by_currency: dict[str, list[float | None]] = {}
    for row in lines:
        if row["market_value"] is not None:
            by_currency.setdefault(row["currency"] or "", []).append(row["market_value"])
    weights: list[float | None] = [row["weight"] for row in lines if row["weight"] is not None]
    return {
        "positions": len(lines),
        "cash_lines": sum(row["kind"] in CASH for row in lines),
        "total": {currency: total(values) for currency, values in sorted(by_currency.items())},
        "total_weight": total(weights) if weights else None,
    }


def _write_file(page: Page, reading: Reading) -> None:
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
    page.line(f"header in row {sheet.header_row}, decimal mark '{sheet.decimal}'", indent=2)
    cells = [(one.letter, one.header, one.meaning or "not used", one.why) for one in sheet.columns]
    page.table(["Column", "Header", "Read as", "Because"], cells, texts=4)


def _write_portfolios(page: Page, reading: Reading) -> None:
    found = portfolios(reading)
    page.heading("POSITIONS")
    if not found:
        page.line("No position was found.")
    for one in found:
        totals = [f"{currency} {value:,.2f}".strip() for currency, value in one["total"].items()]
        weight = f"stated weights add to {percent(one['total_weight'])}" if one["total_weight"] is not None else ""
        cash = f"{one['cash_lines']} of cash" if one["cash_lines"] else ""
        facts = ", ".join(filter(None, [count(one["positions"], "position"), cash, *totals, weight]))
        page.line(facts, lead=f"{plain(one['name'])}: ")


def _write_stated_totals(page: Page, audit: Audit) -> None:
    if audit.stated_totals:
        page.heading("TOTALS THE FILE PRINTS")
    for stated in audit.stated_totals:
        page.line(f"{plain(stated.where)}: {_compared(stated)}", lead="- ")


def _compared(stated: StatedTotal) -> str:
    printed, computed = (f"{stated.currency} {value:,.2f}".strip() for value in (stated.stated, stated.computed))
    if printed == computed:
        return f"{printed}, as the lines add up"
    return f"{printed}, but the lines add up to {computed} (difference {stated.computed - stated.stated:,.2f})"


def _write_skipped(page: Page, skipped: tuple[SkippedLine, ...]) -> None:
    if skipped:
        page.heading(f"NOT READ AS POSITIONS: {count(len(skipped), 'line')}")
    for line in skipped[:MOST_SKIPPED]:
        sheet = f"sheet '{plain(line.sheet)}', " if line.sheet else ""
        page.line(f"{plain(line.why)}: {plain(line.text)}", lead=f"- {sheet}row {line.row}: ")
    if len(skipped) > MOST_SKIPPED:
        page.line(f"{count(len(skipped) - MOST_SKIPPED, 'line')}; --format json lists all", lead="and ")


def _write_findings(page: Page, reading: Reading) -> None:
    if reading.findings:
        page.heading("FINDINGS")
    for finding in reading.findings:
        page.line(plain(finding.what), lead=f"{finding.severity}: ")
        page.line(plain(finding.where), lead="where: ", indent=2)
        if finding.mend:
            page.line(plain(finding.mend), lead="mend:  ", indent=2)
