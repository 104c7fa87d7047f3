"""What a listing does to an investor: on tables written here, and against the published dates of NS-CMIC."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from esgscan.engines.memory import Memory
from esgscan.legal_effects import legal_calendar
from esgscan.ownership import owners_named
from esgscan.reference.datasets import load_dataset
from esgscan.screening import flags_known
from esgscan.tables import FLAGS, LEGAL_CALENDAR, OWNERS
from esgscan.terms import Investor, LegalState
from tests.frames import collected
from tests.rows import HIKVISION, data_table, reading
from tests.runs import scan

if TYPE_CHECKING:
    import pandas as pd

    from esgscan.tables import Engine

RULES = load_dataset("legal_effects")
MEASURES = load_dataset("measures")
OWNERSHIP, REACH = load_dataset("ownership"), load_dataset("ownership_rules")
NS_CMIC = "us-ofac-ns-cmic"
LISTED, EFFECTIVE, DIVESTED = date(2021, 6, 3), date(2021, 8, 2), date(2022, 6, 3)


def rule(**cells: Any) -> dict[str, Any]:
    return {
        "effect_id": "r1",
        "programme_id": "p",
        "investors": "us-person; eu",
        "state": "purchase barred",
        "begins": "in_force_from",
        "ends": "in_force_until",
        "text": "A rule.",
        "citation": "law",
        "source_ids": "a",
        **cells,
    }


def told(
    engine: Engine, flag: dict[str, Any], *rules: dict[str, Any], as_of: date, owners: Any = (), **wish: Any
) -> pd.DataFrame:
    flags = FLAGS.frame(
        [
            {
                "issuer_id": "x",
                "measure_id": "m",
                "programme_id": "p",
                "kind": "listing",
                "status": "in_force",
                "source_ids": "b",
                **flag,
            }
        ]
    )
    known = engine.frame(OWNERS.frame(owners))
    table = legal_calendar(engine.frame(flags), known, engine.frame(data_table(RULES, rules)), as_of=as_of, **wish)
    rows = collected(engine, table)
    assert list(rows.columns) == list(LEGAL_CALENDAR.columns)
    return rows


def packaged(as_of: date, investor: Investor | None = None) -> pl.DataFrame:
    """Give the calendar of every measure in the packaged data on a day."""
    engine = Memory()
    flags = flags_known(engine.frame(MEASURES), as_of=as_of)
    owners = owners_named(engine.frame(OWNERSHIP), flags, engine.frame(REACH), as_of=as_of)
    return engine.collect(legal_calendar(flags, owners, engine.frame(RULES), as_of=as_of, investor=investor))


def test_a_period_has_its_first_day_and_not_its_last(engine: Engine) -> None:
    flag = {"announced_on": LISTED, "in_force_from": EFFECTIVE, "divest_until": DIVESTED}
    window = rule(begins="announced_on", ends="divest_until")
    phases = {
        day: told(engine, flag, window, as_of=day)["phase"].tolist()
        for day in (LISTED - timedelta(1), LISTED, DIVESTED - timedelta(1), DIVESTED)
    }
    assert list(phases.values()) == [["ahead"], ["now"], ["now"], ["over"]]


def test_a_rule_is_told_to_those_it_speaks_of(engine: Engine) -> None:
    flag = {"announced_on": LISTED, "in_force_from": EFFECTIVE}
    for investor, rows in ((Investor.EU, 1), (Investor.US_PERSON, 1), (Investor.UK, 0)):
        found = told(engine, flag, rule(), as_of=EFFECTIVE, investor=investor)
        assert found["investors"].tolist() == [str(investor)] * rows
    assert told(engine, flag, rule(), as_of=EFFECTIVE)["investors"].tolist() == ["us-person; eu"]


def test_the_sources_of_rule_and_measure_stand_together(engine: Engine) -> None:
    found = told(engine, {"announced_on": LISTED, "in_force_from": EFFECTIVE}, rule(), as_of=EFFECTIVE)
    assert found["source_ids"].tolist() == ["a b"]
    assert found["citation"].tolist() == ["law"]


def test_what_was_only_considered_or_has_ended_bars_nothing(engine: Engine) -> None:
    for flag in ({"kind": "considered", "status": "considered"}, {"kind": "recommendation"}, {"status": "ended"}):
        assert told(engine, {"announced_on": LISTED, "in_force_from": EFFECTIVE, **flag}, rule(), as_of=DIVESTED).empty


def test_a_rule_younger_than_the_list_begins_with_the_rule(engine: Engine) -> None:
    flag = {"announced_on": LISTED, "in_force_from": LISTED}
    young = rule(valid_from=EFFECTIVE)
    assert told(engine, flag, young, as_of=LISTED)[["from", "phase"]].to_numpy().tolist() == [[EFFECTIVE, "ahead"]]


def test_that_a_rule_will_be_replaced_is_not_told_before_the_day(engine: Engine) -> None:
    flag = {"announced_on": LISTED, "in_force_from": LISTED}
    closed = rule(valid_until=EFFECTIVE)
    before, after = (told(engine, flag, closed, as_of=day) for day in (EFFECTIVE - timedelta(1), EFFECTIVE))
    assert before["until"].isna().all()
    assert after[["until", "phase"]].to_numpy().tolist() == [[EFFECTIVE, "over"]]


def test_a_rule_that_could_not_be_read_yet_is_left_out(engine: Engine) -> None:
    flag = {"announced_on": LISTED, "in_force_from": LISTED}
    later = rule(known_from=EFFECTIVE)
    assert told(engine, flag, later, as_of=EFFECTIVE - timedelta(1)).empty
    assert len(told(engine, flag, later, as_of=EFFECTIVE)) == 1


def test_a_rule_for_later_names_leaves_the_earlier_ones_out(engine: Engine) -> None:
    early, late = rule(effect_id="early", listed_before=EFFECTIVE), rule(effect_id="late", listed_from=EFFECTIVE)
    for day, name in ((EFFECTIVE - timedelta(1), "early"), (EFFECTIVE, "late")):
        found = told(engine, {"announced_on": day, "in_force_from": day}, early, late, as_of=DIVESTED)
        assert found["effect_id"].tolist() == [name]


def test_of_two_readings_of_a_rule_the_fuller_one_is_told_once_it_could_be_read(engine: Engine) -> None:
    flag = {"announced_on": LISTED, "in_force_from": LISTED}
    first, fuller = rule(effect_id="first", known_until=EFFECTIVE), rule(effect_id="fuller", known_from=EFFECTIVE)
    for day, name in ((EFFECTIVE - timedelta(1), "first"), (EFFECTIVE, "fuller")):
        assert told(engine, flag, first, fuller, as_of=day)["effect_id"].tolist() == [name]
    known_before = told(engine, flag, first, fuller, as_of=DIVESTED, known_on=EFFECTIVE - timedelta(1))
    assert known_before["effect_id"].tolist() == ["first"]


def owned(**cells: Any) -> dict[str, Any]:
    """A company y that belongs to x, whom the list names."""
    owner = {"issuer_id": "y", "owner_id": "x", "owner": "X Ltd", "measure_id": "m", "programme_id": "p"}
    return {**owner, "covered": "covered", "source_ids": "c b d", **cells}


def test_a_company_that_is_reached_through_its_owner_is_told_with_the_owner_and_no_first_day(engine: Engine) -> None:
    flag = {"announced_on": LISTED, "in_force_from": EFFECTIVE, "named_entities": "X"}
    calendar = told(engine, flag, rule(), as_of=DIVESTED, owners=[owned()]).set_index("issuer_id")
    told_of_y = calendar.loc["y", ["owner", "scope", "named_entities", "phase", "source_ids"]]
    assert told_of_y.tolist() == ["X Ltd", "owner", "X", "now", "a c b d"]
    assert calendar["from"].isna().to_dict() == {"x": False, "y": True}
    assert calendar["owner"].isna().to_dict() == {"x": True, "y": False}


def test_before_the_first_day_of_the_owners_measure_that_day_is_told(engine: Engine) -> None:
    flag = {"announced_on": LISTED, "in_force_from": EFFECTIVE}
    calendar = told(engine, flag, rule(), as_of=LISTED, owners=[owned()]).set_index("issuer_id")
    assert calendar.loc["y"][["from", "phase"]].tolist() == [EFFECTIVE, "ahead"]


@pytest.mark.parametrize(
    ("owner", "flag"),
    [
        ({"covered": "not known"}, {}),
        ({"covered": "not covered"}, {}),
        ({"measure_id": "other"}, {}),
        ({}, {"status": "ended"}),
    ],
)
def test_what_is_not_certain_to_reach_a_company_is_not_told_of_it(engine: Engine, owner: Any, flag: Any) -> None:
    dated = {"announced_on": LISTED, "in_force_from": LISTED, **flag}
    calendar = told(engine, dated, rule(), as_of=DIVESTED, owners=[owned(**owner)])
    assert "y" not in set(calendar["issuer_id"])


# ----------------------------------------------------------------------------------------------------------------
# The packaged rules


def test_section_889_and_the_fcc_list_reach_ezviz_through_hikvision_and_do_not_bar_holding_it() -> None:
    # Reference facts: EZVIZ is "carried as a subsidiary of Hikvision. FCC and Section 889 wording reaches subsidiaries
    # and affiliates"; the statement that it is a subsidiary is of February 2025.
    calendar = packaged(date(2026, 11, 23), Investor.US_PERSON).filter(issuer_id="ezviz")
    assert sorted(calendar["programme_id"]) == ["us-fcc-covered-list", "us-ndaa-889"]
    assert set(calendar["state"]) == {"no effect on investors"}
    assert set(calendar["owner"]) == {"Hangzhou Hikvision Digital Technology Co., Ltd."}
    assert packaged(date(2024, 11, 23)).filter(issuer_id="ezviz").is_empty()


def test_that_a_us_person_may_keep_holding_rests_on_the_answer_of_ofac_from_its_day_on() -> None:
    # OFAC FAQ 1046, released on 1 June 2022: not required to divest, "may continue to hold such securities after"
    sources = {}
    for day in (date(2022, 5, 31), date(2022, 6, 1)):
        calendar = packaged(day, Investor.US_PERSON).filter(issuer_id="hikvision", state="may hold")
        [sources[day]] = calendar["source_ids"].str.split(" ").list.first()
    assert sources[date(2022, 5, 31)] != "ofac-faq-1046-divestment-2022"
    assert sources[date(2022, 6, 1)] == "ofac-faq-1046-divestment-2022"


def test_no_share_of_a_fund_is_too_small_and_no_subsidiary_is_reached_by_ns_cmic() -> None:
    # OFAC FAQs 861 ("regardless of such securities' share of the underlying index fund, ETF") and 857 ("OFAC's 50
    # percent rule does not apply")
    [ban] = RULES.filter(effect_id="us-ofac-ns-cmic--us-1-purchase").rows(named=True)
    assert "whatever the share" in ban["text"]
    assert "the 50 per cent rule does not apply" in ban["text"]
    assert "ofac-faqs-chinese-military-companies" in ban["source_ids"].split()
    [reach] = REACH.filter(programme_id=NS_CMIC).rows(named=True)
    assert (reach["reach"], reach["basis"]) == ("named only", "stated")


def test_every_programme_has_a_rule_for_every_kind_of_investor() -> None:
    for programme in load_dataset("programmes")["programme_id"]:
        rules = RULES.filter(pl.col("programme_id") == programme)
        spoken_of = {kind for kinds in rules["investors"] for kind in kinds.split("; ")}
        assert spoken_of == set(Investor), programme


def test_the_words_of_the_rules_are_those_of_the_program() -> None:
    assert set(RULES["state"]) <= set(LegalState)
    assert {kind for kinds in RULES["investors"] for kind in kinds.split("; ")} == set(Investor)


def test_the_dates_that_entries_print_agree_with_the_days_that_the_rules_count() -> None:
    # 3 June 2021 + 60 days = 2 August 2021 and + 365 days = 3 June 2022, as published for the first 59 names
    counted = RULES.select("programme_id", date_column="begins", days="begins_after_days").vstack(
        RULES.select("programme_id", date_column="ends", days="ends_after_days")
    )
    checked = 0
    for programme, column, days in counted.drop_nulls("days").unique().rows():
        for listed, printed in MEASURES.filter(programme_id=programme).select("announced_on", column).rows():
            assert printed == listed + timedelta(days), (programme, column, listed)
            checked += 1
    assert checked == 2 * MEASURES.filter(pl.col("programme_id") == NS_CMIC).height


@pytest.mark.parametrize(
    ("day", "state_now"),
    [
        (date(2021, 6, 3), {"sale to divest allowed", "may hold"}),
        (date(2021, 8, 1), {"sale to divest allowed", "may hold"}),
        (date(2021, 8, 2), {"purchase barred", "sale to divest allowed", "may hold"}),
        (date(2022, 6, 2), {"purchase barred", "sale to divest allowed", "may hold"}),
        (date(2022, 6, 3), {"purchase barred", "sale barred", "may hold"}),
        (date(2026, 11, 23), {"purchase barred", "sale barred", "may hold"}),
    ],
)
def test_hikvision_under_ns_cmic_for_a_us_person(day: date, state_now: set[str]) -> None:
    # published: among the names of 3 June 2021; purchases barred from 2 August 2021, divestment sales to 3 June 2022
    calendar = packaged(day, Investor.US_PERSON).filter(issuer_id="hikvision", programme_id=NS_CMIC, phase="now")
    assert set(calendar["state"]) == state_now


def test_sensetime_has_dates_of_its_own() -> None:
    # SenseTime Group Limited was added on 10 December 2021: + 60 days is 8 February 2022, + 365 is 10 December 2022
    calendar = packaged(date(2026, 11, 23), Investor.US_PERSON).filter(issuer_id="sensetime", programme_id=NS_CMIC)
    dates = dict(zip(calendar["state"], calendar.select("from", "until").rows(), strict=True))
    assert dates["purchase barred"] == (date(2022, 2, 8), None)
    assert dates["sale to divest allowed"] == (date(2021, 12, 10), date(2022, 12, 10))
    assert set(calendar["named_entities"]) == {"SENSETIME GROUP LIMITED"}


@pytest.mark.parametrize(
    "programme", ["us-bis-entity-list", "us-ndaa-889", "us-dod-1260h", "us-fcc-covered-list", "us-uflpa"]
)
@pytest.mark.parametrize("investor", list(Investor))
def test_lists_that_do_not_bar_holding_shares_say_so(programme: str, investor: Investor) -> None:
    spoken = pl.col("investors").str.split("; ").list.contains(str(investor))
    assert set(RULES.filter(spoken, programme_id=programme)["state"]) == {"no effect on investors"}


def test_the_ban_on_the_older_list_is_over_since_ns_cmic_took_its_place() -> None:
    hikvision = {"programme_id": "us-dod-1237", "issuer_id": "hikvision"}
    on_the_eve = packaged(date(2021, 8, 1), Investor.US_PERSON).filter(**hikvision)
    assert on_the_eve.select("state", "from", "until", "phase").rows() == [
        ("no effect on investors", date(2020, 6, 24), date(2021, 1, 11), "over"),
        ("purchase barred", date(2021, 1, 11), None, "now"),
    ]
    assert packaged(date(2021, 8, 2)).filter(**hikvision).is_empty()


def test_the_ban_on_the_older_list_is_not_told_before_it_could_be_read() -> None:
    july = packaged(date(2020, 7, 1), Investor.US_PERSON).filter(programme_id="us-dod-1237", issuer_id="hikvision")
    assert july.select("state", "until").rows() == [("no effect on investors", None)]


def test_from_which_day_the_older_ban_bound_a_late_name_is_left_open() -> None:
    calendar = packaged(date(2021, 2, 1), Investor.US_PERSON).filter(issuer_id="xiaomi")
    assert calendar["state"].to_list() == ["not settled here"]


def test_a_scan_says_state_and_date_in_one_clause() -> None:
    portfolio = reading({"isin": HIKVISION, "name_as_written": "Hikvision", "market_value": 100.0})
    calendar = scan(portfolio, as_of=date(2021, 7, 1), investor=Investor.US_PERSON).tables["legal_calendar"]
    assert calendar.filter(programme_id=NS_CMIC)["said"].to_list() == [
        "purchase barred from 2021-08-02",
        "sale to divest allowed until 2022-06-03",
        "sale barred from 2022-06-03",
        "may hold",
    ]
    assert calendar["source_numbers"].str.len_chars().min() > 0
    numbers = [one.split(", ") for one in calendar["source_numbers"]]
    assert all(len(set(cited)) == len(cited) for cited in numbers)
