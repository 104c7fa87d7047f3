"""The tutorial of the fund manager, followed in a real browser by the words that stand in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_the_tutorial_leads_from_the_file_to_the_report(page: Page, address: str, project: Path) -> None:
    text = (project / "docs" / "tutorials" / "fund-manager.md").read_text(encoding="utf-8")
    on_the_page = text.split("## 2. ")[1].split("## 5. ")[0]
    labels = re.findall(r"\*\*(.+?)\*\*", on_the_page)
    read, columns, again, as_of, make, coverage, companies, take, _ = labels
    file = re.search(r"Choose `(\S+)`", on_the_page)
    headline = re.search(r"^> (.+)$", on_the_page, re.MULTILINE)
    assert file
    assert headline

    page.goto(address)
    page.get_by_label("Portfolio").set_input_files(str(project / file[1]))
    page.get_by_role("button", name=read, exact=True).click()
    page.get_by_text(columns, exact=True).click()
    expect(page.get_by_role("button", name=again, exact=True)).to_be_visible()
    assert "23 November 2026" in on_the_page
    page.get_by_label(as_of, exact=True).fill("2026-11-23")
    page.get_by_role("button", name=make, exact=True).click()
    expect(page.get_by_text(headline[1])).to_be_visible(timeout=60_000)
    for heading in (coverage, companies, take):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()


def test_the_option_for_holdings_has_the_name_that_the_tutorial_gives_it(
    page: Page, address: str, project: Path
) -> None:
    text = (project / "docs" / "tutorials" / "fund-manager.md").read_text(encoding="utf-8")
    (label,) = re.findall(r"on the page under \*\*(.+?)\*\*", text)
    page.goto(address)
    page.get_by_label("Portfolio").set_input_files(str(project / "sample_portfolios" / "no_exposure.csv"))
    page.get_by_role("button", name="Read the files").click()
    expect(page.get_by_label(label, exact=True)).to_be_attached()
