from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import pytest

import esgscan
from esgscan.report.compose import compose
from esgscan.report.document import Statements
from esgscan.report.html import render_html
from esgscan.result_tables import RESULT_POSITIONS
from tests.fakes_scan import INJECTION, positions
from tests.frames import with_tables
from tests.report.pages import Page

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.records import Scan

MOST_BYTES = 2_000_000
LEAST_CONTRAST = 4.5
"""Of text on its ground, WCAG 2.2, success criterion 1.4.3."""


@pytest.fixture(scope="module")
def html(scan: Scan) -> str:
    return render_html(scan)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_page_loads_nothing(html: str, page: Page) -> None:
    assert {tag for tag, _ in page.tags} & {"link", "img", "iframe", "object", "embed", "base", "form"} == set()
    assert [attributes for _, attributes in page.tags if "src" in attributes or "srcset" in attributes] == []
    styles = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert len(styles) == 1
    assert "url(" not in styles[0]
    assert "@import" not in styles[0]
    policy = next(meta["content"] for meta in page.of("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")


def test_every_link_leads_somewhere(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    inside = {link["href"][1:] for link in page.of("a", "use") if link.get("href", "").startswith("#")}
    assert inside <= set(ids)
    assert len([name for name in inside if name.startswith("source-")]) >= 5


def test_headings_skip_no_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_tables_and_charts_can_be_read_out(page: Page) -> None:
    tables = page.of("table")
    assert len(tables) >= 6
    assert len(page.of("caption")) == len(tables)
    assert [header for header in page.of("th") if header.get("scope") not in {"col", "row"}] == []
    charts = page.of("svg")
    assert len(charts) >= 3
    assert all(chart["role"] == "img" and len(chart["aria-label"]) > 40 for chart in charts)


def luminance(color: str) -> float:
    """As WCAG 2.2 defines it."""
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_text_has_enough_contrast(html: str) -> None:
    colors = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", html.replace("#fff;", "#ffffff;")))
    for ink in ("ink", "quiet", "accent"):
        for ground in ("paper", "tint"):
            lighter, darker = luminance(colors[ground]), luminance(colors[ink])
            assert (lighter + 0.05) / (darker + 0.05) >= LEAST_CONTRAST, (ink, ground)


def test_names_of_the_user_stay_text(html: str, scan: Scan) -> None:
    assert INJECTION not in html
    assert INJECTION in Page(html).text
    row = {**positions()[0], "name_as_written": "<script>alert(1)</script>"}
    made = render_html(with_tables(scan, positions=RESULT_POSITIONS.frame([row])))
    assert made.count("<script>") == 1
    assert "&lt;script&gt;alert(1)" in made


def test_the_figures_are_those_of_the_scan(page: Page) -> None:
    # 0.003154012 of 250,000,000 is 788,503; the module's head of tests/fakes_scan.py has the arithmetic.
    assert "0.3154% of the portfolio reaches 3 flagged companies: EUR 788,503." in page.text
    for figure in ("0.301%", "0.0144%", "0.3096%", "0.3496%"):
        assert figure in page.text


def test_what_the_company_said_stands_beside_what_was_reported(page: Page) -> None:
    assert "Reported by others" in page.text
    assert "Said by the company" in page.text


def test_a_portfolio_of_5000_lines_stays_under_two_megabytes(scan: Scan) -> None:
    rows = [
        {**positions()[0], "position_id": f"p{n}", "source_row": n, "name_as_written": f"Invented Company Limited {n}"}
        for n in range(5_000)
    ]
    made = render_html(with_tables(scan, positions=RESULT_POSITIONS.frame(rows)))
    assert "Invented Company Limited 4999" in made
    assert len(made.encode()) < MOST_BYTES


def test_a_portfolio_without_exposure_says_what_was_screened(clean: Scan) -> None:
    text = Page(render_html(clean)).text
    assert "No flagged company found in the 97.20% that could be screened; 2.80% could not be opened" in text
    assert "Flagged companies" not in text


def test_what_a_listing_does_to_an_investor_stands_with_each_company(page: Page, scan: Scan) -> None:
    assert "What it does to an investor (information, not legal advice)" in page.text
    for row in scan.tables["legal_calendar"].to_dicts():
        assert str(row["said"]) in page.text


def test_the_page_says_which_edition_of_what_was_used(page: Page, scan: Scan) -> None:
    assert "What the answer rests on, each with its date" in page.text
    for subject, dated in scan.tables["editions"].select("subject", "dated").rows():
        assert subject in page.text
        assert dated.isoformat() in page.text


def test_measures_of_one_programme_that_do_the_same_are_told_once_with_the_sources_of_both(project: Path) -> None:
    # FTSE Russell deleted Hikvision from two families of indexes, on 21 December 2020 and 7 January 2021
    found = esgscan.scan(project / "sample_portfolios" / "direct_china.xlsx", as_of="2026-11-23", investor="eu")
    [companies] = [one for one in compose(found).sections if one.anchor == "companies"]
    [hikvision] = [one for one in companies.sections if one.anchor == "company-hikvision"]
    [calendar] = [b for b in hikvision.blocks if isinstance(b, Statements) and b.heading.startswith("What it does")]
    told = [item for item in calendar.items if item.text.startswith("FTSE deletion")]
    assert len(told) == 1
    rows = found.legal_calendar.query("issuer_id == 'hikvision' and programme == 'FTSE deletion'")
    assert len(rows) == 2
    assert {str(n) for n in told[0].sources} == {n for ids in rows["source_numbers"] for n in ids.split(", ")}
