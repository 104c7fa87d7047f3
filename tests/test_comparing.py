"""Why an exposure changed: worked by hand, cause by cause, and parts that always add to the whole."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from esgscan.cli import cli
from esgscan.comparing import Comparison, compare
from esgscan.errors import OptionError, PortfolioError
from esgscan.report.compare import render_comparison, render_comparison_json
from esgscan.terms import Cause
from tests.rows import APPLE, DAHUA, EEM, HIKVISION, reading
from tests.runs import OWN_FUND, own_fund, scan

if TYPE_CHECKING:
    from esgscan.records import FundFile, Scan

METHOD = Path(__file__).parents[1] / "docs" / "method.md"
EZVIZ = "CNE100005VM5"
SPRING, AUTUMN = date(2026, 4, 1), date(2026, 10, 1)


def on(day: date, *rows: dict[str, Any], files: tuple[FundFile, ...] = ()) -> Scan:
    return scan(reading(*rows), *files, as_of=day)


def share(quantity: float, price: float, isin: str = HIKVISION, **more: Any) -> dict[str, Any]:
    return {"isin": isin, "quantity": quantity, "price": price, "market_value": quantity * price, **more}


def cash(value: float) -> dict[str, Any]:
    return {"kind": "cash", "name_as_written": "EUR", "market_value": value}


def list_of_fund(dahua: float, day: date) -> FundFile:
    return own_fund(
        {"isin": DAHUA, "holding_weight": dahua},
        {"isin": APPLE, "name_as_written": "Apple Inc", "holding_weight": 1.0 - dahua},
        as_of=day,
        file=f"{day}.csv",
    )


def worked() -> Comparison:
    """The example of docs/method.md."""
    fund = {"isin": OWN_FUND, "kind": "fund"}
    old = on(SPRING, share(10, 10), share(10, 10, **fund), cash(300), files=(list_of_fund(0.2, date(2026, 3, 31)),))
    new = on(AUTUMN, share(20, 8), share(10, 12, **fund), cash(220), files=(list_of_fund(0.3, date(2026, 9, 30)),))
    return compare(old, new)


def parts(comparison: Comparison) -> dict[str, float]:
    return {str(cause): part for cause, part in comparison.whole.parts.items() if part}


def test_the_example_of_the_method_is_worked_out_as_it_is_printed() -> None:
    # quantities of afterwards at the prices of before: 200, 100 and 220 of 520
    middle = 200 / 520 + 100 / 520 * 0.2
    expected = {"trading": middle - 0.24, "price": 0.32 + 0.24 * 0.2 - middle, "fund drift": 0.24 * 0.1}
    found = worked()
    assert parts(found) == pytest.approx(expected)
    assert (found.whole.before, found.whole.after) == pytest.approx((0.24, 0.392))
    section = METHOD.read_text(encoding="utf-8").split("## Comparing two scans")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([a-z ]+) \|[^|]*\| ([-+.\d]+) \|$", section, re.MULTILINE)
    printed = {name: float(number) for name, number in rows}
    assert {name: printed[name] for name in expected} == pytest.approx(expected, abs=5e-7)
    assert printed["whole"] == pytest.approx(0.152)


def test_a_company_that_came_onto_the_lists_is_a_list_change() -> None:
    rows = (share(10, 10), cash(100))
    found = compare(on(date(2017, 5, 1), *rows), on(date(2019, 10, 9), *rows))
    assert parts(found) == pytest.approx({"list changes": 0.5})
    back = compare(on(date(2019, 10, 9), *rows), on(date(2017, 5, 1), *rows))
    assert parts(back) == pytest.approx({"list changes": -0.5})


def test_a_fund_that_could_be_opened_afterwards_only_is_coverage() -> None:
    rows = (share(10, 10, OWN_FUND, kind="fund", name_as_written="Our Own Fund"), cash(100))
    old, new = on(SPRING, *rows), on(SPRING, *rows, files=(list_of_fund(0.2, date(2026, 3, 31)),))
    assert parts(compare(old, new)) == pytest.approx({"coverage": 0.1})


def test_a_line_that_was_taken_for_something_else_is_an_identity_correction() -> None:
    line = {"quantity": 10.0, "market_value": 100.0, "ticker": "2415", "name_as_written": "Position 7"}
    old, new = on(SPRING, line, cash(100)), on(SPRING, line, cash(100))
    assert parts(compare(old, new)) == {}
    corrected = on(SPRING, {**line, "isin": HIKVISION}, cash(100))
    # a person settled the line; the file is as it was
    unsettled = corrected.tables["positions"].with_columns(isin=pl.lit(None, pl.String))
    corrected = replace(corrected, tables={**corrected.tables, "positions": unsettled})
    assert parts(compare(old, corrected)) == pytest.approx({"identity corrections": 0.5})


def test_lines_without_a_quantity_count_as_trading_and_are_said() -> None:
    old = on(SPRING, {"isin": HIKVISION, "market_value": 100.0}, cash(100))
    new = on(SPRING, {"isin": HIKVISION, "market_value": 300.0}, cash(100))
    found = compare(old, new)
    assert parts(found) == pytest.approx({"trading": 0.25})
    assert "1 security has no quantity" in render_comparison(found, width=200, color=False)


def test_a_change_of_prices_alone_is_price() -> None:
    found = compare(on(SPRING, share(10, 10), cash(100)), on(SPRING, share(10, 30), cash(100)))
    assert parts(found) == pytest.approx({"price": 0.25})


LINES = st.lists(
    st.tuples(
        st.sampled_from([HIKVISION, DAHUA, APPLE, EEM, OWN_FUND]), st.integers(1, 50), st.sampled_from([1.0, 2.5, 10.0])
    ),
    max_size=5,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=(Phase.generate,))
@given(old=LINES, new=LINES, dahua=st.sampled_from([0.0, 0.2, 1.0]), is_listed=st.booleans())
def test_the_parts_add_to_the_whole_for_every_company_and_together(old, new, dahua: float, is_listed: bool) -> None:
    files = (list_of_fund(dahua, date(2026, 3, 31)),) if is_listed else ()
    first = on(date(2020, 1, 1), *(share(n, price, isin) for isin, n, price in old), cash(50))
    second = on(AUTUMN, *(share(n, price, isin) for isin, n, price in new), cash(70), files=files)
    found = compare(first, second)
    for one in (found.whole, *found.issuers):
        assert fsum(one.parts.values()) == pytest.approx(one.after - one.before, abs=1e-12)
    assert found.whole.before == pytest.approx(first.weight, abs=1e-12)
    assert found.whole.after == pytest.approx(second.weight, abs=1e-12)


def test_json_gives_each_part_and_the_whole() -> None:
    written = json.loads(render_comparison_json(worked()))
    assert set(written["whole"]["parts"]) == {cause.value.replace(" ", "_") for cause in Cause}
    assert fsum(written["whole"]["parts"].values()) == pytest.approx(written["whole"]["change"])
    assert [one["issuer_id"] for one in written["issuers"]] == ["hikvision", "dahua"]


def test_a_comparison_of_one_portfolio_at_two_dates_is_that_of_its_two_scans(tmp_path: Path) -> None:
    portfolio, days = "sample_portfolios/direct_china.xlsx", ("2017-05-21", "2019-10-09")
    run = CliRunner()
    paths = [tmp_path / f"{day}.json" for day in days]
    for day, path in zip(days, paths, strict=True):
        assert run.invoke(cli, ["scan", portfolio, "--as-of", day, "-o", str(path)]).exit_code == 0
    two = run.invoke(cli, ["compare", *map(str, paths), "--format", "json"])
    one = run.invoke(cli, ["compare", portfolio, "--as-of", days[0], "--and", days[1], "--format", "json"])
    assert two.exit_code == one.exit_code == 0
    assert one.stdout == two.stdout


def test_a_file_that_is_no_scan_is_an_error_of_usage(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text('{"schema_version": "2"}', encoding="utf-8")
    error = CliRunner().invoke(cli, ["compare", str(path), str(path)]).exception
    assert isinstance(error, OptionError)
    assert "schema_version is not 1" in error.what


def test_a_scan_that_is_not_there_is_an_error() -> None:
    error = CliRunner().invoke(cli, ["compare", "nowhere.json", "nowhere.json"]).exception
    assert isinstance(error, PortfolioError)
    assert "nowhere.json" in error.what


def test_a_company_flagged_through_its_owner_since_is_a_list_change() -> None:
    # EZVIZ is on record as a subsidiary of Hikvision, which section 889 names, since February 2025
    rows = (share(10, 10, EZVIZ), cash(100))
    found = compare(on(date(2024, 1, 1), *rows), on(date(2026, 1, 1), *rows))
    assert parts(found) == pytest.approx({"list changes": 0.5})


@pytest.mark.parametrize("arguments", [["a.json"], ["a.json", "b.json", "--as-of", "2020-01-01"]])
def test_a_comparison_with_nothing_or_with_dates_twice_is_an_error_of_usage(arguments: list[str]) -> None:
    assert isinstance(CliRunner().invoke(cli, ["compare", *arguments]).exception, OptionError)
