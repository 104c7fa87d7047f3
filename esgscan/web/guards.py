"""What every request passes: who may ask, from which page, how much; and the headers of every answer."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import logging
import secrets
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from esgscan.web.settings import Settings

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
NO_ROOM = "There is no room for another upload now."
LOG = logging.getLogger("esgscan.web")


def problem(status: int, what: str, *, where: str = "", mend: str = "", headers: Any = None) -> JSONResponse:
    """Give an error as RFC 9457 has it: `title` is what, and `where` and `mend` stand beside."""
    content = {"type": "about:blank", "title": what, "status": status, "where": where, "mend": mend}
    return JSONResponse(content, status_code=status, media_type="application/problem+json", headers=headers)


class Guard:
    """The outermost layer of the app."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self._room = _Room(settings.max_memory)
        self._hosts = {host.casefold() for host in settings.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the request through with its size bounded and its headers set."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, answered = time.perf_counter(), {"status": 500}
        bounded = _Bounded(receive, self._settings.max_upload, self._room)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered["status"] = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = self._refusal(scope)
        try:
            await (refused(scope, receive, sent) if refused is not None else self._bounded(scope, bounded, sent))
        finally:
            bounded.give_back()
        _log(scope, answered["status"], time.perf_counter() - begun)

    async def _bounded(self, scope: Scope, bounded: _Bounded, sent: Send) -> None:
        """Let the app answer, or say that the upload is too large: what the app says of the part it got is not told."""

        async def unless_over(message: Message) -> None:
            if not bounded.is_over:
                await sent(message)

        with contextlib.suppress(TooLargeError):
            await self._app(scope, bounded, unless_over)
        if bounded.is_over:
            refused = too_large(self._settings.max_upload) if bounded.is_too_large else no_room()
            await refused(scope, bounded, sent)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        """Say why a request is refused, before anything of it is read."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _name_of(f"//{host}") not in self._hosts:
            return problem(421, "The page does not answer to this host.", where="Host", mend="call it by its own name")
        if scope["method"] not in {"GET", "HEAD"} and _is_foreign(headers, host):
            return problem(403, "Another site sent this form.", where="Origin", mend="open the page itself")
        if self._settings.token and scope["path"] != "/health" and not self._is_known(headers):
            asked = {"WWW-Authenticate": 'Basic realm="esgscan", charset="UTF-8"'}
            return problem(401, "A token is needed.", where="Authorization", mend="give the token", headers=asked)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._settings.max_upload:
            return too_large(self._settings.max_upload)
        return None

    def _is_known(self, headers: Headers) -> bool:
        """Compare the token, given as a bearer or as the password of any name."""
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.casefold() == "basic":
            try:
                given = base64.b64decode(given, validate=True).decode("utf-8").partition(":")[2]
            except (binascii.Error, UnicodeDecodeError):
                return False
        return secrets.compare_digest(given.encode(), self._settings.token.encode())


class TooLargeError(Exception):
    """More bytes came than the page takes."""


class _Room:
    """Counts the bytes of all requests under way: many allowed uploads together may be more than there is room for."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, size: int) -> bool:
        """Take room, and say whether there was enough."""
        self._left -= size
        return self._left >= 0


class _Bounded:
    """Counts the bytes of a request as they come: a length that was promised may be false."""

    def __init__(self, receive: Receive, most: int, room: _Room) -> None:
        self._receive, self._most, self._room = receive, most, room
        self._taken, self._fits = 0, True

    @property
    def is_too_large(self) -> bool:
        """Whether more came than one request may have."""
        return self._taken > self._most

    @property
    def is_over(self) -> bool:
        """Whether more came than was allowed, or than there is room for."""
        return self.is_too_large or not self._fits

    def give_back(self) -> None:
        """Give back the room of the request."""
        self._room.take(-self._taken)

    async def __call__(self) -> Message:
        message = await self._receive()
        size = len(message.get("body", b""))
        self._taken += size
        self._fits = self._room.take(size) and self._fits
        if self.is_over:
            raise TooLargeError
        return message


def no_room() -> JSONResponse:
    """Say that too many uploads are here at one time."""
    return problem(503, NO_ROOM, where="server", mend="try again in some minutes", headers={"Retry-After": "60"})


def too_large(most: int) -> JSONResponse:
    """Say how much an upload may be."""
    what = f"The upload is larger than {most // 2**20} MiB."
    return problem(413, what, where="upload", mend="remove what is not the portfolio, or use the command esgscan")


def _is_foreign(headers: Headers, host: str) -> bool:
    """Whether a browser says that another site sent the request; a program that says nothing is none."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.casefold() != host.casefold()


def _name_of(address: str) -> str:
    """Give the host of an address without its port, IPv6 in brackets."""
    try:
        name = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return f"[{name}]" if ":" in name else name.casefold()


def _log(scope: Scope, status: int, seconds: float) -> None:
    """Write one line of JSON: no names, no holdings, and the pattern of the path instead of its secret words."""
    route = scope.get("route")
    line = {
        "method": scope["method"],
        "path": getattr(route, "path", "unknown"),
        "status": status,
        "ms": round(seconds * 1000),
    }
    LOG.info(json.dumps(line))
