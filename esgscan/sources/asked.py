"""What the user said of a file of holdings, for what the file itself leaves out: of which fund, of which day."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from esgscan.errors import OptionError, SourceError
from esgscan.identifiers import read_isin
from esgscan.portfolio.dates import read_dates
from esgscan.records import Finding
from esgscan.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.portfolio.inputs import Upload
    from esgscan.sources.listed import ListedFund

LONGEST_TICKER = 6
FUNDS_SHOWN = 5
TICKER = re.compile(rf"[A-Z0-9][A-Z0-9.-]{{0,{LONGEST_TICKER - 1}}}")
FORMATS = (
    "%Y-%m-%d", "%b %d, %Y", "%B %d, %Y", "%d/%b/%Y", "%d-%b-%Y", "%d-%B-%Y", "%d %b %Y", "%d %B %Y", "%d.%m.%Y",
    "%Y/%m/%d", "%Y%m%d",
)  # fmt: skip
DAY_IN_NAME = re.compile(r"(?<!\d)(20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
TICKER_IN_NAME = re.compile(
    r"^([A-Z0-9]{2,6})[_ -]holdings(?![a-z])|^holdings-daily-[a-z]{2,4}-en-([a-z0-9]{2,6})(?![a-z0-9])"
    r"|^holdings[_ -]([A-Z0-9]{2,6})(?![A-Za-z0-9])"
)
"""Names that publishers give to the files on their sites: `EEM_holdings.csv`, `holdings-daily-us-en-spem.xlsx`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A file, and what the user said of it.

    Attributes:
        path: The file or folder.
        fund: ISIN, ticker or name of its only fund.
        day: Day of the holdings.
    """

    path: Path
    fund: str = ""
    day: date | None = None

    @property
    def name(self) -> str:
        """Name of the file, for messages; letters that no encoding explains are marked."""
        return os.fsencode(self.path.name).decode("utf-8", "replace")

    def day_of(self, found: date | None = None) -> date:
        """Choose the day: as the file states it, as the user said, as the file's name has it.

        Raises:
            SourceError: None of them says.
        """
        day = found or self.day or day_in_name(self.name)
        if day is None:
            what = "The file does not say of which day the holdings are."
            mend = f"name fund and day: --holdings FUND@2026-05-31={self.name}"
            raise SourceError(what, where=self.name, mend=mend)
        return day

    def chosen(self, listed: Sequence[ListedFund]) -> Sequence[ListedFund]:
        """Choose the lists of the user's fund where the file names several funds.

        Raises:
            SourceError: The user's word is none of them: it cannot be said of all.
        """
        if not self.fund or len({one.fund_id for one in listed}) < 2:
            return listed
        said = self.fund.casefold()
        own = [
            one
            for one in listed
            if said in {(one.isin or "").casefold(), (one.ticker or "").casefold(), one.fund.casefold()}
        ]
        if own:
            what = f"The file has lists of several funds; only that of '{self.fund}' was taken, as given."
            told = Finding(
                severity=Severity.INFO, where=self.name, what=what, mend="give the path alone for all of them"
            )
            return [replace(own[0], findings=(*own[0].findings, told)), *own[1:]]
        shown = ", ".join(sorted({one.fund_id for one in listed})[:FUNDS_SHOWN])
        what = f"'{self.name}' has more than one list, and none is of '{self.fund}': it has those of {shown}."
        raise SourceError(what, where=self.name, mend=f"give one of these as FUND, or the path alone: {self.path}")

    def label_of(self, listed: ListedFund) -> ListedFund:
        """Put the user's word for the fund above the file's own; without either, take it from the file's name.

        Raises:
            SourceError: Nobody says of which fund the holdings are.
        """
        if self.fund:
            return named(listed, self.fund)
        if listed.fund or listed.isin or listed.ticker:
            return listed
        ticker = _ticker_in_name(self.name)
        if not ticker:
            what = "The file does not say of which fund the holdings are."
            raise SourceError(what, where=self.name, mend=f"name the fund: --holdings ISIN={self.name}")
        what = f"The file does not name its fund; '{ticker}' was taken from the file's name."
        said = Finding(severity=Severity.INFO, where=self.name, what=what, mend=f"--holdings ISIN={self.name}")
        return replace(listed, ticker=ticker, findings=(*listed.findings, said))

    def with_unused_day(self, listed: Sequence[ListedFund]) -> list[ListedFund]:
        """Say that the file states a day of its own, where the user gave another: the file's was used."""
        stated = sorted({one.as_of for one in listed})
        if not self.day or not stated or self.day in stated:
            return list(listed)
        days = str(stated[0]) if len(stated) == 1 else f"{len(stated)} days from {stated[0]} to {stated[-1]}"
        what = f"The file states its own day, {days}; that was used, and not {self.day} as given."
        mend = "leave @DATE out, or give the file of that day"
        said = Finding(severity=Severity.WARNING, where=self.name, what=what, mend=mend)
        return [replace(listed[0], findings=(*listed[0].findings, said)), *listed[1:]]

    def refuse_for_many(self) -> None:
        """Refuse a fund or a day said of a data set, whose thousands of funds have names and days of their own.

        Raises:
            SourceError: The user said one.
        """
        if self.fund:
            said = f"{self.fund}@{self.day}" if self.day else self.fund
            what = f"'{self.name}' is a data set of many funds, each with its own day; '{said}' cannot be said of it."
            raise SourceError(what, where=self.name, mend=f"give the path alone: {self.path}")


def read_given(given: str | Upload) -> Asked:
    """Read `PATH`, `FUND=PATH` or `FUND@DATE=PATH`; a path that exists as it stands is a path, whatever is in it.

    The name of a file that somebody sent may be written so too, with an ISIN or a ticker as FUND.

    Raises:
        OptionError: The date is none.
    """
    fund, equals, path = str(given).partition("=")
    name, at, day = fund.partition("@")
    if not equals or (Path(given).exists() if isinstance(given, str) else not _is_code(name)):
        return Asked(path=Path(str(given)))
    try:
        as_of = date.fromisoformat(day.strip()) if at else None
    except ValueError as error:
        raise OptionError(
            f"Cannot read the date '{day}'.", where=str(given), mend="write FUND@2026-05-31=PATH"
        ) from error
    return Asked(path=Path(path.strip()), fund=name.strip(), day=as_of)


def _is_code(fund: str) -> bool:
    """Whether a word is an ISIN or looks like a ticker."""
    return read_isin(fund) is not None or is_ticker(fund)


def is_ticker(fund: str) -> bool:
    """Whether a word looks like a ticker, as `EEM`, `2823` or `CSPX.L` do."""
    return TICKER.fullmatch(fund) is not None


def named(listed: ListedFund, fund: str) -> ListedFund:
    """Put the user's word for the fund above the file's own."""
    if isin := read_isin(fund):
        return replace(listed, isin=isin)
    return replace(listed, ticker=fund) if is_ticker(fund) else replace(listed, fund=fund)


def find_day(text: object, *formats: str) -> date | None:
    """Find a day in a cell; `formats` are the habits of a publisher, and come before those that leave no doubt."""
    if isinstance(text, datetime):
        return text.date()
    written = re.sub(r"^as of\s+|\s+00:00:00$", "", " ".join(str(text).split()), flags=re.IGNORECASE)
    for pattern in (*formats, *FORMATS):
        try:
            return datetime.strptime(written, pattern).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return _in_words(written)


def _in_words(written: str) -> date | None:
    """Read a day with the month in another language, or in figures that leave no doubt of what is the month."""
    if not re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", written):
        return None
    read = read_dates([written])
    return None if read.is_ambiguous else read.values[0]


def day_in_name(name: str) -> date | None:
    """Find a day in the name of a file: `2026-05-31`, `20260531`."""
    found = DAY_IN_NAME.search(name)
    try:
        return date(int(found[1]), int(found[3]), int(found[4])) if found else None
    except ValueError:
        return None


def _ticker_in_name(name: str) -> str:
    found = TICKER_IN_NAME.search(name)
    return next((part.upper() for part in found.groups() if part), "") if found else ""
