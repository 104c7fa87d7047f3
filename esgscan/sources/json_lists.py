"""Lists of holdings as publishers' pages get them, in JSON: fund and day stand in the objects around the lines."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from esgscan.identifiers import read_isin
from esgscan.sources.asked import find_day, is_ticker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Record: TypeAlias = dict[str, Any]

DAYS = (
    "asofdate", "asof", "holdingsasof", "holdingsasofdate", "holdingsdate", "portfoliodate", "effectivebusinessdate",
    "positiondate", "atdate", "effectivedate", "valuationdate", "navdate", "reportdate",
)  # fmt: skip
"""Keys of the day, without marks between their words; the surest first."""
NAMES = ("fundname", "fundlongname", "etfname", "portfolioname", "productname")
TICKERS = ("fundticker", "etfticker", "symbol", "ticker")
ISINS = ("fundisin", "isin")
OF_LINES = frozenset({*NAMES, *DAYS, "fundticker", "etfticker", "fundisin", "fund", "fundid", "date", "asofdatestd"})
"""Keys of lines that say fund or day themselves."""
CODES = frozenset(
    ["isin", "cusip", "sedol", "figi", "ticker", "symbol", "holdingticker", "securityticker", "securityid"]
)
"""Keys of lines that are securities, and not countries or sectors."""
AMOUNT = re.compile(r"value|weight|percent|pct|marketval|ratio|allocation")
"""What is in the key of an amount; lines inside a line, such as those of its listings, have none."""
DEEPEST = 16


class _List(NamedTuple):
    """A list of objects: the keys that lead to it, its lines, and what the objects around it say."""

    path: tuple[str, ...]
    lines: list[Record]
    owner: Record


def with_owners(content: Any) -> Any:
    """Write fund and day into every line of the lists of securities, in the columns of a plain table.

    A file may hold the lists of many funds, at one place each. Lines that say fund or day themselves stay as they are,
    and so does JSON in which no object around a list says them.

    Returns:
        The lines alone, of all funds; or `content` itself.
    """
    found = list(_lists(content, _List((), [], {})))
    sizes: Counter[tuple[str, ...]] = Counter()
    for one in found:
        sizes[one.path] += len(one.lines) if _are_securities(one.lines) else 0
    longest = max(sizes, key=lambda path: (sizes[path], -len(path)), default=())
    lists = [one for one in found if one.path == longest]
    is_said = any(OF_LINES & {_bare(key) for key in line} for one in lists for line in one.lines)
    if is_said or not sizes[longest] or not all(one.owner for one in lists):
        return content
    return [{**one.owner, **line} for one in lists for line in one.lines]


def _lists(content: Any, around: _List) -> Iterator[_List]:
    """Give every list of objects, and those inside its objects."""
    if len(around.path) > DEEPEST:
        return
    if isinstance(content, dict):
        owner = {**around.owner, **_said(content)}
        for key, child in content.items():
            yield from _lists(child, _List((*around.path, key), [], owner))
    elif isinstance(content, list) and content and all(isinstance(item, dict) for item in content):
        yield around._replace(lines=content)
        for child in content:
            yield from _lists(child, around)


def _are_securities(lines: list[Record]) -> bool:
    """Whether lines have codes and amounts."""
    keys = {_bare(key) for key in lines[0]}
    return bool(CODES & keys) and any(AMOUNT.search(key) for key in keys)


def _said(content: Mapping[str, Any]) -> Record:
    """Read what one object says: the day, and the fund by ISIN, ticker or name."""
    texts = {_bare(key): value.strip() for key, value in content.items() if isinstance(value, str) and value.strip()}
    day = next((day for key in DAYS if (day := find_day(texts.get(key, "").partition("T")[0]))), None)
    said = {
        "as_of": day.isoformat() if day else "",
        "fund_name": next((texts[key] for key in NAMES if key in texts), ""),
        "fund_ticker": next((texts[key] for key in TICKERS if is_ticker(texts.get(key, ""))), ""),
        "fund_isin": next((isin for key in ISINS if (isin := read_isin(texts.get(key, "")))), ""),
    }
    return {key: value for key, value in said.items() if value}


def _bare(key: str) -> str:
    """Give a key without the marks between its words: `as_of_date` and `asOfDate` are one."""
    return "".join(letter for letter in key.casefold() if letter.isalnum())
