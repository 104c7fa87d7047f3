"""Why an issuer is not in a list: announcements on record, earlier lists, and silence where nobody would wonder."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tests.rows import APPLE, EEM, IFLYTEK, fund_file, reading
from tests.runs import DATA, eem, own_fund, scan

if TYPE_CHECKING:
    from esgscan.records import FundFile

VT, VWO, CQQQ = "US9220427424", "US9220428588", "US46138E8003"
SEPTEMBER = date(2026, 9, 1)


def in_fund(isin: str) -> Any:
    return reading({"isin": isin, "kind": "fund", "market_value": 8.0}, {"isin": IFLYTEK, "market_value": 92.0})


def absences(isin: str, *files: FundFile, as_of: date = SEPTEMBER) -> dict[tuple[str, str], dict[str, Any]]:
    rows = scan(in_fund(isin), *files, as_of=as_of).tables["absences"].to_dicts()
    return {(row["fund_id"], row["issuer_id"]): row for row in rows}


@pytest.mark.parametrize(
    ("issuer", "announced", "effective"),
    [
        ("hikvision", date(2020, 12, 15), date(2021, 1, 5)),
        ("sugon", date(2020, 12, 15), date(2021, 1, 5)),
        ("smic", date(2020, 12, 15), date(2021, 1, 5)),
        ("china-mobile", date(2021, 1, 8), date(2021, 1, 8)),
    ],
)
def test_a_fund_of_an_msci_index_lost_them_in_january_2021(issuer: str, announced: date, effective: date) -> None:
    row = absences(EEM)["us-eem", issuer]
    assert (row["announced_by"], row["announced_on"], row["left_on"]) == ("MSCI", announced, effective)
    assert f"MSCI announced on {announced} the deletion from MSCI ACWI" in row["text"]
    assert row["text"].endswith("The list of 2025-01-31 has no line of this issuer.")
    assert row["source_numbers"]


def test_a_fund_of_a_ftse_index_lost_hikvision_by_another_announcement() -> None:
    row = absences(VT)["us-vt", "hikvision"]
    assert (row["announced_by"], row["announced_on"]) == ("FTSE Russell", date(2020, 12, 4))
    assert row["left_on"] == date(2020, 12, 21)
    assert row["held_on"] == date(2020, 9, 30)


def test_without_an_announcement_the_last_list_that_had_it_is_told() -> None:
    row = absences(VWO)["us-vwo", "netposa"]
    assert row["announced_by"] is None
    assert row["text"].startswith("The list of 2020-09-30 had it with ")


def test_an_announcement_is_not_told_before_it_was_made_nor_before_the_list() -> None:
    # on 1 December 2021 the newest recorded list of VT is of 2020-09-30, which has Hikvision
    assert ("us-vt", "hikvision") not in absences(VT, as_of=date(2021, 12, 1))
    assert ("us-vt", "hikvision") not in absences(VT, as_of=date(2020, 11, 1))


def test_the_return_of_a_deleted_company_is_told_as_a_later_step_of_the_provider() -> None:
    assert "2021-11-11: CRRC, deleted in January 2021" in absences(EEM)["us-eem", "hikvision"]["later"]


def test_a_list_of_the_user_explains_an_absence_too_and_is_cited() -> None:
    file = fund_file(
        {"isin": APPLE, "name_as_written": "Apple Inc", "holding_weight": 1.0},
        fund="EEM",
        isin=EEM,
        name="iShares MSCI Emerging Markets ETF",
        as_of=date(2026, 8, 31),
        file="my list.csv",
    )
    found = scan(in_fund(EEM), file, as_of=SEPTEMBER)
    row = found.tables["absences"].filter(fund_id="us-eem", issuer_id="hikvision").to_dicts()[0]
    assert row["as_of"] == date(2026, 8, 31)
    cited = {int(number) for number in row["source_numbers"].split(", ")}
    titles = found.tables["sources"].filter(pl.col("number").is_in(cited))["title"].to_list()
    assert "my list.csv" in titles


def test_what_the_users_list_has_is_not_absent() -> None:
    assert ("us-eem", "hikvision") not in absences(EEM, eem(date(2026, 8, 31), 0.1))


def test_a_list_of_a_part_tells_of_no_absence() -> None:
    assert {fund for fund, _ in absences(CQQQ)} == {"nbim-gpfg"}
    cut = own_fund({"isin": APPLE, "name_as_written": "Apple Inc", "holding_weight": 0.4}, share_published=0.4)
    assert {fund for fund, _ in absences("LU0000000009", cut)} == {"nbim-gpfg"}


def test_nobody_wonders_at_an_absence_from_a_fund_of_another_kind() -> None:
    own = own_fund({"isin": APPLE, "name_as_written": "Apple Inc", "holding_weight": 1.0})
    assert {fund for fund, _ in absences("LU0000000009", own)} == {"nbim-gpfg"}


def test_an_owner_that_no_longer_lists_a_held_issuer_is_told_with_its_last_list() -> None:
    row = absences(EEM)["nbim-gpfg", "iflytek"]
    years = DATA["owner_weights"].filter(issuer_id="iflytek")["snapshot_id"].str.split("@").list.last()
    assert row["held_on"] == date.fromisoformat(str(years.max()))
    assert row["as_of"] == date(2025, 6, 30)


def test_megvii_was_on_the_1260h_list_only_from_january_2024_to_january_2025() -> None:
    row = DATA["measures"].filter(issuer_id="megvii", programme_id="us-dod-1260h")
    assert row.select("in_force_from", "in_force_until").rows() == [(date(2024, 1, 31), date(2025, 1, 7))]
