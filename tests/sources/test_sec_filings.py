"""Forms of a fund by its ticker: the right series, the right day, fetched once."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from esgscan.errors import SourceError
from esgscan.sources.sec_filings import CONTACT, EdgarTools, Filed, SecFilings
from tests.sources.filings import Filing, xml
from tests.sources.test_nport import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MARCH = EVERYTHING
JUNE = replace(EVERYTHING, day="2024-06-30", net_assets="2000")
SIBLING = replace(EVERYTHING, series_id="S000000077", series="Another Fund of the Trust")


class Kept(dict[tuple[str, date], Any]):
    """Answers in memory."""

    def find(self, what: str, day: date) -> dict[str, Any] | None:
        return self.get((what, day))

    def keep(self, what: str, day: date, answer: Mapping[str, Any]) -> None:
        self[what, day] = dict(answer)


class Client:
    """The SEC with a list of forms."""

    def __init__(self, *forms: tuple[Filing, date], series: str = "S000000001") -> None:
        self.filed, self.series, self.fetched = forms, series, [""][1:]

    def forms(self, ticker: str) -> Iterator[Filed]:
        assert ticker
        for filing, day in self.filed:
            yield Filed(accession=filing.day, filed_on=day, series_id=self.series, xml=lambda f=filing: self._xml(f))

    def _xml(self, filing: Filing) -> str:
        self.fetched.append(filing.day)
        return xml(filing)


def test_the_newest_form_not_after_the_day_is_used_and_kept() -> None:
    client, kept = Client((JUNE, date(2024, 8, 28)), (MARCH, date(2024, 5, 30))), Kept()
    source = SecFilings(answers=kept, client=client)
    for _ in range(2):
        file = source.find("EEM", on=date(2024, 5, 1))
        assert file is not None
        assert file.funds.select("ticker", "as_of").row(0) == ("EEM", date(2024, 3, 31))
    assert client.fetched == ["2024-06-30", "2024-03-31"]  # the second time nothing was fetched
    later = source.find("EEM", on=date(2024, 6, 30))
    assert later is not None
    assert later.funds["total_market_value"][0] == 2000.0


def test_its_lines_are_not_said_to_be_a_file_of_the_user() -> None:
    file = SecFilings(answers=Kept(), client=Client((MARCH, date(2024, 5, 30)))).find("EEM", on=date(2024, 5, 1))
    assert file is not None
    assert file.funds["source_id"][0] == "online:SEC Form N-PORT 2024-03-31"


def test_a_form_of_a_sibling_series_of_the_trust_is_never_taken() -> None:
    client = Client((SIBLING, date(2024, 5, 31)), (MARCH, date(2024, 5, 30)))
    file = SecFilings(answers=Kept(), client=client).find("EEM", on=date(2024, 5, 1))
    assert file is not None
    assert file.funds["name"][0] == EVERYTHING.series
    alone = Client((SIBLING, date(2024, 5, 31)))
    assert SecFilings(answers=Kept(), client=alone).find("EEM", on=date(2024, 5, 1)) is None


def test_a_unit_trust_files_for_itself() -> None:
    trust = replace(EVERYTHING, series="N/A", series_id="")
    client = Client((trust, date(2024, 5, 30)), series="ETF_SPY")
    assert SecFilings(answers=Kept(), client=client).find("SPY", on=date(2024, 5, 1)) is not None


def test_without_a_contact_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CONTACT, raising=False)
    with pytest.raises(SourceError, match="asks for a contact") as error:
        list(EdgarTools().forms("EEM"))
    assert CONTACT in error.value.mend


@pytest.fixture
def edgar(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Stand in for edgartools and its network."""
    monkeypatch.setenv(CONTACT, "Ada ada@example.org")
    module = SimpleNamespace(Fund=None)
    monkeypatch.setitem(sys.modules, "edgar", module)
    monkeypatch.setitem(sys.modules, "edgar.exceptions", SimpleNamespace(EdgarError=KeyError))
    monkeypatch.setitem(sys.modules, "httpx", SimpleNamespace(HTTPError=ConnectionError))
    return module


def test_forms_come_from_the_series_and_not_from_the_trust(edgar: SimpleNamespace) -> None:
    filing = SimpleNamespace(accession_no="0001-24-1", filing_date="2024-05-30", xml=lambda: "<x/>")
    series = SimpleNamespace(series_id="S000000001", get_filings=lambda form: [filing] if form == "NPORT-P" else [])
    edgar.Fund = lambda ticker: SimpleNamespace(get_series=lambda: series if ticker == "EEM" else None)
    (form,) = EdgarTools().forms("EEM")
    assert (form.accession, form.filed_on, form.series_id) == ("0001-24-1", date(2024, 5, 30), "S000000001")
    assert form.xml() == "<x/>"
    assert list(EdgarTools().forms("AAPL")) == []


def test_a_refusal_of_the_sec_is_a_source_error(edgar: SimpleNamespace) -> None:
    def refuse(ticker: str) -> None:
        raise ConnectionError("429 Too Many Requests")

    edgar.Fund = refuse
    with pytest.raises(SourceError, match="did not answer for 'EEM': 429"):
        list(EdgarTools().forms("EEM"))


def test_a_fetch_that_breaks_is_a_source_error_too(edgar: SimpleNamespace) -> None:
    def broken() -> str:
        raise ConnectionError("reset")

    filing = SimpleNamespace(accession_no="0001-24-1", filing_date="2024-05-30", xml=broken)
    series = SimpleNamespace(series_id="S000000001", get_filings=lambda form: [filing] if form else [])
    edgar.Fund = lambda _: SimpleNamespace(get_series=lambda: series)
    with pytest.raises(SourceError, match="did not answer"):
        SecFilings(answers=Kept(), client=EdgarTools()).find("EEM", on=date(2024, 5, 31))
