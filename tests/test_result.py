"""The tables of a result: names joined, sources numbered as they are cited, rows in the order a reader meets them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from esgscan.result import STATUS_ORDER, age_in_days
from tests.rows import AOM, DAHUA, EEM, HIKVISION, IFLYTEK, reading
from tests.runs import DATA, OWN_FUND, own_fund, scan

if TYPE_CHECKING:
    import pandas as pd

    from esgscan.records import Scan

DAY = date(2025, 6, 1)


@pytest.fixture(scope="module")
def found() -> Scan:
    rows = [
        {"isin": IFLYTEK, "market_value": 10.0},
        {"isin": HIKVISION, "market_value": 30.0},
        {"isin": DAHUA, "market_value": 10.0},
        {"isin": EEM, "kind": "fund", "market_value": 40.0},
        {"isin": AOM, "kind": "fund", "market_value": 5.0},
        {"isin": OWN_FUND, "kind": "fund", "name_as_written": "Our Own Fund", "market_value": 5.0},
    ]
    inner = own_fund({"isin": EEM, "kind": "fund", "holding_weight": 1.0}, as_of=DAY)
    return scan(reading(*rows), inner, as_of=DAY)


def test_exposures_and_routes_come_largest_first(found: Scan) -> None:
    assert found.exposures["issuer_id"].iloc[0] == "hikvision"
    for table in (found.exposures, found.paths):
        assert table["weight"].is_monotonic_decreasing
    assert found.paths["path_id"].tolist() == [f"r{n}" for n in range(1, len(found.paths) + 1)]
    assert found.uncovered["adds_to_ceiling"].is_monotonic_decreasing


def test_issuers_keep_one_order_through_all_tables(found: Scan) -> None:
    order = {issuer: n for n, issuer in enumerate(found.exposures["issuer_id"])}
    for name in ("flags", "tags", "owners", "notes", "relationships", "index_events", "listings"):
        table: pd.DataFrame = getattr(found, name)
        ranks = [order[issuer] for issuer in table["issuer_id"]]
        assert ranks == sorted(ranks), name


def test_the_flags_of_an_issuer_begin_with_what_is_in_force(found: Scan) -> None:
    for _, flags in found.flags.groupby("issuer_id", sort=False):
        steps = [STATUS_ORDER.index(status) for status in flags["status"]]
        assert steps == sorted(steps)


def test_each_flag_names_its_issuer_its_programme_and_what_it_means_to_an_investor(found: Scan) -> None:
    assert found.flags[["issuer", "programme", "effect_on_investor", "source_numbers"]].notna().all(axis=None)
    assert set(found.programmes["programme_id"]) == set(found.flags["programme_id"])


def test_issuers_have_their_legal_names(found: Scan) -> None:
    names = dict(DATA["issuers"].select("issuer_id", "name").rows())
    for row in found.exposures.itertuples():
        assert row.name == names[row.issuer_id]


def test_a_route_is_written_with_the_names_of_its_funds(found: Scan) -> None:
    nested = found.paths[found.paths["position_id"].eq("p6")]
    assert set(nested["route"]) == {f"{OWN_FUND} > us-eem"}
    assert set(nested["route_names"]) == {"Our Own Fund > iShares MSCI Emerging Markets ETF"}


def test_sources_are_numbered_in_the_order_of_citation(found: Scan) -> None:
    assert found.sources["number"].tolist() == list(range(1, len(found.sources) + 1))
    assert found.sources["source_id"].is_unique
    first = found.flags["source_numbers"].iloc[0].split(", ")
    assert first == [str(n) for n in range(1, len(first) + 1)]
    assert found.sources[["title", "publisher", "tier"]].notna().all(axis=None)


def test_each_source_is_cited_somewhere(found: Scan) -> None:
    cited = {
        int(number)
        for table in found.tables.values()
        if "source_numbers" in table.columns
        for numbers in table["source_numbers"].drop_nulls()
        for number in numbers.split(", ")
    }
    assert cited == set(found.sources["number"])


def test_an_absence_says_by_which_list_and_never_of_an_issuer_that_is_in_it(found: Scan) -> None:
    assert len(found.absences) > 0
    assert set(found.absences["fund_id"]) <= {"us-eem", "us-iemg", "nbim-gpfg"}
    reached = found.paths.assign(last=found.paths["route"].str.replace(".* > ", "", regex=True))
    inside = set(zip(reached["last"], reached["issuer_id"], strict=True))
    assert not inside & set(zip(found.absences["fund_id"], found.absences["issuer_id"], strict=True))
    for day, text in zip(found.absences["as_of"], found.absences["text"], strict=True):
        assert text.endswith(f"The list of {day} has no line of this issuer.")


def test_the_age_of_holdings_is_counted_in_days_and_missing_stays_missing() -> None:
    days = pl.DataFrame({"holdings_as_of": [date(2024, 2, 28), DAY, None]})
    ages = days.select(age=age_in_days(DAY))["age"]
    # 366 days to 28 February 2025, the leap day among them, 1 to March, and 31 + 30 + 31 to the first of June
    assert ages.to_list() == [366 + 1 + 31 + 30 + 31, 0, None]
