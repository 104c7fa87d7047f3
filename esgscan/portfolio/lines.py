"""Lines of one table, column by column: text cleaned, numbers read, and a place to say which lines are left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from esgscan.portfolio.dates import Dates, read_dates
from esgscan.portfolio.headers import CORE, languages_of
from esgscan.portfolio.number_cells import MISSING
from esgscan.portfolio.numbers import Numbers, grouped_decimal, read_numbers
from esgscan.records import SkippedLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.portfolio.blocks import Block
    from esgscan.portfolio.columns import Layout
    from esgscan.portfolio.grids import Cell
    from esgscan.portfolio.layouts.recognition import Recognised

TEXTS = (
    "isin", "cusip", "sedol", "figi", "lei", "wkn", "valor", "code", "ticker", "name", "exchange", "country",
    "asset_class", "currency", "local_currency", "side", "portfolio", "account", "date", "level",
)  # fmt: skip
NUMBERS = ("market_value", "quantity", "price", "weight", "multiplier", "fx_rate")
VALUES = ("market_value", "quantity", "price", "weight")
HELD = frozenset({"market_value", "weight"})
LONGEST_WORD = 20
MOST_NAMED_TWICE = 5
"""One line in so many may have a name in each of two columns that fill each other up."""
SHOWN = 120
COMMA_LANGUAGES = frozenset({"de", "fr", "es", "it", "nl", "pt"})
CODES = frozenset({"isin", "cusip", "sedol", "figi", "lei", "ticker"})
"""Header words of every language."""
POINT_LANGUAGES = frozenset({"en", "zh", "ja"})


@dataclass(slots=True)
class Lines:
    """One table, column by column, and which of its lines are positions.

    Attributes:
        block: The table.
        layout: What its columns mean.
        texts: Meaning -> cleaned text per line; empty for a missing value.
        numbers: Meaning -> numbers.
        keep: Per line, whether it is a position.
        skipped: The lines that are not, with reasons.
        totals: Totals printed by the file: row, value, and the sum of the positions above that it is of.
        ambiguous: Meanings whose decimal mark stayed in doubt.
        decimal: Decimal mark of the table.
        dates: The column of dates, if there is one.
        known: The export that the sheet was recognised as.
    """

    block: Block
    layout: Layout
    texts: dict[str, list[str]]
    numbers: dict[str, Numbers]
    keep: list[bool]
    skipped: list[SkippedLine] = field(default_factory=list)
    totals: list[tuple[int, float, float]] = field(default_factory=list)
    ambiguous: tuple[str, ...] = ()
    decimal: str = ""
    dates: Dates | None = None
    known: Recognised | None = None

    def text(self, meaning: str, line: int) -> str:
        """Give one cell of a text column; empty where there is no such column."""
        column = self.texts.get(meaning)
        return column[line] if column else ""

    def number(self, meaning: str, line: int) -> float | None:
        """Give one cell of a number column; None where there is no such column."""
        column = self.numbers.get(meaning)
        return column.values[line] if column else None

    def skip(self, line: int, why: str) -> None:
        """Take a line out, and say so."""
        self.keep[line] = False
        text = _shown(self.block, line)
        row = self.block.row(line)
        self.skipped.append(SkippedLine(sheet=self.block.sheet, row=row, text=text, why=why))


def gather_lines(
    block: Block, layout: Layout, *, decimal: str = "", dates: str = "", delimiter: str = "", habit: str = ""
) -> Lines:
    """Read the columns of a table; every line is kept at first.

    Args:
        block: The table.
        layout: What its columns mean.
        decimal: Decimal mark of written numbers, if the user says so.
        dates: Order of day and month, if the user says so.
        delimiter: Delimiter of the file; programs write `;` where the comma is the decimal mark.
        habit: Decimal mark that such files have, where no cell shows it.
    """
    columns = {m: block.columns[p] for m, p in layout.index.items()}
    texts = {m: clean_texts(columns[m], is_ticker=m in {"ticker", "code"}) for m in TEXTS if m in columns}
    _fill_names(texts, block, layout)
    spoken = [header.phrase for header in layout.headers if header.sureness >= CORE]
    usual = "," if delimiter == ";" else usual_decimal(spoken)
    written = {m: columns[m] for m in NUMBERS if m in columns}
    if decimal:
        numbers = {m: read_numbers(cells, decimal=decimal, is_certain=True) for m, cells in written.items()}
        mark, ambiguous = decimal, tuple[str, ...]()
    else:
        numbers, mark, ambiguous = _read_numbers(written, usual=usual, known=habit)
    if "market_value" in numbers:
        _drop_percents(numbers["market_value"], columns["market_value"])
    return Lines(
        block=block,
        layout=layout,
        texts=texts,
        numbers=numbers,
        keep=[True] * block.height,
        ambiguous=ambiguous,
        decimal=mark,
        dates=read_dates(columns["date"], order=dates) if "date" in columns else None,
    )


def _fill_names(texts: dict[str, list[str]], block: Block, layout: Layout) -> None:
    """Name the lines whose name is in another column of names: some have an issuer, others a bank or a manager."""
    names = texts.get("name", ())
    others = layout.several.get("name", ())
    if not others or "" not in names:
        return
    used = set(layout.index.values())
    for at, header in enumerate(layout.headers):
        if header.text not in others or at in used or header.sureness < CORE:
            continue
        cells = clean_texts(block.columns[at])
        both = sum(bool(name and other) for name, other in zip(names, cells, strict=True))
        if both * MOST_NAMED_TWICE <= len(cells) - cells.count(""):  # else it names something beside the security
            names = [name or other for name, other in zip(names, cells, strict=True)]
    texts["name"] = list(names)


def clean_texts(cells: Sequence[Cell], *, is_ticker: bool = False) -> list[str]:
    """Give a column as text: blanks off, words for 'missing' empty, a number that a workbook stored as its digits."""
    if set(map(type, cells)) == {str}:
        stripped = list(map(str.strip, cells))  # type: ignore[arg-type]
    else:
        stripped = [c.strip() if type(c) is str else as_text(c) for c in cells]
    missing = {t for t in set(stripped) if len(t) < LONGEST_WORD and t.casefold() in MISSING}
    if is_ticker and stripped.count("NA") == 1:
        missing.discard("NA")  # one line: National Bank of Canada; many: no value
    return [("" if t in missing else t) for t in stripped] if missing - {""} else stripped


def as_text(cell: Cell) -> str:
    """Give a cell as a reader would write it: 2415.0 is 2415, a date is ISO, nothing is empty."""
    if cell is None or cell != cell:
        return ""
    if type(cell) is float:
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if type(cell) is bool:
        return str(cell).upper()
    if isinstance(cell, datetime) and not (cell.hour or cell.minute):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, (date, datetime)) else str(cell).strip()


def usual_decimal(phrases: Sequence[str]) -> str:
    """Give the decimal mark that is usual in the language of a header; empty where it is not clear."""
    languages = [languages_of(phrase) for phrase in phrases if phrase not in CODES]
    comma = sum(bool(spoken & COMMA_LANGUAGES) and not spoken & POINT_LANGUAGES for spoken in languages)
    point = sum(bool(spoken & POINT_LANGUAGES) and not spoken & COMMA_LANGUAGES for spoken in languages)
    return "," if comma > point else "." if point > comma else ""


def _read_numbers(
    columns: dict[str, Sequence[Cell]], *, usual: str, known: str
) -> tuple[dict[str, Numbers], str, tuple[str, ...]]:
    """Read the number columns; one whose decimal mark is in doubt takes that of the others, the known or usual one."""
    numbers = {m: read_numbers(cells) for m, cells in columns.items()}
    marks = [n.decimal for n in numbers.values() if n.decimal and not n.is_ambiguous]
    decimal = max(marks, key=marks.count, default=known)
    doubtful = tuple(m for m, n in numbers.items() if n.is_ambiguous)
    for meaning in doubtful:
        told = decimal or (meaning in HELD and grouped_decimal(columns[meaning])) or usual
        numbers[meaning] = read_numbers(columns[meaning], decimal=told) if told else numbers[meaning]
    return numbers, decimal, () if decimal else doubtful


def _drop_percents(values: Numbers, cells: Sequence[Cell]) -> None:
    """Take percentages out of a column of values: they are of another table, or shares of something, and no amounts."""
    if not values.percent or values.percent == sum(value is not None for value in values.values):
        return
    for line, cell in enumerate(cells):
        if type(cell) is str and cell.rstrip().endswith("%"):
            values.values[line] = None
            values.unread.append(line)


def _shown(block: Block, line: int) -> str:
    cells = [" ".join(as_text(column[line]).split()) for column in block.columns]
    text = " | ".join(cell for cell in cells if cell)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
