"""What a reader must know of a run: gravest first, each once, with a place and a way to mend it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from esgscan.records import Finding
from esgscan.remarks import remarks
from esgscan.result_tables import RESULT_OWNERS
from esgscan.tables import DECISIONS
from esgscan.terms import Severity
from tests.rows import fund_file, path_table, position_table, reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.records import FundFile, Reading

AS_OF = date(2026, 11, 23)
DAY_BEFORE = date(2026, 11, 22)
INFO = Finding(severity=Severity.INFO, where="row 3", what="a total was skipped")
ERROR = Finding(severity=Severity.ERROR, where="row 4", what="a weight cannot be read", mend="write 2.5%")


def said(
    *rows: dict[str, Any],
    readings: Sequence[Reading] = (),
    files: Sequence[FundFile] = (),
    paths: Sequence[dict[str, Any]] = (),
    known: tuple[date, date] = (date(2018, 1, 1), AS_OF),
) -> list[Finding]:
    is_valued = [bool(row.get("value")) for row in rows]
    positions = position_table({k: v for k, v in row.items() if k != "value"} for row in rows)
    stale = [bool(row.get("is_stale")) for row in paths]
    routes = path_table({k: v for k, v in row.items() if k != "is_stale"} for row in paths)
    return remarks(
        readings,
        files,
        positions=positions.with_columns(is_valued=pl.Series(is_valued, dtype=pl.Boolean)),
        paths=routes.with_columns(is_stale=pl.Series(stale, dtype=pl.Boolean)),
        decisions=DECISIONS.frame(),
        doubts=RESULT_OWNERS.frame().with_columns(issuer=pl.lit(None, pl.String)),
        as_of=AS_OF,
        max_age=400,
        known=known,
    )


def test_a_run_without_anything_to_say_says_nothing() -> None:
    assert said({"market_value": 1.0, "value": 1.0}) == []


def test_what_the_files_said_comes_first_by_gravity_and_each_once() -> None:
    file = replace(reading(), findings=(INFO, ERROR, INFO))
    holdings = replace(fund_file(fund="A", as_of=AS_OF), findings=(ERROR,))
    assert said(readings=[file, file], files=[holdings]) == [ERROR, INFO]


def test_an_amount_without_a_rate_is_named_with_its_place_and_currency() -> None:
    found = said(
        {"name_as_written": "Hikvision", "market_value": 5.0, "currency": "CNY", "source_sheet": "Depot"},
        {"name_as_written": "Dahua", "quantity": 5.0, "price": 2.0, "currency": "USD"},
        {"name_as_written": "Apple", "market_value": 5.0, "value": 5.0},
    )
    assert [finding.where for finding in found] == ["sheet 'Depot', row 2", "row 3"]
    assert "Hikvision" in found[0].what
    assert "CNY" in found[0].mend
    assert "--fx" in found[1].mend
    assert {finding.severity for finding in found} == {Severity.WARNING}


def test_a_line_without_a_name_is_not_called_by_a_missing_value() -> None:
    found = said(
        {"market_value": 5.0, "currency": "CNY"}, files=[fund_file(fund="A", name=None, as_of=date(2027, 1, 1))]
    )
    assert len(found) == 2
    assert not any(word in finding.what for finding in found for word in ("<NA>", "nan", "None", "''"))


def test_holdings_of_a_later_day_are_named_with_both_days() -> None:
    found = said(files=[fund_file(fund="A", name="Fund A", as_of=date(2026, 11, 24), file="a.csv")])
    assert [finding.where for finding in found] == ["a.csv"]
    assert found[0].what == "The holdings of 'Fund A' are of 2026-11-24, after 2026-11-23, and were not used."
    assert said(files=[fund_file(fund="A", name="Fund A", as_of=AS_OF, file="a.csv")]) == []


def test_old_holdings_are_named_once_by_the_outermost_fund_with_their_age() -> None:
    old, older = date(2025, 10, 1), date(2025, 9, 1)
    found = said(
        paths=[
            {"route": "A", "holdings_as_of": old, "is_stale": True},
            {"route": "A > B", "holdings_as_of": older, "is_stale": True},
            {"route": "C", "holdings_as_of": AS_OF, "is_stale": False},
        ]
    )
    # 1 September 2025 to 23 November 2026: a year, and 29 + 31 + 23 = 83 days
    assert [(finding.where, finding.what) for finding in found] == [
        ("fund A", "Holdings of 2025-09-01 are 448 days old, more than 400; the interval is wider.")
    ]


def test_a_day_outside_what_the_reference_data_knows_is_said() -> None:
    before, after = (
        said(known=days) for days in ((date(2026, 11, 24), date(2027, 1, 1)), (date(2018, 1, 1), DAY_BEFORE))
    )
    assert [finding.what for finding in before] == [
        "The reference data knows of no step before 2026-11-24; on 2026-11-23 nothing could be flagged."
    ]
    assert [finding.what for finding in after] == [
        "The reference data is of 2026-11-22; what was listed or reported between then and 2026-11-23 is not in it."
    ]
    assert said(known=(AS_OF, AS_OF)) == []


def test_a_fund_that_two_files_list_for_one_day_is_named() -> None:
    files = [fund_file(fund="A", name="Fund A", as_of=AS_OF, file=name) for name in ("one.csv", "two.csv")]
    assert [(finding.where, finding.what) for finding in said(files=files)] == [
        ("two.csv", "The holdings of 'A' of 2026-11-23 stand in 'one.csv' too; this file counts.")
    ]


def test_derivatives_are_said_to_count_at_their_value() -> None:
    shares = {"market_value": 1.0, "value": 1.0, "kind": "equity", "source_row": 2}
    assert said(shares) == []
    futures = [{"market_value": 0.0, "value": 1.0, "kind": "future", "source_row": n} for n in range(3, 15)]
    (finding,) = said(shares, *futures)
    assert finding.severity is Severity.INFO
    assert finding.what.endswith("not at the amount they stand for: 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more.")
