from __future__ import annotations

import csv
import math
from io import StringIO
from typing import TYPE_CHECKING

import polars as pl
import pytest

from esgscan.report.csv import COLUMNS, guarded, render_csv
from tests.fakes_scan import INJECTION
from tests.frames import with_tables

if TYPE_CHECKING:
    from esgscan.records import Scan


@pytest.fixture(scope="module")
def lines(scan: Scan) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(render_csv(scan).removeprefix("\ufeff"))))


def test_the_file_begins_with_a_byte_order_mark(scan: Scan) -> None:
    assert render_csv(scan).encode().startswith(b"\xef\xbb\xbfpart,as_of,")


def test_the_weights_of_all_rows_add_to_one(lines: list[dict[str, str]], clean: Scan) -> None:
    assert math.fsum(float(row["weight"]) for row in lines) == pytest.approx(1, abs=1e-12)
    assert round(math.fsum(float(row["market_value"]) for row in lines), 2) == 250_000_000
    other = list(csv.DictReader(StringIO(render_csv(clean).removeprefix("\ufeff"))))
    assert math.fsum(float(row["weight"]) for row in other) == pytest.approx(1, abs=1e-12)


def test_there_is_one_row_per_route_and_one_for_what_is_clear(lines: list[dict[str, str]]) -> None:
    # Nine routes to companies, four uncovered ones.
    assert [row["part"] for row in lines] == ["flagged"] * 9 + ["uncovered"] * 4 + ["clear"]


def test_a_route_says_what_the_company_is_flagged_for(lines: list[dict[str, str]]) -> None:
    first = lines[0]
    assert first["in_force"] == "Entity List; NS-CMIC"
    assert (first["announced"], first["considered"], first["ended"]) == ("Future rule", "Draft rule", "Section 1237")
    assert first["tags"].startswith("Mass surveillance; Ethnic profiling")


def test_text_is_never_a_formula(lines: list[dict[str, str]]) -> None:
    assert lines[1]["name_as_written"] == f"'{INJECTION}"
    assert not [cell for row in lines for cell in row.values() if cell.startswith(("=", "+", "@", "\t"))]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1"])
def test_whatever_begins_a_formula_is_guarded(text: str) -> None:
    assert guarded(text).startswith("'")


def test_a_short_weight_stays_a_number(scan: Scan) -> None:
    paths = scan.tables["paths"].with_columns(-pl.col("weight"))
    first = next(csv.DictReader(StringIO(render_csv(with_tables(scan, paths=paths)).removeprefix("\ufeff"))))
    assert first["weight"] == "-0.002"


def test_the_header_is_the_documented_one(lines: list[dict[str, str]]) -> None:
    assert tuple(lines[0]) == COLUMNS
