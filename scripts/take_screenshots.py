"""Take the pictures of docs/page.md: each step of the page, at the width of a phone, a tablet and a screen.

    python scripts/take_screenshots.py

Serves the page on this machine, walks through it in headless Chromium, and writes docs/screenshots/STEP-WIDTH.webp.
"""

from __future__ import annotations

import shutil
import socket
import sys
import threading
import time
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "screenshots"
SAMPLE = ROOT / "sample_portfolios" / "pension_fund.xlsx"
AS_OF = "2026-11-23"
SIZES = {375: 812, 768: 1024, 1440: 960}
QUALITY = 72
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb"]
PATIENCE = 60_000


def steps(page: Page, address: str) -> Iterator[str]:
    """Walk through the page, and stop at each step that is to be shown."""
    page.goto(address)
    yield "choose"
    page.get_by_label("Portfolio").set_input_files(SAMPLE)
    page.get_by_role("button", name="Read the files").click()
    page.get_by_label("As of").fill(AS_OF, timeout=PATIENCE)
    yield "check"
    page.get_by_role("button", name="Make the report").click()
    page.get_by_text("of the portfolio reaches").first.wait_for(timeout=PATIENCE)
    report = page.url
    yield "report"
    page.get_by_role("heading", name="Flagged companies").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#companies').scrollIntoView()")
    yield "companies"
    page.goto(report)
    page.locator('a.number[href*="of=indirect"]').first.click()
    page.get_by_text("from").first.wait_for()
    yield "origin"
    page.get_by_role("link", name="row 24").first.click()
    page.get_by_role("heading", name="As the file has it").wait_for(timeout=PATIENCE)
    yield "line"
    page.goto(f"{address}/funds/EEM?as_of={AS_OF}")
    yield "fund"


def take(browser: Browser, address: str, folder: Path) -> list[Path]:
    """Take all pictures, and give the files."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    for width, height in SIZES.items():
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="light")
        page = context.new_page()
        for step in steps(page, address):
            page.wait_for_load_state("networkidle")
            page.evaluate("document.activeElement.blur()")
            path = folder / f"{step}-{width}.webp"
            with Image.open(BytesIO(page.screenshot())) as picture:
                picture.convert("RGB").save(path, "WEBP", quality=QUALITY, method=6)
            taken.append(path)
        context.close()
    return taken


@contextmanager
def served() -> Iterator[str]:
    """Serve the page on a free port of this machine."""
    import uvicorn

    from esgscan.web.app import create_app
    from esgscan.web.settings import Settings

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(Settings(port=port)), port=port, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://localhost:{port}"
    server.should_exit = True
    thread.join(timeout=30)


def main() -> None:
    """Take the pictures of the documentation."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        sys.exit(f"no browser is here: {', '.join(BROWSERS)}")
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for path in take(browser, address, FOLDER):
            print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1024:.0f} KiB")
        browser.close()


if __name__ == "__main__":
    main()
