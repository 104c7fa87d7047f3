"""An engagement letter drawn from a scan: what is held, what is on record and who says so, and what we ask.

Every sentence about a company is a statement with its sources; the letter's own voice asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from esgscan.errors import OptionError
from esgscan.report.annex import sources
from esgscan.report.companies import (
    COMPANY_STATEMENT,
    dated_statements,
    legal_calendar,
    measure_statement,
    owner_statements,
)
from esgscan.report.document import Block, Column, Document, Paragraph, Section, Statement, Statements, text_table
from esgscan.report.formats import encoded
from esgscan.report.headline import headline
from esgscan.report.material import exposed_cell, material_of, text
from esgscan.report.rows import route_names
from esgscan.report.wording import BASES, DISCLAIMER, count, date_of, exposed, money, percent, plain
from esgscan.terms import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.records import Scan
    from esgscan.report.material import Material
    from esgscan.report.rows import Row

MOST_COMPANIES = 5
DAYS_TO_REPLY = 30


class Tone(StrEnum):
    """What a letter asks for."""

    ENGAGE = "engage"
    ESCALATE = "escalate"
    DIVEST = "divest"


OPENINGS = {
    Tone.ENGAGE: "We would like to understand how you assess these holdings, and would welcome a conversation.",
    Tone.ESCALATE: "We ask for a written answer to the questions below by {by}, and for a meeting.",
    Tone.DIVEST: (
        "We ask you to tell us by {by} whether and by when these holdings will be sold, or why they will be kept."
    ),
}
CLOSINGS = {
    Tone.ENGAGE: "We look forward to your reply.",
    Tone.ESCALATE: "We will report to our own beneficiaries on the answers, and on questions left without one.",
    Tone.DIVEST: "Until then we ask that no shares of these companies are bought for our account.",
}
QUESTIONS = {
    "investment ban": "How do you keep to the limits that this sets for persons to whom it applies?",
    "blocking sanctions": "How do you keep to the limits that this sets for persons to whom it applies?",
    "asset freeze": "How do you keep to the limits that this sets for persons to whom it applies?",
    "index action": "Which index does the holding follow, and was its deletion elsewhere considered?",
    "investor exclusion": "Have you considered the reasons that other investors published for excluding the company?",
}
OTHER_QUESTION = "How did your assessment of the company take this into account, and when was it last reviewed?"
TAG_QUESTION = "Have you raised this with the company, what did it answer, and what would make you sell?"
ROUTE_QUESTION = (
    "These shares reach us through {funds}. Is there a share class or a fund of yours without them, and what would a "
    "change cost us?"
)
DIRECT_QUESTION = "These shares are held directly for our account. On whose decision, and since when?"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterOptions:
    """What a letter is asked to be.

    Attributes:
        to: Whom it is written to.
        tone: What it asks for.
        about: Issuer ids to write about; the largest five if none is given.
        signed: Who signs it.
    """

    to: str
    tone: Tone = Tone.ENGAGE
    about: Sequence[str] = ()
    signed: str = "[name and organisation]"


def compose_letter(scan: Scan, options: LetterOptions) -> Document:
    """Write the letter.

    Raises:
        OptionError: The scan reaches no flagged company, or none of those asked for.
    """
    material = material_of(scan)
    chosen = _chosen(material, options.about)
    by = scan.as_of + timedelta(days=DAYS_TO_REPLY)
    opening = Section(anchor="letter", title=f"To {plain(options.to)}", blocks=_opening(material, chosen, options, by))
    asked = tuple(_company(material, row) for row in chosen)
    closing = Section(
        anchor="closing",
        title="Reply",
        blocks=(Paragraph(text=CLOSINGS[options.tone]), Paragraph(text=f"Yours faithfully, {plain(options.signed)}")),
    )
    listed = sources(material)
    return Document(
        title="Holdings in companies named on official lists",
        subtitle=f"{scan.as_of}, {plain(scan.portfolio.name)}",
        as_of=scan.as_of.isoformat(),
        sections=(opening, *asked, closing, *((listed,) if listed else ())),
        imprint=f"Draft made with esgscan {scan.run.version}, reference data {scan.run.edition}. {DISCLAIMER}",
        generated_at=scan.run.generated_at,
    )


def render_letter(letter: Document, ending: str, *, paper: str) -> bytes:
    """Give the bytes of a letter as .docx or .md."""
    if ending == ".docx":
        from esgscan.report.docx import render_docx

        return render_docx(letter, paper=paper)
    from esgscan.report.markdown import render_document

    return encoded(render_document(letter))


def _chosen(material: Material, about: Sequence[str]) -> list[Row]:
    known = {row["issuer_id"]: row for row in material.exposures}
    missing = [one for one in about if one not in known]
    if missing or not known:
        raise OptionError(
            f"The scan does not reach {' or '.join(missing) or 'any flagged company'}; no letter was written.",
            where=f"--about {missing[0]}" if missing else "SCAN",
            mend=f"name one of {', '.join(known)}" if known else "give a scan that reaches a flagged company",
        )
    largest = sorted(material.exposures, key=lambda row: -row["weight"])
    return [known[one] for one in about] if about else largest[:MOST_COMPANIES]


def _opening(material: Material, chosen: list[Row], options: LetterOptions, by: date) -> tuple[Block, ...]:
    scan, figures = material.scan, headline(material.scan)
    worth = money(figures.market_value, material.currency)
    companies = count(figures.issuers, "company", "companies")
    held = (
        f"As of {scan.as_of}, {percent(figures.reached)} of the portfolio {plain(scan.portfolio.name)}"
        f"{f' ({worth})' if worth else ''} reaches {companies} that official lists name or "
        "reach through an owner, or on which others have "
        f"reported as set out below. {percent(scan.coverage.uncovered)} of the portfolio could not be examined."
    )
    columns = (
        Column(header="Company", width=3.4),
        *(Column(header=name, is_figure=True, width=1.2) for name in ("Weight", "Direct", "Through funds")),
        *((Column(header=material.currency or "Value", is_figure=True, width=1.3),) if material.has_money else ()),
    )
    lines = [
        (
            text(row["name"]),
            *(exposed_cell(row, name) for name in ("weight", "direct", "indirect")),
            *((material.amount(row["market_value"]),) if material.has_money else ()),
        )
        for row in chosen
    ]
    asks = OPENINGS[options.tone].format(by=by)
    return (Paragraph(text=held), text_table("The holdings this letter is about", columns, lines), Paragraph(text=asks))


def _company(material: Material, exposure: Row) -> Section:
    """Write what is on record about one company, and ask about it."""
    issuer_id = exposure["issuer_id"]
    flags = [row for row in material.known.flags.get(issuer_id, []) if row["status"] != Status.ENDED]
    tags, notes = material.known.tags.get(issuer_id, []), material.known.notes.get(issuer_id, [])
    kinds = {row["programme_id"]: row["kind"] for row in material.rows("programmes")}
    on_record = [measure_statement(material, row, with_note=False) for row in flags]
    reported = [_tag(material, row) for row in tags]
    questions = [*_measure_questions(flags, kinds), *_route_questions(material, issuer_id)]
    if tags:
        questions.append(Statement(text=TAG_QUESTION))
    blocks: list[Block] = [Paragraph(text=f"{exposed(exposure, 'weight')} of the portfolio.")]
    if on_record:
        blocks.append(Statements(heading="On record", items=tuple(on_record)))
    blocks += [*owner_statements(material, issuer_id), *legal_calendar(material, issuer_id, bars_only=True)]
    if reported:
        blocks.append(Statements(heading="Determined or reported", items=tuple(reported)))
    said = dated_statements(material, [row for row in notes if row["topic"] == COMPANY_STATEMENT])
    if said:
        blocks.append(Statements(heading="Said by the company", items=said))
    blocks.append(Statements(heading="We ask", items=tuple(questions)))
    title, title_zh = plain(exposure["name"]), plain(exposure["name_zh"])
    return Section(anchor=f"company-{issuer_id}", title=title, title_zh=title_zh, blocks=tuple(blocks))


def _tag(material: Material, row: Row) -> Statement:
    said = f"{row['label']}: {BASES.get(row['basis'], row['basis'])}"
    return material.statement(row, said, lead=date_of(row, "known_from"), detail=row["note"])


def _measure_questions(flags: list[Row], kinds: dict[str, str]) -> list[Statement]:
    """Ask one question for the programmes that lead to the same one."""
    asked: dict[str, list[str]] = {}
    for row in flags:
        question = QUESTIONS.get(kinds.get(row["programme_id"], ""), OTHER_QUESTION)
        asked.setdefault(question, []).append(row["programme"])
    return [Statement(lead=f"{', '.join(dict.fromkeys(names))}:", text=question) for question, names in asked.items()]


def _route_questions(material: Material, issuer_id: str) -> list[Statement]:
    paths = material.known.paths.get(issuer_id, [])
    funds = dict.fromkeys(route_names(row)[0] for row in paths if row["route"])
    questions = [Statement(text=ROUTE_QUESTION.format(funds=", ".join(map(plain, funds))))] if funds else []
    return questions + ([Statement(text=DIRECT_QUESTION)] if any(not row["route"] for row in paths) else [])
