"""One section per flagged company: what it is flagged for, how the portfolio reaches it, who said what and when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from esgscan.report.document import Beside, Block, Chart, Column, Paragraph, Section, Statement, Statements, text_table
from esgscan.report.dossier import CONTEXT
from esgscan.report.law import bars, investors_of
from esgscan.report.material import line_of, text, weight
from esgscan.report.owners import owner_text
from esgscan.report.rows import Row, all_sources, route_names
from esgscan.report.wording import (
    BASES,
    STATUS_HEADINGS,
    THEMES,
    age,
    count,
    date_of,
    exposed,
    identity,
    index_event,
    measure_dates,
    measure_kind,
    measure_scope,
    money,
    plain,
    subject,
)
from esgscan.terms import Covered

if TYPE_CHECKING:
    from esgscan.report.material import Material

COMPANY_STATEMENT = "company-statement"
NO_STATEMENT = "This edition of the reference data has no statement of the company."
MOST_ROUTES = 40
TOLD_TOGETHER = ("programme", "investors", "said", "phase", "text", "citation")
"""What measures of one programme have alike when they are told as one."""
ROUTE_COLUMNS = (
    Column(header="Weight", is_figure=True, width=1.1),
    Column(header="Route", width=4.2),
    Column(header="Position", width=1.2),
    Column(header="Identity", width=1.8),
)


def companies(material: Material) -> Section | None:
    """Write a section for every flagged company that is reached."""
    if not material.exposures:
        return None
    inside = tuple(_company(material, row) for row in material.exposures)
    about = (
        "Each statement names who made it, and the number of its source. A listing does what its law says and no "
        "more; the effect on a holder of shares stands beside it. This report makes no statement of its own about a "
        "company."
    )
    return Section(
        anchor="companies",
        title="Flagged companies",
        blocks=(Paragraph(text=about),),
        sections=inside,
        is_new_page=True,
    )


def _company(material: Material, exposure: Row) -> Section:
    issuer_id, known = exposure["issuer_id"], material.known
    blocks: list[Block] = [
        Paragraph(text=_weights(material, exposure), is_lead=True),
        *_tags(material, known.tags.get(issuer_id, [])),
        *_measures(material, known.flags.get(issuer_id, [])),
        *owner_statements(material, issuer_id),
        *_timeline(material, exposure),
        *legal_calendar(material, issuer_id),
        *_routes(material, known.paths.get(issuer_id, [])),
        *_notes(material, known.notes.get(issuer_id, [])),
        *_dated(material, issuer_id),
    ]
    title, title_zh = plain(exposure["name"]), plain(exposure["name_zh"])
    return Section(anchor=f"company-{issuer_id}", title=title, title_zh=title_zh, blocks=tuple(blocks))


def _weights(material: Material, exposure: Row) -> str:
    worth = money(exposure["market_value"] or None, material.currency)
    codes = ", ".join(_code(row) for row in material.listings.get(exposure["issuer_id"], []))
    parts = [f"{exposed(exposure, 'weight')} of the portfolio", worth, codes]
    return ", ".join(filter(None, parts))


def _code(listing: Row) -> str:
    return " ".join(filter(None, [plain(listing["security_id"]), plain(listing["isin"])]))


def _tags(material: Material, tags: list[Row]) -> list[Block]:
    blocks: list[Block] = []
    for theme, heading in THEMES.items():
        of_theme = [row for row in tags if row["theme"] == theme]
        items = tuple(
            material.statement(
                row,
                f"{row['label']}: {BASES.get(row['basis'], row['basis'])}",
                lead=date_of(row, "known_from"),
                detail=row["note"],
            )
            for row in of_theme
        )
        if items:
            blocks.append(Statements(heading=f"Risk tags: {heading}", items=items))
    return blocks


def _measures(material: Material, flags: list[Row]) -> list[Block]:
    blocks: list[Block] = []
    for status, heading in STATUS_HEADINGS.items():
        items = tuple(measure_statement(material, row) for row in flags if row["status"] == status)
        if items:
            blocks.append(Statements(heading=f"Measures: {heading.lower()}", items=items))
    return blocks


def measure_statement(material: Material, row: Row, *, with_note: bool = True) -> Statement:
    """State a measure: its dates, whom it names, and what it means to a holder of shares."""
    said = f"{row['programme']}{measure_kind(row)}: {measure_scope(row)}"
    effect = f"Effect on a holder: {row['effect_on_investor']}." if row["effect_on_investor"] else ""
    detail = " ".join(filter(None, [effect, row["note"] if with_note else ""]))
    return material.statement(row, said, lead=measure_dates(row), detail=detail)


def owner_statements(material: Material, issuer_id: str) -> list[Block]:
    """State the programmes that name an owner and reach, or may reach, the company; they are no listing of it."""
    owners = [row for row in material.known.owners.get(issuer_id, []) if row["covered"] != Covered.NO]
    short = {row["programme_id"]: row["programme"] for row in owners}
    items = tuple(material.statement(row, owner_text(row, short)) for row in owners)
    unnamed = "; no list names the company" if issuer_id not in material.known.flags else ""
    return (
        [Statements(heading=f"Through its owners (no listing of the company{unnamed})", items=items)] if items else []
    )


def _timeline(material: Material, exposure: Row) -> list[Block]:
    from esgscan.report.pictures import timeline_svg

    flags = material.known.flags.get(exposure["issuer_id"], [])
    dated = [row for row in flags if row["in_force_from"] or row["announced_on"]]
    if len(dated) < 2:
        return []
    alt = "; ".join(f"{row['programme']}{measure_kind(row)} {measure_dates(row)}" for row in dated)
    drawing = timeline_svg(dated, as_of=material.scan.as_of)
    return [
        Chart(
            svg=drawing,
            caption="Measures over time: a bar is in force, hatched if not, or no longer; a dot is its announcement; "
            f"the dashed line is {material.scan.as_of}",
            alt=f"{alt}.",
        )
    ]


def legal_calendar(material: Material, issuer_id: str, *, bars_only: bool = False) -> list[Block]:
    """State what each measure bars or allows, for whom and when; `bars_only` leaves out what bars nothing."""
    alike: dict[tuple[str, ...], list[Row]] = {}
    for row in material.rows("legal_calendar"):
        if row["issuer_id"] == issuer_id and (bars(row) or not bars_only):
            alike.setdefault(tuple(str(row[name]) for name in TOLD_TOGETHER), []).append(row)
    items = tuple(
        material.statement(
            {"source_numbers": all_sources(rows)},
            f"{rows[0]['programme']}, {investors_of(rows[0]['investors'])}: {rows[0]['said']}",
            lead=f"{rows[0]['phase']}:" if rows[0]["phase"] else "",
            detail=" ".join(filter(None, [rows[0]["text"], rows[0]["citation"]])),
        )
        for rows in alike.values()
    )
    heading = "What it does to an investor (information, not legal advice)"
    return [Statements(heading=heading, items=items)] if items else []


def _routes(material: Material, paths: list[Row]) -> list[Block]:
    if not paths:
        return []
    lines = [
        (
            weight(row["weight"]),
            material.sourced(row, _route(row)),
            line_of(row),
            text(identity(row)),
        )
        for row in paths
    ]
    caption = f"How the portfolio reaches it: {count(len(paths), 'route')}"
    return [text_table(caption, ROUTE_COLUMNS, lines, most=MOST_ROUTES)]


def _route(row: Row) -> str:
    funds = route_names(row)
    if not funds:
        return f"held directly as {plain(row['name_as_written'])}" if row["name_as_written"] else "held directly"
    return f"through {' > '.join(funds)}, {age(row)}"


def _notes(material: Material, notes: list[Row]) -> list[Block]:
    """What was reported and, beside it, what the company said; then what is about others."""
    own = [row for row in notes if row["about"] != CONTEXT]
    if not notes:
        return []
    reported = dated_statements(material, [row for row in own if row["topic"] != COMPANY_STATEMENT])
    said = dated_statements(material, [row for row in own if row["topic"] == COMPANY_STATEMENT])
    context = dated_statements(material, [row for row in notes if row["about"] == CONTEXT])
    blocks: list[Block] = []
    if reported or said:
        left = Statements(heading="Reported by others", items=reported)
        right = Statements(heading="Said by the company", items=said)
        blocks.append(Beside(left=left, right=right, empty=NO_STATEMENT))
    if context:
        heading = "Context: about governments and countries, not about the company"
        blocks.append(Statements(heading=heading, items=context))
    return blocks


def dated_statements(material: Material, notes: list[Row]) -> tuple[Statement, ...]:
    """Notes, newest first, and those of one day in the order of their ids."""
    by_id = sorted(notes, key=lambda row: str(row["note_id"]))
    newest_first = sorted(by_id, key=lambda row: row["published_on"] or date.min, reverse=True)
    return tuple(
        material.statement(row, f"{_about(row)}{row['text']}", lead=date_of(row, "published_on"))
        for row in newest_first
    )


def _about(row: Row) -> str:
    return f"{subject(row)}: " if row["about"] == CONTEXT and row["subject"] else ""


def _dated(material: Material, issuer_id: str) -> list[Block]:
    """Suppliers, holders and index events, each with its date."""
    relationships, events = (
        material.known.relationships.get(issuer_id, []),
        material.known.index_events.get(issuer_id, []),
    )
    blocks: list[Block] = []
    if relationships:
        items = tuple(
            material.statement(
                row, f"{row['counterparty']} ({row['type']}): {row['text']}", lead=date_of(row, "known_on")
            )
            for row in relationships
        )
        blocks.append(Statements(heading="Suppliers and holders on record, at their date", items=items))
    if events:
        items = tuple(
            material.statement(row, f"{row['index']}: {index_event(row)}", lead=date_of(row, "effective_on"))
            for row in events
        )
        blocks.append(Statements(heading="Index events", items=items))
    return blocks
