"""Build the data set `name_forms`: the Chinese names of the data set `names` in other characters and in pinyin.

Characters are turned by OpenCC: simplified, traditional (standard, Hong Kong, and Taiwan with its words), Japanese.
Sounds are written by pypinyin.
Run it from the project's root: python scripts/build_name_forms.py
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from opencc import OpenCC
from pypinyin import lazy_pinyin

DATA = Path(__file__).resolve().parent.parent / "esgscan/reference/data"
NAMES = DATA / "names/entries.csv"
ENTRIES = DATA / "name_forms/entries.csv"
TO_TRADITIONAL = tuple(OpenCC(turn) for turn in ("s2t", "s2hk", "s2twp"))
TO_JAPANESE = OpenCC("t2jp")
TO_SIMPLIFIED = tuple(OpenCC(turn) for turn in ("t2s", "hk2s"))
LEGAL_FORMS = ("集团股份有限公司", "股份有限公司", "有限公司", "股份")
CHINESE = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff()A-Z-]*")
SHORTEST = 3
"""Names of two characters have sounds that many companies share."""


def forms(name: str) -> set[tuple[str, str]]:
    """Give (form, kind) of one Chinese name; one that is written alike in both kinds of characters has no other."""
    simple = {turn.convert(name) for turn in TO_SIMPLIFIED}
    turned = {(form, "simplified") for form in simple}
    traditional = {turn.convert(form) for turn in TO_TRADITIONAL for form in simple}
    turned |= {(form, "traditional") for form in traditional}
    turned |= {(TO_JAPANESE.convert(form), "japanese") for form in traditional} - {(f, "japanese") for f in traditional}
    bare = min(simple)
    for form in LEGAL_FORMS:
        bare = bare.removesuffix(form)
    sounds = {(" ".join(lazy_pinyin(bare)).upper(), "pinyin")} if len(bare) >= SHORTEST and bare.isalpha() else set()
    return {(form, kind) for form, kind in turned | sounds if form != name}


def text() -> str:
    """Give the data set as CSV."""
    with NAMES.open(encoding="utf-8", newline="") as file:
        chinese = [row for row in csv.DictReader(file) if CHINESE.fullmatch(row["name"])]
    rows = {(row["issuer_id"], form, kind, row["name"]) for row in chinese for form, kind in forms(row["name"])}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["issuer_id", "form", "kind", "name"])
    writer.writerows(sorted(rows))
    return out.getvalue()


if __name__ == "__main__":
    ENTRIES.write_text(text(), encoding="utf-8", newline="\n")
