"""The REST API: what the commands give, as JSON."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile

from esgscan.choices import current_edition, reference_data
from esgscan.errors import OptionError
from esgscan.report.catalogue import Library, find_issuer, library_of
from esgscan.terms import Investor  # noqa: TC001 - FastAPI reads the types of a route
from esgscan.web import questions, work
from esgscan.web.guards import problem
from esgscan.web.options import POLICIES, uploads, wishes_of
from esgscan.web.work import Failure, Wish

router = APIRouter(prefix="/api/v1", tags=["portfolio"])

PROBLEM = {
    "description": "What is wrong, where, and how to mend it.",
    "content": {
        "application/problem+json": {
            "example": {
                "type": "about:blank",
                "title": "'holdings.csv' is empty.",
                "status": 422,
                "where": "holdings.csv",
                "mend": "export the portfolio again",
            }
        }
    },
}
PROBLEMS: dict[int | str, dict[str, Any]] = dict.fromkeys((400, 401, 403, 413, 421, 422, 503), PROBLEM)

NOT_FOUND: dict[int | str, dict[str, Any]] = {404: PROBLEM}
OF_AN_ISSUER = ("names", "listings", "measures", "tag_evidence", "relationships", "index_events")
"""Data sets with one row about one issuer."""

Files = Annotated[list[UploadFile], File(description="The portfolio: one file or several.")]
Day = Annotated[str, Form(description="The day the answer is for, as 2026-11-23; today if empty.")]


@router.post(
    "/scan", responses=PROBLEMS, summary="Scan a portfolio", response_description="schema: docs/schema/scan-1.json"
)
async def scan(
    request: Request,
    portfolio: Files,
    holdings: Annotated[list[UploadFile] | None, File(description="Holdings of funds, as published.")] = None,
    watchlist: Annotated[
        list[UploadFile] | None, File(description="Own watchlists, which count beside the packaged ones.")
    ] = None,
    decisions: Annotated[list[UploadFile] | None, File(description="Answers to review lines.")] = None,
    fx: Annotated[UploadFile | None, File(description="Exchange rates: CSV with currency and rate.")] = None,
    identifiers: Annotated[UploadFile | None, File(description="Which ISIN a CUSIP, SEDOL or FIGI is.")] = None,
    policy_file: Annotated[UploadFile | None, File(description="A policy of one's own (TOML).")] = None,
    policy: Annotated[str, Form(description=f"A policy that is here: {', '.join(POLICIES)}.")] = "",
    as_of: Day = "",
    investor: Annotated[Investor | None, Form(description="For whom the effects are told.")] = None,
) -> Response:
    """Find every way in which a portfolio reaches a listed surveillance company."""
    sent = {
        "holdings": holdings or (),
        "watchlist": watchlist or (),
        "decisions": decisions or (),
        "fx": [fx] if fx else (),
        "identifiers": [identifiers] if identifiers else (),
        "policy_file": [policy_file] if policy_file else (),
    }
    wishes = await wishes_of(sent, policy=policy, investor=str(investor or ""))
    wish = Wish(uploads=await uploads(portfolio), as_of=as_of, options=wishes)
    done = await request.app.state.workers.run(work.scan, wish)
    return failed(done) if isinstance(done, Failure) else Response(done, media_type="application/json")


@router.post("/inspect", responses=PROBLEMS, summary="Say how files are read")
async def inspect(request: Request, portfolio: Files) -> Any:
    """Say of each file how it is read: sheets, columns and why, what was skipped, totals, findings."""
    read = await request.app.state.workers.run(work.read, await uploads(portfolio), {})
    if isinstance(read, Failure):
        return failed(read)
    broken = next((one for one in read if isinstance(one, Failure)), None)
    return failed(broken) if broken else {"files": read}


@router.get(
    "/check",
    responses=PROBLEMS,
    summary="Check before a trade",
    response_description="schema: docs/schema/check-1.json",
)
async def check(
    request: Request,
    identifier: Annotated[list[str], Query(description="ISIN, code with its market, or name.", max_length=200)],
    as_of: Annotated[str, Query(description="The day the answer is for; today if empty.")] = "",
    investor: Annotated[Investor | None, Query(description="For whom the effects are told.")] = None,
) -> Any:
    """Say of each identifier whether it is flagged, clear, possible, refused or unknown, and why."""
    done = await request.app.state.workers.run(questions.check, identifier, as_of, str(investor or ""))
    return failed(done) if isinstance(done, Failure) else done


@router.get("/holders/{issuer}", responses=PROBLEMS, summary="Which funds hold an issuer")
async def holders(
    request: Request, issuer: str, as_of: Annotated[str, Query(description="The day; today if empty.")] = ""
) -> Any:
    """List the funds that hold an issuer, directly and through funds, the biggest first."""
    done = await request.app.state.workers.run(questions.holders, issuer, as_of)
    return failed(done) if isinstance(done, Failure) else done


@router.get("/funds", responses=PROBLEMS, summary="The funds that are known", tags=["reference"])
async def funds(
    request: Request, q: Annotated[str, Query(description="Words of an identifier or name.", max_length=200)] = ""
) -> Any:
    """List the funds of the reference data and of the holdings store, or those that have the words asked for."""
    done = await request.app.state.workers.run(questions.funds, q)
    return failed(done) if isinstance(done, Failure) else {"edition": current_edition(), **done}


@router.get(
    "/funds/{fund}", responses={**PROBLEMS, **NOT_FOUND}, summary="Everything known of one fund", tags=["reference"]
)
async def fund(
    request: Request, fund: str, as_of: Annotated[str, Query(description="The day; today if empty.")] = ""
) -> Any:
    """Give by id, ISIN, ticker or name who a fund is, what it reaches, and what its recorded lists say."""
    done = await request.app.state.workers.run(questions.fund, fund, as_of)
    return failed(done) if isinstance(done, Failure) else {"edition": current_edition(), **done}


@router.get("/issuers", summary="The watchlist", tags=["reference"])
async def issuers() -> Any:
    """List the issuers of the watchlist with their listings."""
    listings = library().rows("listings")
    return {
        "edition": current_edition(),
        "issuers": [
            {**row, "listings": [one for one in listings if one["issuer_id"] == row["issuer_id"]]}
            for row in library().rows("issuers")
        ],
    }


@router.get("/issuers/{issuer}", responses=NOT_FOUND, summary="Everything known of one issuer", tags=["reference"])
async def issuer(issuer: str) -> Any:
    """Give what the data sets say of one issuer, by its id or any of its names, with every source."""
    try:
        found = find_issuer(library(), issuer)
    except OptionError as error:
        return problem(404, error.what, where=error.where, mend=error.mend)
    about = {name: library().about(name, found["issuer_id"]) for name in OF_AN_ISSUER}
    about["notes"] = library().about("notes", found["issuer_id"], "issuer_ids")
    cited = {one for rows in ([found], *about.values()) for row in rows for one in row["source_ids"].split(" ")}
    sources = [row for row in library().rows("sources") if row["source_id"] in cited]
    return {"edition": current_edition(), "issuer": found, **about, "sources": sources}


@router.get("/programmes", summary="What each list legally does", tags=["reference"])
async def programmes() -> Any:
    """List the programmes."""
    return {"edition": current_edition(), "programmes": library().rows("programmes")}


@cache
def library() -> Library:
    """Load the packaged data sets once: they do not change while the page runs."""
    return library_of(reference_data())


def failed(failure: Failure) -> Response:
    """Answer with a failure."""
    return problem(failure.status, failure.what, where=failure.where, mend=failure.mend)
