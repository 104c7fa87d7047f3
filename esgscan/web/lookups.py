"""What can be looked up without a file: companies, funds, programmes, who holds what, and checks before a trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from esgscan.errors import OptionError
from esgscan.report.catalogue import find_issuer, find_programme
from esgscan.report.reference import write_issuer, write_programme
from esgscan.web import questions
from esgscan.web.api import library
from esgscan.web.entries import EntryPage
from esgscan.web.templating import error_page, page
from esgscan.web.work import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

MOST_CHECKED = 200
MOST_FOUND = 20


@router.get("/issuers")
async def issuers(request: Request, q: str = "") -> Response:
    """List the watchlist, or what of it has the words asked for."""
    columns = ["Company", "Name in Chinese", "Listed as", "Country"]
    return page(
        request, "catalogue.html", heading="Companies", columns=columns, rows=found_issuers(q),
        total=len(library().rows("issuers")), q=q, hint="Name, ISIN, code or id",
    )  # fmt: skip


@router.get("/issuers/{issuer_id}")
async def issuer(request: Request, issuer_id: str) -> Response:
    """Show everything known of one issuer, each line with its source."""
    known = library()
    entry = EntryPage({row["short_name"]: f"/programmes/{row['programme_id']}" for row in known.rows("programmes")})
    try:
        found = find_issuer(known, issuer_id)
    except OptionError as error:
        return _unknown(request, error, ("/issuers", "Every company"))
    write_issuer(entry, known, found)
    holders = (f"/holders/{found['issuer_id']}", "Which funds hold it")
    return page(
        request, "entry.html", entry=entry, over="Company", more=holders, title=found["name"], title_zh=found["name_zh"]
    )


@router.get("/programmes")
async def programmes(request: Request, q: str = "") -> Response:
    """List the programmes."""
    columns = ["Programme", "Short name", "To a holder of shares"]
    return page(
        request, "catalogue.html", heading="Programmes", columns=columns, rows=found_programmes(q),
        total=len(library().rows("programmes")), q=q, hint="Name or short name",
    )  # fmt: skip


@router.get("/programmes/{programme_id}")
async def programme(request: Request, programme_id: str) -> Response:
    """Show what one programme legally does."""
    known = library()
    entry = EntryPage({row["name"]: f"/issuers/{row['issuer_id']}" for row in known.rows("issuers")})
    try:
        found = find_programme(known, programme_id)
    except OptionError as error:
        return _unknown(request, error, ("/programmes", "Every programme"))
    write_programme(entry, known, found)
    return page(request, "entry.html", entry=entry, over="Programme", more=None, title=entry.name, title_zh="")


@router.get("/funds")
async def funds(request: Request, q: str = "") -> Response:
    """List the funds that are known, or those that have the words asked for."""
    found = await request.app.state.workers.run(questions.funds, q)
    if isinstance(found, Failure):
        return _failed(request, found)
    columns = ["Fund", "Ticker", "ISIN", "Index", "Newest recorded list", "In the store"]
    return page(
        request, "catalogue.html", heading="Funds", columns=columns, rows=[_fund_row(row) for row in found["funds"]],
        total=found["total"], q=q, hint="Name, ISIN or ticker",
    )  # fmt: skip


@router.get("/funds/{fund}")
async def fund(request: Request, fund: str, as_of: str = "") -> Response:
    """Show everything known of one fund: who it is, what it reaches, what its lists say, each with its source."""
    found = await request.app.state.workers.run(questions.fund, fund, as_of)
    if isinstance(found, Failure):
        return _failed(request, found, ("/funds", "Every fund"))
    return page(request, "fund.html", asked=as_of, **found)


@router.get("/holders/{issuer}")
async def holders(request: Request, issuer: str, as_of: str = "") -> Response:
    """List the funds that hold an issuer."""
    done = await request.app.state.workers.run(questions.holders, issuer, as_of)
    if isinstance(done, Failure):
        return _failed(request, done, ("/issuers", "Every company"))
    return page(request, "holders.html", as_of=as_of, **done)


@router.get("/search")
async def search(request: Request, q: str = "") -> Response:
    """Find companies, funds and programmes by the same words."""
    found = await request.app.state.workers.run(questions.funds, q)
    if isinstance(found, Failure):
        return _failed(request, found)
    groups = [
        ("Companies", "/issuers", found_issuers(q)),
        ("Funds", "/funds", [_fund_row(row) for row in sorted(found["funds"], key=_is_bare)]),
        ("Programmes", "/programmes", found_programmes(q)),
    ]
    return page(request, "search.html", q=q, groups=groups if q.strip() else [], most=MOST_FOUND)


@router.get("/check")
async def check(request: Request, q: str = "") -> Response:
    """Say whether an identifier or a name is flagged, and why; a line for each."""
    asked = [line.strip() for line in q.splitlines() if line.strip()]
    if not asked:
        return page(request, "check.html", q=q, answer=None, left=0)
    answer = await request.app.state.workers.run(questions.check, asked[:MOST_CHECKED])
    if isinstance(answer, Failure):
        return _failed(request, answer, ("/check", "Check something else"))
    return page(request, "check.html", q=q, answer=answer, left=len(asked[MOST_CHECKED:]))


def found_issuers(wanted: str) -> list[dict[str, Any]]:
    """Find issuers by name, id, ISIN or code: rows of a table with the address that each leads to."""
    known = library()
    texts: dict[str, list[str]] = {}
    for row in (*known.rows("names"), *known.rows("listings")):
        told = (row.get("name"), row.get("security_id"), row.get("isin"), row.get("local_code"))
        texts.setdefault(row["issuer_id"], []).extend(one for one in told if one)
    codes: dict[str, list[str]] = {}
    for row in known.rows("listings"):
        codes.setdefault(row["issuer_id"], []).append(row["security_id"])
    return [
        _row(
            f"/issuers/{row['issuer_id']}",
            row["name"],
            row["name_zh"],
            ", ".join(codes.get(row["issuer_id"], ())),
            row["country"],
        )
        for row in sorted(known.rows("issuers"), key=lambda row: row["name"].casefold())
        if _has(wanted, [row["name"], row["issuer_id"], row["name_zh"] or "", *texts.get(row["issuer_id"], ())])
    ]


def found_programmes(wanted: str) -> list[dict[str, Any]]:
    """Find programmes by name or id: rows of a table with the address that each leads to."""
    return [
        _row(f"/programmes/{row['programme_id']}", row["name"], row["short_name"], row["effect_on_investor"])
        for row in library().rows("programmes")
        if _has(wanted, [row["name"], row["short_name"], row["programme_id"]])
    ]


def _fund_row(row: Mapping[str, Any]) -> dict[str, Any]:
    cells = (row[name] for name in ("ticker", "isin", "index", "recorded_on", "stored_on"))
    return _row(f"/funds/{row['fund_id']}", row["name"] or row["fund_id"], *cells)


def _is_bare(fund: Mapping[str, Any]) -> bool:
    """Whether no list of its holdings is known: such a fund stands behind the others."""
    return not (fund["recorded_on"] or fund["stored_on"])


def _row(href: str, *cells: object) -> dict[str, Any]:
    return {"href": href, "cells": ["" if cell is None else str(cell) for cell in cells]}


def _has(wanted: str, texts: Sequence[str]) -> bool:
    words = wanted.casefold().split()
    return not words or any(all(word in text.casefold() for word in words) for text in texts)


def _unknown(request: Request, error: OptionError, back: tuple[str, str]) -> Response:
    mend = error.mend.partition("esgscan ")[0].rstrip(" ?") + "?" if "did you mean" in error.mend else ""
    return error_page(request, 404, error.what, mend=mend, back=back)


def _failed(request: Request, failure: Failure, back: tuple[str, str] = ("/", "Start again")) -> Response:
    return error_page(request, failure.status, failure.what, where=failure.where, mend=failure.mend, back=back)
