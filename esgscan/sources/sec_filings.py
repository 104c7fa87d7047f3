"""Form N-PORT of a US fund by its ticker, from the SEC through edgartools: the fund's own series, never its trust.

A trust files one form per series and quarter, so that the newest form of the trust is most often another fund's.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from esgscan.errors import SourceError
from esgscan.result import ONLINE_SOURCE
from esgscan.sources import nport
from esgscan.sources.listed import fund_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from esgscan.records import FundFile
    from esgscan.sources.listed import ListedFund

CONTACT = "EDGAR_IDENTITY"
"""Environment variable with name and address, which the SEC asks of whoever fetches; edgartools reads the same."""
FORM = "NPORT-P"
LATEST = timedelta(days=120)
"""A form is published within sixty days of its quarter's end; one filed so long after a day is of a later day."""
MOST_OPENED = 4
WHOLE_REGISTRANT = "ETF_"
"""How edgartools marks a fund that is all of its registrant, such as a unit trust."""


class Answers(Protocol):
    """Answers of publishers that are kept."""

    def find(self, what: str, day: date) -> dict[str, Any] | None:
        """Find a kept answer about a day."""
        ...

    def keep(self, what: str, day: date, answer: Mapping[str, Any]) -> None:
        """Keep an answer."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A form that a fund has filed.

    Attributes:
        accession: Its number.
        filed_on: The day it was filed.
        series_id: The series it should be of.
        xml: Fetches it.
    """

    accession: str
    filed_on: date
    series_id: str
    xml: Callable[[], str]


class Client(Protocol):
    """Lists the forms of a fund."""

    def forms(self, ticker: str) -> Iterator[Filed]:
        """Give the forms of a fund's series, newest first; none where the ticker is no fund's."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SecFilings:
    """The SEC as a source of holdings.

    Attributes:
        answers: Where forms are kept.
        client: Who lists and fetches them.
        name: How the source is named.
    """

    answers: Answers
    client: Client
    name: str = "SEC EDGAR"

    def find(self, ticker: str, *, on: date) -> FundFile | None:
        """Give the newest holdings that are not after a day.

        Raises:
            SourceError: The SEC refuses or cannot be reached, or no contact was given.
        """
        kept = self.answers.find(f"sec/{ticker}", on) or self._fetch(ticker, on)
        if not kept or not kept.get("xml"):
            return None
        name = f"SEC Form N-PORT {kept['accession']}"
        data = str(kept["xml"]).encode("utf-8")
        listed = replace(nport.read(data, name=name), ticker=ticker)
        return fund_file([listed], name=name, sha256=hashlib.sha256(data).hexdigest(), origin=ONLINE_SOURCE)

    def _fetch(self, ticker: str, on: date) -> dict[str, Any] | None:
        """Open forms from the newest on until one is of a day that is not after `on`."""
        likely = (form for form in self.client.forms(ticker) if form.filed_on <= on + LATEST)
        for form in islice(likely, MOST_OPENED):
            text = form.xml()
            listed = nport.read(text.encode("utf-8"), name=form.accession)
            if listed.as_of <= on and _is_of(listed, form.series_id):
                answer = {"accession": form.accession, "xml": text}
                self.answers.keep(f"sec/{ticker}", on, answer)
                return answer
        return None


def _is_of(listed: ListedFund, series_id: str) -> bool:
    """Whether a form is of the series that was asked for; a fund without series files for its registrant."""
    if series_id.startswith(WHOLE_REGISTRANT):
        return not any(code.startswith("series:") for code in listed.identifiers)
    return f"series:{series_id}" in listed.identifiers


@dataclass(frozen=True, slots=True)
class EdgarTools:
    """The forms of a fund through edgartools, which keeps to the SEC's limit of requests by itself."""

    def forms(self, ticker: str) -> Iterator[Filed]:
        """Give the forms of a fund's series, newest first.

        Raises:
            SourceError: edgartools is not installed, no contact is given, or the SEC refuses.
        """
        if not os.environ.get(CONTACT):
            what = "The SEC asks for a contact of whoever fetches its filings, and none is given."
            raise SourceError(what, where=CONTACT, mend=f'set {CONTACT}="Your Name you@example.org"')
        edgar = _module("edgar")
        with _answering(ticker):
            series = edgar.Fund(ticker).get_series()
            filings = list(series.get_filings(form=FORM)) if series else []
        for filing in filings:
            yield Filed(
                accession=filing.accession_no,
                filed_on=date.fromisoformat(str(filing.filing_date)[:10]),
                series_id=str(series.series_id),
                xml=partial(_xml, filing, ticker),
            )


def _xml(filing: Any, ticker: str) -> str:
    with _answering(ticker):
        return filing.xml() or ""


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        what = "edgartools is not installed."
        raise SourceError(what, where="--online", mend="pip install '.[sec]' in the project's folder") from error


@contextmanager
def _answering(ticker: str) -> Iterator[None]:
    """Turn what goes wrong at the SEC, or on the way there, into an error of ours."""
    failures = (_module("edgar.exceptions").EdgarError, _module("httpx").HTTPError, OSError, ValueError)
    try:
        yield
    except failures as error:
        what = f"The SEC did not answer for '{ticker}': {error}."
        mend = "try again later, or give the file with --holdings"
        raise SourceError(what, where="SEC EDGAR", mend=mend) from error
