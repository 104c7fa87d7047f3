"""What OFAC and the Consolidated Screening List say of an entity beside its name: pairs of a label and a value."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from esgscan.identifiers import read_isin, read_lei

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Pairs = Iterable[tuple[str, str]]

DAY_FORMATS = (
    *("%Y-%m-%d", "%m/%d/%Y", "%d %b %Y", "%d %B %Y", "%B %d, %Y", "%b %d, %Y", "%d-%b-%Y", "%m/%d/%y", "%Y%m%d"),
    *("%Y-%m-%dT%H:%M:%S", "%m/%d/%Y %H:%M:%S"),
)
MAINLAND_CODE = 6
HONG_KONG_CODE = 4
SHANGHAI, SHENZHEN, BEIJING = ("5", "6", "9"), ("0", "1", "2", "3"), ("4", "8")
LABELS = {
    "isin": "isin",
    "legal entity number": "lei",
    "legal entity identifier": "lei",
    "unified social credit code (uscc)": "uscc",
    "equity ticker": "ticker",
    "listing date (cmic)": "listed_on",
    "effective date (cmic)": "in_force_from",
    "purchase/sales for divestment date (cmic)": "divest_until",
    "listing date (ccmc)": "listed_on",
    "effective date (ccmc)": "in_force_from",
    "divestment date (ccmc)": "divest_until",
    "target type": "target_type",
    "issuer name": "issuer_name",
}
"""Labels that OFAC gives to what it knows of an entity, and what each tells us."""
USCC = re.compile(r"[0-9A-Z]{18}")
NO_LETTERS = re.compile(r"[\W_]+")
GREATER_CHINA = ("CN", "HK", "MO")


def read_attributes(pairs: Pairs) -> dict[str, Any]:
    """Read pairs of label and value into fields of a ListedEntity; what we have no use for is left out."""
    told: dict[str, list[str]] = {}
    for label, value in pairs:
        key = LABELS.get(" ".join(label.casefold().removeprefix("alt. ").split()).strip(":"))
        if key and value.strip():
            told.setdefault(key, []).append(value.strip())
    isins = tuple(dict.fromkeys(isin for text in told.get("isin", ()) if (isin := read_isin(text))))
    codes = tuple(dict.fromkeys(code for text in told.get("ticker", ()) if (code := read_ticker(text))))
    kinds = {kind.casefold() for kind in told.get("target_type", ())}
    return {
        "isins": isins,
        "codes": codes,
        "lei": next((lei for text in told.get("lei", ()) if (lei := read_lei(text))), None),
        "uscc": next((text for text in told.get("uscc", ()) if USCC.fullmatch(text)), None),
        "is_public": bool(codes) or "public company" in kinds,
        **{name: read_day(told[name][0]) for name in ("listed_on", "in_force_from", "divest_until") if name in told},
    }


def issuer_names(pairs: Pairs) -> list[str]:
    """Give the names under which an entity issues securities."""
    return [value.strip() for label, value in pairs if label.casefold().removeprefix("alt. ") == "issuer name"]


def read_ticker(text: str) -> tuple[str, str] | None:
    """Read a ticker of greater China, such as `002415 CN`, `00981 HK` or `603019CN`, as MIC and local code."""
    found = re.fullmatch(r"([0-9A-Z.]{1,10}?)\s*[- .]?\s*([A-Z]{2})", text.strip().upper())
    if not found:
        return None
    code, market = found[1], found[2]
    if market in {"CN", "CH", "CG", "CS"}:
        mic = _mainland(code)
        return (mic, code) if mic else None
    if market == "HK" and code.isdigit():
        return "XHKG", code.lstrip("0").zfill(HONG_KONG_CODE)
    return None


def _mainland(code: str) -> str | None:
    if len(code) != MAINLAND_CODE or not code.isdigit():
        return None
    places = {"XSHG": SHANGHAI, "XSHE": SHENZHEN, "XBSE": BEIJING}
    return next((mic for mic, digits in places.items() if code.startswith(digits)), None)


def read_day(text: object) -> date | None:
    """Read a day in one of the ways in which US authorities write it; None where it is no whole day."""
    if isinstance(text, datetime):
        return text.date()
    if isinstance(text, date):
        return text
    written = " ".join(str(text or "").split())
    return _written_day(written) if written else None


@lru_cache(maxsize=4096)
def _written_day(written: str) -> date | None:
    for pattern in DAY_FORMATS:
        try:
            return datetime.strptime(written, pattern).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return _leading_day(written)


def _leading_day(written: str) -> date | None:
    """Read a time stamp such as `2024-05-08T00:00:00Z` by its day."""
    try:
        return date.fromisoformat(written[:10]) if written[10:11] in {"T", " "} else None
    except ValueError:
        return None


def country_of(words: Iterable[str], countries: Mapping[str, str]) -> str | None:
    """Choose the country of an entity among those of its addresses: one of greater China before others.

    Args:
        words: Countries by name or code, in the order of the file.
        countries: Code by word, as data set `markets` has them.
    """
    found = [code for word in words if (code := countries.get(NO_LETTERS.sub(" ", word.upper()).strip()))]
    return next(iter([*(code for code in found if code in GREATER_CHINA), *found]), None)
