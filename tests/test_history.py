"""Exposure over time: worked by hand on lists written here, and against the packaged lists of well-known funds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from esgscan.reference.datasets import load_dataset
from esgscan.report.compose import compose
from esgscan.report.document import Chart
from esgscan.store.holdings import Store
from esgscan.tables import FUNDS
from tests.rows import AOM, APPLE, DAHUA, EEM, HIKVISION, fund_file, reading
from tests.runs import OWN_FUND, own_fund, scan

if TYPE_CHECKING:
    from pathlib import Path

    from esgscan.records import FundFile, Scan

REST = {"isin": APPLE, "name_as_written": "Apple Inc", "kind": "equity"}
OTHER_FUND = "IE0000000004"
Y2023, Y2024, Y2025, Y2026 = (date(year, 6, 30) for year in (2023, 2024, 2025, 2026))


def listed(share: float, day: date, fund: str = OWN_FUND, issuer: str = HIKVISION) -> FundFile:
    """A whole list of a fund: `share` of it in one company, the rest in Apple."""
    rows = [{"isin": issuer, "holding_weight": share}, {**REST, "holding_weight": 1.0 - share}]
    return fund_file(*rows, fund=fund, as_of=day, file=f"{fund}-{day}.csv", isin=fund, name=f"Fund {fund}")


def held(*funds: tuple[str, float]) -> Any:
    rows = [{"isin": fund, "kind": "fund", "market_value": value} for fund, value in funds]
    return reading(*rows, {"isin": APPLE, "market_value": 100.0 - sum(value for _, value in funds)})


def history(found: Scan) -> list[tuple[Any, ...]]:
    return found.tables["history"].select("fund_id", "as_of", "weight", "joins").rows()


def test_each_list_of_a_fund_is_told_at_the_weight_that_the_fund_has_now() -> None:
    # 40 of 100 are in the fund: 0.4 x 0.10 = 0.04, and a year later 0.4 x 0.25 = 0.10
    found = scan(held((OWN_FUND, 40.0)), listed(0.10, Y2024), listed(0.25, Y2025), as_of=Y2026)
    assert found.tables["history"].select("as_of", "invested").rows() == [(Y2024, 0.4), (Y2025, 0.4)]
    assert found.tables["history"]["weight"].to_list() == pytest.approx([0.04, 0.10])
    assert found.tables["history"]["not_known"].to_list() == [0.0, 0.0]
    assert found.weight == pytest.approx(0.10)


def test_a_line_joins_lists_that_are_not_further_apart_than_the_age_allowed() -> None:
    files = (listed(0.1, Y2023), listed(0.1, Y2025), listed(0.1, Y2026))
    found = scan(held((OWN_FUND, 40.0)), *files, as_of=Y2026, max_age=400)
    # 730 days from 2023 to 2025, 365 from 2025 to 2026
    assert [row[3] for row in history(found)] == [False, False, True]


def test_a_list_of_the_largest_lines_is_a_part() -> None:
    # The packaged lists of ASHR are of its fifteen largest lines: what they leave out is more than half of the fund
    recorded = load_dataset("fund_snapshots").filter(fund_id="us-ashr")
    assert set(recorded["completeness"]) == {"top-list"}
    found = scan(held(("US2330518794", 40.0))).tables["history"]
    assert found["as_of"].to_list() == recorded["as_of"].sort().to_list()
    assert not found["is_whole"].any()
    assert not found["joins"].any()
    assert found["not_known"].min() > 0.4 / 2
    assert (found["weight"] + found["not_known"]).max() <= 0.4 + 1e-12


def test_a_list_that_was_not_there_on_the_day_is_not_told() -> None:
    files = (listed(0.1, Y2023), listed(0.2, Y2024), listed(0.3, Y2025))
    found = scan(held((OWN_FUND, 40.0)), *files, as_of=Y2024)
    assert [row[1] for row in history(found)] == [Y2023, Y2024]


def test_of_many_lists_of_a_fund_the_newest_three_years_of_months_count() -> None:
    months = [date(2022 + n // 12, n % 12 + 1, 1) for n in range(40)]
    found = scan(held((OWN_FUND, 40.0)), *(listed(0.1, day) for day in months), as_of=Y2026)
    assert found.tables["history"]["as_of"].to_list() == months[-36:]


def test_a_fund_with_one_list_has_no_history() -> None:
    found = scan(held((OWN_FUND, 40.0)), listed(0.1, Y2025), as_of=Y2026)
    assert found.tables["history"].is_empty()
    assert "over-time" not in {section.anchor for section in compose(found).sections}


def test_a_fund_inside_is_opened_by_its_newest_list_not_after_the_day() -> None:
    def outer(day: date) -> FundFile:
        half = {"isin": OTHER_FUND, "kind": "fund", "name_as_written": f"Fund {OTHER_FUND}", "holding_weight": 0.5}
        rest = {**REST, "holding_weight": 0.5}
        return own_fund(half, rest, as_of=day, file=f"outer-{day}.csv")

    inner = (listed(0.2, Y2024, OTHER_FUND), listed(0.6, Y2026, OTHER_FUND))
    found = scan(held((OWN_FUND, 40.0)), outer(Y2023), outer(Y2025), outer(Y2026), *inner, as_of=Y2026)
    rows = found.tables["history"].filter(fund_id=OWN_FUND)
    # 0.4 x 0.5 is in the fund inside: nothing known of it in 2023, then 0.2 of it, then 0.6 of it
    assert rows["weight"].to_list() == pytest.approx([0.0, 0.04, 0.12])
    assert rows["not_known"].to_list() == pytest.approx([0.2, 0.0, 0.0])
    assert rows["is_whole"].to_list() == [False, True, True]


def test_funds_are_added_up_only_on_days_on_which_each_has_a_list_that_is_not_too_old() -> None:
    mine = (listed(0.1, Y2023), listed(0.2, Y2025), listed(0.3, Y2026))
    theirs = (listed(0.5, Y2025, OTHER_FUND, DAHUA), listed(0.4, Y2026, OTHER_FUND, DAHUA))
    found = scan(held((OWN_FUND, 40.0), (OTHER_FUND, 20.0)), *mine, *theirs, as_of=Y2026)
    together = [(day, weight) for fund, day, weight, _ in history(found) if fund is None]
    # 0.4 x 0.2 + 0.2 x 0.5 = 0.18 and 0.4 x 0.3 + 0.2 x 0.4 = 0.20; in 2023 nothing is known of the other fund
    assert [day for day, _ in together] == [Y2025, Y2026]
    assert [weight for _, weight in together] == pytest.approx([0.18, 0.20])


def test_a_fund_whose_file_has_no_name_goes_by_the_name_that_the_portfolio_has_for_it() -> None:
    rows = [{"isin": APPLE, "name_as_written": "Apple Inc", "holding_weight": 1.0}]
    files = [
        fund_file(*rows, fund=OWN_FUND, as_of=day, file=f"{day}.csv", isin=OWN_FUND, name=OWN_FUND)
        for day in (Y2024, Y2025)
    ]
    portfolio = reading({"isin": OWN_FUND, "kind": "fund", "name_as_written": "Our China Fund", "market_value": 1.0})
    assert set(scan(portfolio, *files, as_of=Y2026).tables["history"]["fund"]) == {"Our China Fund"}


def test_the_sum_of_funds_names_the_list_of_each() -> None:
    theirs = (listed(0.5, Y2025, OTHER_FUND), listed(0.4, Y2026, OTHER_FUND))
    found = scan(
        held((OWN_FUND, 40.0), (OTHER_FUND, 20.0)), listed(0.2, Y2025), listed(0.3, Y2026), *theirs, as_of=Y2026
    )
    together = found.tables["history"].filter(pl.col("fund_id").is_null()).tail(1)
    titles = dict(found.tables["sources"].select("number", "title").rows())
    cited = [titles[int(number)] for number in together["source_numbers"].item().split(", ")]
    assert cited == [f"{fund}-{Y2026}.csv" for fund in (OTHER_FUND, OWN_FUND)]


def test_the_sum_names_a_packaged_list_beside_a_file_of_the_user() -> None:
    first, second = date(2022, 7, 31), date(2025, 1, 31)  # the recorded days of EEM
    found = scan(held((EEM, 40.0), (OWN_FUND, 20.0)), listed(0.2, first), listed(0.3, second))
    together = found.tables["history"].filter(pl.col("fund_id").is_null()).tail(1)
    titles = dict(found.tables["sources"].select("number", "title").rows())
    cited = [titles[int(number)] for number in together["source_numbers"].item().split(", ")]
    assert len(cited) == 2
    assert cited[-1] == f"{OWN_FUND}-{second}.csv"


def test_of_one_day_a_file_that_is_given_goes_before_the_packaged_list() -> None:
    day = date(2022, 7, 31)
    given = listed(0.5, day, EEM)
    found = scan(held((EEM, 40.0)), given)
    rows = found.tables["history"].filter(as_of=day)
    assert rows["weight"].to_list() == pytest.approx([0.2])


def test_the_newest_list_gives_what_the_scan_gives() -> None:
    found = scan(held((EEM, 40.0), (AOM, 30.0)), as_of=date(2026, 11, 23))
    newest = found.tables["history"].filter(fund_id="us-eem").tail(1)
    paths = found.tables["paths"].filter(route="us-eem")
    assert newest["weight"].item() == pytest.approx(paths["weight"].sum())


def test_the_report_draws_the_lists_and_says_the_same_in_words() -> None:
    found = scan(held((OWN_FUND, 40.0)), listed(0.10, Y2024), listed(0.25, Y2025), as_of=Y2026)
    [section] = [one for one in compose(found).sections if one.anchor == "over-time"]
    [chart] = [block for block in section.blocks if isinstance(block, Chart)]
    assert chart.alt == f"Fund {OWN_FUND}: 4.00% on 2024-06-30 and 10.00% on 2025-06-30."
    assert f"Fund {OWN_FUND}" in chart.svg
    [_, _, table] = section.blocks
    assert [row[3].text for row in table.rows] == ["4.00%", "10.00%"]


def test_lists_kept_in_the_store_count_as_files_given_do(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.writer(FUNDS.frame()) as writer:
        for day, share in ((Y2024, 0.10), (Y2025, 0.20)):
            writer.add(listed(share, day), key=str(day))
    portfolio = held((OWN_FUND, 40.0))
    found = scan(portfolio, listed(0.25, Y2025), as_of=Y2026, store=store)
    # of 30 June 2025 the file given goes before the one in the store: 0.4 x 0.10 and 0.4 x 0.25
    assert found.tables["history"]["weight"].to_list() == pytest.approx([0.04, 0.10])
