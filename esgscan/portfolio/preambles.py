"""What the rows above a table say of its amounts: `All amounts in thousands of EUR`, `in TEUR`, `单位:万元`."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from esgscan.portfolio.currencies import Money, read_currency
from esgscan.portfolio.headers import is_day
from esgscan.portfolio.number_cells import looks_numeric
from esgscan.portfolio.scales import scale_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.portfolio.grids import Cell

LONGEST = 100
"""Characters of a cell that states a unit; a longer one is prose."""
THOUSANDS = r"thousands?|tausend|tsd\.?|milliers?|miles|migliaia|duizend(?:en|tallen)?|milhares"
MILLIONS = r"millions?|millionen|mio\.?|mln\.?|millones|milioni|miljoen(?:en)?|milhões|milhoes"
IN_WORDS = re.compile(rf"\b(?:in|en|em)\s+(?:(?P<k>{THOUSANDS})|(?P<m>{MILLIONS}))(?!\w)", re.IGNORECASE)
BEFORE_CODE = re.compile(r"\b(?P<unit>[TM])(?P<code>EUR|CHF|USD|GBP)\b")
IN_FIGURES = re.compile(r"(?P<code>\b[A-Z]{3}|[$£€])\s?['’]?000(?P<millions>,?000)?s?\b|(?<![\d,.])['’]000s?\b")
OF_MONEY = (
    rf"[\s(\[]*(?:(?P<k>{THOUSANDS})|(?P<m>{MILLIONS}))\s(?:of |de |d['’]|di )?(?P<money>[^\d()\[\]]{{1,30}})[)\]\s]*"
)
"""A cell that is a unit in words and nothing else: `(thousands of Canadian dollars)`, `Millionen Euro`."""
FIGURE = r"[:=]\s*(?:[A-Z]{1,3}[$€£¥]?|[$€£¥])?\s?(?P<figure>\d[\d.,'’ ]*)$"
"""What a label is followed by in its own cell: `Fund size (USD m): 1,234.5`."""
YEAR = r"(?:19|20)\d\d"
UNIT_ALONE = re.compile(r"[^\W\d_]{4}")
"""A cell that is a unit and nothing else must have a word: `(USD thousands)`, `Rs. in Lakhs`, and not `M`."""
EAST_ASIAN = re.compile(
    r"(?:单位|單位|単位|金额|金額|단위)\s*[:：]?\s*(?P<owner>人民币|人民幣)?"
    r"(?P<unit>千|百万|百萬|万|萬|亿|億|천|백만|만|십억|억|조)\s?(?P<code>\w{0,2}[元円币幣원])"
)
EAST_ASIAN_SCALES = {"千": 1e3, "百万": 1e6, "百萬": 1e6, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8}
EAST_ASIAN_SCALES |= {"천": 1e3, "만": 1e4, "백만": 1e6, "억": 1e8, "십억": 1e9, "조": 1e12}


def preamble_unit(above: Sequence[tuple[int, Sequence[Cell]]]) -> Money:
    """Find the unit that the rows above a table state for its amounts; that of one figure, its label's, is not theirs.

    Returns:
        The currency, empty where it is not said beside the scale, and the scale: 1000 for thousands.
    """
    for _, row in above:
        cells = [cell for cell in row if cell not in {None, ""}]
        for cell, beside in zip_longest(cells, cells[1:]):
            if not isinstance(cell, str) or len(cell) > LONGEST or _is_label(cell, beside):
                continue
            if found := _unit(cell):
                return found
    return Money("")


def _is_label(cell: str, beside: Cell) -> bool:
    """Whether a cell is the label of one figure, in it or beside it: `Net assets (in millions)`, `$1,234.5`."""
    if (found := re.search(FIGURE, cell)) and found["figure"].strip("0,. ") and not is_day(found["figure"]):
        return True
    return beside is not None and looks_numeric(beside) and not re.fullmatch(YEAR, str(beside).strip())


def _unit(text: str) -> Money | None:
    if found := IN_WORDS.search(text):
        return Money(_currency(text), 1e3 if found["k"] else 1e6)
    if (found := re.fullmatch(OF_MONEY, text, re.IGNORECASE)) and (currency := _currency(found["money"].strip())):
        return Money(currency, 1e3 if found["k"] else 1e6)
    if found := BEFORE_CODE.search(text):
        return Money(found["code"], 1e3 if found["unit"] == "T" else 1e6)
    if found := IN_FIGURES.search(text):
        return Money(_currency(found["code"] or text), 1e6 if found["millions"] else 1e3)
    if scale := scale_of(text.strip("()[]（） ")) if UNIT_ALONE.search(text) else None:
        return Money(_currency(text), scale)
    if found := EAST_ASIAN.search(text):
        return Money(_currency(found["owner"] or found["code"]), EAST_ASIAN_SCALES[found["unit"]])
    return None


def _currency(text: str) -> str:
    """Find a currency among the words of a text."""
    words = [text, *(word.removesuffix("'s") for word in re.split(r"[\s():,;]+", text))]
    return next((money.currency for word in words if word and (money := read_currency(word))), "")
