"""What can be looked up without a file: companies, programmes, and checks before a trade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from esgscan.errors import OptionError
from esgscan.report.reference import render_issuer, render_programme
from esgscan.web import work
from esgscan.web.api import library
from esgscan.web.templating import error_page, page
from esgscan.web.work import Failure

if TYPE_CHECKING:
    from collections.abc import Sequence

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

MOST_CHECKED = 200


@router.get("/issuers")
async def issuers(request: Request, q: str = "") -> Response:
    """List the watchlist, or what of it has the words asked for."""
    known = library()
    names: dict[str, list[str]] = {}
    for row in (*known.rows("names"), *known.rows("listings")):
        told = (row.get("name"), row.get("security_id"), row.get("isin"), row.get("local_code"))
        names.setdefault(row["issuer_id"], []).extend(one for one in told if one)
    rows = [
        {"href": f"/issuers/{row['issuer_id']}", "cells": [row["name"], row["name_zh"] or "", row["country"] or ""]}
        for row in known.rows("issuers")
        if _has(q, [row["name"], row["issuer_id"], *names.get(row["issuer_id"], [])])
    ]
    columns = ["Company", "Name in Chinese", "Country"]
    total = len(known.rows("issuers"))
    return page(request, "catalogue.html", heading="Companies", columns=columns, rows=rows, total=total, q=q)


@router.get("/issuers/{issuer_id}")
async def issuer(request: Request, issuer_id: str) -> Response:
    """Show everything known of one issuer, each line with its source."""
    return _text(request, render_issuer, issuer_id, more=(f"/holders/{issuer_id}", "Which funds hold it"))


@router.get("/holders/{issuer}")
async def holders(request: Request, issuer: str, as_of: str = "") -> Response:
    """List the funds that hold an issuer."""
    done = await request.app.state.workers.run(work.holders, issuer, as_of)
    if isinstance(done, Failure):
        return error_page(request, done.status, done.what, where=done.where, mend=done.mend)
    return page(request, "holders.html", as_of=as_of, **done)


@router.get("/check")
async def check(request: Request, q: str = "") -> Response:
    """Say whether an identifier or a name is flagged, and why; a line for each."""
    asked = [line.strip() for line in q.splitlines() if line.strip()][:MOST_CHECKED]
    if not asked:
        return page(request, "check.html", q=q, answer=None)
    answer = await request.app.state.workers.run(work.check, asked)
    if isinstance(answer, Failure):
        return error_page(request, answer.status, answer.what, where=answer.where, mend=answer.mend)
    return page(request, "check.html", q=q, answer=answer)


@router.get("/programmes")
async def programmes(request: Request, q: str = "") -> Response:
    """List the programmes."""
    found = library().rows("programmes")
    rows = [
        {"href": f"/programmes/{row['programme_id']}", "cells": [row["name"], row["effect_on_investor"]]}
        for row in found
        if _has(q, [row["name"], row["short_name"], row["programme_id"]])
    ]
    columns = ["Programme", "To a holder of shares"]
    return page(request, "catalogue.html", heading="Programmes", columns=columns, rows=rows, total=len(found), q=q)


@router.get("/programmes/{programme_id}")
async def programme(request: Request, programme_id: str) -> Response:
    """Show what one programme legally does."""
    return _text(request, render_programme, programme_id)


def _text(request: Request, render: Any, wanted: str, more: tuple[str, str] | None = None) -> Response:
    try:
        title, _, text = render(library().data, wanted, width=100).partition("\n")
    except OptionError as error:
        return error_page(request, 404, error.what, mend=error.mend)
    return page(request, "text.html", heading=title, text=text.strip("\n"), more=more)


def _has(wanted: str, texts: Sequence[str]) -> bool:
    words = wanted.casefold().split()
    return not words or any(all(word in text.casefold() for word in words) for text in texts)
