"""A page that answers in this process, and one that answers on a port of this machine."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser
    from starlette.testclient import TestClient

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
]


def client_of(**settings: object) -> TestClient:
    from starlette.testclient import TestClient

    from esgscan.web.app import create_app
    from esgscan.web.settings import Settings

    app = create_app(Settings(workers=1, **settings))  # type: ignore[arg-type]
    return TestClient(app, base_url="http://localhost")


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """Give a browser without scripts."""
    with client_of(max_upload=2**20) as client:
        yield client


@pytest.fixture
def sample(project: Path) -> bytes:
    """Give the bytes of the pension fund."""
    return (project / "sample_portfolios" / "pension_fund.xlsx").read_bytes()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Serve the page on a free port of this machine."""
    import uvicorn

    from esgscan.web.app import create_app
    from esgscan.web.settings import Settings

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(create_app(Settings(port=port, workers=2)), port=port, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.started
    yield f"http://localhost:{port}"
    server.should_exit = True
    thread.join(timeout=30)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give headless Chromium; continuous integration requires it."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        reason = f"no browser is here: {', '.join(BROWSERS)}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()
