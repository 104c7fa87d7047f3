"""The report on the page: its figures, charts and filters, what each number is made of, each line, the downloads."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

import orjson
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from esgscan.report.formats import FORMATS
from esgscan.terms import Step
from esgscan.web import work
from esgscan.web.figures import origin
from esgscan.web.pages import SEE_OTHER, failed, waiting
from esgscan.web.sessions import Session, report_of, session_of
from esgscan.web.templating import page
from esgscan.web.work import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esgscan.report.html import Part
    from esgscan.web.work import FileCell, Reported

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

MEDIA = {
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel workbook"),
    ".pdf": ("application/pdf", "PDF"),
    ".html": ("text/html; charset=utf-8", "Web page"),
    ".json": ("application/json", "JSON"),
    ".csv": ("text/csv; charset=utf-8", "CSV"),
    ".md": ("text/markdown; charset=utf-8", "Markdown"),
    ".txt": ("text/plain; charset=utf-8", "Text"),
    ".zip": ("application/zip", "Sealed bundle"),
}
"""Media type and name of each report that can be downloaded, in the order of the page."""
COMPANIES, COMPANY = "companies", "company-"
FOLDED = ("absences", "programmes", "how-made")
"""Sections that are shown only when asked for."""
LINES_OF_A_PAGE = 500


@router.get("/portfolio/{word}/report")
async def report(request: Request, word: str, issuer: str = "", tag: str = "", programme: str = "") -> Response:
    """Show the report, or how far it is."""
    session = session_of(request, word)
    if session.report_job is None:
        return RedirectResponse(f"/portfolio/{word}", status_code=SEE_OTHER)
    if not session.report_job.is_done:
        return waiting(request, word, session.report_job, steps=[*Step], positions=session.positions)
    done = session.report_job.result
    if isinstance(done, Failure):
        return failed(request, done, back=(f"/portfolio/{word}", "Back to the options"))
    document = _document(done)
    shown = [row for row in document["issuers"] if _is_chosen(row, issuer, tag, programme)]
    companies = {part.anchor.removeprefix(COMPANY): part for part in _companies(done.parts)}
    return page(
        request,
        "report.html",
        word=word,
        report=done,
        document=document,
        shown=[(row, companies[row["issuer_id"]]) for row in shown],
        chosen={"issuer": issuer, "tag": tag, "programme": programme},
        tags=_tags(document["issuers"]),
        has_tiers=len({row["tier"] for row in document["issuers"]}) > 1,
        folded=FOLDED,
        sections=[part for part in done.parts if part.anchor != COMPANIES],
        downloads=[(ending, label) for ending, (_, label) in MEDIA.items()],
    )


@router.get("/portfolio/{word}/origin")
async def made_of(request: Request, word: str, of: str, issuer: str = "") -> Response:
    """Show what a number of the report is made of."""
    found = origin(_document(report_of(session_of(request, word))), of, issuer)
    if found is None:
        raise HTTPException(404, "There is no such number in the report.")
    return page(request, "origin.html", word=word, origin=found, most=LINES_OF_A_PAGE)


@router.get("/portfolio/{word}/lines")
async def lines(request: Request, word: str, q: str = "", start: int = 0) -> Response:
    """Show every line of the portfolio with where its weight ended."""
    document = _document(report_of(session_of(request, word)))
    wanted = q.casefold()
    kept = [row for row in document["positions"] if not wanted or _has(row, wanted)]
    start = max(0, min(start, len(kept)))
    shown = kept[start : start + LINES_OF_A_PAGE]
    return page(
        request, "lines.html", word=word, document=document, lines=shown, found=len(kept), start=start,
        after=start + LINES_OF_A_PAGE, before=max(0, start - LINES_OF_A_PAGE), q=q,
    )  # fmt: skip


@router.get("/portfolio/{word}/lines/{position_id}")
async def line(request: Request, word: str, position_id: str) -> Response:
    """Show one line: as the file has it, what it was taken for, and where its weight went."""
    session = session_of(request, word)
    document = _document(report_of(session))
    row = next((one for one in document["positions"] if one["position_id"] == position_id), None)
    if row is None:
        raise HTTPException(404, "There is no such line in the report.")
    at = _file_of(session, document["positions"].index(row))
    return page(
        request,
        "line.html",
        word=word,
        line=row,
        file_name=session.uploads[at].name,
        cells=await _cells(request, session, at, row),
        currency=document["portfolio"]["currency"],
        paths=[one for one in document["paths"] if one["position_id"] == position_id],
        uncovered=[one for one in document["uncovered"] if one["position_id"] == position_id],
    )


@router.get("/portfolio/{word}/report{ending}")
async def download(request: Request, word: str, ending: str) -> Response:
    """Give the report as a file."""
    name = next((one.name for one in FORMATS.values() if one.ending == ending), None)
    if name is None or ending not in MEDIA:
        raise HTTPException(404, f"There is no report that ends in '{ending}'.")
    done = await request.app.state.workers.run(work.render, report_of(session_of(request, word)).scan, name)
    if isinstance(done, Failure):
        return failed(request, done, back=(f"/portfolio/{word}/report", "Back to the report"))
    named = {"Content-Disposition": f'attachment; filename="esgscan-report{ending}"'}
    return Response(done, media_type=MEDIA[ending][0], headers=named)


def _document(report: Reported) -> Mapping[str, Any]:
    document: Mapping[str, Any] = orjson.loads(report.document)
    return document


def _companies(parts: Sequence[Part]) -> Sequence[Part]:
    return next((part.parts for part in parts if part.anchor == COMPANIES), ())


def _tags(issuers: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """List the risk tags of the companies with their words, by these."""
    labels = {one["tag"]: one["label"] for row in issuers for one in row["tags"]}
    return sorted(labels.items(), key=lambda one: one[1])


def _is_chosen(row: Mapping[str, Any], issuer: str, tag: str, programme: str) -> bool:
    """Whether a company passes the filters; an empty one lets all pass."""
    programmes = {one["programme_id"] for one in (*row["measures"], *row["owners"])}
    return (
        issuer in {"", row["issuer_id"]}
        and (not tag or any(one["tag"] == tag for one in row["tags"]))
        and (not programme or programme in programmes)
    )


def _has(row: Mapping[str, Any], wanted: str) -> bool:
    texts = (row["name_as_written"], row["isin"], row["ticker"], row["issuer_id"], row["source_sheet"])
    return any(wanted in text.casefold() for text in texts if text)


def _file_of(session: Session, number: int) -> int:
    """Say in which file a line stands: their lines follow one another."""
    ends = list(accumulate(session.positions_by_file))
    return next((at for at, end in enumerate(ends) if number < end), len(ends) - 1)


async def _cells(request: Request, session: Session, at: int, row: Mapping[str, Any]) -> Sequence[FileCell]:
    """Read the row of the file again, as it stands there."""
    if row["source_row"] is None:
        return ()
    given = (session.uploads[at], session.reading.get(at), row["source_sheet"] or "", row["source_row"])
    cells: Sequence[FileCell] | Failure = await request.app.state.workers.run(work.row_of_file, *given)
    return () if isinstance(cells, Failure) else cells
