from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from rich.cells import cell_len

import esgscan
from esgscan.report.check import render_check
from esgscan.report.check_json import check_schema, render_check_json, schema_text

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.records import Check

IDENTIFIERS = ("002415 CH", "SenseTime, HK", "688475.SS", "Cangzhou Dahua, CN", "ZTE", "2415", "Apple", "\x1b[31mevil")


@pytest.fixture(scope="module")
def check() -> Check:
    return esgscan.check(*IDENTIFIERS, as_of="2026-11-23", investor="us-person")


@pytest.fixture(scope="module")
def text(check: Check) -> str:
    return render_check(check)


@pytest.fixture(scope="module")
def document(check: Check) -> Any:
    return json.loads(render_check_json(check))


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_the_answers_come_first_in_the_order_asked(text):
    answers = re.findall(r"^(FLAGGED|CLEAR|POSSIBLE|REFUSED|UNKNOWN)  (.*)$", text, flags=re.MULTILINE)
    words = ["FLAGGED", "FLAGGED", "FLAGGED", "CLEAR", "POSSIBLE", "REFUSED", "UNKNOWN", "UNKNOWN"]
    assert [word for word, _ in answers] == words
    assert [name for _, name in answers][:-1] == list(IDENTIFIERS[:-1])


def test_each_company_that_was_identified_is_told_with_its_measures_the_bans_on_holders_first(text):
    hikvision = text[text.index("(hikvision)") : text.index("(sensetime)")]
    assert hikvision.index("NS-CMIC: since 2021-08-02; names the company") < hikvision.index("Section 889: since")
    assert "effect: US persons may not buy or sell; see the dates of the entry" in flat(hikvision)
    assert "3 measures ended before" in hikvision


def test_what_the_lists_do_to_the_investor_is_told_as_in_a_scan_before_the_companies(text):
    calendar = flat(text[text.index("WHAT A LISTING DOES TO") : text.index("(hikvision)")])
    assert "sale to divest allowed until 2022-06-03 (over); sale barred since 2022-06-03; may hold" in calendar


def test_a_list_that_names_a_subsidiary_does_not_read_as_a_listing(text):
    named = "names SENSETIME GROUP LIMITED, a subsidiary of the company, not the company itself"
    assert named in flat(text)


def test_what_reaches_a_company_through_its_owner_is_told_as_such(text):
    ezviz = flat(text[text.index("(ezviz)") : text.index("\nSOURCES")])
    assert "No list, ban or exclusion of this edition names it." in ezviz
    assert "THROUGH ITS OWNERS (NO LISTING OF THE COMPANY)" in ezviz
    assert (
        "Section 889 names its owner Hangzhou Hikvision Digital Technology Co., Ltd. (share not given, 2025-02)"
        in ezviz
    )


def test_the_page_ends_with_what_it_is_not_and_with_the_edition(check, text):
    last = (
        f"Information, not legal or investment advice. esgscan {check.run.version}, reference data {check.run.edition}."
    )
    assert flat(text).rstrip().endswith(last)


@pytest.mark.parametrize("width", [56, 80])
def test_no_line_is_wider_than_the_page_and_text_from_outside_cannot_drive_a_terminal(check, width):
    text = render_check(check, width=width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert "\x1b" not in text


def test_real_answers_keep_to_the_published_schema(document):
    Draft202012Validator.check_schema(check_schema())
    assert [error.message for error in Draft202012Validator(check_schema()).iter_errors(document)] == []


def test_the_published_schema_is_the_one_that_is_written_by(project: Path):
    assert (project / "docs" / "schema" / "check-1.json").read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("change", [{"answer": "guilty"}, {"surprise": 1}, {"number": None}], ids=str)
def test_the_schema_refuses_what_is_not_described(document, change):
    changed = {**document, "answers": [{**document["answers"][0], **change}]}
    assert not Draft202012Validator(check_schema()).is_valid(changed)


def test_the_document_has_answers_with_measures_owners_and_numbered_sources(document):
    hikvision, _, ezviz, *_ = document["answers"]
    assert (hikvision["answer"], hikvision["issuer_id"]) == ("flagged", "hikvision")
    assert {one["status"] for one in hikvision["measures"]} == {"in_force", "ended"}
    assert {one["covered"] for one in ezviz["owners"]} == {"covered", "not covered", "not known"}
    numbers = [source["number"] for source in document["sources"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {n for one in hikvision["measures"] for n in one["sources"]} <= set(numbers)
    assert document["disclaimer"] == "Information, not legal or investment advice."
