"""Decisions of a person through a whole run: from the open review lines to the answers in every report."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import polars as pl
import pytest
from openpyxl import load_workbook

import esgscan
from esgscan.report.review import render_review
from esgscan.report.terminal import render_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.records import Scan

PORTFOLIO = pl.DataFrame(
    {
        "name": ["ZTE", "Bare", "Apple Inc", "=Hikvision call", "ZTE"],
        "ticker": ["", "2415", "AAPL", "", ""],
        "isin": ["", "", "US0378331005", "", ""],
        "value": [10.0, 20.0, 30.0, 5.0, 10.0],
    }
)


def scanned(*decisions: Path, as_of: str = "2026-11-23") -> Scan:
    return esgscan.scan(PORTFOLIO, as_of=as_of, decisions=decisions)


def filled(scan: Scan, folder: Path, *given: str) -> Path:
    """Fill the review lines of a scan in, in their order, as a person would with a spreadsheet."""
    rows = list(csv.DictReader(io.StringIO(render_review(scan).removeprefix("\ufeff"))))
    path = folder / "review.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        for row, answer in zip(rows, given, strict=True):
            writer.writerow({**row, "answer": answer, "decided_by": "A. Reader", "decided_on": "2026-11-25"})
    return path


@pytest.fixture
def decided(tmp_path: Path) -> Scan:
    # Largest weight first: the bare number (20 of 75), ZTE (written alike twice), and the call (5 of 75).
    return scanned(filled(scanned(), tmp_path, "none", "zte", "hikvision"))


def test_each_way_of_writing_is_asked_once_the_largest_first():
    rows = list(csv.DictReader(io.StringIO(render_review(scanned()).removeprefix("\ufeff"))))
    assert [row["name_as_written"] for row in rows] == ["Bare", "ZTE", "'=Hikvision call"]
    assert [row["might_be"] for row in rows] == ["hikvision", "zte", "hikvision"]
    assert all(row["answer"] == row["decided_by"] == row["decided_on"] == "" for row in rows)


def test_answers_settle_every_line_and_the_interval_closes(decided):
    # ZTE twice 10 and the call 5 of 75 reach flagged companies; the rest is clear.
    assert decided.weight == pytest.approx(25 / 75)
    assert decided.floor == pytest.approx(25 / 75)
    assert decided.ceiling == pytest.approx(25 / 75)
    assert decided.review.empty
    assert list(csv.DictReader(io.StringIO(render_review(decided).removeprefix("\ufeff")))) == []


def test_every_report_prints_who_decided_what_and_when(decided, tmp_path):
    said = "decided by A. Reader on 2026-11-25: zte; without it possible"
    flat = " ".join(render_terminal(decided, width=100, color=False).split())
    assert "DECIDED BY A PERSON" in flat
    assert f"{said}: name 'ZTE' alone, without a market, country or currency (review.csv, row 3)" in flat
    decided.write(tmp_path / "r.json")
    document = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    answers = [(one["source_row"], one["answer"], one["decided_on"]) for one in document["decisions"]]
    assert answers == [
        (row, answer, "2026-11-25") for row, answer in ((2, "zte"), (3, "none"), (5, "hikvision"), (6, "zte"))
    ]
    assert {path["matched_by"] for path in document["paths"]} == {"decision of a person"}
    assert "review.csv" in [one["name"] for one in document["run"]["inputs"]]
    decided.write(tmp_path / "r.xlsx")
    sheet = load_workbook(tmp_path / "r.xlsx")["Decisions"]
    assert [cell.value for cell in sheet["F"]] == ["Decided by", *["A. Reader"] * 4]


def test_a_decision_is_about_identity_and_holds_on_a_day_before_it(tmp_path):
    path = filled(scanned(), tmp_path, "none", "zte", "hikvision")
    early = scanned(path, as_of="2020-01-01")
    assert set(early.exposures["issuer_id"]) == {"zte", "hikvision"}


def test_a_decision_that_the_isin_of_its_line_contradicts_is_a_finding(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("isin,answer,decided_by,decided_on\nCNE100000PM8,none,A,2026-11-20\n", encoding="utf-8")
    portfolio = pl.DataFrame({"isin": ["CNE100000PM8"], "value": [1.0]})
    scan = esgscan.scan(portfolio, as_of="2026-11-23", decisions=[path])
    assert scan.weight == 1.0
    said = scan.findings[scan.findings["where"] == "d.csv, row 2"]["what"].to_list()
    assert said == ["The decision 'none' on a line was not used: the line is settled by ISIN CNE100000PM8."]


def test_a_decision_that_says_less_than_its_line_is_a_finding(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("name_as_written,answer,decided_by,decided_on\nZTE,zte,A,2026-11-20\n", encoding="utf-8")
    portfolio = pl.DataFrame({"name": ["ZTE"], "country": ["Taiwan"], "value": [1.0]})
    scan = esgscan.scan(portfolio, as_of="2026-11-23", decisions=[path])
    assert scan.weight == 0.0
    said = scan.findings[scan.findings["where"] == "d.csv, row 2"]["what"].to_list()
    assert said == ["The decision on 'zte' was not used for row 2: that line also has country 'Taiwan'."]


def test_a_decision_holds_for_the_holdings_of_a_fund_too(tmp_path):
    holdings, path = tmp_path / "fund.csv", tmp_path / "d.csv"
    holdings.write_text(
        "fund_isin,as_of,name,isin,market_value\n"
        "LU0000000009,2026-06-30,ZTE,,25\n"
        "LU0000000009,2026-06-30,Apple Inc,US0378331005,75\n",
        encoding="utf-8",
    )
    path.write_text("name_as_written,answer,decided_by,decided_on\nZTE,zte,A. Reader,2026-11-20\n", encoding="utf-8")
    portfolio = pl.DataFrame({"name": ["Our Own Fund"], "isin": ["LU0000000009"], "value": [100.0]})
    wishes = {"as_of": "2026-11-23", "holdings": [holdings]}
    assert esgscan.scan(portfolio, **wishes).weight == 0.0
    scan = esgscan.scan(portfolio, **wishes, decisions=path)
    assert scan.weight == pytest.approx(0.25)
    assert scan.paths["evidence"].to_list()[0].startswith("decided by A. Reader on 2026-11-20: zte")
