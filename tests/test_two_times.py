"""Two times: what stood on a day, and what was known of it on another."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from esgscan.errors import OptionError
from esgscan.wiring import scan as scan_files
from tests.rows import EEM, HIKVISION, reading
from tests.runs import eem, scan

JULY, JANUARY = date(2020, 7, 1), date(2022, 1, 1)
PORTFOLIO = reading({"isin": HIKVISION, "market_value": 40.0}, {"isin": EEM, "kind": "fund", "market_value": 60.0})


def flag(programme: str, **options: Any) -> dict[str, Any]:
    rows = scan(PORTFOLIO, **options).tables["flags"].filter(issuer_id="hikvision", programme_id=programme).to_dicts()
    return rows[0] if rows else {}


def test_an_end_that_came_later_is_told_only_to_who_asks_with_later_knowledge() -> None:
    then, later = flag("us-dod-1237", as_of=JULY), flag("us-dod-1237", as_of=JULY, known_on=JANUARY)
    assert (then["status"], then["in_force_until"]) == ("in_force", None)
    assert (later["status"], later["in_force_until"]) == ("in_force", date(2021, 8, 2))


def test_a_step_announced_after_the_day_of_knowledge_is_not_known() -> None:
    # MSCI announced on 15 December 2020 that it would delete Hikvision as of the close of 5 January 2021
    march = date(2021, 3, 1)
    assert flag("idx-msci", as_of=march)["status"] == "in_force"
    assert flag("idx-msci", as_of=march, known_on=date(2020, 12, 15))["status"] == "in_force"
    assert flag("idx-msci", as_of=march, known_on=date(2020, 12, 14)) == {}


def test_an_end_that_was_not_known_yet_does_not_end_a_measure() -> None:
    # the order of 3 June 2021 replaced the list on 2 August 2021; in May nobody knew
    august = date(2021, 8, 15)
    assert flag("us-dod-1237", as_of=august)["status"] == "ended"
    assert flag("us-dod-1237", as_of=august, known_on=date(2021, 5, 1))["status"] == "in_force"


def test_later_knowledge_brings_no_later_steps_notes_or_evidence() -> None:
    then, later = scan(PORTFOLIO, as_of=JULY), scan(PORTFOLIO, as_of=JULY, known_on=JANUARY)
    for table, key in (("flags", "measure_id"), ("notes", "note_id"), ("tags", "evidence_id")):
        assert later.tables[table][key].to_list() == then.tables[table][key].to_list()


def test_holdings_of_a_later_day_than_that_of_knowledge_are_not_used() -> None:
    old, new = eem(date(2026, 3, 31), 0.1, "old.csv"), eem(date(2026, 8, 31), 0.3, "new.csv")
    as_of = date(2026, 9, 30)
    assert scan(PORTFOLIO, old, new, as_of=as_of).weight == pytest.approx(0.4 + 0.6 * 0.3)
    assert scan(PORTFOLIO, old, new, as_of=as_of, known_on=date(2026, 4, 1)).weight == pytest.approx(0.4 + 0.6 * 0.1)


def test_an_observation_that_nobody_announced_counts_from_the_day_its_source_was_published() -> None:
    # seen in the CSI 300 on 30 June 2021, by a page of 2021; announced by nobody
    def seen(**options: Any) -> set[str]:
        table = scan(PORTFOLIO, **options).tables["index_events"].filter(issuer_id="hikvision")
        return set(table["event_id"])

    event, as_of = "ie-csi300--hikvision--member-2021", date(2022, 6, 1)
    assert event in seen(as_of=as_of, known_on=as_of)
    assert event not in seen(as_of=as_of, known_on=date(2021, 6, 1))


def test_the_words_on_a_programme_name_no_year_after_the_day() -> None:
    effect = flag("us-dod-1237", as_of=JULY)["effect_on_investor"]
    assert effect is None or "2021" not in effect
    programmes = scan(PORTFOLIO, as_of=JULY).tables["programmes"]
    for column in ("restricts", "us_person_investors", "effect_on_investor"):
        for text in programmes[column].drop_nulls():
            assert not any(str(year) in text for year in range(2021, 2030)), text


def test_every_list_and_programme_is_named_with_its_own_date() -> None:
    editions = scan(PORTFOLIO, eem(date(2026, 8, 31), 0.1), as_of=date(2026, 9, 30)).tables["editions"]
    assert editions.filter(kind="holdings").select("subject", "dated").rows() == [
        ("iShares MSCI Emerging Markets ETF", date(2026, 8, 31))
    ]
    assert editions.filter(kind="reference data").height == 1
    assert editions.filter(kind="programme text").height > 5


def test_a_day_of_knowledge_that_cannot_be_read_names_its_option() -> None:
    with pytest.raises(OptionError) as caught:
        scan_files("sample_portfolios/no_exposure.csv", known_on="yesterday")
    assert caught.value.where == "--known-on"
