"""Number cells of one column -> numbers. How a number is written is decided for the column, never for a cell."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING

from esgscan.portfolio.number_cells import (
    CREDIT,
    DEBIT,
    SIDES,
    Written,
    is_missing,
    is_plain,
    take_apart,
    take_apart_with_unit,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from esgscan.portfolio.grids import Cell

AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
CRORES = "e7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A column of numbers.

    Attributes:
        values: One number per cell; None where there is none.
        unread: Positions of cells that hold something that is not a number.
        decimal: `.` or `,` as found; empty for real numbers or where no cell shows it.
        is_ambiguous: Every cell that could show the decimal mark looks like `1.234`.
        percent: How many cells carry a percent sign; their values are still percent.
        currencies: Currencies named in cells, and how often.
        below: Positions of cells such as `<0.01%`, which give a bound and no value.
        held: Where every number is marked DR or CR, the mark that was read as what is held; empty elsewhere.
        with_unit: Positions of cells whose number was multiplied by a unit behind it.
    """

    values: list[float | None]
    unread: list[int]
    decimal: str = ""
    is_ambiguous: bool = False
    percent: int = 0
    currencies: Mapping[str, int]
    below: frozenset[int] = frozenset()
    held: str = ""
    with_unit: frozenset[int] = frozenset()


def read_numbers(cells: Sequence[Cell], *, decimal: str = "", is_certain: bool = False) -> Numbers:
    """Read a column of numbers.

    Args:
        cells: The column, as read from the file.
        decimal: The decimal mark where the column itself does not show it.
        is_certain: `decimal` is the user's word and counts whatever the column shows.
    """
    kinds = set(map(type, cells))
    if kinds <= {float, int}:
        real = list(map(float, cells))  # type: ignore[arg-type]
        if not isfinite(sum(real)):
            return Numbers(values=[_finite(c) for c in real], unread=[], currencies={})
        return Numbers(values=list(real), unread=[], currencies={})
    texts = {c for c in cells if type(c) is str}
    if all(map(is_plain, texts)) and decimal != ",":
        parsed = {t: float(t) if t else None for t in texts}
        found = _mark(t for t in texts if "." in t)
        return _numbers(cells, parsed, decimal=found[0], is_ambiguous=found[1] and not is_certain)
    written = _with_crores({text: take_apart(text) or take_apart_with_unit(text) for text in texts})
    mark, is_ambiguous = _mark(w.digits for w in written.values() if w)
    mark = decimal if (is_ambiguous or not mark or is_certain) and decimal else mark
    return _numbers(cells, written, decimal=mark, is_ambiguous=is_ambiguous and not is_certain)


def grouped_decimal(cells: Sequence[Cell]) -> str:
    """Give the decimal mark of a column in which `9.500` beside `500` shows that its marks group thousands.

    A program that writes three decimals writes `500.000`, and one that leaves zeros at the end out `9.5`.
    """
    texts = {digits.digits for cell in cells if isinstance(cell, str) and (digits := take_apart(cell))}
    marked = {text for text in texts if AMBIGUOUS.fullmatch(text.lstrip("-"))}
    whole = {text for text in texts if text.strip("-").isdigit() and text.strip("-0")}
    if not whole or not any(text.endswith("0") for text in marked) or len(marked) + len(whole) < len(texts - {"0"}):
        return ""
    return "," if "." in "".join(marked) else "."


def _with_crores(written: dict[str, Written | None]) -> dict[str, Written | None]:
    """Read `Cr` as crores in a column of rupees or lakhs, where no number is a debit."""
    apart = [one for one in written.values() if one]
    is_indian = any((one.money and one.money.currency == "INR") or one.power == "e5" for one in apart)
    if not is_indian or {one.mark for one in apart} & SIDES != {CREDIT}:
        return written
    return {
        text: replace(one, mark="", power=CRORES, unit="Cr") if one and one.mark and not one.power else one
        for text, one in written.items()
    }


def _mark(digits: Iterable[str]) -> tuple[str, bool]:
    """Find the decimal mark of a column, and whether it stays in doubt."""
    votes: Counter[str] = Counter()
    doubtful = False
    for text in digits:
        commas, points = text.count(","), text.count(".")
        if commas and points:
            votes["," if text.rfind(",") > text.rfind(".") else "."] += 1
        elif commas + points > 1:
            votes["." if commas else ","] += 1
        elif AMBIGUOUS.fullmatch(text.lstrip("-")):
            doubtful = True
        elif commas or points:
            votes["," if commas else "."] += 1
    if votes:
        return votes.most_common(1)[0][0], False
    return "", doubtful


def _numbers(
    cells: Sequence[Cell], parsed: Mapping[str, Written | float | None], *, decimal: str, is_ambiguous: bool
) -> Numbers:
    """Put the readings of the distinct texts back in order."""
    values: dict[str, float | None] = {}
    for text, reading in parsed.items():
        values[text] = _value(reading, decimal) if isinstance(reading, Written) else reading
    column = [
        values[c] if type(c) is str else _finite(float(c)) if type(c) is float or type(c) is int else None
        for c in cells
    ]
    unread = [i for i, (c, v) in enumerate(zip(cells, column, strict=True)) if v is None and _is_unread(c, parsed)]
    apart = [w for c in cells if type(c) is str and isinstance(w := parsed[c], Written)]
    below = {i for i, c in enumerate(cells) if type(c) is str and isinstance(w := parsed[c], Written) and w.below}
    multiplied = {i for i, c in enumerate(cells) if type(c) is str and isinstance(w := parsed[c], Written) and w.unit}
    held = _held(column, cells, parsed) if any(w.mark for w in apart) else ""
    if held == DEBIT:
        column = [None if value is None else -value for value in column]
    return Numbers(
        values=column,
        unread=unread,
        decimal=decimal,
        is_ambiguous=is_ambiguous,
        held=held,
        percent=sum(w.is_percent for w in apart),
        currencies=Counter(w.money.currency for w in apart if w.money),
        below=frozenset(below),
        with_unit=frozenset(multiplied),
    )


def _held(values: Sequence[float | None], cells: Sequence[Cell], parsed: Mapping[str, Written | float | None]) -> str:
    """Say which mark stands for what is held where every number has one: in books of assets it is the debit.

    What is held is more than what is owed, so it is the mark with the larger sum.
    """
    sums = {DEBIT: 0.0, CREDIT: 0.0}
    for value, cell in zip(values, cells, strict=True):
        written = parsed[cell] if type(cell) is str else None
        mark = written.mark if isinstance(written, Written) else ""
        if value and not mark:
            return ""
        if value:
            sums[mark] += abs(value)
    return DEBIT if sums[DEBIT] > sums[CREDIT] else CREDIT


def _is_unread(cell: Cell, parsed: Mapping[str, Written | float | None]) -> bool:
    if cell is None:
        return False
    if type(cell) is str:
        reading = parsed[cell]
        return not is_missing(cell) and not (isinstance(reading, Written) and reading.below)
    return not (type(cell) is float and cell != cell)


def _value(written: Written, decimal: str) -> float | None:
    """Give the number; None where its separators contradict those of the column, or where it is only a bound."""
    if written.below:
        return None
    decimal = decimal or "."
    group = "," if decimal == "." else "."
    whole, _, fraction = written.digits.partition(decimal)
    if group in fraction or decimal in fraction or not _is_grouped(whole, group):
        return None
    text = f"{whole.replace(group, '') or '0'}.{fraction or '0'}{written.power}"
    value = float(text) * (written.money.scale if written.money else 1.0)
    return _finite(-value if written.negative else value)


def _is_grouped(whole: str, group: str) -> bool:
    """Whether groups have the lengths people use: three digits, or two and then three as in India."""
    if group not in whole:
        return True
    first, *others = whole.split(group)
    return bool(first) and len(first) <= 3 and len(others[-1]) == 3 and all(len(part) in {2, 3} for part in others)


def _finite(value: float) -> float | None:
    return value if abs(value) != float("inf") and value == value else None
