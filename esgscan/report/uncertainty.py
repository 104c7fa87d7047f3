"""What the terminal says about the part of a portfolio that we cannot speak about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.report.rows import Row, rows, total
from esgscan.report.wording import count, percent, percent_column, place, plain
from esgscan.terms import Component, Kind, Outcome, Reason

if TYPE_CHECKING:
    from esgscan.records import Scan
    from esgscan.report.page import Page

COMMON = frozenset({None, Kind.EQUITY, Kind.UNKNOWN})
"""Kinds that need no word beside a name."""


COMPONENTS = {
    Component.PROVEN: "Proven",
    Component.NOT_PROVEN: "Probable, on old holdings, or rounded",
    Component.ROUNDING: "Rounding of published weights",
}


def write_coverage(page: Page, scan: Scan) -> None:
    """Write where the whole portfolio ended; the weights add to 100%."""
    coverage = rows(scan.tables["coverage_rows"])
    page.heading("COVERAGE")
    amounts = [row["market_value"] for row in coverage]
    has_money = scan.portfolio.market_value is not None
    weights = [*percent_column([row["weight"] for row in coverage]), "100%"]
    values = [f"{amount:,.2f}" if amount is not None else "" for amount in [*amounts, total(amounts)]]
    labels = [*(outcome_label(row) for row in coverage), "Whole portfolio"]
    positions = [*(f"{row['positions']:,}" for row in coverage), f"{scan.portfolio.positions:,}"]
    columns = [labels, positions, weights] + ([values] if has_money else [])
    headers = ["Outcome", "Positions", "Weight"] + ([scan.portfolio.currency or "Value"] if has_money else [])
    page.table(headers, list(zip(*columns, strict=True)))
    page.line(f"{percent(scan.coverage.looked_through)} of the portfolio lies in funds that were opened.")
    if sum(row["positions"] or 0 for row in coverage) > scan.portfolio.positions:
        page.line("A position counts in each line that a part of it ends in.")


def write_ceiling(page: Page, scan: Scan) -> None:
    """Write what the ceiling is made of, and the one step that would narrow it most."""
    made_of = ceiling_rows(scan)
    if not made_of:
        return
    page.heading("WHAT THE CEILING IS MADE OF")
    page.table(["Part", "Weight", "At worst", "Adds"], made_of)
    page.line(largest_step(scan), lead="Narrows it most: ")


def ceiling_rows(scan: Scan) -> list[tuple[str, str, str, str]]:
    """Give what the ceiling is made of: part, weight, worst case, addition; none if nothing lies above the weight."""
    parts = [row for row in rows(scan.tables["interval"]) if row["issuer_id"] is None]
    if not any(row["component"] == Component.POSSIBLE for row in parts):
        return []
    table = [(_component(r), percent(r["weight"]), percent(r["worst_case"]), percent(r["adds"])) for r in parts]
    return [*table, ("Ceiling", "", "", percent(scan.ceiling))]


def largest_step(scan: Scan) -> str:
    """Say what would narrow the interval most; nothing if it cannot be narrowed."""
    steps = rows(scan.tables["steps"])
    if not steps:
        return ""
    most = steps[0]
    part = f"{percent(most['weight'])} of the portfolio"
    return f"{plain(most['action'])}: {part}, of which {percent(most['adds_to_ceiling'])} could be flagged"


def _component(row: Row) -> str:
    """Name a component of the ceiling for a reader."""
    if row["component"] != Component.POSSIBLE:
        return COMPONENTS[row["component"]]
    region = f" ({row['region']})" if row["region"] else ""
    return f"{row['reason'][:1].upper()}{row['reason'][1:]}{region}"


def outcome_label(row: Row) -> str:
    """Name an outcome for a reader."""
    if row["outcome"] == Outcome.UNCOVERED:
        return f"Uncovered: {row['reason']}"
    return "Reaches a flagged company" if row["outcome"] == Outcome.FLAGGED else "Screened and clear"


def write_review(page: Page, scan: Scan) -> None:
    """Write the lines whose identity a person should settle."""
    review = rows(scan.tables["review"])
    if review:
        page.heading("TO REVIEW (never counted as weight)")
    for row in review:
        company = f" {plain(row['issuer'])}?" if row["issuer"] else ""
        weight = f", {percent(row['weight'])}" if row["weight"] is not None else ""
        kind = f"{row['kind'].replace('-', ' ')}, " if row["kind"] not in COMMON else ""
        at = f"{kind}{place(row)}{weight}"
        page.line(f"{plain(row['name_as_written'])} ({at}): {row['confidence']}{company}", lead="- ")
        page.line(plain(row["evidence"]), indent=2)
        if row["mend"]:
            page.line(plain(row["mend"]), lead="mend: ", indent=2)
    if review:
        page.line(
            "To settle them by an answer of yours: --write-review review.csv, fill it in, --decisions review.csv."
        )


def write_decisions(page: Page, scan: Scan) -> None:
    """Write the lines whose identity a person settled, and what they would be without that."""
    decided = rows(scan.tables["decisions"])
    if decided:
        page.heading("DECIDED BY A PERSON")
    for row in decided:
        company = f"is {plain(row['issuer'])}" if row["issuer"] else "is no company of the watchlist"
        weight = f", {percent(row['weight'])}" if row["weight"] is not None else ""
        page.line(f"{plain(row['name_as_written'])} ({place(row)}{weight}): {company}", lead="- ")
        page.line(f"{plain(row['evidence'])} ({plain(row['where'])})", indent=2)


def summary_of_clear(scan: Scan) -> str:
    """Say plainly what was screened and what was not, for a portfolio without exposure."""
    lost = int((scan.tables["uncovered"]["reason"] == str(Reason.NO_VALUE)).sum())
    if lost:
        lines = count(lost, "line has", "lines have")
        return f"No flagged company found, but {lines} no value, so that nothing can be said of the whole."
    if not scan.coverage.uncovered:
        return "No flagged company found: the whole portfolio could be screened."
    return (
        f"No flagged company found in the {percent(scan.coverage.screened)} that could be screened; "
        f"{percent(scan.coverage.uncovered)} could not be opened or identified."
    )
