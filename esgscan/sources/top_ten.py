"""The ten largest holdings of a fund from Yahoo Finance, through yfinance: a last resort, and a part of the fund."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from esgscan.errors import SourceError
from esgscan.records import Finding
from esgscan.result import ONLINE_SOURCE
from esgscan.sources.fields import lines_frame
from esgscan.sources.listed import ListedFund, fund_file
from esgscan.terms import Kind, Severity

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from esgscan.records import FundFile
    from esgscan.sources.sec_filings import Answers


@dataclass(frozen=True, slots=True, kw_only=True)
class TopTen:
    """Yahoo Finance as a source of the largest holdings.

    Attributes:
        answers: Where answers are kept.
        today: The day of this run: the lists carry no day of their own.
        fetch: Asks for the lines of a ticker: symbol, name, weight as a fraction.
        name: How the source is named.
    """

    answers: Answers
    today: date
    fetch: Callable[[str], list[dict[str, Any]]]
    name: str = "Yahoo Finance"

    def find(self, ticker: str, *, on: date) -> FundFile | None:
        """Give the ten largest lines as they are today; none for a day that is past.

        Raises:
            SourceError: Yahoo refuses or cannot be reached.
        """
        if on < self.today:
            return None
        kept = self.answers.find(f"yahoo-top/{ticker}", self.today) or self._asked(ticker)
        lines = kept["lines"]
        return _file(ticker, lines, self.today) if lines else None

    def _asked(self, ticker: str) -> dict[str, Any]:
        answer = {"lines": self.fetch(ticker)}
        self.answers.keep(f"yahoo-top/{ticker}", self.today, answer)
        return answer


def _file(ticker: str, lines: list[dict[str, Any]], day: date) -> FundFile:
    name = f"Ten largest holdings of {ticker}"
    what = f"Of '{ticker}' only the {len(lines)} largest holdings are known, as Yahoo Finance shows them on {day}."
    said = Finding(severity=Severity.WARNING, where=name, what=what, mend="give the full list with --holdings")
    listed = ListedFund(
        fund="",
        ticker=ticker,
        as_of=day,
        lines=lines_frame(
            {
                "name_as_written": [str(line["name"]) for line in lines],
                "ticker": [str(line["symbol"]) or None for line in lines],
                "kind": [str(Kind.UNKNOWN)] * len(lines),
                "weight": [float(line["weight"]) for line in lines],
            }
        ),
        publisher="Yahoo Finance, largest holdings",
        findings=(said,),
    )
    digest = hashlib.sha256(json.dumps(lines, sort_keys=True).encode("utf-8")).hexdigest()
    return fund_file([listed], name=name, sha256=digest, origin=ONLINE_SOURCE)


def ask_yahoo(ticker: str) -> list[dict[str, Any]]:
    """Ask yfinance for the largest lines of a fund; none where Yahoo has no such list.

    Raises:
        SourceError: Yahoo refuses or cannot be reached.
    """
    import yfinance
    from yfinance.exceptions import YFDataException, YFException

    try:
        funds_data = yfinance.Ticker(ticker).funds_data
        table = funds_data.top_holdings if funds_data else None
    except YFDataException:
        return []
    except (YFException, OSError, ValueError) as error:
        what = f"Yahoo Finance did not answer for '{ticker}': {error}."
        raise SourceError(what, where="Yahoo Finance", mend="try again later") from error
    if table is None:
        return []
    names, weights = table["Name"], table["Holding Percent"]
    rows = zip(table.index, names, weights, strict=True)
    return [{"symbol": str(code), "name": str(name), "weight": float(weight)} for code, name, weight in rows]
