"""The app: guards outside, pages and API inside, workers behind."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.staticfiles import StaticFiles

import esgscan
from esgscan.choices import current_edition
from esgscan.web import api, lookups, pages, reports
from esgscan.web.desk import Desk, DeskFullError
from esgscan.web.guards import NO_ROOM, Guard, no_room, problem
from esgscan.web.sessions import Session
from esgscan.web.settings import Settings, check_reach
from esgscan.web.templating import error_page
from esgscan.web.workers import Workers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.responses import Response

SECONDS_BETWEEN_SWEEPS = 5
DESCRIPTION = """
Find listed surveillance companies in a portfolio, directly and through funds, with every source.
Nothing of an upload is kept after the answer. Information, not legal or investment advice.
"""


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the app.

    Raises:
        OptionError: The address is open to others and there is no token.
    """
    settings = check_reach(settings or Settings())
    app = FastAPI(
        title="esgscan",
        version=esgscan.__version__,
        description=DESCRIPTION,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    MultiPartParser.spool_max_size = settings.max_upload  # what is larger than this goes to a file, and nothing may
    app.state.settings = settings
    app.state.desk = Desk(keep=settings.keep, most=settings.max_memory, close=Session.close)
    app.include_router(api.router)
    app.include_router(pages.router)
    app.include_router(reports.router)
    app.include_router(lookups.router)
    app.mount("/static", StaticFiles(directory=str(files("esgscan.web") / "static")), name="static")
    app.add_api_route("/health", _health, methods=["GET"], summary="Whether the server answers", tags=["server"])
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(DeskFullError, _full)
    app.add_middleware(Guard, settings=settings)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.workers = Workers(app.state.settings)
    sweeping = asyncio.create_task(_sweep(app.state.desk))
    try:
        yield
    finally:
        sweeping.cancel()
        app.state.workers.close()


async def _sweep(desk: Desk[Session]) -> None:
    """Forget what is over its time, also when nobody asks for anything."""
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_SWEEPS)
        desk.sweep()


async def _health() -> dict[str, str]:
    """Say which version answers, on which edition of the data."""
    return {"status": "ok", "version": esgscan.__version__, "edition": current_edition()}


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    return _answer(request, error.status_code, str(error.detail), where=request.url.path)


async def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class
    first = error.errors()[0]
    where = " ".join(str(part) for part in first["loc"])
    return _answer(
        request, 422, f"Cannot use the request: {first['msg']}.", where=where, mend="see /api/v1/openapi.json"
    )


async def _full(request: Request, _: Exception) -> Response:
    if _is_for_a_program(request):
        return no_room()
    answer = error_page(request, 503, NO_ROOM, where="server", mend="try again in some minutes")
    answer.headers["Retry-After"] = "60"
    return answer


def _answer(request: Request, status: int, what: str, *, where: str = "", mend: str = "") -> Response:
    """Answer a program with a problem, and a person with a page."""
    if _is_for_a_program(request):
        return problem(status, what, where=where, mend=mend)
    return error_page(request, status, what, where=where, mend=mend)


def _is_for_a_program(request: Request) -> bool:
    return request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", "")
