from __future__ import annotations

import json
import re
from dataclasses import replace

import polars as pl
import pytest
from rich.cells import cell_len

from esgscan.records import Audit, ColumnReading, Finding, Reading, SheetReading, SkippedLine, StatedTotal
from esgscan.report.inspect import portfolios, render_audit, render_audit_json
from esgscan.tables import POSITIONS
from esgscan.terms import Severity

COLUMNS = (
    ColumnReading(letter="A", header="Bezeichnung", meaning="name_as_written", why="header word"),
    ColumnReading(
        letter="C", header="Kurswert in Fondswährung", meaning="market_value", why="header word, and numbers"
    ),
    ColumnReading(letter="D", header="Notiz", meaning="", why=""),
)


@pytest.fixture
def reading() -> Reading:
    lines = [
        {"name_as_written": "Share", "kind": "equity", "market_value": 1_000.5, "currency": "EUR", "weight": 0.25},
        {"name_as_written": "基金", "kind": "fund", "market_value": 3_000.0, "currency": "USD", "weight": 0.75},
        {"name_as_written": "Cash", "kind": "cash", "market_value": 2_000.0, "currency": "EUR"},
        {"name_as_written": "Nothing", "kind": "equity"},
    ]
    return Reading(
        name="Depot 海康威视",
        table=POSITIONS.frame([{"position_id": f"p{n}", **line} for n, line in enumerate(lines)]),
        audit=Audit(
            file_name="depot.csv",
            file_format="CSV",
            kind="portfolio",
            encoding="cp1252",
            delimiter=";",
            sheets=(SheetReading(sheet="Bestände", header_row=5, decimal=",", columns=COLUMNS, positions=4),),
            sheets_ignored=("Hinweise",),
            skipped=tuple(SkippedLine(sheet="", row=n, text="Summe " * 30, why="a total") for n in range(10, 33)),
            stated_totals=(StatedTotal(where="row 33", stated=6_000.0, computed=6_000.5, currency="EUR"),),
        ),
        findings=(Finding(severity=Severity.WARNING, where="depot.csv, row 4", what="no value", mend="write one"),),
        sha256="ab" * 32,
        currency="EUR",
    )


def test_no_line_is_wider_than_the_page(reading: Reading) -> None:
    for width in (40, 80):
        assert max(cell_len(line) for line in render_audit(reading, width=width).splitlines()) <= width


def test_columns_are_shown_with_what_they_were_taken_for_and_why(reading: Reading) -> None:
    text = render_audit(reading)
    assert re.search(r"^A +Bezeichnung +name_as_written +header word$", text, flags=re.MULTILINE)
    assert re.search(r"^D +Notiz +not used$", text, flags=re.MULTILINE)
    assert "sheet 'Bestände': 4 positions" in text
    assert "header in row 5, decimal mark ','" in text


def test_values_are_added_up_by_currency(reading: Reading) -> None:
    # EUR 1,000.50 + 2,000 = 3,000.50; USD 3,000; the line without value is counted and not added.
    (found,) = portfolios(reading)
    assert found["positions"] == 4
    assert found["cash_lines"] == 1
    assert found["total"] == {"EUR": 3_000.5, "USD": 3_000.0}
    assert found["stated_total"] == 6_000.0


def test_portfolios_of_one_file_are_added_up_apart(reading: Reading) -> None:
    apart = reading.table.with_columns(portfolio=pl.Series(["A", "B", "A", "B"]))
    found = portfolios(replace(reading, table=apart))
    assert [(one["name"], one["positions"], one["total"]) for one in found] == [
        ("A", 2, {"EUR": 3_000.5}),
        ("B", 2, {"USD": 3_000.0}),
    ]
    assert found[0]["stated_total"] is None


def test_a_total_that_does_not_agree_says_by_how_much(reading: Reading) -> None:
    text = re.sub(r"\s+", " ", render_audit(reading))
    assert "EUR 6,000.00, but the lines add up to EUR 6,000.50 (difference 0.50)" in text


def test_skipped_lines_beyond_twenty_are_counted(reading: Reading) -> None:
    text = render_audit(reading)
    assert "NOT READ AS POSITIONS: 23 lines" in text
    assert "row 29" in text
    assert "row 30" not in text
    assert "and 3 lines; --format json lists all" in text


def test_the_json_has_every_skipped_line_and_null_for_missing(reading: Reading) -> None:
    document = json.loads(render_audit_json(reading))
    assert len(document["skipped"]) == 23
    assert document["columns"][0] == {
        "sheet": "Bestände",
        "letter": "A",
        "header": "Bezeichnung",
        "meaning": "name_as_written",
        "why": "header word",
    }
    assert document["portfolios"][0]["total_weight"] == 1.0
    assert document["findings"][0]["severity"] == "warning"
    assert json.loads(render_audit_json(replace(reading, currency="")))["currency"] is None


def test_a_file_without_positions_says_so(reading: Reading) -> None:
    assert "No position was found." in render_audit(replace(reading, table=POSITIONS.frame()))
