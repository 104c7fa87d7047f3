"""The journey in a real browser: with a mouse, with the keyboard alone, without scripts, on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

WIDTHS = (375, 768, 1440)
SERIOUS = {"serious", "critical"}
ORIGINS = [f"/origin?of={number}" for number in ("indirect", "ceiling", "clear", "uncovered", "weight&issuer=zte")]
LOOKUPS = (
    "/issuers",
    "/issuers/hikvision",
    "/issuers/nobody",
    "/holders/dahua",
    "/funds?q=emerging",
    "/funds/EEM",
    "/funds/isin-fr0010429068",
    "/funds/nobody",
    "/programmes",
    "/programmes/us-ofac-ns-cmic",
    "/search?q=hik",
    "/search?q=nothing+at+all",
    "/check?q=002415+CH%0A2415%0AApple",
)
CHECK = re.compile("How it was read")
REPORT = re.compile("Kestrel Bay")


@pytest.fixture
def file(project: Path) -> str:
    return str(project / "sample_portfolios" / "pension_fund.xlsx")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def journey(page: Page, address: str, file: str) -> None:
    page.goto(address)
    page.get_by_label("Portfolio").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page).to_have_title(CHECK)
    page.get_by_label("As of").fill("2026-11-23")
    page.get_by_role("button", name="Make the report").click()
    expect(page).to_have_title(REPORT, timeout=30_000)


def test_with_a_mouse_from_the_file_to_the_workbook(page: Page, address: str, file: str) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    journey(page, address, file)
    expect(page.get_by_text("0.3208% of the portfolio reaches 16 flagged companies")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel workbook").click()
    assert download.value.suggested_filename == "esgscan-report.xlsx"
    page.get_by_role("button", name="Company").click()
    assert page.locator("table[data-sort] tbody th").first.inner_text() == "360 Security Technology Inc."
    page.get_by_role("button", name="Forget portfolio and report now").click()
    expect(page).to_have_title(re.compile("Scan a portfolio"))
    assert faults == []


def test_with_the_keyboard_alone(page: Page, address: str, file: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Portfolio")).to_be_focused()
    page.get_by_label("Portfolio").set_input_files(file)  # the window for this is the system's own
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_title(CHECK)
    for _ in range(60):
        if page.evaluate("document.activeElement.textContent") == "Make the report":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_title(REPORT, timeout=30_000)


def test_a_file_that_is_dropped_is_chosen(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate(
        """() => {
        const data = new DataTransfer();
        data.items.add(new File(["ISIN,Weight\\nUS0378331005,100%\\n"], "dropped.csv"));
        document.querySelector("[data-drop]").dispatchEvent(
            new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    )
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", name="dropped.csv")).to_be_visible()


def test_without_scripts_and_on_every_width(browser: Browser, address: str, file: str) -> None:
    for width in WIDTHS:
        context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
        page = context.new_page()
        journey(page, address, file)
        expect(page.get_by_text("0.3208% of the portfolio reaches 16 flagged companies")).to_be_visible()
        context.close()


def test_every_number_of_the_report_leads_to_parts_that_add_up_to_it_and_to_a_row_with_scripts_off(
    browser: Browser, address: str, file: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    journey(page, address, file)
    numbers = page.locator("a.number")
    told = [(numbers.nth(at).get_attribute("href"), numbers.nth(at).inner_text()) for at in range(numbers.count())]
    assert len(told) == 7 + 4 * 16
    for href, shown in [*told[:11], *told[-4:]]:
        page.goto(address + str(href))
        assert page.locator("tfoot tr").last.locator("td").first.inner_text() == shown.replace("trace", "0%")
    page.goto(address + str(next(href for href, _ in told if "of=indirect" in str(href))))
    page.get_by_role("link", name="row 24").first.click()
    expect(page.get_by_role("cell", name="A24")).to_be_visible()
    context.close()


def test_funds_companies_and_holders_are_found_by_searching(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Company, fund, ISIN or code").fill("emerging markets")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="iShares MSCI Emerging Markets ETF", exact=True).click()
    expect(page.get_by_role("heading", name="Recorded lists")).to_be_visible()
    page.get_by_role("link", name="Zhejiang Dahua Technology Co., Ltd.").first.click()
    page.get_by_role("link", name="Which funds hold it").click()
    expect(page.get_by_role("link", name="iShares MSCI Emerging Markets ETF", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_screen(browser: Browser, address: str, file: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    for _ in _pages(page, address, file):
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_fault_of_accessibility(browser: Browser, address: str, file: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    # axe runs as a script inside the page, which the page's own policy forbids to everybody else.
    context: BrowserContext = browser.new_context(bypass_csp=True, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    for _ in _pages(page, address, file):
        found = Axe().run(page).response["violations"]
        serious = [(one["id"], [node["target"] for node in one["nodes"]]) for one in found if one["impact"] in SERIOUS]
        assert serious == [], page.url
    context.close()


def _pages(page: Page, address: str, file: str) -> Iterator[None]:
    """Walk through every kind of page."""
    page.goto(address)
    yield
    page.get_by_label("Portfolio").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_text("Columns, and mending them").click()
    page.wait_for_load_state()
    yield
    page.get_by_role("button", name="Make the report").click()
    expect(page).to_have_title(REPORT, timeout=30_000)
    report = page.url
    page.wait_for_load_state()
    yield
    visit = report.removesuffix("/report")
    paths = [f"{visit}{path}" for path in ("/report?issuer=hikvision", "/lines", "/lines/p18", *ORIGINS)]
    for path in (*paths, *(address + path for path in LOOKUPS)):
        page.goto(path)
        yield
