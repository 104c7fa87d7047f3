"""What the terminal says about the part of a portfolio that we cannot speak about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from esgscan.report.rows import Row, route_names, rows, total
from esgscan.report.wording import count, percent, percent_column, place, plain
from esgscan.terms import Outcome, Reason

if TYPE_CHECKING:
    from esgscan.records import Scan
    from esgscan.report.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing a reader can do, and how much of the ceiling it would settle."""

    subject: str
    mend: str
    adds_to_ceiling: float


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
    """Write what lies between the weight and the ceiling, and the one step that would narrow it most."""
    made_of = ceiling_rows(scan)
    if not made_of:
        return
    page.heading("WHAT THE CEILING IS MADE OF")
    page.table(["Part", "Weight", "At worst", "Adds"], made_of)
    step = largest_step([row for row in rows(scan.tables["uncovered"]) if row["adds_to_ceiling"]])
    settles = f"settles up to {percent(step.adds_to_ceiling)} of the portfolio"
    page.line(f"{step.subject}: {step.mend} ({settles})", lead="Narrows it most: ")


def ceiling_rows(scan: Scan) -> list[tuple[str, str, str, str]]:
    """Give what lies between the weight and the ceiling: part, weight, worst case, addition; none if nothing does."""
    uncovered = [row for row in rows(scan.tables["uncovered"]) if row["adds_to_ceiling"]]
    if not uncovered:
        return []
    table = [("Proven or probable", percent(scan.weight), "", percent(scan.weight))]
    table += [(*_case(group), percent(sum(row["adds_to_ceiling"] for row in group))) for group in _by_case(uncovered)]
    return [*table, ("Ceiling", "", "", percent(scan.ceiling))]


def largest_step(uncovered: list[Row]) -> Step:
    """Find the fund or line that adds most to the ceiling; the routes that end in one fund count together."""
    steps: dict[tuple[str, str], float] = {}
    for row in uncovered:
        key = (([*route_names(row)] or [row["name_as_written"] or place(row)])[-1], row["mend"] or "")
        steps[key] = steps.get(key, 0.0) + row["adds_to_ceiling"]
    (subject, mend), adds = max(steps.items(), key=lambda item: (item[1], item[0]))
    return Step(subject=plain(subject), mend=plain(mend), adds_to_ceiling=adds)


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
        page.line(f"{plain(row['name_as_written'])} ({place(row)}{weight}): {row['confidence']}{company}", lead="- ")
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


def _by_case(uncovered: list[Row]) -> list[list[Row]]:
    """Group by reason, region and worst case, the largest addition first."""
    groups: dict[tuple[str, str, float], list[Row]] = {}
    for row in uncovered:
        groups.setdefault((row["reason"], row["region"] or "", row["worst_case"]), []).append(row)
    return [
        groups[key] for key in sorted(groups, key=lambda key: (-sum(r["adds_to_ceiling"] for r in groups[key]), key))
    ]


def _case(group: list[Row]) -> tuple[str, str, str]:
    first = group[0]
    region = f" ({first['region']})" if first["region"] else ""
    routes = f", {count(len(group), 'route')}" if len(group) > 1 else ""
    return (
        f"{first['reason'][:1].upper()}{first['reason'][1:]}{region}{routes}",
        percent(sum(row["weight"] for row in group)),
        percent(first["worst_case"]),
    )
