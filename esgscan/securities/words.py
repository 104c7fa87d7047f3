"""The words of company names: what each is taken for, and the keys under which two ways of writing a name meet.

All begin from the name key. The raw key is that without blanks, so that a name cut short begins a whole one. The full
key has abbreviations written out and more legal forms left out. The core key keeps only the words that tell one company
from another, each once; it is what names are likened by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from esgscan.names import CHINESE_FORMS, SHARE_CLASS_TAIL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOT_ASCII = r"[^\x00-\x7F]"
NOT_A_WORD = r"[^\pL\pN]+"
UNSPACED = r"\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}ー"
"""Letters of scripts in which a name stands inside a longer one without a blank."""
NUMBER_OF_PAPER = " (?:CNY|HKD|RMB|USD)?[0-9]+(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)?[0-9]*(?:Y|PCT|BP)? "
"""Coupons, dates and face values: `3.375 29APR2030`; `10X` and `5I5J` are names."""
NUMBERS_BEHIND = "(?: [0-9]+(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)?[0-9]*)+$"
EXCHANGE_CITIES = frozenset({"SHANGHAI", "SHENZHEN"})
NUMBERS_THAT_NAME = {"360": "三六零"}
"""Numbers that are names of companies, and the words that companies write for them."""


@dataclass(frozen=True, slots=True)
class Words:
    """What words are taken for: padded word -> padded replacement for each key, word -> place."""

    full: Mapping[str, str]
    told: Mapping[str, str]
    core: Mapping[str, str]
    places: Mapping[str, str]


def words_of(table: pl.DataFrame) -> Words:
    """Read the data set `name_words`."""
    rows = list(table.select("word", "kind", "becomes").iter_rows())
    abbreviated = {word: becomes for word, kind, becomes in rows if kind == "abbreviation"}
    written_out = abbreviated | {word: becomes for word, kind, becomes in rows if kind == "cut"}
    legal = {word for word, kind, _ in rows if kind == "legal-form"}
    left_out = {word for word, kind, _ in rows if kind not in {"abbreviation", "cut"}}
    places = {word: becomes for word, kind, becomes in rows if kind == "place"}

    def replaced(without: set[str], ends: Mapping[str, str]) -> dict[str, str]:
        final = {**{word: word for word in without}, **ends}
        return {f" {word} ": "" if end in without else f" {end} " for word, end in final.items()}

    core = replaced(left_out, written_out) | {f" {number} ": f" {word} " for number, word in NUMBERS_THAT_NAME.items()}
    named = {word: places[end] for word, end in written_out.items() if end in places}
    full, told = replaced(legal, abbreviated), replaced(legal, written_out)
    return Words(full=full, told=told, core=core, places=places | named)


def padded(keys: pl.Series) -> pl.Series:
    """Put each word of name keys between two blanks; wide letters become plain ones and accents go."""
    is_beyond = keys.str.contains(NOT_ASCII)
    beyond = keys.filter(is_beyond)
    if beyond.is_empty():
        return _apart(keys)
    plain = beyond.str.normalize("NFKD").str.replace_all(r"\p{Mn}+", "").str.normalize("NFKC").str.to_uppercase()
    words = plain.str.replace_all(NOT_A_WORD, " ").str.strip_chars(" ")
    return _apart(keys.clone().scatter(is_beyond.arg_true(), words))


def add_keys(names: pl.DataFrame, words: Words) -> pl.DataFrame:
    """Add to a table with the column `padded` its keys `raw`, `full` and `core`, and its words, `told`, written out."""
    return names.with_columns(
        raw=pl.col("padded").str.replace_all(" ", "", literal=True),
        told=_told(pl.col("padded"), words.told),
        full=_full(pl.col("padded"), words.full),
        core=_core(pl.col("padded"), words.core),
    )


def places_in(padded: str, words: Words) -> set[str]:
    """Give the provinces and countries that the words of a name name."""
    return {words.places[word] for word in padded.split() if word in words.places}


def seats_in(padded: str, words: Words) -> set[str]:
    """Give the places that a name gives a company: a city of an exchange behind it may say where the share trades."""
    named = padded.split()
    return places_in(" ".join(named[:-1] if named[-1:] and named[-1] in EXCHANGE_CITIES else named), words)


def _apart(keys: pl.Series) -> pl.Series:
    return " " + keys.str.replace_all(" ", "  ", literal=True) + " "


def _single(padded: pl.Expr) -> pl.Expr:
    return padded.str.replace_all("  ", " ", literal=True).str.strip_chars(" ")


def _replaced(padded: pl.Expr, words: Mapping[str, str]) -> pl.Expr:
    return padded.str.replace_many(list(words), list(words.values()))


def _told(padded: pl.Expr, words: Mapping[str, str]) -> pl.Expr:
    return _single(_replaced(padded, words)).str.replace_all(SHARE_CLASS_TAIL, "")


def _full(padded: pl.Expr, words: Mapping[str, str]) -> pl.Expr:
    return _told(padded, words).str.replace_all(" ", "", literal=True).str.replace_all(CHINESE_FORMS, "")


def _core(padded: pl.Expr, words: Mapping[str, str]) -> pl.Expr:
    kept = _single(_replaced(padded, words).str.replace_all(NUMBER_OF_PAPER, "")).str.replace_all(CHINESE_FORMS, "")
    return kept.str.split(" ").list.unique(maintain_order=True).list.join(" ")


def without_numbers(padded: pl.Expr) -> pl.Expr:
    """Give the raw key of a name without the coupons and dates that stand behind it on a bond."""
    return _single(padded).str.replace(NUMBERS_BEHIND, "").str.replace_all(" ", "", literal=True)


def letters(core: str | Sequence[str]) -> int:
    """Count the letters of a core key or of some of its words."""
    return sum(len(word) for word in (core.split() if isinstance(core, str) else core))
