"""Lines that are no positions: totals, lots, headings, notes, footers, earlier dates; each is taken out and said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from esgscan.portfolio.columns import IDENTITY
from esgscan.portfolio.headers import CORE, read_header
from esgscan.portfolio.kinds import kind_of
from esgscan.portfolio.lines import LONGEST_WORD, VALUES
from esgscan.portfolio.number_cells import is_missing, looks_numeric
from esgscan.portfolio.sums import any_of, skip_sums
from esgscan.records import SkippedLine
from esgscan.terms import Kind

if TYPE_CHECKING:
    from esgscan.portfolio.blocks import Block
    from esgscan.portfolio.grids import Cell
    from esgscan.portfolio.lines import Lines

TOTAL = re.compile(
    r"(?:(?:sub|grand|account|positions?|portfolio|net|overall|page|section|fund|report)?[\s-]*totals?"
    r"|total value"
    r"|(?:zwischen|gesamt|end|depot)[\s-]*(?:summe|(?:kurs|markt)?wert|betrag|total|bestand)(?: in \S{1,4})?"
    r"|gesamt(?:es|er)?|summe"
    r"|depotgesamtwert|kurswert gesamt|total (?:g[ée]n[ée]ra[lx]|portefeuille|cartera|portafoglio)|sous[\s-]*total"
    r"|subtotale?|totale(?: generale)?|totaal|subtotaal|totais|suma|somme|somma|soma"
    r"|合计|合計|总计|總計|小计|小計|総計|总资产|總資產|资产合计|总市值)"
)
"""A total by itself, in lower case."""
TOTAL_OF = re.compile(
    r"(?:sub[\s-]*)?totals? (?:of|for|in|de|der|des|di|van|do|da)\b.*"
    r"|(?:sub[\s-]*)?totals? (?:equit|stock|share|bond|fixed|cash|fund|etf|asset|portfolio|holding|securit|position"
    r"|investment|account|market|net|value|liquid|aktien|anleihen|fonds|actions|oblig|other|mutual|option|deriv"
    r"|alternat|international|domestic|emerging|u\.?s\.?|usd|eur|gbp|chf|group|long|short|core|money).*"
    r"|(?:summe|gesamt(?:summe|wert)?|zwischensumme) .*|.* (?:sub)?totals?|.*(?:合計|合计|總計|总计|小計|小计)"
)
"""What may be a total of something, or the name of a company or fund; other cells decide."""
BEGINS_TOTAL = re.compile(
    r"(?:(?:sub|zwischen|grand|sous)[\s-]*)?(?:totals?|totale|totaal|summe|gesamt|suma|somma|soma)\b"
)
BELOW = "below the table, without an identifier"
LOT_MARK = re.compile(r"\s{2,}(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|--)\s*")
LONGEST_ID, WKN_LENGTH = 20, 6
"""Characters of a legal entity identifier, the longest of all, and of a WKN, the only one that may have no digit."""
SECURITY_IDS = ("isin", "cusip", "sedol", "figi", "wkn", "valor")


def exclude(lines: Lines) -> None:
    """Take out of a table what is no position."""
    facts = _facts(lines)
    if not all(facts.certain):
        _skip_what_is_no_position(lines, facts)
        skip_sums(lines)
    _skip_earlier_dates(lines)
    _skip_lots_by_level(lines)
    lines.skipped.sort(key=lambda skipped: skipped.row)


NIL = "nil"
"""What stands for an amount below the heading of a group that has no lines."""


def is_total(label: str) -> bool:
    """Whether a label is that of a total by itself: `Totals`, `Account Total`, `Summe:`, `合计`."""
    return TOTAL.fullmatch(label.casefold().strip(" :*=-")) is not None


def is_total_of(label: str) -> bool:
    """Whether a label may be that of a total of something: `Total Equities`, `Subtotal of Stocks`."""
    return TOTAL_OF.fullmatch(label.casefold().strip(" :*")) is not None


def _skip_what_is_no_position(lines: Lines, facts: _Facts) -> None:
    """Go through the lines once: blank, total, lot, heading, note, footer."""
    block, layout = lines.block, lines.layout
    unread = {line for n in lines.numbers.values() for line in (*n.unread, *n.below)}
    tickers = block.columns[layout.index["ticker"]] if "ticker" in layout.index else ()
    after_gap, seen_ids, blank_from = False, False, -1
    for line in range(block.height):
        if facts.certain[line] and blank_from < 0:
            seen_ids, after_gap = True, False
            continue
        if facts.empty[line] and _is_blank(block, line):
            blank_from = line if blank_from < 0 else blank_from
            after_gap = True
            continue
        if blank_from >= 0:
            _note_blank(lines, blank_from, line - 1)
            blank_from = -1
        has_id = facts.id[line]
        is_unread = line in unread and not _is_heading(lines, line)
        has_number = facts.number[line] or is_unread or _says_missing(lines, line)
        why = _why_no_position(lines, line, has_id=has_id, has_number=has_number)
        if not why and tickers and _is_lot(tickers[line]):
            why = "tax lot of the line above"
        if not why and after_gap and seen_ids and not has_id and not _stands_alone(lines, line):
            why = BELOW
        if why:
            lines.skip(line, why)
        else:
            seen_ids, after_gap = seen_ids or has_id, after_gap and not has_id
    if blank_from >= 0:
        _note_blank(lines, blank_from, block.height - 1)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What each line has, computed column by column.

    Attributes:
        id: An identifier of any kind.
        number: A value, quantity, price or weight.
        certain: An identifier that only a security has, and a number: a position beyond doubt.
        empty: Neither identifier nor number nor name.
    """

    id: list[bool]
    number: list[bool]
    certain: list[bool]
    empty: list[bool]


def _facts(lines: Lines) -> _Facts:
    height = lines.block.height
    secured = [_possible_ids(lines.texts[m]) for m in SECURITY_IDS if m in lines.texts]
    others = [lines.texts[m] for m in sorted(IDENTITY - set(SECURITY_IDS)) if m in lines.texts]
    secure, ids = any_of(height, secured), any_of(height, [*secured, *others])
    values = [lines.numbers[m].values for m in VALUES if m in lines.numbers]
    nothing = (None,) * len(values)
    numbers = [cells != nothing for cells in zip(*values, strict=True)] if values else [False] * height
    named = any_of(height, [lines.texts["name"]] if "name" in lines.texts else [])
    return _Facts(
        id=ids,
        number=numbers,
        certain=[a and b for a, b in zip(secure, numbers, strict=True)],
        empty=[not (a or b or c) for a, b, c in zip(ids, numbers, named, strict=True)],
    )


def _possible_ids(column: list[str]) -> list[str]:
    """Leave out of a column of identifiers what is none, such as the word `Total`."""
    if all(map(str.isdigit, set(map(itemgetter(-1), filter(None, column))))):
        return column
    wrong = {text for text in set(column) if text and not text[-1].isdigit() and not _may_be_id(text)}
    return ["" if text in wrong else text for text in column] if wrong else column


def _why_no_position(lines: Lines, line: int, *, has_id: bool, has_number: bool) -> str:
    """Say why a line is no position; empty if it may be one."""
    name = lines.text("name", line)
    has_code = any(lines.text(meaning, line) for meaning in ("ticker", "code"))
    label = name or next((lines.texts[m][line] for m in ("ticker", "code") if lines.text(m, line)), "")
    if not label and not _has_security_id(lines, line):
        label = _first_text(lines.block, line)
    texts = () if (has_id or name) and not _has_no_value(lines, line) else _row_texts(lines.block, line)
    if any(map(is_total, texts)):
        return "total"
    if has_id and _has_quantity(lines, line) and not _is_label_only(lines, line, label):
        return ""
    is_bare = not _has_quantity(lines, line) and not _has_security_id(lines, line)
    labels = (label, lines.text("ticker", line), lines.text("code", line), *texts)
    if is_total(label) or (is_bare and (any(map(is_total_of, labels)) or _is_total_of_lines(lines, line, label))):
        return "total"
    if is_bare and _has_no_value(lines, line) and _repeats_header(lines, line):
        return "a header inside the table"
    if is_bare and _has_no_value(lines, line) and looks_numeric(name) and not has_code:
        return "no name and no identifier"
    if has_number or _has_security_id(lines, line):
        return ""
    filled = _filled(lines.block, line)
    if has_id and filled > 1:
        return ""
    if filled <= 1 or len(label) > LONGEST_WORD * 6:
        return "heading or note"
    described = sum(bool(lines.text(m, line)) for m in ("asset_class", "country", "currency", "exchange"))
    return "" if name and described else "no number and no identifier"


def _has_no_value(lines: Lines, line: int) -> bool:
    return lines.number("market_value", line) is None and lines.number("weight", line) is None


def _repeats_header(lines: Lines, line: int) -> bool:
    """Whether every cell of a line is a word for a column: the header of a sum below the lines it is of."""
    headers = [read_header(text.strip()) for text in _row_texts(lines.block, line)]
    return sum(header.sureness >= CORE for header in headers) > 1 and all(header.sureness for header in headers)


def _is_heading(lines: Lines, line: int) -> bool:
    """Whether a line is one cell of words, in whatever column: the name of a group above its lines."""
    words = _first_text(lines.block, line)
    return _filled(lines.block, line) == 1 and bool(words) and not any(map(str.isdigit, words))


def _says_missing(lines: Lines, line: int) -> bool:
    """Whether a named line has `n/a` or the like where its value should be: a position whose value is not known."""
    cells = [lines.block.columns[lines.layout.index[m]][line] for m in VALUES if m in lines.layout.index]
    words = [cell.strip().casefold() for cell in cells if isinstance(cell, str) and cell.strip()]
    return bool(lines.text("name", line)) and any(is_missing(word) and word != NIL for word in words)


def _is_label_only(lines: Lines, line: int, label: str) -> bool:
    """Whether the only identifier of a line is its label, as in a symbol column that says TOTAL."""
    return not any(lines.texts[m][line] not in {"", label} for m in IDENTITY if m in lines.texts)


def _has_security_id(lines: Lines, line: int) -> bool:
    return any(_may_be_id(lines.text(m, line)) for m in SECURITY_IDS)


def _may_be_id(text: str) -> bool:
    """Whether a text could be an identifier, wrong or right: a footnote or an amount in their column could not."""
    length = len(text.replace(" ", ""))
    if "," in text:
        return False
    return length <= LONGEST_ID and (any(map(str.isdigit, text)) or (length == WKN_LENGTH and text.isupper()))


def _has_quantity(lines: Lines, line: int) -> bool:
    return lines.number("quantity", line) is not None and lines.number("price", line) is not None


def _is_lot(cell: Cell) -> bool:
    """Whether a symbol cell is an indented date: a tax lot below its symbol, whose value the symbol's line has."""
    return type(cell) is str and cell.startswith("  ") and LOT_MARK.fullmatch(cell) is not None


def _is_total_of_lines(lines: Lines, line: int, label: str) -> bool:
    """Whether a label is `Total` and any words, in a table whose lines have more than a value."""
    has_units = "quantity" in lines.numbers or "price" in lines.numbers
    return has_units and lines.number("quantity", line) is None and BEGINS_TOTAL.match(label.casefold()) is not None


def _stands_alone(lines: Lines, line: int) -> bool:
    """Whether a line below a gap is a position all the same: cash, or one with a value and a quantity or price."""
    has_units = lines.number("quantity", line) is not None or lines.number("price", line) is not None
    has_value = lines.number("market_value", line) is not None or lines.number("weight", line) is not None
    return (has_units and has_value) or _is_cash_line(lines, line)


def _is_cash_line(lines: Lines, line: int) -> bool:
    kind = kind_of(lines.text("asset_class", line), lines.text("name", line), lines.text("ticker", line))
    return kind in {Kind.CASH, Kind.MONEY_MARKET}


def _skip_earlier_dates(lines: Lines) -> None:
    """Where a file lists the same securities on several dates, keep the last; the dates are never added up."""
    days = lines.dates.values if lines.dates else []
    ids = next((lines.texts[m] for m in ("isin", "ticker", "code", "name") if m in lines.texts), None)
    if not days or ids is None:
        return
    kept = [i for i, keep in enumerate(lines.keep) if keep and lines.texts["date"][i]]
    distinct = {days[i] for i in kept}
    currencies = lines.texts.get("currency") or [""] * lines.block.height
    keys = {(ids[i], currencies[i], days[i]) for i in kept}
    repeated = len({key[:2] for key in keys}) < len(keys) == len(kept)
    if len(distinct) < 2 or None in distinct or not repeated or len(distinct) * 2 > len(kept):
        return
    last = max(day for day in distinct if day)
    for line in kept:
        if days[line] != last:
            lines.skip(line, f"an earlier date than {last}")


def _skip_lots_by_level(lines: Lines) -> None:
    """Take out lots that a broker exports beside their summary line."""
    levels = lines.texts.get("level") or []
    if any(level.upper() == "SUMMARY" for level in levels):
        for line, level in enumerate(levels):
            if lines.keep[line] and level.upper() == "LOT":
                lines.skip(line, "tax lot of a summary line")


def _is_blank(block: Block, line: int) -> bool:
    return all(_is_empty(column[line]) for column in block.columns)


def _is_empty(cell: Cell) -> bool:
    return cell is None or cell == "" or (type(cell) is str and not cell.strip())


def _filled(block: Block, line: int) -> int:
    return sum(not _is_empty(column[line]) for column in block.columns)


def _first_text(block: Block, line: int) -> str:
    return next((text.strip() for text in _row_texts(block, line)), "")


def _row_texts(block: Block, line: int) -> list[str]:
    return [cell for column in block.columns if isinstance(cell := column[line], str) and cell.strip()]


def _note_blank(lines: Lines, first: int, last: int) -> None:
    block = lines.block
    for line in range(first, last + 1):
        lines.keep[line] = False
    why = "blank" if first == last else f"blank, to row {block.row(last)}"
    lines.skipped.append(SkippedLine(sheet=block.sheet, row=block.row(first), text="", why=why))
