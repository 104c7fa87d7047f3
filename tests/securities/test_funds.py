"""Which lines are funds, and which fund a file of holdings is about."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from esgscan.engines.memory import Memory
from esgscan.securities.funds import known_funds, settle_fund_ids
from esgscan.securities.keys import identity_keys
from tests.rows import EEM, fund_file
from tests.securities.conftest import AS_OF, identified

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

    from esgscan.securities.keys import IdentityKeys
    from esgscan.tables import Engine
    from tests.securities.conftest import Identified

    Identify = Callable[..., Identified]

DAY = date(2026, 6, 30)


def test_a_fund_is_confirmed_by_isin_by_ticker_and_market_or_by_ticker_and_name(
    keys: IdentityKeys, engine: Engine
) -> None:
    expected = [
        ({"isin": EEM}, "isin"),
        ({"ticker": "EEM US"}, "fund code"),
        ({"ticker": "EEM US Equity"}, "fund code"),
        ({"ticker": "EEM UP"}, "fund code"),
        ({"ticker": "EEM", "exchange": "NYSE Arca"}, "fund code"),
        ({"ticker": "EEM", "name_as_written": "iShares MSCI Emerging Markets ETF"}, "fund code"),
    ]
    found = identified([row for row, _ in expected], keys, engine)
    assert [(row, one.matched_by) for (row, _), one in zip(expected, found, strict=True)] == expected
    assert {(one.fund, one.confidence, one.region) for one in found} == {("us-eem", "confirmed", "emerging-markets")}
    assert {(one.outcome, one.reason) for one in found} == {("", "")}  # look-through decides


def test_a_fund_is_probable_by_its_name_or_by_its_ticker_alone(keys: IdentityKeys, engine: Engine) -> None:
    expected = [
        ({"name_as_written": "iShares MSCI Emerging Markets ETF"}, "fund name"),
        ({"name_as_written": "ISHARES MSCI EMERGING MARKETS ETF", "isin": "US4642872340"}, "fund name"),
        ({"ticker": "EEM", "kind": "fund"}, "fund code"),
        ({"ticker": "EEM", "kind": "fund", "name_as_written": "iShares EM"}, "fund code"),
    ]
    found = identified([row for row, _ in expected], keys, engine)
    assert [(row, one.matched_by) for (row, _), one in zip(expected, found, strict=True)] == expected
    assert {(one.fund, one.confidence) for one in found} == {("us-eem", "probable")}


def test_a_fund_of_unknown_identity_is_uncovered_and_its_name_says_what_it_may_hold(
    keys: IdentityKeys, engine: Engine
) -> None:
    regions = {
        "Obscure Asia Opportunities Fund": "asia",
        "Obscure Emerging Markets ex China Fund": "ex-china",
        "Obscure Fund": "unknown",
    }
    rows = [{"name_as_written": name, "kind": "fund", "isin": "LU0000000009"} for name in regions]
    found = identified(rows, keys, engine)
    assert {(one.fund, one.outcome, one.reason) for one in found} == {("", "uncovered", "fund without holdings")}
    assert [one.region for one in found] == list(regions.values())


def test_a_share_with_the_ticker_of_a_fund_is_no_fund(identify: Identify) -> None:
    found = identify(ticker="EEM", exchange="London", name_as_written="Eem plc", kind="equity")
    assert (found.fund, found.outcome) == ("", "clear")


def test_a_ticker_alone_is_no_fund(identify: Identify) -> None:
    found = identify(ticker="EEM")
    assert (found.fund, found.reason) == ("", "not known whether share or fund")


def test_a_name_that_two_funds_share_leads_to_neither_and_is_not_clear(identify: Identify) -> None:
    found = identify(name_as_written="iShares MSCI Total International Index Fund", kind="fund")
    assert (found.fund, found.outcome, found.reason) == ("", "uncovered", "fund without holdings")


@pytest.mark.parametrize(
    ("described", "settled"),
    [
        ({"isin": EEM}, "us-eem"),
        ({"isin": EEM, "ticker": "XYZ", "name": "A name nobody knows"}, "us-eem"),
        ({"name": "iShares MSCI Emerging Markets ETF"}, "us-eem"),
        ({"ticker": "EEM", "name": None}, "us-eem"),
        ({"ticker": "EEM", "name": "Eem plc", "isin": "GB0002634946"}, "own"),
        ({"name": "A name nobody knows"}, "own"),
    ],
)
def test_a_holdings_file_gets_the_id_of_the_packaged_fund_that_it_is_about(
    data: Mapping[str, pl.DataFrame], described: dict[str, str], settled: str
) -> None:
    file = fund_file({"isin": "CNE100000PM8", "holding_weight": 1.0}, fund="own", as_of=DAY, **described)
    funds, holdings = settle_fund_ids(file, data)
    assert funds["fund_id"].to_list() == [settled]
    assert holdings["fund_id"].to_list() == [settled]


def test_a_fund_that_only_the_user_s_file_knows_is_found_by_what_that_file_says(
    data: Mapping[str, pl.DataFrame],
) -> None:
    file = fund_file(fund="own", as_of=DAY, name="Our Own China Fund", isin="LU0000000009", ticker="OWN")
    keys = identity_keys(data, known_funds(data, file.funds), as_of=AS_OF)
    rows = [
        {"isin": "LU0000000009"},
        {"name_as_written": "OUR OWN CHINA FUND", "kind": "fund"},
        {"ticker": "OWN", "name_as_written": "Our Own China Fund"},
    ]
    found = identified(rows, keys, Memory())
    assert [(one.fund, one.confidence) for one in found] == [
        ("own", "confirmed"),
        ("own", "probable"),
        ("own", "confirmed"),
    ]
    assert {one.region for one in found} == {"china"}


def test_other_names_of_a_packaged_fund_lead_to_it(data: Mapping[str, pl.DataFrame]) -> None:
    funds = known_funds(data, fund_file(fund="own", as_of=DAY).funds)
    named = funds.filter(fund_id="ie-eimi")
    others = data["fund_names"]
    assert set(named["name"]) >= set(others.filter(fund_id="ie-eimi")["name"])
    assert named["isin"].unique().to_list() == ["IE00BKM4GZ66"]
