"""The pages: choose files, see how they were read, mend that, read the report, take it along.

All of it works without scripts: each step is a form or a link.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, File, HTTPException, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from esgscan.portfolio.lines import NUMBERS, TEXTS
from esgscan.portfolio.reading import ReadingOptions
from esgscan.report import wording
from esgscan.report.formats import FORMATS
from esgscan.terms import Investor
from esgscan.web import work
from esgscan.web.api import uploads
from esgscan.web.templating import error_page, page
from esgscan.web.work import Failure, Scanned, Wish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esgscan.portfolio.inputs import Upload

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

SEE_OTHER = 303
INVESTORS = {
    Investor.US_PERSON: "US person",
    Investor.US_FEDERAL_CONTRACTOR: "US federal contractor",
    Investor.EU: "European Union",
    Investor.UK: "United Kingdom",
    Investor.CA: "Canada",
    Investor.OTHER: "elsewhere",
}
MEANINGS = tuple(sorted({*TEXTS, *NUMBERS} - {"level", "local_currency"}))
MEDIA = {
    ".txt": ("text/plain; charset=utf-8", "Text"),
    ".json": ("application/json", "JSON"),
    ".csv": ("text/csv; charset=utf-8", "CSV"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel workbook"),
    ".html": ("text/html; charset=utf-8", "Web page"),
    ".pdf": ("application/pdf", "PDF"),
    ".md": ("text/markdown; charset=utf-8", "Markdown"),
    ".zip": ("application/zip", "Sealed bundle"),
}


@dataclass(slots=True)
class Session:
    """One visit: the files, how they were read, and the scan of them.

    Attributes:
        uploads: The files.
        read: Of each file its audit, or why it cannot be read.
        reading: How a file is to be read, by its place in `uploads`.
        job: The scan under way or done.
        begun: When it began.
    """

    uploads: Sequence[Upload]
    read: Sequence[Mapping[str, Any] | Failure] = ()
    reading: dict[int, ReadingOptions] = field(default_factory=dict)
    job: asyncio.Task[Scanned | Failure] | None = None
    begun: float = 0.0


@router.get("/")
async def start(request: Request) -> Response:
    """Ask for a file."""
    return page(request, "index.html")


@router.post("/portfolio")
async def upload(request: Request, portfolio: Annotated[list[UploadFile], File()]) -> Response:
    """Take the files, read them, and go on to how they were read."""
    files = await uploads(portfolio)
    if not files:
        raise HTTPException(422, "No file was chosen.")
    session = Session(files)
    word = request.app.state.desk.put(session, size=sum(len(one.content) for one in files))
    await _read(request, session)
    return _go(f"/portfolio/{word}")


@router.get("/portfolio/{word}")
async def how_read(request: Request, word: str) -> Response:
    """Show how the files were read."""
    session = _session(request, word)
    files = [
        {
            "at": at,
            "name": one.name,
            "reading": session.reading.get(at, ReadingOptions()),
            "failure": told if isinstance(told, Failure) else None,
            "audit": told,
        }
        for at, (one, told) in enumerate(zip(session.uploads, session.read, strict=True))
    ]
    can_scan = not any(file["failure"] for file in files)
    return page(
        request,
        "read.html",
        word=word,
        files=files,
        meanings=MEANINGS,
        can_scan=can_scan,
        investors=[(str(one), INVESTORS[one]) for one in Investor],
        today=datetime.now(UTC).date(),
    )


@router.post("/portfolio/{word}/read")
async def mend(request: Request, word: str) -> Response:
    """Read one file again, as the form says."""
    session = _session(request, word)
    async with request.form() as form:
        fields = [(name, str(value).strip()) for name, value in form.multi_items()]
    told = dict(fields)
    at = _place(told.get("file", ""), len(session.uploads))
    before = session.reading.get(at, ReadingOptions())
    columns = {value: name.removeprefix("column:") for name, value in fields if name.startswith("column:") and value}
    row = told.get("header_row", "")
    if row and not row.isdigit():
        raise HTTPException(422, f"'{row}' is no row number.")
    session.reading[at] = replace(
        before,
        sheet=told.get("sheet") or None,
        header_row=int(row) if row else None,
        columns={**before.columns, **columns},
    )
    await _read(request, session)
    return _go(f"/portfolio/{word}#file-{at}")


@router.post("/portfolio/{word}/scan")
async def begin(request: Request, word: str) -> Response:
    """Begin the scan, and go on to the report."""
    session = _session(request, word)
    async with request.form() as form:
        sent = [one for one in form.getlist("holdings") if not isinstance(one, str)]
        wish = Wish(
            uploads=session.uploads,
            as_of=str(form.get("as_of", "")),
            reading=dict(session.reading),
            options={"holdings": await uploads(sent), "investor": str(form.get("investor", "")) or None},
        )
    session.begun = time.monotonic()
    session.job = asyncio.create_task(_scan(request, word, wish))
    await asyncio.wait([session.job], timeout=1.0)
    return _go(f"/portfolio/{word}/report")


@router.get("/portfolio/{word}/report")
async def report(request: Request, word: str, issuer: str = "", tag: str = "", programme: str = "") -> Response:
    """Show the report, or that it is being made."""
    session = _session(request, word)
    if session.job is None:
        return _go(f"/portfolio/{word}")
    if not session.job.done():
        positions = sum(one["positions"] for told in session.read for one in _portfolios(told))
        return page(request, "wait.html", positions=positions, seconds=round(time.monotonic() - session.begun))
    done = session.job.result()
    if isinstance(done, Failure):
        return error_page(request, done.status, done.what, where=done.where, mend=done.mend)
    document = done.document
    tags = {one["tag"]: one["label"] for row in document["issuers"] for one in row["tags"]}
    return page(
        request,
        "report.html",
        word=word,
        document=document,
        paths=document["paths"],
        shown=[row for row in document["issuers"] if _is_chosen(row, issuer, tag, programme)],
        chosen={"issuer": issuer, "tag": tag, "programme": programme},
        tags=sorted(tags.items(), key=lambda one: one[1]),
        statuses=[(str(status), heading.capitalize()) for status, heading in wording.STATUS_HEADINGS.items()],
        downloads=[(one.ending, MEDIA[one.ending][1]) for one in FORMATS.values() if one.ending in MEDIA],
    )


@router.get("/portfolio/{word}/lines")
async def lines(request: Request, word: str) -> Response:
    """Show every line of the portfolio with where its weight ended."""
    return page(request, "lines.html", word=word, document=_done(_session(request, word)).document)


@router.get("/portfolio/{word}/report{ending}")
async def download(request: Request, word: str, ending: str) -> Response:
    """Give the report as a file."""
    name = next((one.name for one in FORMATS.values() if one.ending == ending), None)
    if name is None or ending not in MEDIA:
        raise HTTPException(404, f"There is no report that ends in '{ending}'.")
    done = await request.app.state.workers.run(work.render, _done(_session(request, word)).scan, name)
    if isinstance(done, Failure):
        return error_page(request, done.status, done.what, where=done.where, mend=done.mend)
    named = {"Content-Disposition": f'attachment; filename="esgscan-report{ending}"'}
    return Response(done, media_type=MEDIA[ending][0], headers=named)


@router.post("/portfolio/{word}/forget")
async def forget(request: Request, word: str) -> Response:
    """Forget the files and the report now."""
    request.app.state.desk.drop(word)
    return _go("/")


async def _read(request: Request, session: Session) -> None:
    told = await request.app.state.workers.run(work.read, session.uploads, session.reading)
    session.read = [told] * len(session.uploads) if isinstance(told, Failure) else told
    session.job = None


async def _scan(request: Request, word: str, wish: Wish) -> Scanned | Failure:
    done: Scanned | Failure = await request.app.state.workers.run(work.scan, wish)
    if isinstance(done, Scanned):
        request.app.state.desk.grow(word, 4 * len(done.scan))
    return done


def _session(request: Request, word: str) -> Session:
    session: Session | None = request.app.state.desk.find(word)
    if session is None:
        raise HTTPException(404, "This portfolio is not here any more: its time is over, or it was forgotten.")
    return session


def _done(session: Session) -> Scanned:
    done = session.job.result() if session.job is not None and session.job.done() else None
    if not isinstance(done, Scanned):
        raise HTTPException(404, "There is no report yet.")
    return done


def _portfolios(told: Mapping[str, Any] | Failure) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = () if isinstance(told, Failure) else told["portfolios"]
    return found


def _place(text: str, most: int) -> int:
    if not text.isdigit() or int(text) >= most:
        raise HTTPException(422, "There is no such file.")
    return int(text)


def _is_chosen(row: Mapping[str, Any], issuer: str, tag: str, programme: str) -> bool:
    """Whether a company passes the filters; an empty one lets all pass."""
    return (
        issuer in {"", row["issuer_id"]}
        and (not tag or any(one["tag"] == tag for one in row["tags"]))
        and (not programme or any(one["programme_id"] == programme for one in row["measures"]))
    )


def _go(address: str) -> Response:
    return RedirectResponse(address, status_code=SEE_OTHER)
