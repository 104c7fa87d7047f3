"""A comparison of two scans: for a terminal, and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from esgscan.report.json import run_document
from esgscan.report.page import Page
from esgscan.report.wording import DISCLAIMER, count, percent, plain
from esgscan.terms import Cause

if TYPE_CHECKING:
    from esgscan.comparing import Comparison, IssuerChange
    from esgscan.records import Scan

SCHEMA_VERSION = "1"
MOST_ISSUERS = 20
MEANINGS = {
    Cause.TRADING: "other quantities, at the prices of before",
    Cause.PRICE: "other prices, with the quantities of afterwards",
    Cause.FUND_DRIFT: "other holdings inside funds",
    Cause.LISTS: "companies that came onto or left the lists",
    Cause.COVERAGE: "lines and funds that could be opened or valued in one scan only",
    Cause.IDENTITY: "lines that were taken for something else",
}


def render_comparison(comparison: Comparison, *, width: int, color: bool) -> str:
    """Render a comparison as text for a terminal."""
    page, whole = Page(width=width, color=color), comparison.whole
    page.title(f"{_day(comparison.before)} to {_day(comparison.after)}")
    change = whole.after - whole.before
    page.line(f"{percent(whole.before)} to {percent(whole.after)} of the portfolio, a change of {_signed(change)}")
    page.blank()
    parts = [(f"{cause}: {MEANINGS[cause]}", _signed(whole.parts[cause])) for cause in Cause]
    page.table(["Part of the change", "Weight"], [*parts, ("Whole change", _signed(change))])
    moved = [one for one in comparison.issuers if one.after != one.before]
    if moved:
        page.heading("BY COMPANY")
    for one in moved[:MOST_ISSUERS]:
        page.line(f"{percent(one.before)} to {percent(one.after)}: {_parts(one)}", lead=f"{plain(one.name)}  ")
    if len(moved) > MOST_ISSUERS:
        page.line(f"and {count(len(moved) - MOST_ISSUERS, 'more company', 'more companies')} in --format json")
    page.blank()
    for remark in remarks(comparison):
        page.line(remark)
    page.line(DISCLAIMER)
    return page.text()


def render_comparison_json(comparison: Comparison) -> str:
    """Render a comparison as JSON; the parts of each change add to it."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "before": _side(comparison.before),
        "after": _side(comparison.after),
        "whole": _change(comparison.whole),
        "issuers": [{"issuer_id": one.issuer_id, "name": one.name, **_change(one)} for one in comparison.issuers],
        "remarks": remarks(comparison),
    }
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n"


def remarks(comparison: Comparison) -> list[str]:
    """Say what a reader must know of how the parts were told apart."""
    said = []
    if comparison.without_quantity:
        lines = count(len(comparison.without_quantity), "security has", "securities have")
        said.append(f"{lines} no quantity in one of the scans; a change of their value counts as trading.")
    editions = [one.run.edition for one in (comparison.before, comparison.after)]
    if editions[0] != editions[1]:
        said.append(f"The scans rest on two editions of the reference data: {editions[0]} and {editions[1]}.")
    currencies = [one.portfolio.currency for one in (comparison.before, comparison.after)]
    if currencies[0] != currencies[1]:
        said.append(f"The scans are in two currencies, {currencies[0]} and {currencies[1]}: rates count as prices.")
    return said


def _day(scan: Scan) -> str:
    return f"{plain(scan.portfolio.name)}, as of {scan.as_of}"


def _side(scan: Scan) -> dict[str, Any]:
    run = run_document(scan.run)
    dated = {"name": scan.portfolio.name, "as_of": scan.as_of.isoformat()}
    return {**dated, "edition": run["edition"], "inputs": run["inputs"]}


def _change(one: IssuerChange) -> dict[str, Any]:
    parts = {cause.value.replace(" ", "_"): one.parts[cause] for cause in Cause}
    return {"before": one.before, "after": one.after, "change": one.after - one.before, "parts": parts}


def _parts(one: IssuerChange) -> str:
    return ", ".join(f"{cause} {_signed(one.parts[cause])}" for cause in Cause if one.parts[cause])


def _signed(weight: float) -> str:
    return f"+{percent(weight)}" if weight > 0 else percent(weight)
