"""A flag through ownership in every report: shown as such, with the owner and the sources, and never as a listing."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import openpyxl
import pytest

from esgscan.report.formats import render_report
from tests.rows import APPLE, EZVIZ, reading
from tests.runs import scan

if TYPE_CHECKING:
    from esgscan.records import Scan

OWNER = "Hangzhou Hikvision Digital Technology Co., Ltd."
THROUGH = f"FCC Covered List ({OWNER}); Section 889 ({OWNER})"


@pytest.fixture(scope="module")
def owned() -> Scan:
    return scan(reading({"isin": EZVIZ, "market_value": 25.0}, {"isin": APPLE, "market_value": 75.0}))


def test_the_terminal_says_that_no_list_names_the_company_and_which_reach_it_through_whom(owned):
    text = " ".join(render_report(owned, "terminal").decode().split())
    assert "25.00% of the portfolio reaches 1 flagged company" in text
    assert "No list names the company. THROUGH ITS OWNERS (NO LISTING OF THE COMPANY)" in text
    said = f"Section 889 names its owner {OWNER} (share not given, 2025-02); it reaches the company through ownership: "
    assert f"{said}The ban covers five named companies with their subsidiaries and affiliates. [" in text
    assert "IN FORCE" not in text


def test_the_json_gives_the_owners_beside_measures_that_stay_empty(owned):
    [issuer] = json.loads(render_report(owned, "json"))["issuers"]
    assert (issuer["measures"], issuer["tags"], issuer["counts"]) == ([], [], True)
    reaching = [row for row in issuer["owners"] if row["covered"] == "covered"]
    assert [row["programme"] for row in reaching] == ["FCC Covered List", "Section 889"]
    assert all(row["sources"] and row["stake"] is None for row in reaching)


def test_csv_and_workbook_name_the_programmes_in_a_column_of_their_own(owned):
    rows = csv.DictReader(io.StringIO(render_report(owned, "csv").decode("utf-8-sig")))
    [row] = [row for row in rows if row["part"] == "flagged"]
    assert (row["in_force"], row["through_owners"]) == ("", THROUGH)
    book = openpyxl.load_workbook(io.BytesIO(render_report(owned, "xlsx")))
    header, line = book["Exposures"].iter_rows(values_only=True)
    cells = dict(zip(header, line, strict=True))
    assert not cells["Programmes in force"]
    assert cells["Through its owner (no listing)"] == THROUGH
    assert {line[4] for line in book["Owners"].iter_rows(min_row=2, values_only=True)} >= {"Section 889", "Entity List"}


def test_html_and_markdown_state_the_owner_and_that_no_list_names_the_company(owned):
    for report in ("html", "md"):
        text = " ".join(render_report(owned, report).decode().replace("\\", "").split())
        assert "Through its owners (no listing of the company; no list names the company)" in text
        assert f"Section 889 names its owner {OWNER} (share not given, 2025-02)" in text
