from __future__ import annotations

from datetime import date

import polars as pl

from esgscan.exclusion_list import exclusion_list
from esgscan.tables import OWNERS

LISTED = {"issuer_id": "acme", "security_id": "XSHE:000001", "mic": "XSHE", "local_code": "000001", "isin": "CN1"}
DATA = {
    "listings": pl.DataFrame(
        [
            {**LISTED, "currency": "CNY", "status": "listed", "source_ids": "s1"},
            {**LISTED, "security_id": "XSHE:9", "currency": "CNY", "status": "delisted", "source_ids": "s1"},
            {
                **LISTED,
                "issuer_id": "calm",
                "security_id": "XSHE:2",
                "currency": "CNY",
                "status": "listed",
                "source_ids": "s1",
            },
        ]
    ),
    "bonds": pl.DataFrame([{"isin": "XS1", "issuer_id": "acme", "obligor": "Acme", "source_ids": "s2"}]),
    "issuers": pl.DataFrame([{"issuer_id": n, "name": n.title(), "name_zh": None} for n in ("acme", "calm")]),
    "programmes": pl.DataFrame(
        [
            {"programme_id": "p1", "short_name": "List One", "effect_on_investor": "no effect"},
            {"programme_id": "p2", "short_name": "List Two", "effect_on_investor": "may not buy"},
        ]
    ),
    "tags": pl.DataFrame([{"tag": "t", "label": "Facial recognition"}]),
}


def flag(programme: str, status: str, **more: object) -> dict[str, object]:
    row = {"issuer_id": "acme", "measure_id": programme, "programme_id": programme, "status": status, "scope": "issuer"}
    days = {"announced_on": date(2020, 1, 1), "in_force_from": date(2020, 2, 1), "in_force_until": None}
    return {**row, **days, "source_ids": "s3", **more}


def tags(*issuers: str) -> pl.DataFrame:
    row = {"tag": "t", "known_from": date(2019, 1, 1), "source_ids": "s4"}
    schema = {"issuer_id": pl.String, "tag": pl.String, "known_from": pl.Date, "source_ids": pl.String}
    return pl.DataFrame([{"issuer_id": one, **row} for one in issuers], schema=schema)


def listed(
    *flags: dict[str, object], tagged: tuple[str, ...] = (), owners: tuple[dict[str, object], ...] = ()
) -> list[dict[str, object]]:
    schema = {"in_force_until": pl.Date}
    table = pl.DataFrame(list(flags), schema_overrides=schema)
    return exclusion_list(table, OWNERS.frame(owners), tags(*tagged), DATA).to_dicts()


def test_every_open_security_of_a_flagged_issuer_is_listed_with_its_reasons() -> None:
    rows = listed(flag("p1", "in_force"), flag("p2", "announced", scope="subsidiary only"), tagged=("acme",))
    assert [(row["kind"], row["isin"]) for row in rows] == [("share", "CN1"), ("bond", "XS1")]
    share = rows[0]
    assert share["measures"] == "List One since 2020-02-01; List Two (subsidiary only) since 2020-02-01, announced"
    assert share["effects"] == "no effect; may not buy"
    assert share["tags"] == "Facial recognition"
    assert share["source_ids"] == "s1 s3 s4"
    assert share["until"] is None


def test_an_ended_measure_is_no_reason() -> None:
    assert listed(flag("p1", "ended", in_force_until=date(2021, 1, 1))) == []
    assert [row["tags"] for row in listed(flag("p1", "ended"), tagged=("calm",))] == ["Facial recognition"]


def test_the_end_is_given_only_where_every_measure_has_one() -> None:
    ends = {"in_force_until": date(2030, 5, 1)}
    later = {"in_force_until": date(2031, 5, 1)}
    assert listed(flag("p1", "in_force", **ends), flag("p2", "in_force", **later))[0]["until"] == date(2031, 5, 1)
    assert listed(flag("p1", "in_force", **ends), flag("p2", "in_force"))[0]["until"] is None


def test_a_company_that_is_flagged_through_its_owner_alone_is_listed_with_the_owner() -> None:
    owner = {"issuer_id": "calm", "owner_id": "acme", "owner": "Acme", "programme_id": "p1", "measure_id": "p1"}
    known = {**owner, "status": "in_force", "covered": "covered", "source_ids": "s5 s3"}
    rows = {row["issuer_id"]: row for row in listed(flag("p1", "in_force"), owners=(known,))}
    assert rows["calm"]["measures"] == "List One (names its owner Acme, not the company)"
    assert (rows["calm"]["effects"], rows["calm"]["until"]) == ("no effect", None)
    assert rows["calm"]["source_ids"] == "s1 s5 s3"
    assert "calm" not in {
        row["issuer_id"] for row in listed(flag("p1", "in_force"), owners=({**known, "covered": "not known"},))
    }
