"""What a known export adds to the shared reading of its lines: before they are told apart, and after."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from esgscan.portfolio.grids import column_index
from esgscan.portfolio.layouts.descriptions import expression
from esgscan.portfolio.lines import as_text
from esgscan.portfolio.number_cells import looks_numeric
from esgscan.portfolio.numbers import read_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esgscan.portfolio.columns import Layout
    from esgscan.portfolio.layouts.descriptions import KnownLayout, LeftOut
    from esgscan.portfolio.lines import Lines
    from esgscan.records import ColumnReading

HUNDREDTH = 0.01
NAMED_ONLY = ("heading or note", "no number and no identifier")


def steer_columns(layout: Layout, known: KnownLayout, *, named: Mapping[str, str]) -> Layout:
    """Give columns the meaning that the description knows, and say what they were taken for without it.

    Args:
        layout: The columns as header words and cells have them.
        known: The description.
        named: What the user said; it wins over the description.
    """
    index, whys = dict(layout.index), dict[int, str]()
    for meaning, wanted in known.columns.items():
        position = _position(layout, wanted)
        if position is not None and meaning not in named and index.get(meaning) != position:
            _move(index, whys, meaning=meaning, position=position, title=known.title)
    ignored = [meaning for meaning, at in index.items() if _is_ignored(layout, at, known) and meaning not in named]
    for meaning in ignored:
        whys[index.pop(meaning)] = f"not needed ({known.title}); by itself it would be the {_words(meaning)}"
    units = {at: other for at, other in layout.units.items() if at in index.values()}
    for meaning, side in known.units.items():
        other = index.get(meaning, -1) + (1 if side == "right" else -1)
        if meaning in index and 0 <= other < len(layout.headers):
            units[index[meaning]] = other
            whys[other] = f"currency of the {_words(meaning)} beside it ({known.title})"
    headers = list(layout.headers)
    for meaning in known.hundredths:
        if meaning in index and headers[index[meaning]].scale == 1:
            headers[index[meaning]] = replace(headers[index[meaning]], scale=HUNDREDTH)
            whys[index[meaning]] = f"in hundredths ({known.title})"
    several = _still_rivals(layout, index, decided=known.columns)
    steered = replace(layout, index=index, units=units, headers=headers, several=several)
    return replace(steered, readings=_readings(steered, whys))


def _still_rivals(
    layout: Layout, index: Mapping[str, int], *, decided: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Keep the rival columns of meanings that the description does not decide, without those that have another use."""
    used = {layout.headers[at].text for at in index.values()}
    rivals = {m: tuple(text for text in texts if text not in used) for m, texts in layout.several.items()}
    return {meaning: texts for meaning, texts in rivals.items() if texts and meaning not in decided}


def _move(index: dict[str, int], whys: dict[int, str], *, meaning: str, position: int, title: str) -> None:
    """Give a meaning another column than it had."""
    before = next((other for other, at in index.items() if at == position), "")
    index.pop(before, None)
    if meaning in index:
        whys[index[meaning]] = f"another column was taken for the {_words(meaning)} ({title})"
    index[meaning] = position
    whys[position] = title if not before else f"{title}; by itself it would be the {_words(before)}"


def _readings(layout: Layout, whys: Mapping[int, str]) -> tuple[ColumnReading, ...]:
    """Say of each column what it is taken for now."""
    meanings = {at: meaning for meaning, at in layout.index.items()} | dict.fromkeys(layout.units.values(), "unit")
    changed = []
    for reading in layout.readings:
        at = column_index(reading.letter) or 0
        changed.append(replace(reading, meaning=meanings.get(at, ""), why=whys.get(at, reading.why)))
    return tuple(changed)


def _position(layout: Layout, wanted: str) -> int | None:
    """Find the first column whose header an expression matches."""
    matches = expression(wanted).fullmatch
    return next((at for at, header in enumerate(layout.headers) if matches(header.text.strip())), None)


def _is_ignored(layout: Layout, position: int, known: KnownLayout) -> bool:
    header = layout.headers[position].text.strip()
    return any(expression(text).fullmatch(header) for text in known.ignore)


def _words(meaning: str) -> str:
    return meaning.replace("_", " ")


def steer_lines(lines: Lines, known: KnownLayout) -> None:
    """Clean cells, find the account of each line, write what the file leaves unsaid, and take out sub-lines."""
    for meaning, pattern in known.clean.items():
        if meaning in lines.texts:
            lines.texts[meaning] = [expression(pattern).sub("", text) for text in lines.texts[meaning]]
    _take_lone_values(lines, known)
    if known.headings:
        lines.texts["account"] = _accounts(lines, known.headings)
    for rule in known.fill:
        where = [line for line in range(lines.block.height) if _fits(lines, line, rule.where)]
        for meaning, text in rule.cells.items():
            column = lines.texts.setdefault(meaning, [""] * lines.block.height)
            for line in where:
                column[line] = column[line] or text
    _leave_out(lines, known, [rule for rule in known.left_out if not rule.repeats])


def finish_lines(lines: Lines, known: KnownLayout) -> None:
    """Take out the lines that repeat others, and say what headings inside the table are."""
    _leave_out(lines, known, [rule for rule in known.left_out if rule.repeats])
    _say_groups(lines, known)
    lines.skipped.sort(key=lambda skipped: skipped.row)
    once = {skipped.row: skipped for skipped in reversed(lines.skipped)}  # the first reason of a line is the nearest
    lines.skipped[:] = [once[row] for row in sorted(once)]


def _leave_out(lines: Lines, known: KnownLayout, rules: Sequence[LeftOut]) -> None:
    for rule in rules:
        for line in range(lines.block.height):
            is_meant = lines.keep[line] and _fits(lines, line, rule.where) and not _is_blank(lines, line)
            if is_meant and _is_repeated(lines, line, rule):
                lines.skip(line, f"{rule.why} ({known.title})")


def _fits(lines: Lines, line: int, where: Mapping[str, str]) -> bool:
    return all(expression(pattern).fullmatch(lines.text(meaning, line)) for meaning, pattern in where.items())


def _is_repeated(lines: Lines, line: int, rule: LeftOut) -> bool:
    """Whether the lines that this one repeats are in the file; a total of them is compared with it."""
    if not rule.repeats:
        return True
    values = lines.numbers.get("market_value")
    others = [n for n in range(lines.block.height) if n != line and lines.keep[n] and _fits(lines, n, rule.repeats)]
    if not others:
        return False
    stated = values.values[line] if values else None
    if values and stated is not None:
        total = sum(v for n in others if (v := values.values[n]) is not None)
        lines.totals.append((lines.block.row(line), stated, total))
    return True


def _take_lone_values(lines: Lines, known: KnownLayout) -> None:
    """Give a line whose value stands in another column its value: the only number it has."""
    values = lines.numbers.get("market_value")
    if values is None or not known.lone_value:
        return
    for line in range(lines.block.height):
        if values.values[line] is None and _fits(lines, line, known.lone_value):
            cells = [as_text(c[line]) for c in lines.block.columns if looks_numeric(c[line])]
            amounts = [text for text in cells if "." in text or "," in text]
            if len(amounts) == 1:
                values.values[line] = read_numbers(amounts, decimal=lines.decimal).values[0]
                _forget_numbers(lines, line)


def _forget_numbers(lines: Lines, line: int) -> None:
    for meaning in set(lines.numbers) - {"market_value"}:
        lines.numbers[meaning].values[line] = None


def _accounts(lines: Lines, pattern: str) -> list[str]:
    """Give each line the account that the last heading above it names."""
    accounts, current = [], ""
    for line in range(lines.block.height):
        match = expression(pattern).fullmatch(_only_text(lines, line))
        current = match[1].strip() if match else current
        accounts.append(current)
    return accounts


def _say_groups(lines: Lines, known: KnownLayout) -> None:
    """Give lines that only name an account or a group their reason, so that nobody takes them for lost positions."""
    patterns = [text for text in (known.headings, *known.groups) if text]
    for at, skipped in enumerate(lines.skipped):
        text = _only_text(lines, skipped.row - lines.block.first_row) if skipped.why in NAMED_ONLY else ""
        if text and any(expression(pattern).fullmatch(text) for pattern in patterns):
            lines.skipped[at] = replace(skipped, why=f"names an account or a group of lines ({known.title})")


def _is_blank(lines: Lines, line: int) -> bool:
    return not any(as_text(column[line]) for column in lines.block.columns)


def _only_text(lines: Lines, line: int) -> str:
    """Give the only filled cell of a line; empty if it has more."""
    texts = [text for column in lines.block.columns if (text := as_text(column[line]))]
    return texts[0] if len(texts) == 1 else ""
