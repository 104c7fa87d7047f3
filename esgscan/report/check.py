"""A check as terminal text: the answer to each identifier first, then what stands against the companies named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.report.citations import Citations
from esgscan.report.dossier import write_measures, write_owners, write_tags
from esgscan.report.law import bars, investors_of, write_legal_calendar
from esgscan.report.page import Page
from esgscan.report.rows import Row, rows, rows_by
from esgscan.report.wording import DISCLAIMER, count, plain
from esgscan.terms import Answer, MatchedBy, Status

if TYPE_CHECKING:
    from esgscan.records import Check

STYLES = {
    Answer.FLAGGED: "bold red",
    Answer.POSSIBLE: "yellow",
    Answer.REFUSED: "yellow",
    Answer.CLEAR: "green",
    Answer.UNKNOWN: "yellow",
}
SHOWN = {Answer.FLAGGED, Answer.CLEAR}
"""Answers that name a company for certain; what only might be one is not told at length."""


def render_check(check: Check, *, width: int = 80, color: bool = False) -> str:
    """Render a check: each answer with its reason, what the lists do to an investor, then each identified company."""
    page, cited = Page(width=width, color=color), Citations()
    answers = rows(check.tables["answers"])
    investor = f", effects for {investors_of(check.investor)}" if check.investor else ""
    page.title(f"{count(len(answers), 'identifier')} checked as of {check.as_of}{investor}")
    for row in answers:
        _write_answer(page, row)
    measures, tags = rows_by(check.tables["measures"], "issuer_id"), rows_by(check.tables["tags"], "issuer_id")
    owners = rows_by(check.tables["owners"], "issuer_id")
    calendar = rows(check.tables["legal_calendar"])
    barring = {row["measure_id"] for row in calendar if bars(row)}
    told = {row["issuer_id"]: row for row in answers if row["issuer_id"] and row["answer"] in SHOWN}
    write_legal_calendar(page, [row for row in calendar if row["issuer_id"] in told], cited)
    for issuer_id, row in told.items():
        page.heading(" ".join(filter(None, [plain(row["issuer"]), plain(row["name_zh"]), f"({issuer_id})"])))
        write_tags(page, tags.get(issuer_id, []), cited)
        _write_measures(page, measures.get(issuer_id, []), barring, cited)
        write_owners(page, owners.get(issuer_id, []), cited, elsewhere="--format json")
    cited.write(page, rows(check.tables["sources"]), elsewhere="--format json")
    page.blank()
    page.line(f"{DISCLAIMER} esgscan {check.run.version}, reference data {check.run.edition}.")
    return page.text()


def _write_answer(page: Page, row: Row) -> None:
    page.blank()
    page.line(plain(row["identifier"]), lead=f"{row['answer'].upper()}  ", style=STYLES[row["answer"]])
    page.line(row["why"], indent=2)
    is_matched = MatchedBy.NONE not in {row["matched_by"], row["confidence"]}
    sure = f" ({row['confidence']}, by {row['matched_by']})" if is_matched else ""
    known = [one for one in (row["security_id"], row["isin"]) if one and one not in row["evidence"]]
    page.line(f"{plain(row['evidence'])}{sure}" + (f"; {', '.join(known)}" if known else ""), lead="why:  ", indent=2)
    if row["mend"]:
        page.line(plain(row["mend"]), lead="mend: ", indent=2)


def _write_measures(page: Page, measures: list[Row], barring: set[str], cited: Citations) -> None:
    """Write the measures, those that bar a holder something first; those that ended are counted."""
    by_weight = sorted(measures, key=lambda row: row["measure_id"] not in barring)
    write_measures(page, [row for row in by_weight if row["status"] != Status.ENDED], cited)
    ended = sum(row["status"] == Status.ENDED for row in measures)
    if ended:
        page.line(f"{count(ended, 'measure')} ended before; see --format json.", indent=2)
    if not measures:
        page.line("No list, ban or exclusion of this edition names it.", indent=2)
