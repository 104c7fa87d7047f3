"""Lists against the data: real entries are new where our data lack them, and nothing ends because a file is short."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from esgscan.list_changes.comparing import ListComparison, compare_lists
from esgscan.reference.list_updates import Kind
from esgscan.reference.listed_entities import (
    ENTITY_LIST,
    NS_CMIC,
    SECTION_1260H,
    ListedEntity,
    ListFile,
    PublishedList,
)
from tests.runs import DATA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DAY = date(2026, 11, 26)
JUNE = date(2021, 6, 3)
HIKVISION = ListedEntity(
    name="HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO., LTD.",
    country="CN",
    isins=("CNE100000PM8",),
    codes=(("XSHE", "002415"),),
    listed_on=JUNE,
    in_force_from=date(2021, 8, 2),
    divest_until=date(2022, 6, 3),
    is_public=True,
)
CNOOC = ListedEntity(
    name="CNOOC LIMITED", country="HK", isins=("HK0883013259",), codes=(("XHKG", "0883"),), listed_on=JUNE
)


def of(programme_id: str, *entities: ListedEntity, day: date | None = DAY, whole: bool = True) -> ListFile:
    one = PublishedList(
        programme_id=programme_id, name="a list", authority="somebody", entities=entities, is_whole=whole
    )
    return ListFile(
        name="list.csv", sha256="a" * 64, title="", publisher="", address="", published_on=day, lists=(one,)
    )


def named_now(programme_id: str, *, without: Sequence[str] = ()) -> list[ListedEntity]:
    """Give what a list names today, by our data: each entity of a measure that has not ended."""
    measures = DATA["measures"].filter(pl.col("programme_id") == programme_id, pl.col("in_force_until").is_null())
    rows = DATA["named_entities"].join(measures, on="measure_id", how="semi")
    names = rows.filter(~pl.col("issuer_id").is_in(list(without)))["entity"]
    return [ListedEntity(name=name, country="CN") for name in names]


def without_measures(issuer_id: str, programme_id: str) -> Mapping[str, pl.DataFrame]:
    """Give the data as they would be, had we not heard of a listing."""
    theirs = (pl.col("issuer_id") == issuer_id) & (pl.col("programme_id") == programme_id)
    gone = DATA["measures"].filter(theirs)
    return {
        **DATA,
        "measures": DATA["measures"].filter(~theirs),
        "named_entities": DATA["named_entities"].join(gone, on="measure_id", how="anti"),
    }


def changes(found: ListComparison, kind: Kind) -> list[tuple[str, str]]:
    return [(one.issuer_id, one.programme_id) for one in found.changes if one.kind is kind]


@pytest.mark.parametrize("programme_id", [NS_CMIC, SECTION_1260H])
def test_a_list_that_names_what_we_have_changes_nothing(programme_id: str) -> None:
    found = compare_lists([of(programme_id, *named_now(programme_id))], DATA)
    assert found.changes == ()
    assert found.doubts == ()


@pytest.mark.parametrize(
    "entity",
    [
        HIKVISION,
        replace(HIKVISION, name="Hikvision", isins=(), codes=()),
        replace(HIKVISION, name="Something else", codes=()),
        replace(HIKVISION, name="Something else", isins=(), codes=(), uscc="91330000733796106P"),
        replace(HIKVISION, name="Hangzhou Hikvision Digital Tech Co", isins=(), codes=()),
        replace(HIKVISION, name="HIK", names=("杭州海康威视数字技术股份有限公司",), isins=(), codes=()),
    ],
    ids=["all", "short name", "ISIN", "USCC", "abbreviated", "Chinese alias"],
)
def test_an_entry_that_we_lack_is_new_with_its_days(entity: ListedEntity) -> None:
    data = without_measures("hikvision", NS_CMIC)
    (change,) = (one for one in compare_lists([of(NS_CMIC, entity)], data).changes if one.kind is Kind.NEW)
    assert (change.issuer_id, change.programme_id, change.relation) == ("hikvision", NS_CMIC, "same")
    assert (change.announced_on, change.in_force_from) == (JUNE, date(2021, 8, 2))
    assert change.divest_until == date(2022, 6, 3)


@pytest.mark.parametrize("name", ["Hikvision", "HIK", "Dahua", "DJI", "BGI"])
def test_a_short_name_without_a_country_tells_nothing(name: str) -> None:
    found = compare_lists([of("list:somewhere", ListedEntity(name=name, listed_on=JUNE))], DATA)
    assert found.changes == ()


def test_a_number_of_two_companies_is_told_and_taken_by_none() -> None:
    both = replace(HIKVISION, isins=("CNE100000PM8", "CNE000001G38"))
    dahua = DATA["listings"].filter(pl.col("issuer_id") == "dahua")["isin"][0]
    found = compare_lists([of("list:somewhere", replace(both, isins=("CNE100000PM8", dahua), codes=()))], DATA)
    assert found.changes == found.candidates == ()
    assert "belong to dahua and hikvision" in found.doubts[0].what


def test_megvii_has_ended_on_the_1260h_list_of_january_2025() -> None:
    data = {
        **DATA,
        "measures": DATA["measures"].with_columns(
            in_force_until=pl.when(pl.col("measure_id") != "us-dod-1260h--megvii").then(pl.col("in_force_until"))
        ),
    }
    others = [one for one in named_now(SECTION_1260H) if "Megvii" not in one.name]
    (change,) = compare_lists([of(SECTION_1260H, *others, day=DAY)], data).changes
    assert (change.kind, change.issuer_id, change.measure_id) == (Kind.ENDED, "megvii", "us-dod-1260h--megvii")
    assert change.in_force_until == DAY


@pytest.mark.parametrize(
    ("day", "whole", "keep", "said"),
    [
        (None, True, 0, "--published"),
        (DAY, False, 0, "a part of the list"),
        (DAY, True, 3, "Nothing was ended"),
        (date(2021, 1, 1), True, 0, ""),
    ],
    ids=["no day", "a part", "a cut file", "an old file"],
)
def test_nothing_ends_because_a_file_is_undated_short_or_old(day, whole: bool, keep: int, said: str) -> None:
    names = named_now(NS_CMIC, without=["hikvision"])
    found = compare_lists([of(NS_CMIC, *(names[:keep] if keep else names), day=day, whole=whole)], DATA)
    assert changes(found, Kind.ENDED) == []
    assert not said or any(said in f"{doubt.what} {doubt.mend}" for doubt in found.doubts)


def test_nothing_ends_where_the_list_has_a_name_that_is_like_it() -> None:
    names = named_now(NS_CMIC, without=["hikvision"])
    other = ListedEntity(name="Hangzhou Hikvision Digital Security Technology", country="CN", listed_on=JUNE)
    found = compare_lists([of(NS_CMIC, *names, other)], DATA)
    assert changes(found, Kind.ENDED) == []
    assert any("Hikvision Digital Security" in doubt.what for doubt in found.doubts)


def test_nothing_ends_where_a_bureau_is_only_printed_with_its_abbreviation() -> None:
    names = named_now(ENTITY_LIST, without=["xpsb"])
    bureau = "Xinjiang Uighur Autonomous Region (XUAR) People's Government Public Security Bureau, Urumqi"
    found = compare_lists([of(ENTITY_LIST, *names, ListedEntity(name=bureau, country="CN", listed_on=JUNE))], DATA)
    assert "xpsb" not in {one.issuer_id for one in found.changes}
    assert any("(XUAR)" in doubt.what for doubt in found.doubts)


def test_an_entry_of_a_subsidiary_alone_does_not_keep_the_company_on_a_list() -> None:
    names = named_now(SECTION_1260H, without=["dahua"])
    unit = ListedEntity(name="Chengdu Dahua Wisdom Information Technology Co., Ltd.", country="CN")
    found = compare_lists([of(SECTION_1260H, *names, unit)], DATA)
    assert [one.measure_id for one in found.changes] == ["us-dod-1260h--dahua"]


def test_a_company_that_the_covered_list_does_not_name_is_not_ended_by_it() -> None:
    found = compare_lists([of("us-fcc-covered-list", *named_now("us-fcc-covered-list"))], DATA)
    assert changes(found, Kind.ENDED) == []
    assert any("DJI" in doubt.what for doubt in found.doubts), "our data have a kind of product there, and no name"


def test_an_entry_of_a_period_that_we_know_to_be_over_is_not_new() -> None:
    megvii = ListedEntity(name="Beijing Megvii Technology Co., Ltd.", country="CN", listed_on=date(2024, 1, 31))
    found = compare_lists([of(SECTION_1260H, *named_now(SECTION_1260H), megvii)], DATA)
    assert found.changes == ()
    assert "we have an end on 2025-01-07" in found.doubts[0].what


def test_an_end_that_the_file_states_is_taken_and_one_to_come_is_not() -> None:
    def ends(day: date) -> list[date | None]:
        over = replace(HIKVISION, in_force_until=day)
        found = compare_lists([of(NS_CMIC, *named_now(NS_CMIC, without=["hikvision"]), over)], DATA)
        return [one.in_force_until for one in found.changes if one.kind is Kind.ENDED]

    assert ends(date(2026, 10, 1)) == [date(2026, 10, 1)]
    assert ends(date(2027, 10, 1)) == []


def test_a_new_first_name_of_a_known_company_is_a_new_name() -> None:
    renamed = replace(HIKVISION, name="Hikvision Intelligent Industries Co., Ltd.")
    found = compare_lists([of(NS_CMIC, *named_now(NS_CMIC, without=["hikvision"]), renamed)], DATA)
    (change,) = found.changes
    assert (change.kind, change.issuer_id, change.entity) == (Kind.RENAMED, "hikvision", renamed.name)


def test_a_listed_company_that_is_not_ours_is_a_candidate_once_per_list() -> None:
    found = compare_lists([of(NS_CMIC, *named_now(NS_CMIC), CNOOC, CNOOC)], DATA)
    (candidate,) = found.candidates
    assert (candidate.issuer_id, candidate.isins, candidate.known_as) == ("listed:cnooc-limited", ("HK0883013259",), "")
    foreign = ListedEntity(name="Example Bank", country="GB", isins=("GB00EXAMPLE2",), listed_on=JUNE)
    assert compare_lists([of("list:somewhere", foreign)], DATA).candidates == ()


def test_subsidiaries_are_not_taken_for_the_company_and_said_to_be_like_it() -> None:
    other = ListedEntity(name="Huawei Device (Shenzhen) Co., Ltd.", country="CN", listed_on=JUNE)
    found = compare_lists([of(ENTITY_LIST, other)], DATA)
    assert changes(found, Kind.NEW) == []
    assert [one.known_as for one in found.candidates] == ["Huawei Investment & Holding Co., Ltd."]


def test_a_subsidiary_that_another_list_named_is_new_as_a_subsidiary() -> None:
    bgi = ListedEntity(name="BGI Tech Solutions (Hongkong)", country="HK", listed_on=date(2026, 10, 1))
    (change,) = compare_lists([of("list:new", bgi)], DATA).changes
    assert (change.issuer_id, change.relation) == ("bgi-genomics", "subsidiary")


def test_files_of_one_list_are_taken_together() -> None:
    names = named_now(NS_CMIC)
    found = compare_lists([of(NS_CMIC, *names[: len(names) // 2]), of(NS_CMIC, *names[len(names) // 2 :])], DATA)
    assert found.changes == ()
