from __future__ import annotations

import json
import re
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.cells import cell_len

from esgscan.portfolio.reading import inspect_portfolio
from esgscan.records import (
    Audit,
    ColumnReading,
    Finding,
    Inspection,
    PortfolioReading,
    SheetReading,
    SkippedLine,
    StatedTotal,
)
from esgscan.report.inspect import render_audit, render_audit_json
from esgscan.terms import Severity
from tests.portfolio.test_damage import BAD_BYTES
from tests.portfolio.test_shapes import CASES

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "inspect-1.json"

COLUMNS = (
    ColumnReading(
        letter="A", header="Bezeichnung", meaning="name_as_written", why="header word", format="decimal comma"
    ),
    ColumnReading(
        letter="C", header="Kurswert in Fondswährung", meaning="market_value", why="header word, and numbers"
    ),
    ColumnReading(letter="D", header="Notiz", meaning="", why=""),
)


PORTFOLIO = PortfolioReading(
    name="Depot 海康威视",
    positions=4,
    cash_lines=1,
    total={"EUR": 3_000.5, "USD": 3_000.0},
    total_weight=1.0,
    stated_total=6_000.0,
)


@pytest.fixture
def reading() -> Inspection:
    return Inspection(
        name="Depot 海康威视",
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
            portfolios=(PORTFOLIO,),
        ),
        findings=(Finding(severity=Severity.WARNING, where="depot.csv, row 4", what="no value", mend="write one"),),
        sha256="ab" * 32,
        currency="EUR",
    )


def test_no_line_is_wider_than_the_page(reading: Inspection) -> None:
    for width in (40, 80):
        assert max(cell_len(line) for line in render_audit(reading, width=width).splitlines()) <= width


def test_columns_are_shown_with_what_they_were_taken_for_and_why(reading: Inspection) -> None:
    text = render_audit(reading)
    assert re.search(r"^A +Bezeichnung +name_as_written +header word; decimal +comma", text, flags=re.MULTILINE)
    assert re.search(r"^D +Notiz +not used$", text, flags=re.MULTILINE)
    assert "sheet 'Bestände': 4 positions" in text
    assert "header in row 5, decimal mark ','" in text


def test_portfolios_are_shown_with_their_totals(reading: Inspection) -> None:
    text = re.sub(r"\s+", " ", render_audit(reading))
    assert "4 positions, 1 of cash, EUR 3,000.50, USD 3,000.00, stated weights add to 100%" in text


def test_a_total_that_does_not_agree_says_by_how_much(reading: Inspection) -> None:
    text = re.sub(r"\s+", " ", render_audit(reading))
    assert "EUR 6,000.00, but the lines add up to EUR 6,000.50 (difference 0.50)" in text


def test_skipped_lines_beyond_twenty_are_counted(reading: Inspection) -> None:
    text = render_audit(reading)
    assert "NOT READ AS POSITIONS: 23 lines" in text
    assert "row 29" in text
    assert "row 30" not in text
    assert "and 3 lines; --format json lists all" in text


def test_the_json_has_every_skipped_line_and_null_for_missing(reading: Inspection) -> None:
    document = json.loads(render_audit_json(reading))
    assert len(document["skipped"]) == 23
    assert document["columns"][0] == {
        "sheet": "Bestände",
        "letter": "A",
        "header": "Bezeichnung",
        "meaning": "name_as_written",
        "why": "header word",
        "format": "decimal comma",
    }
    assert document["portfolios"][0]["total_weight"] == 1.0
    assert document["findings"][0]["severity"] == "warning"
    assert json.loads(render_audit_json(replace(reading, currency="")))["currency"] is None


def test_a_file_without_positions_says_so(reading: Inspection) -> None:
    assert "No position was found." in render_audit(replace(reading, audit=replace(reading.audit, portfolios=())))


def test_a_weight_that_the_file_totals_is_shown_in_percent(reading: Inspection) -> None:
    total = StatedTotal(where="row 33", stated=1.0, computed=0.98, of="weight")
    text = re.sub(r"\s+", " ", render_audit(replace(reading, audit=replace(reading.audit, stated_totals=(total,)))))
    assert "100%, but the lines add up to 98.00% (difference -2.00%)" in text


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(closed(schema))


def closed(schema: Any) -> Any:
    """Forbid members that the schema does not name, so that none is published without a description."""
    copy = deepcopy(schema)
    if isinstance(copy, dict):
        copy = {key: closed(value) for key, value in copy.items()}
        if "properties" in copy and isinstance(copy.get("type"), str):
            copy.setdefault("additionalProperties", False)
    return [closed(item) for item in copy] if isinstance(copy, list) else copy


@pytest.mark.parametrize("shape", CASES, ids=str)
def test_the_json_of_real_files_is_as_the_schema_says(shape: str, validator: jsonschema.Draft202012Validator) -> None:
    document = json.loads(render_audit_json(inspect_portfolio(CASES[shape].data, name="file")))
    validator.validate(document)
    assert document["kind"] == "portfolio"
    assert sum(one["positions"] for one in document["portfolios"]) == CASES[shape].positions


@pytest.mark.parametrize("case", BAD_BYTES, ids=str)
def test_the_json_of_a_refused_file_is_as_the_schema_says(
    case: str, validator: jsonschema.Draft202012Validator
) -> None:
    data, words = BAD_BYTES[case]
    document = json.loads(render_audit_json(inspect_portfolio(data, name="depot.csv")))
    validator.validate(document)
    assert document["portfolios"] == []
    (finding,) = document["findings"]
    assert finding["severity"] == "error"
    assert words in finding["what"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (
            "Trade Date,Settlement Date,Action,Symbol,Quantity,Price,Amount\n2026-01-02,2026-01-04,Buy,AAPL,1,2,2\n",
            "transactions",
        ),
        (
            "Date,Type,Ticker,Shares,Price,Total Value\n2026-01-02,Buy,AAPL,1,2,2\n2026-01-05,Sell,AAPL,1,3,3\n",
            "transactions",
        ),
        (
            "Datum;Vorgang;Wertpapier;Stück;Kurs;Wert\n02.01.2026;Kauf;SAP;1;2;2\n05.01.2026;Verkauf;SAP;1;3;3\n",
            "transactions",
        ),
        ("Open Date,Quantity,Price,Cost/Share,Market Value\n01/02/2018,10,$78.97,$60.00,$789.70\n", "lots"),
        ("Name,ISIN,Country\nApple,US0378331005,US\n", "list"),
        ("Ticker,Name,Notional Value,Market Currency,Market Value\nAAPL,Apple,1,USD,1\n", "fund"),
        ("# A note\n\nNothing else.\n", "unknown"),
    ],
)
def test_the_json_says_what_a_file_is(content: str, kind: str, validator: jsonschema.Draft202012Validator) -> None:
    inspection = inspect_portfolio(content.encode(), name="file.csv")
    document = json.loads(render_audit_json(inspection))
    validator.validate(document)
    assert document["kind"] == kind
    assert (inspection.error is None) is (kind == "fund")
    assert bool(document["columns"]) is (kind != "unknown")
