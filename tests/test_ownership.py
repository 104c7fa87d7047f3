from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from esgscan.ownership import owners_named, rules_in_force
from esgscan.screening import flags_known
from esgscan.tables import FLAGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esgscan.tables import Engine

AS_OF = date(2026, 11, 23)


def ownership(**statement: Any) -> pl.DataFrame:
    row = {
        "issuer_id": "daughter",
        "holder_id": "mother",
        "holder_name": "Mother Ltd.",
        "stake": None,
        "as_of": date(2024, 1, 1),
        "as_of_as_printed": None,
        "source_ids": "s-owner",
        **statement,
    }
    return pl.DataFrame([row], schema_overrides={"stake": pl.Float64, "as_of_as_printed": pl.String, "as_of": pl.Date})


def flags(**flag: Any) -> pl.DataFrame:
    row = {
        "issuer_id": "mother",
        "measure_id": "m1",
        "programme_id": "list",
        "kind": "listing",
        "scope": "issuer",
        "status": "in_force",
        "source_ids": "s-list",
        **flag,
    }
    return FLAGS.frame([row])


def rules(**rule: Any) -> pl.DataFrame:
    row = {
        "programme_id": "list",
        "reach": "owned",
        "threshold": 0.5,
        "in_force_from": None,
        "in_force_until": None,
        "basis": "stated",
        "text": "A rule.",
        "source_ids": "s-rule",
        **rule,
    }
    types = {"in_force_from": pl.Date, "in_force_until": pl.Date, "threshold": pl.Float64}
    return pl.DataFrame([row], schema_overrides=types)


def found(
    engine: Engine, owner: pl.DataFrame, flag: pl.DataFrame, rule: pl.DataFrame, as_of: date = AS_OF
) -> list[dict[str, Any]]:
    frames = [engine.frame(table) for table in (owner, flag, rule)]
    return engine.collect(owners_named(*frames, as_of=as_of)).rows(named=True)


@pytest.mark.parametrize(
    ("stake", "rule", "covered"),
    [
        (0.5, {}, "covered"),  # 50 per cent or more
        (0.499, {}, "not covered"),
        (None, {}, "not known"),
        (0.6, {"basis": "due"}, "not known"),
        (0.4, {"basis": "due"}, "not covered"),  # too small whether the rule holds or not
        (None, {"reach": "subsidiaries and affiliates", "threshold": None}, "covered"),
        (0.9, {"reach": "named only", "threshold": None}, "not covered"),
        (0.9, {"reach": "not recorded", "threshold": None, "basis": "not read"}, "not known"),
    ],
)
def test_a_list_reaches_an_owned_company_as_its_rule_says(engine, stake, rule, covered):
    [row] = found(engine, ownership(stake=stake), flags(), rules(**rule))
    assert row["covered"] == covered
    assert (row["issuer_id"], row["owner_id"], row["source_ids"]) == ("daughter", "mother", "s-owner s-list s-rule")


@pytest.mark.parametrize(
    "flag",
    [{"scope": "subsidiaries"}, {"status": "ended"}, {"status": "considered"}, {"kind": "index-deletion"}],
    ids=lambda flag: str(*flag.values()),
)
def test_an_owner_that_no_list_names_itself_reaches_nobody(engine, flag):
    assert found(engine, ownership(stake=0.9), flags(**flag), rules()) == []


def test_of_several_statements_on_one_owner_the_newest_known_on_the_day_counts(engine):
    statements = pl.concat([ownership(stake=0.6), ownership(stake=0.4, as_of=date(2025, 6, 30))])
    late = found(engine, statements, flags(), rules())
    early = found(engine, statements, flags(), rules(), as_of=date(2025, 6, 29))
    assert [row["covered"] for row in late] == ["not covered"]
    assert [row["covered"] for row in early] == ["covered"]
    assert found(engine, statements, flags(), rules(), as_of=date(2023, 12, 31)) == []


@pytest.mark.parametrize(
    ("day", "reach", "basis"),
    [
        (date(2025, 9, 28), "named only", "stated"),
        (date(2025, 9, 29), "owned", "stated"),  # first day of the rule on affiliates
        (date(2025, 11, 9), "owned", "stated"),
        (date(2025, 11, 10), "named only", "stated"),  # suspended
        (date(2026, 11, 9), "named only", "stated"),
        (date(2026, 11, 10), "owned", "due"),  # due to apply again unless changed
    ],
)
def test_the_entity_list_reaches_owned_companies_on_the_days_that_the_sources_give(engine, data, day, reach, basis):
    rule = engine.collect(rules_in_force(engine.frame(data["ownership_rules"]), as_of=day))
    of_list = rule.filter(pl.col("programme_id") == "us-bis-entity-list").rows(named=True)
    assert [(row["reach"], row["basis"]) for row in of_list] == [(reach, basis)]


@pytest.mark.parametrize("day", [date(2019, 5, 21), date(2021, 1, 1), AS_OF])
def test_every_programme_has_one_rule_on_ownership_on_every_day(engine, data, day):
    rule = engine.collect(rules_in_force(engine.frame(data["ownership_rules"]), as_of=day))
    ended = {"us-dod-1237"} if day >= date(2021, 8, 2) else set()
    assert sorted(rule["programme_id"]) == sorted(set(data["programmes"]["programme_id"]) - ended)


def test_the_ban_on_named_companies_does_not_reach_what_they_own_and_the_rule_on_blocked_persons_does(data):
    reach = dict(data["ownership_rules"].select("programme_id", "reach").iter_rows())
    assert (reach["us-ofac-ns-cmic"], reach["us-ofac-glomag"]) == ("named only", "owned")


def test_ezviz_is_reached_through_hikvision_where_a_list_covers_subsidiaries(engine, data: Mapping[str, pl.DataFrame]):
    # Reference facts: EZVIZ is "named in no listing here; carried as a subsidiary of Hikvision. FCC and Section 889
    # wording reaches subsidiaries and affiliates."
    known = flags_known(engine.frame(data["measures"]), as_of=AS_OF)
    owners = owners_named(engine.frame(data["ownership"]), known, engine.frame(data["ownership_rules"]), as_of=AS_OF)
    of_ezviz = engine.collect(owners).filter(pl.col("issuer_id") == "ezviz")
    covered = of_ezviz.filter(pl.col("covered") == "covered")["programme_id"]
    assert sorted(covered) == ["us-fcc-covered-list", "us-ndaa-889"]
    assert set(of_ezviz["owner_id"]) == {"hikvision"}
