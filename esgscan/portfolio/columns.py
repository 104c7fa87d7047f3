"""Which column means what: header words first, then the shape of the cells, and the user's word above both."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import MAXYEAR, date, datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from esgscan.errors import OptionError
from esgscan.identifiers import read_isin
from esgscan.portfolio.currencies import read_currency
from esgscan.portfolio.dates import month_of
from esgscan.portfolio.grids import Cell, column_index, letter
from esgscan.portfolio.headers import CORE, DATED, EXACT, Header, phrases, plain, read_header
from esgscan.portfolio.number_cells import is_missing, looks_numeric
from esgscan.portfolio.numbers import read_numbers
from esgscan.records import ColumnReading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

IDENTITY = frozenset({"isin", "cusip", "sedol", "figi", "lei", "wkn", "valor", "code", "ticker"})
AMOUNTS = frozenset({"market_value", "local_value", "amount", "weight", "weak_weight", "quantity", "price"})
NUMERIC = AMOUNTS | {"multiplier", "fx_rate"}
NAMEABLE = (
    "isin",
    "cusip",
    "sedol",
    "figi",
    "lei",
    "wkn",
    "valor",
    "code",
    "ticker",
    "name",
    "exchange",
    "country",
    "asset_class",
    "quantity",
    "price",
    "market_value",
    "currency",
    "weight",
    "side",
    "portfolio",
    "account",
    "date",
    "multiplier",
    "local_currency",
    "fx_rate",
    "level",
)
"""Meanings a user may give a column with `--column MEANING=LETTER`."""

BARE_PERCENT = frozenset({"%", "in %"})
"""Headers that may say by how much the column before changed."""
NEARLY = 0.011
"""Share by which weights may differ from the whole that they add to, for rounding."""
SAMPLE = 60
MOST = 0.6
"""Share of the filled cells that must have a shape before the column has it."""
DATE = re.compile(
    r"\d{1,4}[./-](?:\d{1,2}|[A-Za-z]{3,9})[./-]\d{2,4}(?:[ T]\d{1,2}:.*)?|[A-Za-z]{3,9} \d{1,2}, \d{4}|\d{8}"
    r"|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}\.? [^\W\d_]{3,10}\.? \d{4}"
)
DECIMALS = re.compile(r"[.,]\d{1,2}$")
NAME_OF_CASH = frozenset({"account", "asset_class"})
"""What stands for a name in a table that has none, as in one of the cash in each account."""
ACCOUNT_TYPES = frozenset({"cash", "margin", "short", "shares", "financial"})


DAY_IN_HEADER = re.compile(
    r"(?P<y>\d{4})[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})|(?P<a>\d{1,2})[-./](?P<b>\d{1,2})[-./](?P<y2>\d{4})"
    r"|\b(?P<y3>(?:19|20)\d\d)\b"
)
QUARTER_IN_HEADER = re.compile(
    r"(?:\bQ(?P<q>[1-4])|(?<!\d)(?P<q2>[1-4])Q)[\s/'’-]*(?P<y>(?:20)?\d\d)?(?!\d)", re.IGNORECASE
)
MONTH_IN_HEADER = re.compile(r"(?P<m>[^\W\d_]{3,10})[\s.'’,-]*(?:\d{1,2},\s)?(?P<y>(?:20)?\d\d)(?!\d)")
MONTHS = 12


class Shape(StrEnum):
    """What the cells of a column look like."""

    EMPTY = "empty"
    ISIN = "ISINs with a right check digit"
    CURRENCY = "currency codes"
    NUMBER = "numbers"
    DATE = "dates"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of one table.

    Attributes:
        index: Meaning -> position of the column.
        headers: Header of each column, read.
        units: Position of a number column -> position of the column that names its currency.
        readings: The same for a reader, with reasons.
        several: Meanings that more than one column could have had, with the headers left out.
    """

    index: Mapping[str, int]
    headers: Sequence[Header]
    units: Mapping[int, int]
    readings: tuple[ColumnReading, ...]
    several: Mapping[str, tuple[str, ...]]

    def header(self, meaning: str) -> Header:
        """Give the header of the column that has a meaning; an empty one if none has."""
        return self.headers[self.index[meaning]] if meaning in self.index else Header(text="")

    def has(self, *meanings: str) -> bool:
        """Whether any of the meanings has a column."""
        return any(meaning in self.index for meaning in meanings)


@dataclass(slots=True)
class _Draft:
    """The meanings while they are being decided."""

    headers: list[Header]
    shapes: list[Shape]
    meanings: list[str]
    whys: list[str]
    units: dict[int, int] = field(default_factory=dict)


def map_columns(
    header: Sequence[str],
    columns: Sequence[Sequence[Cell]],
    *,
    named: Mapping[str, str] | None = None,
    mapped: Mapping[str, str] | None = None,
) -> Layout:
    """Decide what each column means.

    Args:
        header: The header cells, one per column.
        columns: The cells below, one sequence per column.
        named: Meaning -> column letter or header text, as the user gave it; it wins over everything.
        mapped: The same as a mapping file has it; nothing else is then guessed.

    Raises:
        OptionError: `named` has a meaning or a column that does not exist.
    """
    draft = _Draft([read_header(text) for text in header], [shape_of(c) for c in columns], [], [])
    for position in range(len(header)):
        meaning, why = _by_header(draft.headers[position], draft.shapes[position], columns[position])
        draft.meanings.append(meaning)
        draft.whys.append(why)
    _name_the_unnamed(draft)
    _settle_amounts(draft)
    _settle_dated(draft, columns)
    chosen, several = ({}, {}) if mapped else _choose(draft, columns)
    _take_currency_beside(chosen, draft)
    if mapped:
        draft.units.clear()
        _apply_named(chosen, draft, mapped, header, why="named in the mapping")
    _apply_named(chosen, draft, named or {}, header)
    return Layout(
        index=chosen,
        headers=draft.headers,
        units=draft.units,
        readings=_readings(draft, chosen),
        several=several,
    )


def shape_of(cells: Sequence[Cell]) -> Shape:
    """Give the shape of a column from a sample of its filled cells."""
    sample: list[Cell] = []
    for cell in cells:
        if cell is not None and cell != "" and not (type(cell) is str and is_missing(cell)):
            sample.append(cell)
            if len(sample) == SAMPLE:
                break
    if not sample:
        return Shape.EMPTY
    if all(type(cell) is float or type(cell) is int for cell in sample):
        return Shape.NUMBER
    texts = [cell for cell in sample if isinstance(cell, str)]
    tests = (
        (Shape.ISIN, sum(len(t.strip()) >= 12 and read_isin(t) is not None for t in texts)),
        (Shape.CURRENCY, sum(_is_currency(t) for t in texts)),
        (Shape.DATE, sum(_is_date(cell) for cell in sample)),
        (Shape.NUMBER, sum(looks_numeric(cell) for cell in sample)),
    )
    return next((shape for shape, count in tests if count > MOST * len(sample)), Shape.TEXT)


def _is_currency(text: str) -> bool:
    stripped = text.strip()
    return len(stripped) <= 4 and (stripped == "%" or read_currency(stripped) is not None)


def _is_date(cell: Cell) -> bool:
    if isinstance(cell, str):
        return DATE.fullmatch(cell.strip()) is not None and not cell.strip().isdigit()
    return isinstance(cell, (date, datetime))


def _by_header(header: Header, shape: Shape, cells: Sequence[Cell]) -> tuple[str, str]:
    """Choose among the meanings of a header the one that its cells allow."""
    for meaning in header.meanings:
        if not _allows(meaning, shape) or (meaning == "valor" and not _are_valoren(header, cells)):
            continue  # `Valor` is a number in Switzerland, and a word for the security or its value in Spain
        if meaning == "asset_class" and _are_account_types(cells):
            return "other", "the words are types of account, not of asset"
        if meaning == "market_value" and _are_percents(cells):
            return "weight", "the cells are percentages, and no amounts"
        return meaning, f"header word '{header.phrase}'{_times(header)}"
    if shape is Shape.CURRENCY and set(header.meanings) & NUMERIC:
        return "local_currency", "the cells are currency codes"
    return ("other" if header.meanings else ""), ""


def _are_percents(cells: Sequence[Cell]) -> bool:
    """Whether all cells are written with a percent sign."""
    texts = [cell.strip() if isinstance(cell, str) else "0" for cell in cells[:SAMPLE] if cell not in {None, ""}]
    return bool(texts) and all(text.endswith("%") for text in texts)


def _are_valoren(header: Header, cells: Sequence[Cell]) -> bool:
    """Whether cells are Swiss numbers of securities: whole, and under a header that says nothing else."""
    filled = [cell for cell in cells[:SAMPLE] if looks_numeric(cell)]
    is_money = any(isinstance(cell, str) and DECIMALS.search(cell.strip()) for cell in filled)
    return header.sureness >= CORE and bool(filled) and not is_money


def _times(header: Header) -> str:
    """Say what the unit of a header does to its numbers."""
    if header.scale == 1:
        return ""
    return f", times {header.scale:,.0f}" if header.scale > 1 else ", in hundredths"


def _allows(meaning: str, shape: Shape) -> bool:
    """Whether cells of this shape can have the meaning."""
    if shape is Shape.EMPTY:
        return True
    if meaning in NUMERIC:
        return shape in {Shape.NUMBER, Shape.TEXT}
    if meaning in {"name", "asset_class", "exchange", "country", "side"}:
        return shape not in {Shape.NUMBER, Shape.DATE, Shape.CURRENCY} and not (
            meaning == "name" and shape is Shape.ISIN
        )
    if meaning in {"currency", "local_currency"}:
        return shape in {Shape.CURRENCY, Shape.TEXT}
    return True


def _are_account_types(cells: Sequence[Cell]) -> bool:
    """Whether a column headed `Type` only says how the account is funded."""
    words = {cell.strip().casefold() for cell in set(cells) if isinstance(cell, str) and cell.strip()}
    return bool(words) and words <= ACCOUNT_TYPES and bool(words & {"cash", "margin"})


def _name_the_unnamed(draft: _Draft) -> None:
    """Give columns without a known header a meaning by their cells and by the column before them."""
    for position, (header, shape) in enumerate(zip(draft.headers, draft.shapes, strict=True)):
        if draft.meanings[position]:
            continue
        before = position - 1
        if not header.text.strip() and before >= 0:
            _by_neighbour(draft, position, before, shape)
        if not draft.meanings[position] and shape is Shape.ISIN and "isin" not in draft.meanings:
            draft.meanings[position] = "isin"
            draft.whys[position] = f"the cells are {Shape.ISIN}"
    if not {"name", *IDENTITY} & set(draft.meanings):
        free = [p for p, m in enumerate(draft.meanings) if not m and draft.shapes[p] is Shape.TEXT]
        owned = [p for p, m in enumerate(draft.meanings) if m in NAME_OF_CASH and draft.shapes[p] is Shape.TEXT]
        if free or owned:
            first = min(free or owned)
            draft.meanings[first] = "name"
            draft.whys[first] = "the first column of text"


def _by_neighbour(draft: _Draft, position: int, before: int, shape: Shape) -> None:
    """A column without a header holds the unit of the number before it, or the number whose currency is before it."""
    if shape is Shape.CURRENCY and draft.shapes[before] is Shape.NUMBER:
        draft.units[before] = position
        draft.meanings[position] = "unit"
        draft.whys[position] = f"no header; unit of column {letter(before)}"
    shifted = set(draft.headers[before].meanings) & NUMERIC and draft.meanings[before] == "local_currency"
    if shape is Shape.NUMBER and shifted:
        draft.units[position] = before
        draft.meanings[position] = draft.headers[before].meaning
        draft.whys[position] = f"no header; its currency is column {letter(before)}, which has the header"


def _settle_amounts(draft: _Draft) -> None:
    """Decide `amount`: a quantity beside a value, else the value; and `%` alone: a weight if nothing else is one."""
    known = set(draft.meanings)
    for position, meaning in enumerate(draft.meanings):
        if meaning == "amount":
            has_value = bool(known & {"market_value", "local_value"})
            draft.meanings[position] = "quantity" if has_value and "quantity" not in known else "weak_value"
        if meaning == "weak_weight":
            is_change = draft.headers[position].phrase in BARE_PERCENT and _follows_change(draft, position)
            draft.meanings[position] = "other" if "weight" in known or is_change else "weight"
    for weak, strong in (("weak_value", "market_value"), ("local_value", "market_value")):
        if strong not in draft.meanings and weak in draft.meanings:
            draft.meanings[draft.meanings.index(weak)] = strong


def _settle_dated(draft: _Draft, columns: Sequence[Sequence[Cell]]) -> None:
    """Take columns that only a day heads for the values of that day, or the weights, where no other column has them.

    Beside quantities alone they may be prices as well, and nothing tells.
    """
    dated = [p for p, meaning in enumerate(draft.meanings) if meaning == DATED]
    if not dated:
        return
    is_told = bool(set(draft.meanings) & {"market_value", "weight"})
    is_open = "quantity" in draft.meanings and "price" not in draft.meanings
    numbers = [p for p in dated if draft.shapes[p] is Shape.NUMBER]
    meaning = "other"
    if numbers and not (is_told or is_open):
        latest = read_numbers(columns[min(numbers, key=lambda p: _age(draft.headers[p]))])
        total = sum(filter(None, latest.values))
        is_whole = len(latest.values) > 1 and any(abs(total / whole - 1) < NEARLY for whole in (1, 100))
        meaning = "weight" if latest.percent or is_whole else "market_value"
    for position in dated:
        draft.meanings[position] = meaning if position in numbers else "other"
        draft.whys[position] = f"headed by a day only; taken for the {meaning.replace('_', ' ')} of that day"
        if is_open and not is_told:
            draft.whys[position] = "headed by a day only; beside quantities a price or a value"


def _take_currency_beside(chosen: dict[str, int], draft: _Draft) -> None:
    """Of several currency columns, take for the value the one right of it, else the one left of it.

    So do exports write an amount and its currency; the currency right of the price is then that of the trade.
    """
    rivals = [p for p, meaning in enumerate(draft.meanings) if meaning == "currency"]
    value = chosen.get("market_value", -1)
    if len(rivals) < 2 or value < 0 or draft.headers[rivals[0]].phrase != draft.headers[rivals[-1]].phrase:
        return
    side = next((step for step in (1, -1) if value + step in rivals), 0)
    if not side:
        return
    chosen["currency"] = value + side
    draft.whys[value + side] = f"{draft.whys[value + side]}, beside the value in column {letter(value)}"
    price = chosen.get("price", -1) + side
    if price in rivals and price != value + side and "local_currency" not in chosen:
        draft.meanings[price] = "local_currency"
        draft.whys[price] = f"currency beside the price in column {letter(chosen['price'])}"
        chosen["local_currency"] = price


def _follows_change(draft: _Draft, position: int) -> bool:
    """Whether `in %` stands right of a change: the day's change, not a weight."""
    return any(draft.meanings[p] in {"other", "unit"} for p in (position - 1,) if p >= 0)


def _choose(draft: _Draft, columns: Sequence[Sequence[Cell]]) -> tuple[dict[str, int], dict[str, tuple[str, ...]]]:
    """Choose one column per meaning: not a nearly empty one, the surer header, the usual phrase, the latest day."""
    chosen: dict[str, int] = {}
    several: dict[str, tuple[str, ...]] = {}
    for meaning in dict.fromkeys(m for m in draft.meanings if m and m not in {"other", "unit", "weak_value"}):
        rivals = [p for p, m in enumerate(draft.meanings) if m == meaning]
        if len(rivals) > 1:
            fullest = max(_filled(columns[p]) for p in rivals)
            rivals.sort(
                key=lambda p: (
                    _filled(columns[p]) < fullest / 3,
                    *_standing(draft.headers[p]),
                    *_age(draft.headers[p]),
                    p,
                )
            )
            several[meaning] = tuple(draft.headers[p].text for p in rivals[1:])
        chosen[meaning] = rivals[0]
    return chosen, several


def _filled(cells: Sequence[Cell]) -> int:
    return sum(1 for cell in cells if cell is not None and cell != "" and cell != "--" and cell != 0)


def _standing(header: Header) -> tuple[int, int]:
    """Order headers of one meaning: the surer one first, then the more usual phrase."""
    return -min(header.sureness, EXACT - 1), _phrase_order().get(header.phrase, len(_phrase_order()))


def _age(header: Header) -> tuple[int, ...]:
    """Order headers that differ by the day they are of: the latest first, and before it what is of no day."""
    found = DAY_IN_HEADER.search(header.text)
    if found and not found["y3"]:
        year, month, day = (int(part or 0) for part in (found["y"] or found["y2"], *_month_and_day(found)))
        return (-year, -month, -day)
    year, month = _year_and_month(header.text)
    year = int(found["y3"]) if found else year
    return (-year, -month, 0) if year else (-MAXYEAR, 0, 0)


def _year_and_month(text: str) -> tuple[int, int]:
    """Read `31 December 2025`, `Jan 19`, `Q2 2026`, `2Q26`: 0 for what is not said."""
    if quarter := QUARTER_IN_HEADER.search(text):
        month, year = MONTHS // 4 * int(quarter["q"] or quarter["q2"]), int(quarter["y"] or 0)
    else:
        named = [(month_of(found["m"]) or 0, int(found["y"])) for found in MONTH_IN_HEADER.finditer(text)]
        month, year = next((one for one in named if one[0]), (0, 0))
    return year + 2000 if 0 < year < 100 else year, month


def _month_and_day(found: re.Match[str]) -> tuple[str | None, str | None]:
    """Give month and day; the day stands first, as in most of the world, unless the other number can be no month."""
    if found["y"]:
        return found["m"], found["d"]
    first, second = found["a"], found["b"]
    return (first, second) if second and int(second) > MONTHS else (second, first)


@cache
def _phrase_order() -> dict[str, int]:
    return {phrase: rank for rank, phrase in enumerate(phrases())}


def _apply_named(
    chosen: dict[str, int],
    draft: _Draft,
    named: Mapping[str, str],
    header: Sequence[str],
    *,
    why: str = "named with --column",
) -> None:
    """Let the user's columns win."""
    for meaning, wanted in named.items():
        if meaning not in NAMEABLE:
            what = f"{meaning!r} is not a meaning of a column."
            raise OptionError(what, where=f"--column {meaning}={wanted}", mend=f"use one of: {', '.join(NAMEABLE)}")
        position = find_column(wanted, header)
        if position is None:
            what = f"There is no column {wanted!r}."
            shown = ", ".join(f"{letter(p)} {text!r}" for p, text in enumerate(header) if text)
            raise OptionError(what, where=f"--column {meaning}={wanted}", mend=f"give a letter or a header of: {shown}")
        for other in [m for m, p in chosen.items() if p == position]:
            del chosen[other]
        chosen[meaning] = position
        draft.meanings[position] = meaning
        draft.whys[position] = why


def find_column(wanted: str, header: Sequence[str]) -> int | None:
    """Find a column by its header text, else by its letter."""
    for position, text in enumerate(header):
        if text and plain(text) == plain(wanted):
            return position
    index = column_index(wanted.strip())
    return index if index is not None and index < len(header) else None


def _readings(draft: _Draft, chosen: Mapping[str, int]) -> tuple[ColumnReading, ...]:
    """Say for each column what it was taken for, and why."""
    meanings = {position: meaning for meaning, position in chosen.items()}
    return tuple(
        ColumnReading(
            letter=letter(position),
            header=header.text,
            meaning=meanings.get(position, "unit" if draft.meanings[position] == "unit" else ""),
            why=_why(draft, position, used=position in meanings),
        )
        for position, header in enumerate(draft.headers)
        if header.text.strip() or draft.shapes[position] is not Shape.EMPTY
    )


def _why(draft: _Draft, position: int, *, used: bool) -> str:
    meaning, why = draft.meanings[position], draft.whys[position]
    if used or meaning == "unit":
        return why
    if meaning in {"", "other"}:
        return why or ("known, not needed" if meaning else "not known")
    return f"{why}; another column was taken for {meaning.removeprefix('weak_')}"
