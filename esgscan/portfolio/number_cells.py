"""One cell -> a number as it is written: digits, and what stands around them.

How digits are read is decided for the column (`portfolio.numbers`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import log10
from typing import TYPE_CHECKING

from esgscan.portfolio.currencies import Money, read_currency
from esgscan.portfolio.scales import scale_of

if TYPE_CHECKING:
    from esgscan.portfolio.grids import Cell

MISSING = frozenset(
    [
        "", "-", "--", "---", "----", "–", "—", "n/a", "na", "n.a.", "n.a", "nan", "null", "none", "not applicable",
        "-0-", "unassigned", "#n/a", "nil", "k.a.", "k. a.", "n.v.", "s/o", "nicht verfügbar", "keine angabe", ".",
        "..", "non disponible", "no disponible", "n.d.", "nd", "無", "无", "暂无", "－", "ー", "<na>", "nat",
        "#n/a n/a", "/",
    ]
)  # fmt: skip
"""Words for 'no value', in lower case."""

DROPPED = dict.fromkeys(map(ord, " \t\r\n\u00a0\u2007\u2009\u202f\u3000'’‘`´ʼ"))
SIGNS = str.maketrans("−–—﹣－＋，．％（）０１２３４５６７８９", "-----+,.%()0123456789")
WRITTEN = re.compile(
    r"(?P<sign>[+-]*)(?P<before>[^\d.,+\-%()]{0,12})(?P<sign2>[+-]?)"
    r"(?P<digits>\d[\d.,]*|[.,]\d+)(?P<power>[eE][+-]?\d{1,3})?(?P<after>[^\d]{0,12})"
)
WITH_UNIT = re.compile(r"(?P<number>[^\d]{0,12}\d(?:[\d.,'’\s]*\d)?)\s*(?P<unit>[^\d\s.,'’%][^\d%]{0,15})")
UNITS = frozenset(
    {"stk", "stk.", "st", "st.", "stück", "stuck", "shares", "units", "sh", "x", "股", "份", "口", "株", "*", "pcs"}
)
FINDER_LIMIT = 40
DEBIT, CREDIT = "DR", "CR"
SIDES = frozenset({DEBIT, CREDIT})
"""A debit is less and a credit is more, as on the statement of an account; see `_held` for books of what is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One cell taken apart: digits with their separators, and what stands around them; `mark` is DR or CR.

    `unit` is what multiplies it, as written; its zeros are in `power`.
    """

    digits: str
    negative: bool = False
    power: str = ""
    is_percent: bool = False
    below: bool = False
    mark: str = ""
    money: Money | None = None
    unit: str = ""


def take_apart(text: str) -> Written | None:
    """Take a number as written apart: `(1,234)`, `1'234.56 CHF`, `+$0.19`, `12.5%`; None if it is not a number."""
    bare = text.translate(SIGNS).translate(DROPPED)
    below = bare.startswith(("<", "≤"))
    bare = bare.lstrip("<≤~")
    bracketed = bare.startswith("(") and bare.rstrip("%").endswith(")")
    if bracketed:
        bare = bare.replace("(", "").replace(")", "")
    match = WRITTEN.fullmatch(bare)
    if match is None:
        return None
    around = _around(match["before"], match["after"])
    if around is None:
        return None
    signs = match["sign"] + match["sign2"]
    if len(signs) > 1:
        return None
    is_percent, minus, mark, money = around
    return Written(
        digits=match["digits"],
        negative=bracketed or minus or signs == "-",
        power=match["power"] or "",
        is_percent=is_percent,
        below=below,
        mark=mark,
        money=money,
    )


def take_apart_with_unit(text: str) -> Written | None:
    """Take apart a number with a unit behind it: `$1.2M`, `350 Tsd. €`, `80 Lakh`; None if it is none.

    `mil`, which is a million in English and a thousand in Portuguese, is no unit.
    """
    match = WITH_UNIT.fullmatch(text.translate(SIGNS).strip())
    scale = scale_of(match["unit"]) if match else None
    if match is None or not scale or scale <= 1 or scale != scale_of(match["unit"], is_english=False):
        return None
    bare = take_apart(match["number"])
    if bare is None or bare.power:
        return None
    money = bare.money or next(filter(None, map(read_currency, match["unit"].split())), None)
    return replace(bare, power=f"e{log10(scale):.0f}", money=money, unit=match["unit"])


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no value."""
    return text.strip().casefold() in MISSING


def looks_numeric(cell: Cell) -> bool:
    """Whether a cell is a number or reads as one."""
    kind = type(cell)
    if kind is float or kind is int:
        return True
    if kind is not str or not cell or len(cell) > FINDER_LIMIT:  # type: ignore[arg-type]
        return False
    return is_plain(cell) or take_apart(cell) is not None  # type: ignore[arg-type]


def is_plain(text: str) -> bool:
    """Whether Python's own reading is right: digits with at most a point, no grouping."""
    if not text:
        return True
    return text[-1].isdigit() and text.isascii() and text.removeprefix("-").replace(".", "", 1).isdigit()


def _around(before: str, after: str) -> tuple[bool, bool, str, Money | None] | None:
    """Read what stands around digits: percent, a minus behind, debit or credit, a currency; None if it is a word."""
    is_percent = "%" in after
    rest = after.replace("%", "")
    minus = rest.endswith("-")
    rest = rest.removesuffix("-").removesuffix("+")
    money, side = None, ""
    for mark in (before.replace("%", ""), rest):
        if not mark or mark.casefold() in UNITS:
            continue
        if mark.upper().rstrip(".") in SIDES:
            side = mark.upper().rstrip(".")
            continue
        found = Money("GBP", 0.01) if mark == "p" else read_currency(mark)
        if found is None:
            return None
        money = found
    return is_percent, minus or side == DEBIT, side, money
