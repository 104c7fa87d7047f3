"""Units as headers write them: `USD m`, `Tsd. EUR`, `Rs. Lakhs`, `百万円`, `억 원`: what they multiply numbers by."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from esgscan.identifiers import REMEMBERED
from esgscan.portfolio.currencies import SYMBOLS, WORDS, read_currency

WORDS_OF = {
    1e3: "000 000s 1000 1,000 1.000 1'000 thousand thousands k tsd tausend"
    " millier milliers miles mil t.kr migliaia duizend"
    " duizenden duizendtallen tusen milhar milhares tkr kkr ths th",
    1e5: "lakh lakhs lac lacs",
    1e6: "m mm mn mio mios mln mlj mill million millions millionen millones millón milioni milione miljoen miljoenen"
    " miljoner milhão milhões milhoes mkr mnkr m.kr mio.kr 000,000 000000",
    1e7: "cr crs crore crores",
    1e9: "bn bln billion billions mrd mia md milliarde milliarden milliards miliardi miljard mdkr",
}
SCALES = {word: scale for scale, words in WORDS_OF.items() for word in words.split()}
FILLERS = frozenset(
    ["in", "en", "em", "im", "à", "a", "de", "d", "di", "des", "del", "der", "of", "x", "ca", "the", "u", "s", "us",
     "u.s", "amounts", "amount", "hk", "kr", "-"]
)  # fmt: skip
"""Words that stand beside a unit and say nothing of it."""
CREDIT = frozenset({"cr", "crs"})
"""Crores beside a currency, and a credit alone."""
MILLIONS_IN_ENGLISH = frozenset({"mil", "mils"})
"""`USD mil` is millions; `mil R$` and `mil €`, in Portuguese and Spanish, are thousands."""
EAST_ASIAN = {"百": 1e2, "千": 1e3, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8}
EAST_ASIAN |= {"백": 1e2, "천": 1e3, "만": 1e4, "억": 1e8, "조": 1e12}
"""Numerals that multiply one another: `百万` and `백만` are a million, `十亿` a thousand millions."""
NUMERALS = re.compile(r"^(\D*?)([十십]?[百千백천]?[万萬亿億만억조]|[百千백천])(\D*)$")
COUNTED = frozenset({"", "股", "株", "口", "份", "单位", "單位", "円", "元", "圓", "주", "좌"})
COUNT_WORDS = re.compile("^(?:単位|单位|單位|단위)|[:：]")
GLUED = re.compile(r"^(t|k|m)?([a-z]{3}|[a-z]{0,3}[$£€¥])(k|m|mm|mn|mio|bn|000s?)?$")
APART = re.compile(r"[\s/()]+")
QUOTES = str.maketrans("’‘`´′", "'''''")


@lru_cache(REMEMBERED)
def scale_of(unit: str, *, is_english: bool = True) -> float | None:
    """Say what a unit multiplies numbers by; None where it is no unit.

    Args:
        unit: What stands in the brackets of a header or at its end: `in EUR mio.`, `US$ million`, `億円`.
        is_english: The header is English, where `mil` are millions.
    """
    text = unicodedata.normalize("NFKC", unit).translate(QUOTES).casefold().strip()
    if any(numeral in text for numeral in EAST_ASIAN):
        return _east_asian(text)
    found = [_scale_of_word(word, is_english=is_english) for word in _words(text)]
    if None in found or (CREDIT & set(_words(text)) and 1 not in found):
        return None
    scales = {scale for scale in found if scale not in {0, 1}}
    return scales.pop() if len(scales) == 1 else None


def is_unit_word(word: str) -> bool:
    """Say whether a word at the end of a header may be part of its unit: a scale, or a currency with one."""
    if any(numeral in word for numeral in EAST_ASIAN):
        return _east_asian(word) is not None
    scale = _scale_of_word(word, is_english=True)
    return scale is not None and scale > 1 and word not in CREDIT


def is_filler(word: str) -> bool:
    """Say whether a word only joins a unit to a header."""
    return word in FILLERS


def _words(text: str) -> list[str]:
    for symbol in sorted(SYMBOLS, key=len, reverse=True):
        if not symbol.isalnum() and not symbol.isalpha() and symbol.casefold() in text:
            text = text.replace(symbol.casefold(), f" {symbol.casefold()} ")
            break
    return [word for word in APART.split(text) if word]


def _scale_of_word(word: str, *, is_english: bool) -> float | None:
    """Give the scale of one word: 0 for one that says nothing, 1 for a currency; None for any other word."""
    bare = word.strip(".,;:'")
    if not bare or bare in FILLERS:
        return 0
    if is_english and bare in MILLIONS_IN_ENGLISH:
        return 1e6
    if bare in SCALES:
        return SCALES[bare]
    if read_currency(bare):
        return 1
    if bare.startswith(("d'", "l'")):
        return _scale_of_word(bare[2:], is_english=is_english)
    return _glued(bare)


def _glued(word: str) -> float | None:
    """Read `teur`, `usdm`, `sekbn`, `a$'000`: a currency with a scale before or behind it, and nothing between."""
    parts = GLUED.match(word.replace("'", ""))
    if not parts or not read_currency(parts[2]) or not (parts[1] or parts[3]):
        return None
    before = {"t": 1e3, "k": 1e3, "m": 1e6}.get(parts[1] or "")
    return before or SCALES.get((parts[3] or "").removesuffix("s") or "", SCALES.get(parts[3] or ""))


def _east_asian(text: str) -> float | None:
    """Multiply the numerals of `人民币万元`, `百萬港元`, `千株`; what stands around them is money or a count."""
    parts = NUMERALS.match(text.replace(" ", ""))
    if not parts or not all(_is_counted(part) for part in (parts[1], parts[3])):
        return None
    scale = 10.0 if parts[2][0] in "十십" else 1.0
    for numeral in parts[2]:
        scale *= EAST_ASIAN.get(numeral, 1.0)
    return scale


def _is_counted(part: str) -> bool:
    pieces = COUNT_WORDS.sub("", part).split("/")  # `千股/單位`
    return all(bare in COUNTED or read_currency(bare) is not None or bare.upper() in WORDS for bare in pieces)
