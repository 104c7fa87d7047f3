"""The packaged figures of funds as holdings: each fund's weights add to one, and the rest says what it is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from esgscan.records import to_pandas
from esgscan.reference.recorded import REDUCED, all_recorded_weights, newest_snapshots, recorded_holdings

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    import polars as pl

    Data = Mapping[str, pl.DataFrame]

DAY = date(2026, 11, 23)


def held(data: Data, fund: str, as_of: date = DAY) -> pd.DataFrame:
    lines = to_pandas(recorded_holdings(data, newest_snapshots(data, as_of=as_of)))
    return lines[lines["fund_id"].eq(fund)]


@pytest.mark.parametrize("as_of", [date(2020, 12, 1), date(2021, 10, 1), DAY])
def test_the_recorded_weights_of_each_fund_add_to_one(data: Data, as_of: date) -> None:
    lines = to_pandas(recorded_holdings(data, newest_snapshots(data, as_of=as_of)))
    sums = lines.groupby("fund_id")["holding_weight"].sum()
    assert len(sums) > 0
    assert sums.tolist() == pytest.approx([1.0] * len(sums), abs=1e-12)
    assert list(lines.columns) == REDUCED
    assert (lines["as_of"] <= as_of).all()


def test_each_fund_has_one_newest_day_which_is_not_after_the_day_asked_for(data: Data) -> None:
    newest, earlier = (newest_snapshots(data, as_of=date(2025, 1, day)) for day in (31, 30))
    assert newest["fund_id"].is_unique().all()
    assert newest.filter(fund_id="us-eem")["as_of"].to_list() == [date(2025, 1, 31)]
    assert earlier.filter(fund_id="us-eem")["as_of"].to_list() == [date(2022, 7, 31)]
    assert len(newest_snapshots(data, as_of=date(2018, 1, 1))) == 0


def test_the_rest_of_a_full_list_is_clear(data: Data) -> None:
    lines = held(data, "us-eem")
    rest = lines[lines["issuer_id"].isna()]
    assert rest[["outcome", "confidence"]].astype(object).fillna("").to_numpy().tolist() == [["clear", ""]]
    listed = data["fund_weights"]
    known = listed.filter(snapshot_id="us-eem@2025-01-31")["holding_weight"].sum()
    assert float(rest["holding_weight"].iloc[0]) == pytest.approx(1.0 - known)


def test_the_rest_of_a_list_of_the_largest_holdings_is_uncovered(data: Data) -> None:
    lines = held(data, "us-cqqq")
    rest = lines[lines["issuer_id"].isna()]
    assert rest[["outcome", "reason"]].to_numpy().tolist() == [
        ["uncovered", "part of a fund that its holdings leave out"]
    ]
    assert float(rest["holding_weight"].iloc[0]) == pytest.approx(1.0 - 0.0303)  # SenseTime is 3.03% of the fund


def test_a_fund_of_funds_holds_the_funds_of_its_list_and_not_what_the_list_prints_below_them(data: Data) -> None:
    lines = held(data, "us-aom")
    funds = lines.dropna(subset="fund_held")
    assert set(funds["fund_held"]) == {"us-iusb", "us-ivv", "us-idev", "us-iagg", "us-iemg", "us-ijh", "us-ijr"}
    assert lines["issuer_id"].isna().all()
    assert funds["outcome"].isna().all()
    cash = lines[lines["fund_held"].isna() & lines["name_as_written"].notna()]
    assert set(cash["outcome"]) == {"clear"}


def test_every_recorded_line_is_confirmed_and_quotes_its_line(data: Data) -> None:
    lines = held(data, "us-eem").dropna(subset="issuer_id")
    assert set(lines["confidence"]) == {"confirmed"}
    assert set(lines["matched_by"]) == {"recorded weight"}
    assert all(f"'{name}'" in text for name, text in zip(lines["name_as_written"], lines["evidence"], strict=True))
    assert set(lines["source_id"]) <= set(data["sources"]["source_id"])


def test_the_matter_of_the_worst_cases_is_every_recorded_weight_with_the_kind_of_its_fund(data: Data) -> None:
    recorded = to_pandas(all_recorded_weights(data))
    assert len(recorded) == len(data["fund_weights"])
    assert recorded["region"].notna().all()
    eem = recorded[recorded["fund_id"].eq("us-eem")]
    assert set(eem["region"]) == {"emerging-markets"}
    assert set(eem["as_of"]) == {date(2022, 7, 31), date(2025, 1, 31)}
