"""The interval: what its ends are made of, what narrows it most, and that the truth lies inside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from esgscan.sources.holdings import read_holdings
from tests.rows import AOM, APPLE, DAHUA, EEM, HIKVISION, IFLYTEK, reading
from tests.runs import AS_OF, OWN_FUND, own_fund, scan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.records import FundFile, Scan

CQQQ = "US46138E8003"
VWO = "US9220428588"
DAY = date(2026, 6, 30)


def held(isin: str, value: float = 100.0, **more: object) -> dict[str, object]:
    return {"isin": isin, "kind": "fund", "name_as_written": f"Fund {isin}", "market_value": value, **more}


def components(found: Scan, issuer: str | None) -> dict[str, float]:
    rows = found.tables["interval"].filter(pl.col("issuer_id").eq_missing(issuer))
    return dict(rows.group_by("component").agg(pl.col("adds").sum()).rows())


MIXED = reading(
    {"isin": HIKVISION, "market_value": 50.0},
    {"name_as_written": "Dahua", "country": "China", "market_value": 10.0},
    held(AOM, 100.0),
    held(VWO, 200.0),
    held(CQQQ, 40.0),
    {"name_as_written": "Obscure Fund", "kind": "fund", "market_value": 30.0},
    {"kind": "cash", "market_value": 570.0},
)
WITHOUT_VALUE = reading(
    {"isin": HIKVISION, "market_value": 50.0},
    {"name_as_written": "Obscure Fund", "kind": "fund"},
    {"kind": "cash", "market_value": 50.0},
)


@pytest.fixture(scope="module", params=[MIXED, WITHOUT_VALUE], ids=["mixed", "without value"])
def found(request: pytest.FixtureRequest) -> Scan:
    return scan(request.param)


def test_the_components_of_every_ceiling_add_to_it(found: Scan) -> None:
    assert sum(components(found, None).values()) == pytest.approx(found.ceiling, abs=1e-12)
    for issuer, ceiling in found.tables["exposures"].select("issuer_id", "ceiling").rows():
        assert sum(components(found, issuer).values()) == pytest.approx(ceiling, abs=1e-12), issuer


def test_what_is_proven_is_the_floor(found: Scan) -> None:
    assert components(found, None)["proven"] == pytest.approx(found.floor, abs=1e-12)
    for issuer, floor in found.tables["exposures"].select("issuer_id", "floor").rows():
        assert components(found, issuer)["proven"] == pytest.approx(floor, abs=1e-12), issuer


def test_a_line_without_a_value_leaves_nothing_proven_and_nothing_excluded() -> None:
    found = scan(WITHOUT_VALUE)
    assert (found.floor, found.ceiling) == (0.0, 1.0)
    assert found.tables["exposures"].select("floor", "ceiling").rows() == [(0.0, 1.0)]


def test_the_step_that_narrows_most_comes_first_and_routes_into_one_fund_count_together() -> None:
    # 30 and 20 of 200 in one fund nobody knows, 40 in another
    unknown = {"name_as_written": "Obscure Fund", "kind": "fund"}
    portfolio = reading(
        {**unknown, "market_value": 30.0},
        {**unknown, "market_value": 20.0},
        {"name_as_written": "Other Unheard Fund", "kind": "fund", "market_value": 40.0},
        {"kind": "cash", "market_value": 110.0},
    )
    steps = scan(portfolio).tables["steps"]
    assert steps.select("action", "positions").rows() == [
        ("add the holdings of Obscure Fund with --holdings FILE", 2),
        ("add the holdings of Other Unheard Fund with --holdings FILE", 1),
    ]
    assert steps["weight"].to_list() == pytest.approx([0.25, 0.2])
    assert steps["adds_to_ceiling"].to_list() == pytest.approx([0.25, 0.2])
    assert steps["market_value"].to_list() == pytest.approx([50.0, 40.0])


def test_taking_the_first_step_narrows_the_interval_by_what_it_promised() -> None:
    portfolio = reading(held(OWN_FUND, 25.0), {"kind": "cash", "market_value": 75.0})
    before = scan(portfolio)
    after = scan(portfolio, own_fund({"isin": APPLE, "name_as_written": "Apple Inc", "holding_weight": 1.0}))
    assert before.ceiling - after.ceiling == pytest.approx(before.tables["steps"]["adds_to_ceiling"][0])
    assert after.tables["steps"].is_empty()


# ----------------------------------------------------------------------------------------------------------------
# Laws: holdings are deleted from a full file and come back

LINES = [(HIKVISION, 20.0), (DAHUA, 30.0), (IFLYTEK, 5.0), (APPLE, 900.0), ("US5949181045", 45.0)]
"""Of 1,000 in a fund. Watchlist companies have 55, which is more than was ever recorded of a fund of any known kind but
one; in the second fund they have a tenth of it, as emerging-markets funds do."""
FUNDS = {OWN_FUND: 1.0, EEM: 0.1}
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=PHASES)


def file_of(fund: str, kept: Sequence[int]) -> FundFile:
    """Write and read a file of holdings of a fund of 1,000 that lists only some lines."""
    scale = FUNDS[fund]
    amounts = [value * scale if isin in {HIKVISION, DAHUA, IFLYTEK} else value for isin, value in LINES]
    amounts[3] += 1000.0 - sum(amounts)
    rows = [f"{fund},{DAY},{LINES[n][0]},Line {n},{amounts[n]},1000" for n in kept]
    head = "fund_isin,as_of,isin,name,market_value,fund_total"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "holdings.csv"
        path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
        return read_holdings(str(path))


@FEW
@given(
    order=st.permutations(range(len(LINES))),
    few=st.integers(1, 5),
    more=st.integers(1, 5),
    fund=st.sampled_from([*FUNDS]),
)
def test_the_truth_lies_inside_the_interval_which_shrinks_as_deleted_holdings_return(
    order: list[int], few: int, more: int, fund: str
) -> None:
    portfolio = reading(
        held(fund, 400.0), {"isin": HIKVISION, "market_value": 10.0}, {"kind": "cash", "market_value": 590.0}
    )
    least, most = sorted((few, more))
    intervals = [scan(portfolio, file_of(fund, sorted(order[:n])), as_of=AS_OF) for n in (least, most, len(LINES))]
    full = intervals[-1]
    assert full.floor == pytest.approx(full.ceiling, abs=1e-12)
    for narrow, wide in ((intervals[1], intervals[0]), (full, intervals[1])):
        assert wide.floor <= narrow.floor + 1e-12
        assert wide.ceiling >= narrow.ceiling - 1e-12
    for one in intervals:
        assert one.floor - 1e-12 <= full.weight <= one.ceiling + 1e-12


def test_no_company_has_a_higher_ceiling_than_the_whole() -> None:
    # The packaged lists of ASHR are of its largest lines; VWO has small companies that no list of a China fund shows
    portfolio = reading(
        {"isin": "US2330518794", "market_value": 50.0},
        {"isin": "US9220428588", "market_value": 20.0},
        {"isin": HIKVISION, "market_value": 5.0},
        {"isin": APPLE, "market_value": 925.0},
    )
    found = scan(portfolio)
    assert len(found.tables["exposures"]) > 5
    assert found.tables["exposures"]["ceiling"].max() <= found.ceiling + 1e-15
