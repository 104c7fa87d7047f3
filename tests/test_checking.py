"""Checks of identifiers against the packaged data, through the function that a user calls."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import esgscan
from esgscan.checking import CheckInputs, check_identifiers
from tests.fakes import INVENTED_RUN

if TYPE_CHECKING:
    from esgscan.records import Check

AS_OF = "2026-11-23"


def checked(*identifiers: str, as_of: str = AS_OF, **wishes: Any) -> Check:
    return esgscan.check(*identifiers, as_of=as_of, **wishes)


def answer(identifier: str, **wishes: Any) -> dict[str, Any]:
    [row] = checked(identifier, **wishes).tables["answers"].rows(named=True)
    return row


@pytest.mark.parametrize(
    ("identifier", "issuer", "confidence"),
    [
        # ISINs, codes and names as ../shared/facts gives them: Hikvision 002415 in Shenzhen, ZTE 763 in Hong Kong.
        ("CNE100000PM8", "hikvision", "confirmed"),
        ("cne1 0000 0pm8", "hikvision", "confirmed"),
        ("002415 CH", "hikvision", "confirmed"),
        ("002415.SZ", "hikvision", "confirmed"),
        ("SZSE:002415", "hikvision", "confirmed"),
        ("763 HK", "zte", "confirmed"),
        ("2415 Hikvision", "hikvision", "confirmed"),
        ("Hikvision, CN", "hikvision", "probable"),
        ("海康威视, CN", "hikvision", "probable"),
        ("SenseTime, HK", "sensetime", "probable"),
        ("ZTE CN", "zte", "probable"),
        ("Hikvision CN", "hikvision", "probable"),
        ("300300PV91RY9GH3CT16", "cec", "confirmed"),
        ("16941M109", "china-mobile", "confirmed"),  # the CUSIP inside the ISIN US16941M1099
    ],
)
def test_a_watchlist_company_is_flagged_however_it_is_written(identifier, issuer, confidence):
    row = answer(identifier)
    assert (row["answer"], row["issuer_id"], row["confidence"]) == ("flagged", issuer, confidence)
    assert row["evidence"]


@pytest.mark.parametrize(
    "identifier", ["US0378331005", "AAPL US", "600519 SS", "Cangzhou Dahua, CN", "NetX Holdings Berhad"]
)
def test_clear_is_what_was_identified_as_something_else(identifier):
    row = answer(identifier)
    assert (row["answer"], row["issuer_id"]) == ("clear", None)


@pytest.mark.parametrize(
    "identifier",
    ["Apple", "Apple, US", "Apple US", "ABCD HK", "AAPL", "Some Company That Nobody Knows Ltd", "-", ""],
)
def test_what_nobody_knows_is_unknown_and_never_clear(identifier):
    assert answer(identifier)["answer"] == "unknown"


def test_a_name_like_one_of_the_watchlist_is_possible_and_never_clear_or_flagged():
    row = answer("INSPUR US")
    assert (row["answer"], row["confidence"]) == ("possible", "possible")


@pytest.mark.parametrize("identifier", ["EEM US", "US4642872349", "iShares MSCI Emerging Markets ETF"])
def test_a_fund_is_not_clear_since_only_its_holdings_can_tell(identifier):
    row = answer(identifier)
    assert row["answer"] == "unknown"
    assert "what it holds is for a scan to say" in row["why"]


@pytest.mark.parametrize(
    ("identifier", "issuer"), [("Hikvision", "hikvision"), ("ZTE", "zte"), ("Hikvision, TW", "hikvision")]
)
def test_a_name_alone_or_with_a_witness_against_it_is_only_possible(identifier, issuer):
    row = answer(identifier)
    assert (row["answer"], row["issuer_id"]) == ("possible", issuer)
    assert row["mend"]


@pytest.mark.parametrize("identifier", ["2415", "002415"])
def test_a_bare_number_is_refused(identifier):
    assert answer(identifier)["answer"] == "refused"


def test_an_identifier_with_a_slip_is_refused_with_the_reason():
    row = answer("CNE100000PM9")
    assert (row["answer"], row["issuer_id"]) == ("refused", None)
    assert row["evidence"] == "the check digit of the ISIN 'CNE100000PM9' is wrong"


def test_an_issuer_that_nothing_flags_on_the_day_is_clear_and_named():
    # Xiaomi was on the Section 1237 list until May 2021, and nothing stands against it since.
    row = answer("1810 HK")
    assert (row["answer"], row["issuer_id"]) == ("clear", "xiaomi")
    assert "which the reference data knows and nothing flags on 2026-11-23" in row["why"]
    assert answer("1810 HK", as_of="2021-03-01")["answer"] == "flagged"


def test_status_and_measures_are_those_of_the_day():
    # 21 May 2019: section 889 enacted and pending, the Entity List step only considered (method, "Time").
    measures = checked("CNE100000PM8", as_of="2019-05-21").measures
    status = dict(zip(measures["programme_id"], measures["status"], strict=True))
    assert status == {"us-ndaa-889": "announced", "us-bis-entity-list": "considered"}


def test_each_measure_has_its_effect_on_the_investor_and_the_last_day_to_divest():
    measures = checked("CNE100000PM8", investor="us-person").tables["measures"]
    [ban] = measures.filter(pl.col("programme_id") == "us-ofac-ns-cmic").rows(named=True)
    assert ban["effect"] == (
        "purchase barred since 2021-08-02; sale to divest allowed until 2022-06-03; "
        "sale barred since 2022-06-03; may hold"
    )
    assert ban["divest_until"] == date(2022, 6, 3)
    assert ban["prohibits_holding"] == "purchase and sale"
    assert measures["effect"].null_count() == 0


def test_a_list_that_names_a_subsidiary_is_told_as_such():
    measures = checked("SenseTime, HK").tables["measures"].filter(pl.col("programme_id") == "us-ofac-ns-cmic")
    assert measures["scope"].to_list() == ["subsidiary only"]
    assert measures["named_entities"].to_list() == ["SENSETIME GROUP LIMITED"]


def test_a_company_that_lists_reach_through_its_owner_alone_is_flagged_as_such_and_has_no_measure_of_its_own():
    # Reference facts: EZVIZ is "named in no listing here; carried as a subsidiary of Hikvision. FCC and Section 889
    # wording reaches subsidiaries and affiliates."
    check = checked("688475.SS")
    assert check.answers["answer"].to_list() == ["flagged"]
    [why] = check.answers["why"]
    assert why.startswith("No list names Hangzhou EZVIZ Network Co., Ltd.; FCC Covered List and Section 889 name its ")
    assert why.endswith("owner Hangzhou Hikvision Digital Technology Co., Ltd. and reach it through ownership.")
    assert check.tables["measures"].is_empty()
    covered = check.owners[check.owners["covered"] == "covered"]
    assert set(covered["programme_id"]) == {"us-ndaa-889", "us-fcc-covered-list"}
    assert set(covered["owner_id"]) == {"hikvision"}
    assert check.flagged is True


@pytest.mark.parametrize(("day", "answer"), [("2025-02-27", "clear"), ("2025-02-28", "flagged")])
def test_a_company_is_flagged_through_its_owner_from_the_day_of_the_statement_on_the_owner(day, answer):
    assert checked("688475.SS", as_of=day).answers["answer"].to_list() == [answer]


def test_a_company_of_which_it_is_not_known_whether_a_list_reaches_it_is_not_flagged():
    # IEIT Systems: the source gives no share of Inspur Group, and the rule of the Entity List is only due.
    check = checked("000977.SZ")
    assert check.answers["answer"].to_list() == ["clear"]
    assert check.owners[check.owners["covered"] != "not covered"]["covered"].to_list() == ["not known"]


def test_answers_keep_the_order_and_the_writing_of_what_was_asked():
    given = ("Apple", "002415 CH", "Apple", " 2415 ")
    answers = checked(*given).answers
    assert answers["identifier"].to_list() == list(given)
    assert answers["number"].to_list() == [1, 2, 3, 4]


def test_a_decision_settles_what_was_only_possible(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("name_as_written,answer,decided_by,decided_on\nZTE,zte,A,2026-11-20\n", encoding="utf-8")
    row = answer("ZTE", decisions=path)
    assert (row["answer"], row["issuer_id"]) == ("flagged", "zte")
    assert row["evidence"].startswith("decided by A on 2026-11-20: zte")
    path.write_text("name_as_written,answer,decided_by,decided_on\nZTE,none,A,2026-11-20\n", encoding="utf-8")
    assert answer("ZTE", decisions=[path])["answer"] == "clear"


def test_every_source_number_leads_to_a_source():
    check = checked("CNE100000PM8", "688475.SS")
    numbers = set(check.tables["sources"]["number"])
    for name in ("measures", "tags", "owners"):
        cited = {int(n) for cell in check.tables[name]["source_numbers"].drop_nulls() for n in cell.split(", ")}
        assert cited
        assert cited <= numbers


def test_wishes_that_cannot_be_granted_say_what_would():
    with pytest.raises(esgscan.OptionError, match="no identifier"):
        esgscan.check()
    with pytest.raises(esgscan.OptionError, match="no investor 'martian'") as caught:
        esgscan.check("ZTE", investor="martian")
    assert "us-federal-contractor" in caught.value.mend


def test_every_engine_gives_the_same_answers(engine, data):
    inputs = CheckInputs(data=data, as_of=date(2026, 11, 23))
    check = check_identifiers(["002415 CH", "Hikvision, CN", "Apple", "2415"], inputs, engine=engine, run=INVENTED_RUN)
    assert check.tables["answers"]["answer"].to_list() == ["flagged", "flagged", "unknown", "refused"]


@pytest.mark.parametrize("column", ["isin", "composite_figi"])
def test_every_listing_on_the_watchlist_is_known_by_its_identifier(data, column):
    known = data["listings"].filter(pl.col(column).is_not_null())
    answers = checked(*known[column]).tables["answers"]
    assert answers["issuer_id"].to_list() == known["issuer_id"].to_list()
    assert set(answers["confidence"]) == {"confirmed"}
