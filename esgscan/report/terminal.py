"""The report a terminal shows: short enough to read, and every shortening said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esgscan.report.citations import Citations
from esgscan.report.dossier import FULL_REPORT, Dossiers, dossiers, write_brief, write_dossier
from esgscan.report.headline import Headline, headline
from esgscan.report.law import write_legal_calendar
from esgscan.report.page import Page
from esgscan.report.rows import Row, rows, rows_by
from esgscan.report.uncertainty import (
    summary_of_clear,
    write_ceiling,
    write_coverage,
    write_decisions,
    write_review,
)
from esgscan.report.wording import DISCLAIMER, count, exposed, money, percent, plain, size

if TYPE_CHECKING:
    from esgscan.records import Scan

MOST_DOSSIERS = 4
"""Companies held through funds only that are told at length."""
MOST_FINDINGS = 20
DEFAULT = "Default"
SEVERITY_STYLES = {"error": "red", "warning": "yellow", "info": ""}


def render_terminal(scan: Scan, *, width: int = 80, color: bool) -> str:
    """Render a scan as text for a terminal.

    Args:
        scan: The result of a run.
        width: Width in cells; no line is wider, and a page narrower than 40 is made 40 wide.
        color: Whether to write styles; False for a pipe or a file.

    Returns:
        The text, ending in a line feed; the same scan gives the same text.
    """
    page, cited = Page(width=width, color=color), Citations()
    _write_title(page, scan)
    _write_headline(page, scan, headline(scan))
    _write_issuers(page, scan)
    known = dossiers(scan)
    _write_companies(page, rows(scan.tables["exposures"]), known, cited)
    write_legal_calendar(page, rows(scan.tables["legal_calendar"]), cited)
    write_coverage(page, scan)
    write_ceiling(page, scan)
    write_review(page, scan)
    write_decisions(page, scan)
    _write_absences(page, scan, cited)
    _write_policy(page, scan)
    _write_findings(page, scan)
    cited.write(page, rows(scan.tables["sources"]), elsewhere=FULL_REPORT)
    page.blank()
    page.line(_editions(scan))
    page.line(f"{DISCLAIMER} esgscan {scan.run.version}, reference data {scan.run.edition}.")
    return page.text()


def _write_title(page: Page, scan: Scan) -> None:
    portfolio = scan.portfolio
    known = f", as known on {scan.known_on}" if scan.known_on not in {None, scan.as_of} else ""
    page.title(f"{plain(portfolio.name)}, as of {scan.as_of}{known}")
    parts = [size(portfolio), count(portfolio.positions, "position")]
    page.line(", ".join(filter(None, [*parts, f"reference data {scan.run.edition}"])))


def _write_headline(page: Page, scan: Scan, figures: Headline) -> None:
    page.blank()
    interval = f"floor {percent(figures.floor)} (proven) .. ceiling {percent(figures.ceiling)} (possible at most)"
    if not figures.issuers:
        page.line(summary_of_clear(scan), style="bold")
        page.line(interval)
        return
    companies = count(figures.issuers, "flagged company", "flagged companies")
    page.line(f"{percent(figures.reached)} of the portfolio reaches {companies}", style="bold red")
    page.line(interval)
    page.line(_parts(figures, scan.portfolio.currency))
    _write_counted(page, scan)
    if figures.short:
        page.line(f"Long {percent(figures.long)}, short {percent(figures.short)}, net {percent(figures.weight)}.")


def _write_counted(page: Page, scan: Scan) -> None:
    """Say what of it counts by the policy, where not all does, and name what is only reported."""
    only_reported = [plain(row["name"]) for row in rows(scan.tables["exposures"]) if row["counts"] is False]
    if only_reported:
        page.line(f"By the policy '{_policy_name(scan)}' {percent(scan.counted)} counts; only reported:")
        page.line("; ".join(only_reported), indent=2)


def _policy_name(scan: Scan) -> str:
    return next((plain(row["value"]) for row in rows(scan.tables["policy"]) if row["setting"] == "name"), "")


def _write_policy(page: Page, scan: Scan) -> None:
    """Write the policy of the run, and the companies of each tier."""
    if _policy_name(scan) == DEFAULT:
        page.blank()
        page.line("Policy: Default. Every programme and every tag counts; --policy FILE sets another.")
        return
    page.heading("POLICY")
    for row in rows(scan.tables["policy"]):
        page.line(plain(row["value"]), lead=f"{row['setting']}: ")
    for tier, of_tier in rows_by(scan.tables["exposures"], "tier").items():
        page.line("; ".join(plain(row["name"]) for row in of_tier), lead=f"{tier}: ", indent=2)


def _parts(figures: Headline, currency: str) -> str:
    """Say how much is held directly and how much through funds, in money where it is known."""
    if figures.market_value is None:
        return f"Of this {percent(figures.direct)} is held directly and {percent(figures.indirect)} through funds."
    return (
        f"That is {money(figures.market_value, currency)}: "
        f"{money(figures.direct_value, currency)} ({percent(figures.direct)}) held directly and "
        f"{money(figures.indirect_value, currency)} ({percent(figures.indirect)}) through funds."
    )


def _write_issuers(page: Page, scan: Scan) -> None:
    columns = ("weight", "direct", "indirect", "ceiling")
    table = [(row["name"], *(exposed(row, name) for name in columns)) for row in rows(scan.tables["exposures"])]
    if table:
        page.blank()
        page.table(["Flagged company", "Weight", "Direct", "Funds", "Ceiling"], table)


def _write_companies(page: Page, exposures: list[Row], known: Dossiers, cited: Citations) -> None:
    """Write a dossier of each company held directly and of the largest others, and a brief entry of the rest."""
    whole = [row for n, row in enumerate(exposures) if (n < MOST_DOSSIERS or row["direct"]) and not row["is_brief"]]
    for exposure in whole:
        write_dossier(page, exposure, known, cited)
    brief = [row for row in exposures if row not in whole]
    if brief:
        page.heading(f"{count(len(brief), 'MORE COMPANY', 'MORE COMPANIES')}, EACH IN FULL IN {FULL_REPORT}")
    for exposure in brief:
        write_brief(page, exposure, known, cited)


def _editions(scan: Scan) -> str:
    """Say which lists of holdings were used, and that words on programmes are of the edition where that is so."""
    used = rows(scan.tables["editions"])
    days = [row["dated"] for row in used if row["kind"] == "holdings"]
    lists = f"{count(len(days), 'list')} of holdings used, dated {min(days)} to {max(days)}." if days else ""
    later = any(row["note"] for row in used if row["kind"] == "programme text")
    words = "What programmes do is told in the words of the edition." if later else ""
    return " ".join(filter(None, [lists, words]))


def _write_absences(page: Page, scan: Scan, cited: Citations) -> None:
    """Write list by list which companies it does not have, those that left for one reason together."""
    absences = rows(scan.tables["absences"])
    if absences:
        page.heading("EXPECTED, AND NOT THERE")
    for (fund, as_of), of_list in _alike(absences, "fund", "as_of").items():
        page.line(f"{plain(fund)}, list of {as_of}, does not have", lead="- ")
        for group in _alike(of_list, "announced_by", "announced_on", "left_on", "source_numbers").values():
            companies = "; ".join(plain(row["issuer"]) for row in group)
            page.line(f"{companies}: {_why(group)}{cited.mark(group[0])}", indent=2)


def _why(group: list[Row]) -> str:
    """Say in one clause what is on record of an absence."""
    row = group[0]
    last = max((row["held_on"] for row in group if row["held_on"]), default=None)
    seen = f"last seen in the list of {last}" if last else ""
    if not row["announced_by"]:
        return seen or plain(row["text"])
    announced = f", announced {row['announced_on']}" if row["announced_on"] else ""
    effective = f", effective {row['left_on']}" if row["left_on"] else ""
    said = f"deleted by {plain(row['announced_by'])}{announced}{effective}"
    return f"{said}; {seen}" if seen else said


def _alike(absences: list[Row], *names: str) -> dict[tuple[Any, ...], list[Row]]:
    """Put the absences together that agree in some columns."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in absences:
        groups.setdefault(tuple(row[name] for name in names), []).append(row)
    return groups


def _write_findings(page: Page, scan: Scan) -> None:
    findings = rows(scan.tables["findings"])
    if findings:
        page.heading("FINDINGS")
    for row in findings[:MOST_FINDINGS]:
        page.line(plain(row["what"]), lead=f"{row['severity']}: ", style=SEVERITY_STYLES.get(row["severity"], ""))
        page.line(plain(row["where"]), lead="where: ", indent=2)
        if row["mend"]:
            page.line(plain(row["mend"]), lead="mend:  ", indent=2)
    if len(findings) > MOST_FINDINGS:
        page.line(f"{count(len(findings) - MOST_FINDINGS, 'finding')} in {FULL_REPORT}", lead="and ")
