"""What the terminal says about one flagged company: tags, measures, routes and notes, each with its sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from esgscan.report.owners import owner_text
from esgscan.report.rows import Row, all_sources, route_names, rows_by
from esgscan.report.wording import (
    BASES,
    STATUS_HEADINGS,
    THEMES,
    age,
    count,
    date_of,
    measure_dates,
    measure_kind,
    measure_scope,
    money,
    percent,
    place,
    plain,
    subject,
)
from esgscan.terms import Confidence, Covered, MatchedBy, Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esgscan.records import Scan
    from esgscan.report.citations import Citations
    from esgscan.report.page import Page

MOST_NOTES = 8
MOST_CONTEXT = 3
MOST_ROUTES = 8
CONTEXT = "context"
TOLD = (MatchedBy.REPAIRED_CODE, MatchedBy.DECISION)
"""Ways to match that are told although they confirm."""
FULL_REPORT = "-o report.json or -o report.xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossiers:
    """The tables of a scan, grouped by issuer."""

    tags: Mapping[str, list[Row]]
    flags: Mapping[str, list[Row]]
    paths: Mapping[str, list[Row]]
    owners: Mapping[str, list[Row]]
    notes: Mapping[str, list[Row]]
    relationships: Mapping[str, list[Row]]
    index_events: Mapping[str, list[Row]]
    currency: str


def dossiers(scan: Scan) -> Dossiers:
    """Group what a scan knows by issuer."""
    names = ("tags", "flags", "paths", "owners", "notes", "relationships", "index_events")
    groups = {name: rows_by(scan.tables[name], "issuer_id") for name in names}
    return Dossiers(**groups, currency=scan.portfolio.currency)


def write_dossier(page: Page, exposure: Row, known: Dossiers, cited: Citations) -> None:
    """Write everything about one company, shortened where it is long, and say what was left out."""
    issuer_id = exposure["issuer_id"]
    page.heading(" ".join(filter(None, [plain(exposure["name"]), plain(exposure["name_zh"])])))
    worth = money(exposure["market_value"], known.currency)
    page.line(f"{percent(exposure['weight'])} of the portfolio" + (f", {worth}" if worth else ""), indent=2)
    write_tags(page, known.tags.get(issuer_id, []), cited)
    write_measures(page, known.flags.get(issuer_id, []), cited)
    if issuer_id not in known.flags:
        page.line("No list names the company.", indent=2)
    write_owners(page, known.owners.get(issuer_id, []), cited, elsewhere=FULL_REPORT)
    _write_routes(page, known.paths.get(issuer_id, []), cited)
    notes = known.notes.get(issuer_id, [])
    _write_notes(page, "Notes", [row for row in notes if row["about"] != CONTEXT], cited, most=MOST_NOTES)
    about_others = "Context (about governments and countries, not about the company)"
    _write_notes(page, about_others, [row for row in notes if row["about"] == CONTEXT], cited, most=MOST_CONTEXT)
    _write_left_out(page, len(known.relationships.get(issuer_id, [])), len(known.index_events.get(issuer_id, [])))


def write_brief(page: Page, exposure: Row, known: Dossiers, cited: Citations) -> None:
    """Write one company in a few lines: weight, risk tags, and the programmes by status."""
    issuer_id = exposure["issuer_id"]
    page.line(f"{plain(exposure['name'])} ({issuer_id})", indent=2, style="bold")
    tags: dict[str, list[Row]] = {}
    for row in known.tags.get(issuer_id, []):
        tags.setdefault(row["label"], []).append(row)
    cited_tags = (f"{label}{cited.mark({'source_numbers': all_sources(found)})}" for label, found in tags.items())
    page.line(", ".join(cited_tags) or "none", lead="risk tags: ", indent=4)
    flags = known.flags.get(issuer_id, [])
    for status, heading in STATUS_HEADINGS.items():
        of_status = [row for row in flags if row["status"] == status]
        names = dict.fromkeys(f"{row['programme']}{_of_whom(row)}{cited.mark(row)}" for row in of_status)
        if names:
            page.line(", ".join(names), lead=f"{heading.lower()}: ", indent=4)
    owners = [row for row in known.owners.get(issuer_id, []) if row["covered"] == Covered.YES]
    through = dict.fromkeys(f"{row['programme']} ({plain(row['owner'])}){cited.mark(row)}" for row in owners)
    if through:
        page.line(", ".join(through), lead="through its owner, no listing: ", indent=4)


def _of_whom(row: Row) -> str:
    """Say in brackets that a measure names another entity than the company, or the company beside others."""
    return "" if (row["scope"] or "issuer").startswith("issuer") else f" ({row['scope']})"


def write_tags(page: Page, tags: list[Row], cited: Citations) -> None:
    """Write the risk tags by theme, each with the basis and date of its evidence."""
    for theme, heading in THEMES.items():
        of_theme = [row for row in tags if row["theme"] == theme]
        if of_theme:
            page.line(f"Risk tags: {heading}", indent=2, style="bold")
        for label in dict.fromkeys(row["label"] for row in of_theme):
            evidence = [row for row in of_theme if row["label"] == label]
            page.line(f"{label}: " + "; ".join(_evidence(row, cited) for row in evidence), lead="- ", indent=4)


def write_measures(page: Page, flags: list[Row], cited: Citations) -> None:
    """Write the measures by status: dates, who is named, what it means to a holder."""
    for status, heading in STATUS_HEADINGS.items():
        of_status = [row for row in flags if row["status"] == status]
        if of_status:
            page.line(heading, indent=2, style="bold")
        for row in of_status:
            name = f"{row['programme']}{measure_kind(row)}"
            text = f"{name}: {measure_dates(row)}; {measure_scope(row)}{cited.mark(row)}"
            page.line(text, lead="- ", indent=4)
            if row["effect_on_investor"]:
                page.line(row["effect_on_investor"], lead="effect: ", indent=6)


def write_owners(page: Page, owners: list[Row], cited: Citations, *, elsewhere: str) -> None:
    """Write the lists that name an owner and reach, or may reach, the company; they are no listing of it."""
    if owners:
        page.line("THROUGH ITS OWNERS (NO LISTING OF THE COMPANY)", indent=2, style="bold")
    short = {row["programme_id"]: row["programme"] for row in owners}
    may_reach = [row for row in owners if row["covered"] != Covered.NO]
    reaching = sorted(may_reach, key=lambda row: row["covered"] != Covered.YES)
    for row in reaching:
        page.line(f"{owner_text(row, short)}{cited.mark(row)}", lead="- ", indent=4)
    if others := len(owners) - len(reaching):
        names = f"{count(others, 'list names', 'lists name')} an owner without reaching what it owns; see {elsewhere}."
        page.line(names, indent=4)


def _evidence(row: Row, cited: Citations) -> str:
    return f"{BASES.get(row['basis'], row['basis'])} {date_of(row, 'known_from')}{cited.mark(row)}"


def _write_routes(page: Page, paths: list[Row], cited: Citations) -> None:
    page.line("Routes", indent=2, style="bold")
    shown = paths[:MOST_ROUTES]
    width = max((len(percent(row["weight"])) for row in shown), default=0)
    for row in shown:
        lead = f"{percent(row['weight']):>{width}}  "
        page.line(f"{_route(row)}; {place(row)}{_doubt(row)}{cited.mark(row)}", lead=lead, indent=4)
    if len(paths) > len(shown):
        page.line(f"{count(len(paths) - len(shown), 'smaller route')} in {FULL_REPORT}", lead="and ", indent=4)


def _route(row: Row) -> str:
    """Say how the money goes, and that it is owed where the position is a short."""
    funds = route_names(row)
    short = "sold short, " if row["side"] == Side.SHORT else ""
    return short + _way(row, funds)


def _way(row: Row, funds: list[str]) -> str:
    return f"through {' > '.join(funds)}, {age(row)}" if funds else f"held directly as {plain(row['name_as_written'])}"


def _doubt(row: Row) -> str:
    """Give the evidence where an identity rests on more than an identifier."""
    if row["confidence"] == Confidence.CONFIRMED and row["matched_by"] not in TOLD:
        return ""
    return f"; {row['confidence']}, by {row['matched_by']}: {plain(row['evidence'])}"


def _write_notes(page: Page, heading: str, notes: list[Row], cited: Citations, *, most: int) -> None:
    """Write notes, newest first, and those of one day in the order of their ids."""
    if not notes:
        return
    page.line(heading, indent=2, style="bold")
    by_id = sorted(notes, key=lambda row: str(row["note_id"]))
    newest_first = sorted(by_id, key=lambda row: row["published_on"] or date.min, reverse=True)
    for row in newest_first[:most]:
        about = f"{subject(row)}: " if row["about"] == CONTEXT and row["subject"] else ""
        page.line(f"{about}{plain(row['text'])}{cited.mark(row)}", lead=f"{date_of(row, 'published_on')}  ", indent=4)
    if len(notes) > most:
        page.line(f"{count(len(notes) - most, 'more note')} in {FULL_REPORT}", lead="and ", indent=4)


def _write_left_out(page: Page, relationships: int, events: int) -> None:
    parts = [
        count(relationships, "supplier or holder", "suppliers or holders") if relationships else "",
        count(events, "index event") if events else "",
    ]
    if any(parts):
        page.line(f"Also on record: {' and '.join(filter(None, parts))}; see {FULL_REPORT}.", indent=2)
