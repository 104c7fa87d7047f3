"""The labelled names: no other company is ever known as an issuer, and the document tells what was measured."""

from __future__ import annotations

import runpy
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import polars as pl


@pytest.fixture(scope="module")
def measured(project: Path) -> dict[str, Any]:
    """Give what the script defines."""
    return runpy.run_path(str(project / "scripts" / "measure_names.py"))


def test_no_other_company_is_known_as_an_issuer_and_few_are_like_one(
    measured: dict[str, Any], data: Mapping[str, pl.DataFrame]
) -> None:
    others = [row for row in measured["labelled"]() if not row.issuer_id]
    found = measured["recognised"]([row.name for row in others], measured["spellings_of_issuers"](data))
    assert len(others) > 4_500
    # A name that another company bears too is told from it by its words alone (`near_lookalikes`).
    assert {row.name for row in others if found[row.name][0] == "known" and found[row.name][1]} <= {"AMEC PLC"}
    assert sum(bool(found[row.name][1]) for row in others if row.origin == "fund file") < 2
    assert sum(bool(found[row.name][1]) for row in others if row.origin == "look-alike") < 20


def test_at_least_ninety_nine_of_a_hundred_spellings_in_letters_lead_to_their_issuer(
    measured: dict[str, Any], data: Mapping[str, pl.DataFrame]
) -> None:
    own = [row for row in measured["labelled"]() if row.issuer_id and row.name.isascii()]
    found = measured["recognised"]([row.name for row in own], measured["spellings_of_issuers"](data))
    lost = [(row.name, found[row.name]) for row in own if found[row.name][1] != row.issuer_id]
    assert len(lost) <= len(own) // 100, lost


def test_the_document_tells_what_the_script_measures(
    measured: dict[str, Any], data: Mapping[str, pl.DataFrame], project: Path
) -> None:
    text = (project / "docs" / "identity.md").read_text(encoding="utf-8")
    assert text.split(measured["BEGIN"])[1].split(measured["END"])[0] == measured["tables"](data)
    table = text.split(measured["LINES_BEGIN"])[1].split(measured["LINES_END"])[0]
    assert table == measured["lines_table"](data)


def test_no_line_of_a_public_file_is_taken_for_a_wrong_issuer_and_few_of_the_watchlist_are_lost(
    measured: dict[str, Any], data: Mapping[str, pl.DataFrame]
) -> None:
    lines = measured["written"](data)
    sure = lines.filter(lines["confidence"].is_in(["confirmed", "probable"]))
    assert (len(lines), lines["truth"].n_unique()) == (1_007 + 58, 48 + 1)
    assert sure.filter(sure["said"].ne_missing(sure["truth"])).select("name_as_written", "ticker").rows() == []
    own = lines.filter(lines["truth"].is_not_null())
    found = own.filter(
        own["said"].eq_missing(own["truth"]) & own["confidence"].is_in(["confirmed", "probable", "possible"])
    )
    assert len(own) - len(found) <= 13


def test_the_interval_is_that_of_wilson(measured: dict[str, Any]) -> None:
    # 10 of 10: 1 / (1 + z^2 / 10) with z = 1.96 is 1 / 1.38415 = 0.7225; 0 of 10 is its mirror
    low, high = measured["wilson"](10, 10)
    assert (round(low, 4), round(high, 4)) == (0.7225, 1.0)
    assert tuple(round(1 - end, 4) for end in measured["wilson"](0, 10)) == (1.0, 0.7225)
