"""What a header cell means: phrases in nine languages (header_words.toml), units, currencies and scales."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import tomli

from esgscan.identifiers import REMEMBERED
from esgscan.portfolio.currencies import CODES, SYMBOLS, read_currency
from esgscan.portfolio.scales import is_filler, is_unit_word, scale_of

EXACT, CORE, CONTAINED = 3, 2, 1
"""How sure a header is: the phrase itself, the phrase beside a unit, the phrase inside a longer text."""

LONGEST_HEADER = 80
BRACKETS = re.compile(r"[(\[（【{]([^)\]）】}]*)[)\]）】}]?")
BLANKS = re.compile(r"[\s()\[\]{}（）【】_.,:;*#\"'’`´/\\|–—?!=<>-]+")
CAMEL = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z])")
"""Between the words of `MarketValue`; `iShares` is one word."""
UNIT_PARTS = re.compile(r"[\s/]+|[百千万萬亿億十백천만억조십]+")
SUM_OF = re.compile("^(?:sum|total|summe|somme|suma|somma) (?:of|von|de|di) ")
"""What pivot tables put before a header."""
LOCAL = re.compile("^(?:local|lcy|lc)(?: currency| ccy)? | (?:in )?(?:local|lcy|lc)(?: currency| ccy| crncy)?$")
LOCAL_VALUE = "local value"
FIGURES_BEHIND = re.compile(r"[0-9'’,. ]*[0mkKs]*$")
DAY = re.compile(
    r"(?:as (?:of|at) |at |per |zum |am |au |al |op )?(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})"
    r"|\d{4}[./-]\d{1,2}[./-]\d{1,2}(?:[ T]00:00:00)?|\d{4}年\d{1,2}月\d{1,2}日"
    r"|\d{1,2}(?:st|nd|rd|th)?[ .-]{1,2}[^\W\d_]{3,10}[ .,-]{1,2}(?:\d{4}|\d{2})"
    r"|[^\W\d_]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?, ?\d{4})",
    re.IGNORECASE,
)
"""A header that is a day and nothing else: `30/09/2026`, `as at 30 September 2026`."""
DATED = "dated_value"
PENCE_TAIL = re.compile(r"(?:^|\s)(p|GBp)$")
"""A lower-case mark of pence at the end of a header: `Price p`, `Price GBp`."""


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


@lru_cache(REMEMBERED)
def languages_of(phrase: str) -> frozenset[str]:
    """Give the languages in which a phrase is a header word."""
    return _languages().get(phrase, frozenset())


@cache
def damaged_phrases() -> dict[str, str]:
    """Give the phrases by their spelling in a copy that lost its accents: `w?hrung` for `währung`."""
    return {_masked(phrase): phrase for phrase in phrases() if not phrase.isascii()}


@lru_cache(REMEMBERED)
def read_header(text: str) -> Header:
    """Read one header cell: `Market Value (USD)`, `Kurswert in Euro`, `Value £`, `市值(万元)`."""
    if not text.strip() or len(text) > LONGEST_HEADER:
        return Header(text=text)
    if is_day(text):
        return Header(text=text, meanings=(DATED,), sureness=CORE)
    core, units = _parted(text)
    is_percent = "%" in text or "percent" in text.casefold() or "pct" in text.casefold() or "퍼센트" in text
    sureness, known = _known_phrase(text, core)
    is_english = not known or "en" in languages_of(known)
    scale, currency = _scale(units, is_upper=text.isupper(), is_english=is_english), _currency(units)
    blocked = sureness == CONTAINED and known in _phrases_inside()[2]
    meanings = ("other",) if blocked else phrases()[known] if known else ()
    if (currency or scale > 1) and sureness == CORE and "market_value" in meanings:  # `Valeur (k€)`, and not a name
        meanings = tuple(sorted(meanings, key=lambda meaning: meaning != "market_value"))
    return Header(
        text=text,
        meanings=meanings,
        sureness=sureness if known else 0,
        phrase=known,
        currency=currency,
        scale=scale,
        is_percent=is_percent,
    )


@lru_cache(REMEMBERED)
def is_known(text: str) -> bool:
    """Whether a header is a known phrase, alone or beside a unit: what `read_header` is sure of, and much cheaper."""
    if not text.strip() or len(text) > LONGEST_HEADER:
        return False
    return is_day(text) or _sure_phrase(text, _parted(text)[0])[1] != ""


def _parted(text: str) -> tuple[str, tuple[str, ...]]:
    """Part a header into its words and its units."""
    core, units = _units(text)
    if not _lookup(core) and (humps := CAMEL.sub(" ", text)) != text:  # `MarketValueAud`
        return _units(humps)
    return core, units


def _known_phrase(text: str, core: str) -> tuple[int, str]:
    """Find the phrase a header is or holds, and how sure that is."""
    sureness, known = _sure_phrase(text, core)
    return (sureness, known) if known else (CONTAINED, _contained(core))


def _sure_phrase(text: str, core: str) -> tuple[int, str]:
    """Find the phrase a header is, by itself or without its units."""
    whole = plain(text)
    for candidate in (whole, plain(CAMEL.sub(" ", text))):
        if known := _lookup(candidate):
            return EXACT, known
    summed = SUM_OF.sub("", core)
    if _is_local_value(whole) or _is_local_value(summed):
        return CORE, LOCAL_VALUE
    for candidate in (core, summed):
        if known := _lookup(candidate):
            return CORE, known
    return 0, ""


def _is_local_value(header: str) -> bool:
    """Whether a header is one of values with words for the currency of the security: `valuation lc`."""
    value = LOCAL.sub("", header)
    return value != header and "market_value" in phrases().get(value, ())


@lru_cache(REMEMBERED)
def is_day(text: str) -> bool:
    """Whether a cell is a day and nothing else."""
    return len(text) <= LONGEST_HEADER and DAY.fullmatch(text.strip()) is not None


@lru_cache(REMEMBERED)
def plain(text: str) -> str:
    """Give a header its comparable form: lower case, no punctuation, `%` a word of its own."""
    folded = unicodedata.normalize("NFKC", text.replace("\ufffd", "\x00")).casefold().replace("%", " % ")
    return BLANKS.sub(" ", folded).strip()


@lru_cache(REMEMBERED)
def is_unit(text: str) -> bool:
    """Whether a cell holds nothing but a unit: `USD`, `(€ m)`, `'000`, `pence`, `%`."""
    bare = text.strip("()[]（） ")
    return bare in {"%", "p"} or read_currency(bare) is not None or scale_of(bare) is not None


@lru_cache(REMEMBERED)
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
    if pence := PENCE_TAIL.search(bare):
        bare = bare[: pence.start()]
        units.append(pence[1])
    core, tail = _peeled(plain(bare))
    if tail:
        units.append(tail)
    elif core[:3].upper() in CODES and core[3:4] == " ":
        units.append(core[:3])
        core = core[4:]
    return core, tuple(unit for unit in units if unit)


def _peeled(core: str) -> tuple[str, str]:
    """Take the unit off the end of a header: `marktwert in tsd eur` is `marktwert`, in `tsd eur`."""
    words = core.split(" ")
    end = len(words)
    while end > 1 and (is_unit_word(words[end - 1]) or read_currency(words[end - 1]) or is_filler(words[end - 1])):
        end -= 1
    unit = [word for word in words[end:] if not is_filler(word)]
    return (" ".join(words[:end]), " ".join(unit)) if unit else (core, "")


def _currency(units: tuple[str, ...]) -> str:
    parts = [part for unit in units for part in (unit, *UNIT_PARTS.split(unit), unit.lstrip("tTkKmM"))]
    words = [word for part in parts for word in (part, FIGURES_BEHIND.sub("", part))]
    named = next((money.currency for word in words if word and (money := read_currency(word))), "")
    return named or ("GBP" if "p" in units else "")


def _scale(units: tuple[str, ...], *, is_upper: bool, is_english: bool) -> float:
    """Multiply what the units say: `(£000)`, `in pence`, `TEUR`, `万元`; `(P)` is pence only among capitals."""
    for unit in units:
        folded = unit.casefold().strip(". ")
        pence = {"pence"} if unit == "P" and not is_upper else {"p", "pence"}
        if folded not in pence and (scale := scale_of(unit, is_english=is_english)):
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
    return tomli.loads(text)


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
