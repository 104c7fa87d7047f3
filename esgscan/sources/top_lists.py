"""Lists of a fund's largest holdings as data vendors serve them in JSON: absence from one says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esgscan.portfolio.kinds import kinds_of
from esgscan.records import Finding
from esgscan.sources.asked import find_day
from esgscan.sources.fields import lines_frame, stated
from esgscan.sources.listed import ListedFund
from esgscan.terms import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esgscan.sources.asked import Asked

KEYS = ("holdings", "top_holdings", "topHoldings")
DATES = ("last_updated", "lastUpdated", "updated", "date", "as_of")
LONGEST = 60
"""A list with more lines may be the whole fund; its weights tell."""


def recognises(content: Any) -> bool:
    """Whether JSON is one fund with a list of symbols and weights."""
    return isinstance(content, dict) and bool(stated(str(content.get("symbol") or ""))) and bool(_items(content))


def read(content: Mapping[str, Any], asked: Asked) -> list[ListedFund]:
    """Read the list; what it leaves out of the fund stays uncovered, and the day is that of the vendor's page."""
    items = _items(content)
    symbols = [stated(str(item.get("symbol") or "")) for item in items]
    names = [stated(str(item.get("name") or "")) for item in items]
    weights = [float(item["weight"]) for item in items]
    is_percent = sum(map(abs, weights)) > 1.5
    moment = next((str(content[key]) for key in DATES if content.get(key)), "")
    lines = lines_frame(
        {
            "name_as_written": names,
            "ticker": [None if " " in (symbol or "") else symbol for symbol in symbols],
            "kind": kinds_of([None] * len(items), names, symbols),
            "weight": [weight / 100 for weight in weights] if is_percent else weights,
        }
    )
    found = ListedFund(
        fund=stated(str(content.get("name") or "")) or "",
        ticker=stated(str(content["symbol"])),
        as_of=asked.day_of(find_day(moment[:10])),
        lines=lines,
        publisher="a vendor's list",
        findings=_said(asked.name, len(items)),
    )
    return [found]


def _items(content: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    lists = (content[key] for key in KEYS if isinstance(content.get(key), list))
    return next((items for items in lists if items and all(_is_line(item) for item in items)), ())


def _is_line(item: object) -> bool:
    return isinstance(item, dict) and "symbol" in item and isinstance(item.get("weight"), int | float)


def _said(name: str, lines: int) -> tuple[Finding, ...]:
    if lines > LONGEST:
        return ()
    what = f"The file lists the {lines} largest holdings; a company that is not among them may be held all the same."
    return (Finding(severity=Severity.WARNING, where=name, what=what, mend="give the full list"),)
