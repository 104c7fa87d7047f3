"""Run the page until it is stopped."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from esgscan.errors import OptionError

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.web.settings import Settings

SECONDS_TO_STOP = 10
SHORTEST_TOKEN = 16


def serve(settings: Settings) -> None:
    """Serve the page and the API; a signal stops it after the work under way.

    Raises:
        OptionError: The packages of the page are not installed, or the address is open to others without a token.
    """
    try:
        import uvicorn

        from esgscan.web.app import create_app
    except ImportError as error:
        what = f"The page needs packages that are not here: {error.name}."
        raise OptionError(what, where="esgscan serve", mend="pip install '.[web]' in the project's folder") from error
    app = create_app(settings)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=SECONDS_TO_STOP,
    )


def read_token(path: Path) -> str:
    """Read the token: the first line of a file.

    Raises:
        OptionError: The file cannot be read, or the word is too short to keep anybody out.
    """
    try:
        token = path.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise OptionError(
            f"Cannot read the token: {error}.", where=f"--token {path}", mend="name a text file"
        ) from error
    if len(token) < SHORTEST_TOKEN:
        what = f"The token has {len(token)} characters."
        raise OptionError(what, where=f"--token {path}", mend=f"write at least {SHORTEST_TOKEN} that nobody can guess")
    return token
