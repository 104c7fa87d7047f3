"""Company names made comparable.

A key is not a name: two names with one key are spelled the same but for case, punctuation, legal form and share
class. The rule is a chain of expressions, so that it gives the same key on every engine; its patterns keep to what
RE2 (Arrow, DuckDB) and Java (Spark) share with Python, which is why there is no look-ahead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

PUNCTUATION = r"[\s!-/:-@\[-`{-~–—‘’“”·•・･　，。、（）＆®™\x{00a0}]+".replace(r"\x{00a0}", "\u00a0")
"""What separates words: white space, ASCII punctuation, dashes and quotation marks, Chinese punctuation."""

LEGAL_FORMS = " (?:CO|COMPANY|LTD|LIMITED|INC|INCORPORATED|CORP|CORPORATION|PLC|AG|SA|NV|SE|GMBH|BHD|THE) "
CHINESE_FORMS = "(?:(?:集团)?(?:股份)?(?:有限)?公司|グループ|그룹)$"
"""Forms of companies that stand behind a name in China, and the words for a group in Japan and Korea."""
SHARE_CLASS_TAIL = (
    "(?: (?:CLASS|CLAS|CLA|CL|ORD|ORDINARY|SHS|SHARES?|SH|RG|REG|REGISTERED|UNITARY|144A|ADR|GDR|UNSP|UNSPON"
    "|UNSPONSORED|SPON|SPONSORED|HK|SC|SZ|SS|CCS|YC|1|A|B|C|H|N|S|W))+$"
)
"""Marks that vendors put after a name: `-A`, `(HK-C)`, `(A) (SC SZ)`, `-W`, `Registered Shs Unitary 144A-Reg S`."""


def name_key(name: nw.Expr) -> nw.Expr:
    """Give the key under which two spellings of one name meet; text in, text out, missing stays missing."""
    apart = nw.concat_str(nw.lit(" "), word_key(name).str.replace_all(" ", "  ", literal=True), nw.lit(" "))
    bare = apart.str.replace_all(LEGAL_FORMS, "").str.replace_all("  ", " ", literal=True).str.strip_chars(" ")
    return bare.str.replace_all(SHARE_CLASS_TAIL, "").str.replace_all(CHINESE_FORMS, "").str.strip_chars(" ")


def word_key(word: nw.Expr) -> nw.Expr:
    """Give the key of a word for a market or a country: upper case, punctuation as single blanks."""
    return word.str.to_uppercase().str.replace_all(PUNCTUATION, " ").str.strip_chars(" ")


def written_key(name: nw.Expr) -> nw.Expr:
    """Give the words of a name, with its legal form and without the marks of a share class."""
    return word_key(name).str.replace_all(SHARE_CLASS_TAIL, "")


def name_keys(names: pl.Series) -> pl.Series:
    """Give the name key of each of our own names: the same rule, on a column."""
    return keyed(names, name_key)


def word_keys(words: pl.Series) -> pl.Series:
    """Give the word key of each of our own words: the same rule, on a column."""
    return keyed(words, word_key)


def written_keys(names: pl.Series) -> pl.Series:
    """Give the written key of each of our own names: the same rule, on a column."""
    return keyed(names, written_key)


def keyed(names: pl.Series, rule: Callable[[nw.Expr], nw.Expr]) -> pl.Series:
    """Apply a rule of expressions to a column of text."""
    frame = nw.from_native(names.alias("name").to_frame(), eager_only=True)
    keys: pl.Series = frame.select(key=rule(nw.col("name")))["key"].to_native()
    return keys
