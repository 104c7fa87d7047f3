"""An identifier as a person types it -> lines, one for each way in which it can be meant.

`CNE100000PM8`, `002415 CH`, `Hikvision, CN`, `2415 Hikvision`, a FIGI, an LEI. The ladder decides on each of the lines
as on those of a portfolio; nothing is known here but how people write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esgscan.identifiers import compact, read_cusip, read_figi, read_isin, read_lei
from esgscan.terms import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CODE = re.compile(r"[A-Z0-9.:/\- ]{1,24}", re.IGNORECASE)
MOST_WORDS_OF_A_CODE = 4
CUSIP = re.compile(r"[0-9][A-Z0-9]{7}[0-9]", re.IGNORECASE)
"""Of nine characters, the first a digit; those that begin with a letter belong to other countries."""
CODE_AND_NAME = re.compile(r"(?:(\d{1,6})\s+(\D.*)|(.*\D)\s+(\d{1,6}))")
LETTERS_AND_MARKET = re.compile(r"([A-Z]{1,6})[ .:/-]([A-Z]{1,6})(?: (?:Equity|EQUITY))?")
"""`AAPL US`, `AAPL US Equity`, `NASDAQ:AAPL`: in capitals; which of the two is the market, the known words tell."""
SHAPES = {
    "ISIN": re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]"),
    "FIGI": re.compile(r"BBG[A-Z0-9]{8}[0-9]"),
    "LEI": re.compile(r"[A-Z0-9]{18}[0-9]{2}"),
}
SEPARATOR = ","
NUMBERED = {"CN", "HK", "TW", "JP", "KR"}
"""Places whose exchanges give codes of digits: letters before one of them are a name."""
COLUMNS = ("name_as_written", "isin", "figi", "lei", "ticker", "exchange", "country", "currency", "kind")
LONGEST_LETTER_CODE = 5
OVER_THE_COUNTER = re.compile(r"[A-Z]{4}[FY]", re.IGNORECASE)
"""Codes of foreign shares and receipts in the United States: one that is not known may stand for any company."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenLine:
    """One way in which an identifier can be meant: the columns that the ladder compares."""

    name_as_written: str | None = None
    isin: str | None = None
    figi: str | None = None
    lei: str | None = None
    ticker: str | None = None
    exchange: str | None = None
    country: str | None = None
    currency: str | None = None
    kind: str | None = None
    is_code: bool = False

    @property
    def tells_security(self) -> bool:
        """Whether it names one security, whoever issues it: by an identifier, or by what is surely a code.

        A word with a country behind it, `Apple, US`, may be a code or a name, and so tells none.
        """
        return bool(self.isin or self.figi or self.lei or self.is_code)


@dataclass(frozen=True, slots=True)
class MarketWords:
    """Words, in upper case, that name a country or a market; and those of places whose codes have letters."""

    countries: frozenset[str]
    either: frozenset[str]
    lettered: frozenset[str]


def market_words(countries: Mapping[str, str], markets: Mapping[str, str]) -> MarketWords:
    """Put the known words together, once for all identifiers; each leads to its country."""
    both = {**countries, **markets}
    lettered = frozenset(word for word, country in both.items() if country not in NUMBERED)
    return MarketWords(frozenset(countries), frozenset(both), lettered)


def line_columns(lines: Sequence[WrittenLine]) -> dict[str, list[str | None]]:
    """Give lines as columns, without their ids."""
    return {name: [getattr(line, name) for line in lines] for name in COLUMNS}


def ways_to_read(text: str, words: MarketWords) -> list[WrittenLine]:
    """Give the ways in which an identifier can be meant, the likeliest first."""
    known = _by_number(text)
    if known:
        return [known]
    head, _, tail = (part.strip() for part in text.rpartition(SEPARATOR))
    word = tail.upper()
    if head and word in words.either:
        is_country = word in words.countries
        placed = _as_code_or_name(head, country=tail) if is_country else _as_code_or_name(head, exchange=tail)
        return list(dict.fromkeys(placed))
    with_place = (*_lettered(text, words.lettered), *_name_and_country(text, words.countries))
    return list(dict.fromkeys((*_as_cusip(text), *with_place, *_as_code_or_name(text), *_pair(head, tail))))


def wrong_number(text: str) -> str:
    """Name the kind of identifier whose shape a text has and whose check digit it lacks; empty if it has none."""
    number = compact(text)
    has_digits = sum(map(str.isdigit, number)) > 1
    kinds = [kind for kind, shape in SHAPES.items() if has_digits and shape.fullmatch(number)]
    return kinds[-1] if kinds and not _by_number(text) else ""


def _by_number(text: str) -> WrittenLine | None:
    """Read an identifier that is one by its check digit, also among other words."""
    isin, figi, lei = read_isin(text), read_figi(text), read_lei(text)
    if isin or figi or lei:
        return WrittenLine(isin=isin, figi=figi, lei=lei, kind=Kind.EQUITY)
    words = text.replace(SEPARATOR, " ").split()
    found = {isin for word in words if len(word) == 12 and (isin := read_isin(word))}
    if len(words) > 1 and len(found) == 1:
        rest = " ".join(word for word in words if read_isin(word) is None)
        return WrittenLine(isin=found.pop(), name_as_written=rest)
    return None


def _as_code_or_name(text: str, *, country: str | None = None, exchange: str | None = None) -> Iterator[WrittenLine]:
    """Take a text for a code, for a name, and for both beside one another."""
    if CODE.fullmatch(text) and len(text.split()) <= MOST_WORDS_OF_A_CODE:
        has_digit = any(map(str.isdigit, text))
        yield WrittenLine(ticker=text, kind=Kind.EQUITY, is_code=has_digit, country=country, exchange=exchange)
    both = CODE_AND_NAME.fullmatch(text)
    if both:
        name = (both[2] or both[3]).strip(" ,")
        yield WrittenLine(ticker=both[1] or both[4], name_as_written=name, country=country, exchange=exchange)
    if any(map(str.isalpha, text)):
        yield WrittenLine(name_as_written=text, country=country, exchange=exchange)


def _as_cusip(text: str) -> Iterator[WrittenLine]:
    """Take a CUSIP for the ISIN that follows from it, in each of the two countries that number so."""
    cusip = read_cusip(text) if CUSIP.fullmatch(text.strip()) else None
    if cusip:
        from stdnum import isin

        for country in ("US", "CA"):
            yield WrittenLine(isin=f"{country}{cusip}{isin.calc_check_digit(country + cusip)}", kind=Kind.EQUITY)


def _lettered(text: str, markets: frozenset[str]) -> Iterator[WrittenLine]:
    """Part a code of letters from its market."""
    parts = LETTERS_AND_MARKET.fullmatch(text)
    for code, market in ((parts[1], parts[2]), (parts[2], parts[1])) if parts else ():
        if market in markets and len(code) <= LONGEST_LETTER_CODE:
            is_code = OVER_THE_COUNTER.fullmatch(code) is None
            yield WrittenLine(ticker=code, exchange=market, kind=Kind.EQUITY, is_code=is_code)


def _name_and_country(text: str, countries: frozenset[str]) -> Iterator[WrittenLine]:
    """Take `ZTE CN` for a name and the code of a country."""
    name, _, country = text.rpartition(" ")
    if len(country) == 2 and country in countries and any(map(str.isalpha, name)):
        yield WrittenLine(name_as_written=name, country=country)


def _pair(head: str, tail: str) -> Iterator[WrittenLine]:
    """Take `Hikvision, 2415` and `2415, Hikvision` for a name and a code."""
    for name, code in ((head, tail), (tail, head)) if head else ():
        if CODE.fullmatch(code) and any(map(str.isdigit, code)) and any(map(str.isalpha, name)):
            yield WrittenLine(name_as_written=name, ticker=code)
