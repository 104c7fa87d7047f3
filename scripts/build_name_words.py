"""Build the data set `name_words`: what a word of a company's name is taken for when names are compared.

Abbreviations, general words, kinds of paper and places stand in name_words.txt beside this script. Legal forms come
from there and from rigour's list of organisation types: those that it finds at the end of the names in
tests/data/names.csv.
Run it from the project's root: python scripts/build_name_words.py
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from rigour.names import extract_org_types

ROOT = Path(__file__).resolve().parent.parent
ENTRIES = ROOT / "esgscan/reference/data/name_words/entries.csv"
WORDS = Path(__file__).with_name("name_words.txt")
NAMES = ROOT / "tests/data/names.csv"
COMMON = (
    *("CAP", "COMM", "COMMS", "COMP", "CONST", "CONSTR", "DEV", "DIG", "ELEC", "ELECT", "EQUIP", "IND", "INDS", "INFO"),
    *("INNOV", "INV", "INVEST", "MAN", "MANUF", "MOB", "OPT", "PROD", "SCI", "SEC", "SEMI", "SEMICON", "SYS", "TECH"),
    *("TECHS", "TELECOMM"),
)
"""Beginnings of words that people write for the whole word; others are what is left where a name was cut."""
LETTERS_OF_A_CUT = 5
"""Letters of the beginning of a word that stands for the whole wherever a name is cut; shorter ones are listed."""
SHORTEST, OFTEN = 2, 3
"""A legal form has two letters or more; one that stands in fewer names than this is left to the next edition."""


def written_rows() -> dict[str, tuple[str, str]]:
    """Give word -> (kind, what it becomes) for the words of name_words.txt."""
    rows: dict[str, tuple[str, str]] = {}
    whole: set[str] = set()
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        kind, becomes, words = (part.strip() for part in line.split("|"))
        whole |= {becomes} if kind == "abbreviation" and " " not in becomes else set()
        for word in words.split():
            if word in rows:
                raise SystemExit(f"'{word}' stands twice")
            is_cut = kind == "abbreviation" and becomes.startswith(word) and word not in COMMON
            rows[word] = ("cut" if is_cut else kind, becomes)
    places = {word for word, (kind, _) in rows.items() if kind == "place"}
    return cut_rows(whole - places, whole) | rows


def cut_rows(words: set[str], whole: set[str]) -> dict[str, tuple[str, str]]:
    """Give the beginnings of words that are no words themselves; that of a place may be that of another."""
    cuts = {word[:end]: ("cut", word) for word in sorted(words) for end in range(LETTERS_OF_A_CUT, len(word))}
    return {cut: row for cut, row in cuts.items() if cut not in whole}


def legal_forms() -> set[str]:
    """Give the legal forms of one word that rigour finds in the labelled names, where they stand last."""
    counted: dict[str, int] = {}
    with NAMES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["name"].casefold()
            for form, _ in extract_org_types(name):
                if name.endswith(" " + form) and form.isalpha() and len(form) >= SHORTEST:
                    counted[form.upper()] = counted.get(form.upper(), 0) + 1
    return {form for form, count in counted.items() if count >= OFTEN}


def text() -> str:
    """Give the data set as CSV; a word of name_words.txt goes before a legal form."""
    rows = {**dict.fromkeys(legal_forms(), ("legal-form", "")), **written_rows()}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["word", "kind", "becomes"])
    for word, row in sorted(rows.items()):
        writer.writerow([word, *row])
    return out.getvalue()


if __name__ == "__main__":
    ENTRIES.write_text(text(), encoding="utf-8", newline="\n")
