from __future__ import annotations

import polars as pl
import pytest

from esgscan.effects import effects
from esgscan.terms import Investor

US_BAN = "US persons may not buy or sell; see the dates of the entry"
"""What the programme NS-CMIC does, in the words of the reference data."""


def effect(engine, data, programme: str, investor: Investor | None) -> str:
    measure = pl.DataFrame({"measure_id": ["m"], "programme_id": [programme]})
    found = effects(engine.frame(measure), engine.frame(data["programmes"]), investor=investor)
    [row] = engine.collect(found).rows(named=True)
    assert row["measure_id"] == "m"
    return row["effect"]


def test_without_an_investor_it_is_what_the_programme_does_to_those_whom_it_binds(engine, data):
    assert effect(engine, data, "us-ofac-ns-cmic", None) == US_BAN


def test_a_us_person_gets_the_words_on_us_investors_and_a_contractor_those_on_federal_buyers_too(engine, data):
    person = effect(engine, data, "us-ndaa-889", Investor.US_PERSON)
    contractor = effect(engine, data, "us-ndaa-889", Investor.US_FEDERAL_CONTRACTOR)
    assert person == "No effect."
    assert contractor.startswith("No effect. Federal buyers: May buy no covered equipment")
    assert "Federal buyers" not in effect(engine, data, "idx-msci", Investor.US_FEDERAL_CONTRACTOR)


@pytest.mark.parametrize("investor", [Investor.EU, Investor.UK, Investor.CA, Investor.OTHER])
def test_a_ban_of_another_place_is_told_as_the_law_of_that_place(engine, data, investor):
    said = effect(engine, data, "us-ofac-ns-cmic", investor)
    assert said == f"law of US: {US_BAN}; what it does elsewhere is not recorded here"


def test_the_law_of_the_investors_own_place_is_told_without_that(engine, data):
    assert effect(engine, data, "eu-ghrsr", Investor.EU) == "EU persons: funds of listed persons are frozen"
    assert effect(engine, data, "uk-ghr", Investor.UK) == "UK persons: funds of designated persons are frozen"
    assert effect(engine, data, "eu-ghrsr", Investor.UK).startswith("law of EU: ")


@pytest.mark.parametrize("programme", ["us-bis-entity-list", "no-nbim-exclusion", "idx-ftse"])
def test_what_forbids_no_holder_anything_says_the_same_everywhere(engine, data, programme):
    assert effect(engine, data, programme, Investor.OTHER) == effect(engine, data, programme, None)
