"""Build the data set `markets`: the words by which files name a market or a country.

Country names in the nine languages we read come from the Unicode CLDR (through Babel); exchange names, MICs (ISO 10383)
and vendors' codes stand in exchanges.txt beside this script.
Run it from the project's root: python scripts/build_markets.py
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from babel import Locale

ENTRIES = Path(__file__).resolve().parent.parent / "esgscan/reference/data/markets/entries.csv"
EXCHANGES = Path(__file__).with_name("exchanges.txt")
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "zh_Hans", "zh_Hant", "ja")


COMPOSITES = {"CH": "CN", "CN": "CN", "TW": "TW", "KR": "KR", "US": "US", "JP": "JP", "MY": "MY", "GR": "DE"}
"""Codes that vendors write in the place of an exchange and that name a country's markets together."""


COUNTRIES = {
    "Hong Kong": "HK",
    "Hongkong": "HK",
    "HKG": "HK",
    "Hong Kong SAR": "HK",
    "香港": "HK",
    "中国香港": "HK",
    "Macau": "MO",
}
"""Names of countries that the CLDR spells in another way, and that name a market in the column `exchange`."""


def word_key(text: str) -> str:
    """Write a word the way `esgscan.names.word_key` does."""
    return re.sub(r"[\s!-/:-@\[-`{-~–—‘’“”·•　，。、（）＆®™\u00a0]+", " ", text.upper()).strip()


def exchange_rows() -> dict[tuple[str, str], tuple[str, str]]:
    """Give (column, word) -> country, MIC for the words of exchanges.txt; one for a country stands in both columns."""
    rows = {("exchange", code): (country, "") for code, country in COMPOSITES.items()}
    for line in EXCHANGES.read_text(encoding="utf-8").splitlines()[1:]:
        country, mic, words = (part.strip() for part in line.split("|"))
        for word in filter(None, map(word_key, words.split(";"))):
            for column in ("exchange",) if mic else ("exchange", "country"):
                if (column, word) in rows:
                    raise SystemExit(f"'{word}' stands twice")
                rows[column, word] = (country, mic)
    return rows


def country_rows() -> dict[tuple[str, str], tuple[str, str]]:
    """Give (column, word) -> country for ISO 3166 codes and CLDR names; a code of two letters is no exchange."""
    rows = {("country", word_key(name)): (code, "") for name, code in COUNTRIES.items()}
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}:
                rows.setdefault(("country", code), (code, ""))
                for column in ("country", "exchange"):
                    rows.setdefault((column, word_key(name)), (code, ""))
    return rows


def text() -> str:
    """Give the data set as CSV; what stands in exchanges.txt goes before a country's name."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["column", "word", "country", "mic"])
    for key, row in sorted({**country_rows(), **exchange_rows()}.items()):
        writer.writerow([*key, *row])
    return out.getvalue()


if __name__ == "__main__":
    ENTRIES.write_text(text(), encoding="utf-8", newline="\n")
