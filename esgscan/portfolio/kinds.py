"""What a line is - share, fund, bond, cash, derivative - from the words of its asset class and of its name.

The words stand in kind_words.toml; here are the shapes that words cannot give, and the order in which all are asked.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import tomli

from esgscan.portfolio.currencies import CODES, WORDS
from esgscan.terms import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

MONTH = "(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
DATE = rf"(?:\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{1,2}}[ -]?{MONTH}[A-Z]*[ -]?(?:19|20)?\d\d\b)"
COUPON_AND_MATURITY = re.compile(
    rf"\d{{1,2}}(?:[.,]\d{{1,4}})?\s?%.*(?:{DATE}|\b(?:19|20)\d\d\b|\d\d[-/]\d{{2,4}}\b)"
    rf"|\b\d{{1,2}}[.,]\d{{1,4}}\s+(?:{DATE}|\d\d/\d{{4}}|(?:19|20)\d\d\b)"
    r"|\b\d{1,2}(?: \d/\d|[.,]\d{1,4})?%? (?:DUE|MAT|PERP)\b"
)
"""`Vonovia 1,625% 07/10/2039`, `US TREASURY N/B 2.5 05/15/2030`, `4 1/2 DUE`."""
CHINESE_BOND = re.compile(r"^[0-9]{2}[\u4e00-\u9fff]{2,6}[A-Z]{0,4}[0-9]{2,3}[A-Z]?$")
"""`18电科02`, `25华为SCP001`: the year, the borrower, the kind and a number."""
OPTION_NAME = re.compile(
    r"\b(?:PUT|CALL)\b.*(?:\$\s?\d|\bEXP\b|\d)|\d.*\b(?:PUT|CALL)S?$|\d{1,2}/\d{1,2}/\d{2,4} \d+(?:\.\d+)? [PC]$"
    r"|^-?\s?[A-Z]{1,6}\s*\d{6}[PC]\d{1,8}(?:\.\d+)?$|\bWARRANTS?\b|\bWTS?\b$|\bRIGHTS$"
    r"|\b\d{1,2}/\d{1,2}/\d{2,4} [PC]\d+(?:\.\d+)?\b|\b\d\d[A-Z]{3}\d\d \d+(?:\.\d+)? [PC]$|\b(?:CALL|PUT) OPTION\b"
)
"""`TWTR Feb 15 '19 $41 Call`, `SMAL 04/01/2020 32.00 P`, `-SNDK270917C1500`, `763 HK 12/30/26 P20`."""
FUTURE_NAME = re.compile(
    r"\bFUTURES\b|\bFUTURE\b.*\d\d|\b[A-Z]{3}[ -]?\d\d\b.*\bFUTURE$|\bINDEX FUTURE\b"
    r"|\bFUT\b.*\d|\bE-?MINI\b|\b(?:MAR|JUN|SEP|DEC) \d\d$"
)
FORWARD_NAME = re.compile(r"^[A-Z]{3}\s?[/:]\s?[A-Z]{3}\b|\bFORWARD (?:CONTRACT|CURRENCY)|\b(?:FX|CURRENCY) FORWARD")
CASH_NAME = re.compile(
    r"^\$?(?:CASH|LIQUIDIT[ÄAÉEÀÁ]\w*|LIQUIDE MITTEL|LIQUIDE MIDDELEN|LIQUIDEZ|KONTOSTAND|KONTOKORRENT\w*|GUTHABEN"
    r"|VERRECHNUNGSKONTO|BARBESTAND|EFECTIVO|DISPONIBILIT[ÉÀ]S?|OVERDRAFT|SALDO EM CONTA"
    r"|ESP[ÈE]CES|SALDO|CONTANTEN|CAIXA|现金|現金|可用资金|资金余额|預り金|BANK ACCOUNT|CURRENT ACCOUNT)"
    r"(?:$|[\s_]*[&(\-:/,].*"
    r"|[\s_]+(?:[A-Z]{3}|AND|BALANCE|ACCOUNT|POSITION|COLLATERAL|EQUIVALENTS?|AT|HELD|COMPONENT|FUNDS?|OVERDRAFT)\b.*)"
    r"|^(?:[A-Z]{3}|U\.?S\.? DOLLARS?|EURO) (?:CASH|BALANCE|CURRENCY)\b.*|\(COMMITTED\)|^ETD .* BALANCE|^OTHER[/ ]CASH$"
    r"|^(?:KONTO|COMPTE|CONTO|CUENTA|CONTA|REKENING|ACCOUNT) [A-Z]{3}$"
    r"|^(?:NET )?OTHER (?:ASSETS|PAYABLES?|RECEIVABLES?)\b.*"
    r"|^(?:NET (?:RECEIVABLES?|PAYABLES?|CURRENT ASSETS)|TREPS)\b.*|^(?:원화|외화)?(?:예금|현금)$"
    r"|\b(?:USD|EUR|GBP|CHF|JPY) CASH$"
    r"|^CASH[_-][A-Z]{3}$|\bCASH COLLATERAL\b|^PENDING ACTIVITY$|^(?:NET )?CASH.*(?:CHF|EUR|USD|GBP)\)?$"
)
CURRENCY_LINE = re.compile(r"^([A-Z]{3}) - [A-Z ]+$")
EAST_ASIAN_FUND = re.compile(r"(?<![A-Z])(?:ETF|LOF)(?![A-Z])|基金|(?:混合|联接)型?[A-Z]?$|ファンド|投信|上場投信")
OCC_SYMBOL = re.compile(r"\d{6}[PC]\d")
OCC_TAIL = re.compile(r"[PC]\d")

MOST_TITLE_WORDS = 3
JOINED = re.compile(r"[&+/,\d]|\b(?:AND|UND|ET|Y|E|EN|OF|IN)\b")
"""Signs of a heading over more than one class, or of a name: `Cash and Equities`."""
CONTENTS = frozenset({Kind.EQUITY, Kind.BOND, Kind.OTHER})
"""Classes that publishers also give to funds, meaning what is inside them; a name may correct these."""
NO_ISSUER = frozenset({Kind.CASH, Kind.MONEY_MARKET, Kind.OPTION, Kind.FUTURE, Kind.SWAP, Kind.FORWARD})
NOT_PLAIN = re.compile(r"[^A-Za-z0-9 \n]")
PARTS = re.compile("ETF|BUNDES|SCHATZ|TREAS|ZERT|TURBO|ISHS|LIQUIDIT|%")
"""Beginnings of words that patterns continue in ways of their own."""
EVERYDAY = frozenset(
    ["INC", "CORP", "LTD", "PLC", "AG", "SA", "BANK", "GROUP", "SE", "DR", "REAL", "ESTATE", "REIT", "TRUST", "SERIES"]
)
"""Parts of patterns that never decide by themselves and stand in many names of shares."""
SEPARATORS = str.maketrans(dict.fromkeys("().,-/&:;$*+_'\"!", " "))


def kinds_of(
    asset_classes: Sequence[str | None], names: Sequence[str | None], tickers: Sequence[str | None]
) -> list[str]:
    """Give the kind of each line; equal lines are decided once.

    Args:
        asset_classes: Asset class as written, one per line.
        names: Name as written.
        tickers: Ticker as written; helps with cash (`$CASH`) and money funds (`SPAXX**`).
    """
    by_class = {words: kind_of_class((words or "").strip().upper()) for words in set(asset_classes)}
    loud = _loud(set(names))
    quiet = {words: str(kind) for words, kind in by_class.items() if kind in CONTENTS}
    decided: dict[tuple[str | None, str | None, str | None], str] = {}
    kinds = []
    for words, name, ticker in zip(asset_classes, names, tickers, strict=True):
        kind = quiet.get(words) if name not in loud else None
        if kind is None:
            key = words, name, ticker
            kind = decided.get(key) or decided.setdefault(key, str(kind_of(words or "", name or "", ticker or "")))
        kinds.append(kind)
    return kinds


def _loud(names: set[str | None]) -> set[str | None]:
    """Give the names that could decide a kind: those that are plain words are looked through in one go."""
    plain = set(filter(None, names))
    text = "\n".join(plain)
    if NOT_PLAIN.search(text):
        plain = {name for name in plain if not NOT_PLAIN.search(name) and "\n" not in name}
        text = "\n".join(plain)
    text = text.upper()
    triggers = _trigger_words()
    quiet = plain
    if not triggers.isdisjoint(text.split()):
        quiet = {name for name in plain if triggers.isdisjoint(name.upper().split())}
    if any(part in text for part in PARTS.pattern.split("|")) or _has_occ_symbol(text):
        quiet = {name for name in quiet if not (PARTS.search(name.upper()) or OCC_SYMBOL.search(name.upper()))}
    return {name for name in names - quiet if not name or may_say_a_kind(name.upper())}


def _has_occ_symbol(text: str) -> bool:
    """Look for the letter and the figure first, which few names have, then for the six figures before them."""
    return OCC_TAIL.search(text) is not None and OCC_SYMBOL.search(text) is not None


def kind_of(asset_class: str, name: str, ticker: str = "") -> Kind:
    """Give the kind of one line: the asset class decides, but for names that cannot be what it says.

    A fund is listed as `Equity` or `Fixed Income` by publishers who mean what is inside it.
    """
    by_class = kind_of_class(asset_class.strip().upper())
    written = name.strip().upper()
    if by_class is Kind.UNKNOWN:
        return kind_of_name(written, ticker.strip().upper())
    if by_class in CONTENTS:
        return _refined(by_class, written)
    if by_class is Kind.CASH:
        by_name = kind_of_name(written, ticker.strip().upper())
        return by_name if by_name in NO_ISSUER else Kind.CASH
    if by_class is Kind.MONEY_MARKET:
        return Kind.CASH if _is_cash(written) else by_class
    if by_class is Kind.FUND:
        return _refined_fund(written)
    return by_class


@lru_cache(maxsize=4096)
def kind_of_class(words: str) -> Kind:
    """Give the kind that an asset class in upper case names; UNKNOWN if it names none."""
    if not words:
        return Kind.UNKNOWN
    return next((kind for kind, pattern in _class_patterns() if pattern.search(words)), Kind.UNKNOWN)


def is_title_of_class(words: str) -> bool:
    """Whether words are an asset class and nothing else, as a heading over lines of that class: `Listed Equity`."""
    upper = words.strip().upper()
    if not upper or len(upper.split()) > MOST_TITLE_WORDS or JOINED.search(upper):
        return False
    kind = kind_of_class(upper)
    return kind is not Kind.UNKNOWN and (kind is not Kind.CASH or len(upper.split()) == 1)


def kind_of_name(name: str, ticker: str = "") -> Kind:
    """Give the kind that a name in upper case shows; UNKNOWN where it shows none, as for most shares."""
    name = name or ticker
    if not (may_say_a_kind(name) or ticker.endswith("**") or ticker.startswith(("$", "CASH_"))):
        return Kind.UNKNOWN
    words = _name_patterns()
    if _is_cash(name) or ticker.startswith(("$CASH", "CASH_")):
        return Kind.CASH
    if ticker.endswith("**") or words["money_market"].search(name):
        return Kind.MONEY_MARKET
    if OPTION_NAME.search(name) or OPTION_NAME.search(ticker):
        return Kind.OPTION
    if words["swap_on"].search(name):
        return Kind.SWAP
    if _is_fund(name):
        return Kind.FUND
    order = (
        (Kind.FORWARD, FORWARD_NAME),
        (Kind.FUTURE, FUTURE_NAME),
        (Kind.SWAP, words["swap"]),
        (Kind.DEPOSITARY_RECEIPT, words["receipt"]),
        (Kind.STRUCTURED_NOTE, words["note"]),
        (Kind.BOND, CHINESE_BOND),
        (Kind.BOND, COUPON_AND_MATURITY),
        (Kind.BOND, words["bond"]),
    )
    return next((kind for kind, pattern in order if pattern.search(name)), Kind.UNKNOWN)


def may_say_a_kind(name: str) -> bool:
    """Tell cheaply whether a name in upper case could decide a kind; most names of shares could not."""
    if not name.isascii():
        return True
    bare = name if name.replace(" ", "").isalnum() else name.translate(SEPARATORS)
    if not _trigger_words().isdisjoint(bare.split()) or PARTS.search(name):
        return True
    if "/" in name or "," in name or "." in name[:-1]:
        return len(name) < 12 or any(map(str.isdigit, name))
    return OCC_SYMBOL.search(name) is not None


def _refined(by_class: Kind, name: str) -> Kind:
    """Correct a class that names the contents of a fund, or that calls a receipt a share and a linked note a bond."""
    if not may_say_a_kind(name):
        return by_class
    words = _name_patterns()
    if words["money_market"].search(name):
        return Kind.MONEY_MARKET
    if words["strong_fund"].search(name) and _is_fund(name):
        return Kind.FUND
    if by_class is Kind.EQUITY and words["receipt"].search(name):
        return Kind.DEPOSITARY_RECEIPT
    if by_class is Kind.BOND and words["note"].search(name):
        return Kind.STRUCTURED_NOTE
    return by_class


def _refined_fund(name: str) -> Kind:
    """Take options on funds, and money funds, out of the funds."""
    if OPTION_NAME.search(name):
        return Kind.OPTION
    return Kind.MONEY_MARKET if _name_patterns()["money_market"].search(name) else Kind.FUND


def _is_fund(name: str) -> bool:
    words = _name_patterns()
    if words["hard_fund"].search(name) or (not name.isascii() and EAST_ASIAN_FUND.search(name)):
        return True
    return words["fund"].search(name) is not None and words["not_a_fund"].search(name) is None


def _is_cash(name: str) -> bool:
    if name in _currency_names() or CASH_NAME.search(name):
        return True
    line = CURRENCY_LINE.match(name)
    return bool(line and line[1] in CODES)


@cache
def _vocabulary() -> dict[str, dict[str, list[str]]]:
    text = resources.files("esgscan.portfolio").joinpath("kind_words.toml").read_text(encoding="utf-8")
    return tomli.loads(text)


@cache
def _class_patterns() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    return tuple((Kind(kind), _whole_words(words)) for kind, words in _vocabulary()["class"].items())


@cache
def _name_patterns() -> dict[str, re.Pattern[str]]:
    return {what: _whole_words(words) for what, words in _vocabulary()["name"].items()}


@cache
def _currency_names() -> frozenset[str]:
    return frozenset([*CODES, *WORDS, *_vocabulary()["name"]["currency"]])


def _whole_words(words: Sequence[str]) -> re.Pattern[str]:
    """Match any of the expressions as whole words, in upper-case text; letters with accents are letters."""
    return re.compile(rf"(?<![A-Z0-9\u00c0-\u024f])(?:{'|'.join(words)})(?![A-Z0-9\u00c0-\u024f])")


@cache
def _trigger_words() -> frozenset[str]:
    """Words one of which any deciding name has, taken from the patterns themselves."""
    shapes = (COUPON_AND_MATURITY, OPTION_NAME, FUTURE_NAME, FORWARD_NAME, CASH_NAME)
    deciding = ["|".join(words) for what, words in _vocabulary()["name"].items() if what != "not_a_fund"]
    sources = [*deciding, *(shape.pattern for shape in shapes)]
    triggers = {word for name in _currency_names() for word in name.split()}
    for source in sources:
        plain = re.sub(r"\\[a-zA-Z]|\(\?[:=!<]+|\[[^\]]*\]", " ", source)
        for run, optional in re.findall(r"([A-Z]{2,})(\??)", plain):
            triggers |= {run, run[:-1]} if optional else {run, f"{run}S"}
    return frozenset(triggers - EVERYDAY)
