"""What is known on a day: measures and how far they had come, facts, and who is flagged by them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esgscan.engines.duckdb import DuckDB
from esgscan.engines.memory import Memory
from esgscan.reference.datasets import load_dataset
from esgscan.screening import flagged_issuers, flags_known, known_by, mark_flagged, standing_on
from esgscan.tables import FLAGS, OWNERS
from esgscan.terms import Covered
from tests.frames import collected
from tests.rows import data_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from esgscan.tables import Engine

DAY = date(2020, 6, 15)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
MEASURES = load_dataset("measures")
TAGS = load_dataset("tag_evidence")


def measure_table(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    numbered = ({"measure_id": f"m{n}", "issuer_id": "dahua", **row} for n, row in enumerate(rows, start=1))
    return data_table(MEASURES, numbered)


def tag_table(rows: Iterable[tuple[str, date] | tuple[str, date, date]]) -> pl.DataFrame:
    return data_table(TAGS, (dict(zip(("issuer_id", "known_from", "withdrawn_on"), row, strict=False)) for row in rows))


def statuses(engine: Engine, measures: pl.DataFrame, as_of: date) -> dict[str, str]:
    flags = collected(engine, flags_known(engine.frame(measures), as_of=as_of))
    assert list(flags.columns) == list(FLAGS.columns)
    return dict(zip(flags["measure_id"], flags["status"], strict=True))


def flagged(
    engine: Engine, measures: pl.DataFrame, tags: pl.DataFrame, as_of: date, owners: pl.DataFrame | None = None
) -> set[str]:
    standing = standing_on(engine.frame(tags), as_of=as_of)
    named = engine.frame(OWNERS.frame() if owners is None else owners)
    issuers = collected(engine, flagged_issuers(flags_known(engine.frame(measures), as_of=as_of), standing, named))
    assert not issuers["issuer_id"].duplicated().any()
    return set(issuers["issuer_id"])


def test_a_measure_is_in_force_on_its_first_day_and_announced_on_the_day_before(engine: Engine) -> None:
    measures = measure_table([{"announced_on": BEFORE, "in_force_from": DAY}])
    assert statuses(engine, measures, BEFORE) == {"m1": "announced"}
    assert statuses(engine, measures, DAY) == {"m1": "in_force"}


def test_a_measure_has_ended_on_its_last_day_and_is_in_force_on_the_day_before(engine: Engine) -> None:
    measures = measure_table([{"announced_on": BEFORE, "in_force_from": BEFORE, "in_force_until": AFTER}])
    assert statuses(engine, measures, DAY) == {"m1": "in_force"}
    assert statuses(engine, measures, AFTER) == {"m1": "ended"}


def test_a_measure_is_not_known_before_it_is_announced(engine: Engine) -> None:
    measures = measure_table([{"announced_on": DAY, "in_force_from": DAY}])
    assert statuses(engine, measures, BEFORE) == {}


def test_a_step_without_a_first_day_is_considered_until_it_ends(engine: Engine) -> None:
    measures = measure_table([{"announced_on": BEFORE, "in_force_until": AFTER}, {"announced_on": BEFORE}])
    assert statuses(engine, measures, DAY) == {"m1": "considered", "m2": "considered"}
    assert statuses(engine, measures, AFTER) == {"m1": "ended", "m2": "considered"}


def test_a_measure_that_was_withdrawn_before_its_first_day_has_ended(engine: Engine) -> None:
    measures = measure_table([{"announced_on": BEFORE, "in_force_from": AFTER, "in_force_until": DAY}])
    assert statuses(engine, measures, BEFORE) == {"m1": "announced"}
    assert statuses(engine, measures, DAY) == {"m1": "ended"}


def test_a_measure_without_a_day_of_announcement_is_not_known(engine: Engine) -> None:
    assert statuses(engine, measure_table([{"in_force_from": BEFORE}]), DAY) == {}


def test_an_end_is_given_once_it_has_come_and_not_before(engine: Engine) -> None:
    end = {"in_force_until": DAY, "in_force_until_as_printed": "by order", "ended_basis": "a court"}
    measures = measure_table([{"announced_on": BEFORE, "in_force_from": BEFORE, **end}])
    told = {
        day: collected(engine, flags_known(engine.frame(measures), as_of=day))["in_force_until"].isna().tolist()
        for day in (BEFORE, DAY)
    }
    assert told == {BEFORE: [True], DAY: [False]}


def test_evidence_stands_from_the_day_it_is_known_until_the_day_it_is_withdrawn(engine: Engine) -> None:
    tags = tag_table([("a", BEFORE), ("b", DAY), ("c", AFTER), ("d", BEFORE, DAY), ("e", BEFORE, AFTER)])
    assert flagged(engine, measure_table([]), tags, DAY) == {"a", "b", "e"}


@pytest.mark.parametrize(("as_of", "is_flagged"), [(date(2026, 6, 7), True), (date(2026, 6, 8), False)])
def test_taiji_computer_is_not_flagged_once_the_list_dropped_it(as_of: date, is_flagged: bool) -> None:
    # on the list of section 1260H from 2025-01-07, absent from the edition of 2026-06-08; nothing else names it
    assert ("taiji-computer" in flagged(Memory(), MEASURES, TAGS, as_of)) is is_flagged


def test_a_fact_is_known_from_its_day_on_and_one_without_a_day_never(engine: Engine) -> None:
    facts = FLAGS.frame(
        {"issuer_id": name, "announced_on": day} for name, day in [("a", BEFORE), ("b", DAY), ("c", AFTER), ("d", None)]
    )
    known = collected(engine, known_by(engine.frame(facts), "announced_on", day=DAY))
    assert set(known["issuer_id"]) == {"a", "b"}


@pytest.mark.parametrize(
    ("as_of", "section_889", "entity_list"),
    [
        # Section 889 was enacted on 2018-08-13 and took effect a year later. That the Entity List step was weighed
        # became known on 2019-05-21; it was announced on 2019-10-07 and took effect on 2019-10-09.
        (date(2018, 8, 12), None, None),
        (date(2018, 8, 13), "announced", None),
        (date(2019, 5, 20), "announced", None),
        (date(2019, 5, 21), "announced", "considered"),
        (date(2019, 8, 12), "announced", "considered"),
        (date(2019, 8, 13), "in_force", "considered"),
        (date(2019, 10, 9), "in_force", "in_force"),
        (date(2026, 11, 23), "in_force", "in_force"),
    ],
)
def test_hikvision_from_the_act_to_the_entity_list(
    engine: Engine, as_of: date, section_889: str | None, entity_list: str | None
) -> None:
    found = statuses(engine, MEASURES, as_of)
    live = {name: status for name, status in found.items() if status != "ended"}
    assert live.get("us-ndaa-889--hikvision") == section_889
    listed = live.get("us-bis-entity-list--hikvision")
    assert (listed or live.get("us-bis-entity-list--hikvision--considered")) == entity_list


def test_between_its_announcement_and_its_first_day_the_entity_list_is_announced() -> None:
    found = statuses(Memory(), MEASURES, date(2019, 10, 8))
    assert found["us-bis-entity-list--hikvision"] == "announced"
    assert found["us-bis-entity-list--hikvision--considered"] == "considered"
    later = statuses(Memory(), MEASURES, date(2019, 10, 9))
    assert later["us-bis-entity-list--hikvision--considered"] == "ended"


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        (date(2024, 1, 30), None),
        (date(2024, 1, 31), "in_force"),
        (date(2025, 1, 6), "in_force"),
        (date(2025, 1, 7), "ended"),
        (date(2026, 11, 23), "ended"),
    ],
)
def test_megvii_was_on_the_list_of_section_1260h_for_one_edition(as_of: date, status: str | None) -> None:
    assert statuses(Memory(), MEASURES, as_of).get("us-dod-1260h--megvii") == status


@pytest.mark.parametrize(
    ("as_of", "is_flagged"),
    [
        (date(2021, 1, 13), False),
        (date(2021, 1, 14), True),  # section 1237 named it
        (date(2021, 5, 25), True),  # off that list by order of a court; FTSE had deleted it until 2021-06-07
        (date(2021, 6, 7), False),
        (date(2026, 11, 23), False),
    ],
)
def test_xiaomi_is_flagged_only_while_something_flags_it(engine: Engine, as_of: date, is_flagged: bool) -> None:
    assert ("xiaomi" in flagged(engine, MEASURES, TAGS, as_of)) is is_flagged


def test_an_issuer_is_flagged_by_a_measure_of_any_status_but_ended_by_evidence_and_by_an_owner_for_certain(
    engine: Engine,
) -> None:
    measures = measure_table(
        [
            {"issuer_id": "in force", "announced_on": BEFORE, "in_force_from": BEFORE},
            {"issuer_id": "announced", "announced_on": BEFORE, "in_force_from": AFTER},
            {"issuer_id": "considered", "announced_on": BEFORE},
            {"issuer_id": "ended", "announced_on": BEFORE, "in_force_from": BEFORE, "in_force_until": DAY},
            {"issuer_id": "not yet known", "announced_on": AFTER, "in_force_from": AFTER},
            {"issuer_id": "ended, evidence", "announced_on": BEFORE, "in_force_until": DAY},
        ]
    )
    tags = tag_table([("ended, evidence", DAY), ("evidence", BEFORE), ("evidence", DAY), ("evidence to come", AFTER)])
    owners = OWNERS.frame([{"issuer_id": f"owned, {covered}", "covered": covered} for covered in Covered])
    assert flagged(engine, measures, tags, DAY, owners) == {
        "in force",
        "announced",
        "considered",
        "ended, evidence",
        "evidence",
        "owned, covered",
    }


def test_lines_of_an_issuer_that_nothing_flags_are_cleared_and_the_others_stay(engine: Engine) -> None:
    outcomes = {"issuer_id": ["xiaomi", "dahua", None], "outcome": ["flagged", "flagged", "uncovered"]}
    issuers = pl.DataFrame({"issuer_id": ["dahua"]})
    marked = engine.collect(mark_flagged(engine.frame(pl.DataFrame(outcomes)), engine.frame(issuers)))
    assert set(marked.select("issuer_id", "outcome").rows()) == {
        (None, "clear"),
        (None, "uncovered"),
        ("dahua", "flagged"),
    }


DAYS = st.dates(date(2018, 1, 1), date(2026, 12, 31))
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {
            "issuer_id": st.sampled_from(["a", "b", "c"]),
            "announced_on": st.none() | DAYS,
            "in_force_from": st.none() | DAYS,
            "in_force_until": st.none() | DAYS,
        }
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(entries=ENTRIES, more=ENTRIES, tags=st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), DAYS)), as_of=DAYS)
def test_a_new_entry_never_removes_a_flag(entries, more, tags, as_of: date) -> None:
    before = flagged(Memory(), measure_table(entries), tag_table(tags), as_of)
    after = flagged(Memory(), measure_table([*entries, *more]), tag_table(tags), as_of)
    assert before <= after


@settings(max_examples=10, deadline=None)
@given(entries=ENTRIES, tags=st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), DAYS)), as_of=DAYS)
def test_the_engines_agree_on_statuses_and_flags(entries, tags, as_of: date) -> None:
    measures, evidence = measure_table(entries), tag_table(tags)
    assert statuses(Memory(), measures, as_of) == statuses(DuckDB(), measures, as_of)
    assert flagged(Memory(), measures, evidence, as_of) == flagged(DuckDB(), measures, evidence, as_of)


@settings(max_examples=40, deadline=None)
@given(entries=ENTRIES, as_of=DAYS)
def test_each_known_measure_has_one_status_by_the_dates_that_it_states(entries, as_of: date) -> None:
    def expected(entry: dict[str, date | None]) -> str | None:
        announced, begins, ends = entry["announced_on"], entry["in_force_from"], entry["in_force_until"]
        if announced is None or announced > as_of:
            return None
        if ends is not None and ends <= as_of:
            return "ended"
        if begins is None:
            return "considered"
        return "in_force" if begins <= as_of else "announced"

    told = {f"m{n}": status for n, entry in enumerate(entries, start=1) if (status := expected(entry))}
    assert statuses(Memory(), measure_table(entries), as_of) == told
