"""The pages before the report: choose files, see how they were read, mend that, say what is wanted, wait.

All of it works without scripts: each step is a form or a link, and a page that waits looks again by itself.
"""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, File, HTTPException, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from esgscan.portfolio.inputs import Upload
from esgscan.portfolio.lines import NUMBERS, TEXTS
from esgscan.portfolio.reading import ReadingOptions
from esgscan.terms import Investor, Step
from esgscan.web import work
from esgscan.web.options import INVESTORS, POLICIES, files_of, size_of, text_of, uploads, wishes_of
from esgscan.web.sessions import Session, session_of
from esgscan.web.templating import error_page, page
from esgscan.web.work import Failure, Reported, Wish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esgscan.web.workers import Job

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

SEE_OTHER = 303
PATIENCE = 1.0
"""Seconds after which a page that waits is shown in place of the answer."""
MEANINGS = tuple(sorted({*TEXTS, *NUMBERS} - {"level", "local_currency"}))
LONGEST_NUMBER = 7
EXAMPLE = "example.csv"
STEPS = {
    Step.READING: "Read the files",
    Step.IDENTITIES: "Find out what each line is",
    Step.LOOK_THROUGH: "Open the funds, and the funds inside them",
    Step.REPORT: "Write the report",
}


@router.get("/")
async def start(request: Request) -> Response:
    """Ask for a file."""
    return page(request, "index.html", most=request.app.state.settings.max_upload // 2**20)


@router.post("/portfolio")
async def upload(request: Request, portfolio: Annotated[list[UploadFile], File()]) -> Response:
    """Take the files, read them, and go on to how they were read."""
    given = await uploads(portfolio)
    if not given:
        raise HTTPException(422, "No file was chosen.")
    return await _opened(request, given)


@router.post("/example")
async def example(request: Request) -> Response:
    """Take the portfolio that comes with the page."""
    return await _opened(request, [Upload(EXAMPLE, (files("esgscan.web") / "static" / EXAMPLE).read_bytes())])


@router.get("/portfolio/{word}")
async def how_read(request: Request, word: str) -> Response:
    """Show how the files were read."""
    session = session_of(request, word)
    if session.read_job is not None and not session.read_job.is_done:
        return waiting(request, word, session.read_job, steps=[Step.READING])
    shown = [
        {
            "at": at,
            "name": one.name,
            "reading": session.reading.get(at, ReadingOptions()),
            "failure": told if isinstance(told, Failure) else None,
            "audit": told,
        }
        for at, (one, told) in enumerate(zip(session.uploads, session.read, strict=True))
    ]
    return page(
        request,
        "read.html",
        word=word,
        files=shown,
        meanings=MEANINGS,
        mended=session.reading,
        can_scan=not any(file["failure"] for file in shown),
        investors=[(str(one), INVESTORS[one]) for one in Investor],
        policies=POLICIES,
        asked={"as_of": datetime.now(UTC).date().isoformat(), **session.asked},
        has_report=session.report_job is not None,
    )


@router.post("/portfolio/{word}/read")
async def mend(request: Request, word: str) -> Response:
    """Read one file again, as the form says."""
    session = session_of(request, word)
    async with request.form() as form:
        told = {name: str(value).strip() for name, value in form.multi_items()}
    at = _file_number(told.get("file", ""), len(session.uploads))
    session.reading[at] = ReadingOptions() if "reset" in told else _reading(told, session.reading.get(at))
    await _read(request, session)
    return _go(f"/portfolio/{word}#file-{at}")


@router.post("/portfolio/{word}/scan")
async def begin(request: Request, word: str) -> Response:
    """Begin the scan, and go on to the report."""
    session = session_of(request, word)
    async with request.form() as form:
        asked = {name: text_of(form, name) for name in ("as_of", "investor", "policy")}
        wishes = await wishes_of(files_of(form), policy=asked["policy"], investor=asked["investor"])
    session.asked = asked
    if session.report_job is not None:
        session.report_job.cancel()
    desk, held = request.app.state.desk, session.size
    desk.check(size_of(wishes))
    desk.resize(word, held + size_of(wishes))
    wish = Wish(uploads=session.uploads, as_of=session.asked["as_of"], reading=dict(session.reading), options=wishes)
    session.report_job = request.app.state.workers.begin(work.report, wish)
    session.report_job.then(lambda done: desk.resize(word, held + (done.size if isinstance(done, Reported) else 0)))
    await session.report_job.wait(PATIENCE)
    return _go(f"/portfolio/{word}/report")


@router.get("/portfolio/{word}/progress")
async def progress(request: Request, word: str) -> JSONResponse:
    """Say how far the work is; for the script of a page that waits."""
    job = session_of(request, word).job
    if job is None:
        return JSONResponse({"done": True})
    known = job.progress
    return JSONResponse({"done": False, "step": known.step, "share": known.share, "ahead": known.ahead})


@router.post("/portfolio/{word}/forget")
async def forget(request: Request, word: str) -> Response:
    """Forget the files and the report now, and end the work on them."""
    request.app.state.desk.drop(word)
    return _go("/")


def waiting(request: Request, word: str, job: Job, *, steps: Sequence[Step], positions: int = 0) -> Response:
    """Show which step is under way, and which are done."""
    known = job.progress
    at = steps.index(known.step) if known.step in steps else -1
    states = ["done" if number < at else "now" if number == at else "later" for number in range(len(steps))]
    shown = [(str(step), STEPS[step], state) for step, state in zip(steps, states, strict=True)]
    return page(request, "wait.html", word=word, steps=shown, progress=known, positions=positions)


def failed(request: Request, failure: Failure, *, back: tuple[str, str] = ("/", "Start again")) -> Response:
    """Show why a piece of work could not be done, and lead back to where that can be mended."""
    return error_page(request, failure.status, failure.what, where=failure.where, mend=failure.mend, back=back)


async def _opened(request: Request, given: Sequence[Upload]) -> Response:
    session = Session(given)
    word = request.app.state.desk.put(session, size=session.size)
    await _read(request, session)
    return _go(f"/portfolio/{word}")


async def _read(request: Request, session: Session) -> None:
    session.close()
    session.report_job = None
    session.read_job = request.app.state.workers.begin(work.read, session.uploads, dict(session.reading))
    await session.read_job.wait(PATIENCE)


def _reading(told: Mapping[str, str], before: ReadingOptions | None) -> ReadingOptions:
    """Take from the fields of a form how a file is to be read; columns that were settled before stay so."""
    columns = {
        value: name.removeprefix("column:") for name, value in told.items() if name.startswith("column:") and value
    }
    row = told.get("header_row", "")
    if row and not (row.isdecimal() and len(row) <= LONGEST_NUMBER):
        raise HTTPException(422, f"'{row}' is no row number.")
    return ReadingOptions(
        sheet=told.get("sheet") or None,
        header_row=int(row) if row else None,
        columns={**(before.columns if before else {}), **columns},
        decimal=_one_of(told.get("decimal", ""), ("", ".", ",")),
        dates=_one_of(told.get("dates", ""), ("", "day-first", "month-first")),
    )


def _file_number(text: str, most: int) -> int:
    if not text.isdecimal() or len(text) > LONGEST_NUMBER or int(text) >= most:
        raise HTTPException(422, "There is no such file.")
    return int(text)


def _one_of(text: str, known: Sequence[str]) -> str:
    if text not in known:
        raise HTTPException(422, f"'{text}' cannot be chosen.")
    return text


def _go(address: str) -> Response:
    return RedirectResponse(address, status_code=SEE_OTHER)
