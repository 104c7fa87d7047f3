"""What a header cell means: phrases in nine languages (header_words.toml), units, currencies and scales."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

from esgscan.portfolio.currencies import CODES, SYMBOLS, read_currency

EXACT, CORE, CONTAINED = 3, 2, 1
"""How sure a header is: the phrase itself, the phrase beside a unit, the phrase inside a longer text."""

LONGEST_HEADER = 80
BRACKETS = re.compile(r"[(\[（【{]([^)\]）】}]*)[)\]）】}]?")
BLANKS = re.compile(r"[\s()\[\]{}（）【】_.,:;*#\"'’`´/\\|–—?!=<>-]+")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
UNIT_TAIL = re.compile(r"^(.*?)\s+(?:in|en|em|im|à|a)?\s*(\S+)$")
SCALES = {
    "1000": 1e3, "1,000": 1e3, "1.000": 1e3, "1'000": 1e3, "1’000": 1e3,
    "000": 1e3, "000s": 1e3, "'000": 1e3, "’000": 1e3, "'000s": 1e3, "thousands": 1e3, "thousand": 1e3, "tsd": 1e3,
    "in thousands": 1e3, "k": 1e3, "teur": 1e3, "tchf": 1e3, "tusd": 1e3, "in tsd": 1e3, "t€": 1e3, "k€": 1e3,
    "keur": 1e3, "en miles": 1e3, "千円": 1e3, "千元": 1e3, "万": 1e4, "万元": 1e4, "萬元": 1e4,
    "m": 1e6, "mm": 1e6, "mn": 1e6, "mio": 1e6, "mln": 1e6, "million": 1e6, "millions": 1e6, "in millions": 1e6,
    "meur": 1e6, "musd": 1e6, "m€": 1e6, "in mio": 1e6, "in milioni": 1e6, "百万円": 1e6,
    "亿": 1e8, "亿元": 1e8, "億元": 1e8, "bn": 1e9, "billions": 1e9,
}  # fmt: skip
"""What a unit in a header multiplies its numbers by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What one header cell says.

    Attributes:
        text: The cell as written.
        meanings: Meanings it can have, most likely first; empty where it is not known.
        sureness: EXACT, CORE or CONTAINED; 0 where nothing is known.
        phrase: The phrase that decided.
        currency: Currency its unit names.
        scale: What its unit multiplies numbers by: 0.01 for pence, 1000 for thousands.
        is_percent: It says that its numbers are percent.
    """

    text: str
    meanings: tuple[str, ...] = ()
    sureness: int = 0
    phrase: str = ""
    currency: str = ""
    scale: float = 1.0
    is_percent: bool = False

    @property
    def meaning(self) -> str:
        """The likeliest meaning; empty where there is none."""
        return self.meanings[0] if self.meanings else ""


@cache
def phrases() -> dict[str, tuple[str, ...]]:
    """Give every known phrase with the meanings it has, in the order of header_words.toml."""
    found: dict[str, tuple[str, ...]] = {}
    for meaning, languages in _words().items():
        for phrase in (plain(p) for words in languages.values() for p in words):
            if meaning != "blocking" or phrase not in found:
                found[phrase] = tuple(dict.fromkeys((*found.get(phrase, ()), meaning)))
    return found


@cache
def languages_of(phrase: str) -> frozenset[str]:
    """Give the languages in which a phrase is a header word."""
    return _languages().get(phrase, frozenset())


@cache
def damaged_phrases() -> dict[str, str]:
    """Give the phrases by their spelling in a copy that lost its accents: `w?hrung` for `währung`."""
    return {_masked(phrase): phrase for phrase in phrases() if not phrase.isascii()}


@cache
def read_header(text: str) -> Header:
    """Read one header cell: `Market Value (USD)`, `Kurswert in Euro`, `Value £`, `市值(万元)`."""
    if not text.strip() or len(text) > LONGEST_HEADER:
        return Header(text=text)
    core, units = _units(text)
    scale, currency = _scale(units, is_upper=text.isupper()), _currency(units)
    is_percent = "%" in text or "percent" in text.casefold() or "pct" in text.casefold()
    sureness, known = _known_phrase(text, core)
    blocked = sureness == CONTAINED and known in _phrases_inside()[2]
    return Header(
        text=text,
        meanings=("other",) if blocked else phrases()[known] if known else (),
        sureness=sureness if known else 0,
        phrase=known,
        currency=currency,
        scale=scale,
        is_percent=is_percent,
    )


def _known_phrase(text: str, core: str) -> tuple[int, str]:
    """Find the phrase a header is or holds, and how sure that is."""
    for sureness, candidate in ((EXACT, plain(text)), (EXACT, plain(CAMEL.sub(" ", text))), (CORE, core)):
        if known := _lookup(candidate):
            return sureness, known
    return CONTAINED, _contained(core)


@cache
def plain(text: str) -> str:
    """Give a header its comparable form: lower case, no punctuation, `%` a word of its own."""
    folded = unicodedata.normalize("NFKC", text.replace("\ufffd", "\x00")).casefold().replace("%", " % ")
    return BLANKS.sub(" ", folded).strip()


@cache
def core_of(text: str) -> str:
    """Give a header without its units: `Value (£)` and `Value $` are `value`."""
    return _units(text)[0]


def _lookup(candidate: str) -> str:
    """Find the phrase a text is, also in a copy whose accents were lost."""
    if candidate in phrases():
        return candidate
    return damaged_phrases().get(_masked(candidate), "") if "\x00" in candidate else ""


def _masked(phrase: str) -> str:
    return "".join(letter if "\x01" <= letter <= "\x7f" else "?" for letter in phrase)


def _units(text: str) -> tuple[str, tuple[str, ...]]:
    """Split a header into its core and its units: brackets, symbols, and `in CHF` at the end."""
    units = [inner.strip() for inner in BRACKETS.findall(text)]
    bare = BRACKETS.sub(" ", text)
    for symbol in SYMBOLS:
        if not symbol.isalpha() and symbol in bare.upper():
            at = bare.upper().index(symbol)
            bare = f"{bare[:at]} {bare[at + len(symbol) :]}"
            units.append(symbol)
    core = plain(bare)
    tail = UNIT_TAIL.match(core)
    if tail and (read_currency(tail[2]) or tail[2] in SCALES):  # `marktwert in teur`, `kurswert in euro`
        units.append(tail[2])
        core = tail[1].removesuffix(" in").removesuffix(" en").removesuffix(" em")
    elif core[:3].upper() in CODES and core[3:4] == " ":
        units.append(core[:3])
        core = core[4:]
    return core, tuple(unit for unit in units if unit)


def _currency(units: tuple[str, ...]) -> str:
    words = [
        word
        for unit in units
        for word in (unit, *unit.split(), unit.lstrip("tTkKmM万亿億萬千百"), unit.rstrip("0'’ mk"))
    ]
    return next((money.currency for word in words if (money := read_currency(word))), "")


def _scale(units: tuple[str, ...], *, is_upper: bool) -> float:
    """Multiply what the units say: `(£000)`, `in pence`, `TEUR`, `万元`; `(P)` is pence only among capitals."""
    for unit in units:
        folded = unit.casefold().strip(". ")
        pence = {"pence"} if unit == "P" and not is_upper else {"p", "pence"}
        parts = (folded, folded.lstrip("$£€¥"), *folded.split())
        scale = next((SCALES[part] for part in parts if part in SCALES), None)
        if scale:
            return scale
        money = read_currency(unit) or (read_currency("GBX") if folded in pence else None)
        if money and money.scale != 1:
            return money.scale
    return 1.0


@cache
def _phrases_inside() -> tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]:
    """Phrases that may stand inside a longer header: spaced ones, Chinese and Japanese ones, and the blocking words."""
    known = phrases()
    blocking = frozenset(p for p, meanings in known.items() if "blocking" in meanings) | _blocking_known()
    usable = [p for p, meanings in known.items() if meanings[0] not in {"other", "weak_weight", "amount", "blocking"}]
    spaced = [p for p in usable if p.isascii() or ord(max(p)) < 0x2E80]
    dense = [p for p in usable if ord(max(p)) >= 0x2E80 and len(p) > 1]
    longest = sorted((p for p in spaced if len(p) >= 4), key=lambda p: (-p.count(" "), -len(p), p))
    return tuple(longest), tuple(sorted(dense, key=lambda p: (-len(p), p))), blocking


def _blocking_known() -> frozenset[str]:
    """Blocking words that are also headers of their own."""
    return frozenset(plain(word) for words in _words()["blocking"].values() for word in words)


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    text = resources.files("esgscan.portfolio").joinpath("header_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _languages() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for languages in _words().values():
        for language, words in languages.items():
            for word in words:
                found.setdefault(plain(word), set()).add(language)
    return {phrase: frozenset(languages) for phrase, languages in found.items()}


def _contained(core: str) -> str:
    """Find the longest phrase inside a header; a blocking word makes it known and of no use."""
    spaced, dense, blocking = _phrases_inside()
    padded = f" {core} "
    for word in blocking:
        if f" {word} " in padded or (ord(max(word)) >= 0x2E80 and word in core):
            return word
    if ord(max(core, default=" ")) >= 0x2E80:
        return next((phrase for phrase in dense if phrase in core), "")
    return next((phrase for phrase in spaced if f" {phrase} " in padded), "")
