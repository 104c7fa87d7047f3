"""What a description of an export says (one TOML file beside this module), and the loader of all of them.

A description helps where a file says less than a reader needs, or says it in a place of its own. It only steers the
general reading: whatever it leaves out is found as in any other file. Its keys are the attributes of `KnownLayout`;
docs/layouts.md shows them one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import tomli

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """One way to know the export; all that is given must hold.

    Attributes:
        headers: Words that stand in one row, units left out, as `headers.core_of` gives them.
        words: Beginnings of lines among the first rows, each of which must be there; case does not matter.
        format: Format of the file by its bytes.
    """

    headers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    format: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where the file states something outside its lines: beside or below a label, or inside a line of text.

    Attributes:
        label: Words of the cell beside which it stands.
        at: `right` of the label, or `below` it.
        pattern: Expression for a line of text, cells joined by blanks; its group is what is stated.
        forms: How a date may be written there, as strptime has it.
    """

    label: str = ""
    at: str = "right"
    pattern: str = ""
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Lines that are no positions although they look like ones.

    Attributes:
        where: Meaning -> expression that the whole cell matches; all must hold.
        why: Reason, for the audit.
        repeats: The line repeats the lines whose cells match these expressions, and is left out only if there are any.
    """

    where: Mapping[str, str]
    why: str
    repeats: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What the file leaves unsaid on some lines: meaning -> text, where the cell is empty or there is no column."""

    where: Mapping[str, str]
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One table of a file in which each line names its table.

    Attributes:
        name: Name of the table.
        columns: Header in the file -> header for the reading; empty for all columns as they are.
        where: Header -> expression; lines that differ are left out.
        adds: Header -> text of a column that the table does not have.
        join: Another table, the column that both have, and the columns to take from there.
    """

    name: str
    columns: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)
    adds: Mapping[str, str] = field(default_factory=dict)
    join: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """How lines name their table.

    Attributes:
        name_at: Position of the table's name in a line.
        kind_at: Position of the word that says what the line is.
        header: That word on a line of headers.
        line: That word on a line of cells.
        begins: That word on a line that begins a table, in files whose lines may leave the name out.
        parts: The tables that count; all others are left out.
    """

    name_at: int
    kind_at: int
    header: str
    line: str
    parts: tuple[Part, ...]
    begins: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLayout:
    """One export.

    Attributes:
        title: Name of the export.
        recognise: Ways to know it; one is enough.
        kind: What the file is, where it is no portfolio: `transactions` or `lots`.
        currency: Currency of values where the file states none.
        decimal: Decimal mark where no cell shows it.
        columns: Meaning -> expression for the whole header, where header words mislead.
        units: Meaning of a number column -> `left` or `right`, where its currency stands.
        ignore: Expressions for headers of columns to take for nothing.
        cheapest: Median of value over quantity, of bonds in percent, below which values are in thousands; 0 for none.
        hundredths: Meanings of columns in pence, cents or the like, where their header does not say so.
        lone_header: The header is one line; the line above it only names groups of columns.
        ends: Expressions; a line that begins with one, and all below it, is not of the table.
        left_out: Lines that are no positions.
        clean: Meaning -> expression to cut out of its cells.
        lone_value: Meaning -> expression; the only number of such a line is its value, wherever it stands.
        fill: What the file leaves unsaid.
        headings: Expression for a line inside the table that names the account of the lines below; its group does.
        groups: Expressions for lines inside the table that only name a group of the lines below.
        date: Where the day of the positions stands.
        account: Where the account stands, above the table.
        total: Where totals stand, outside the lines.
        sections: How lines name their table.
    """

    title: str
    recognise: tuple[Marks, ...]
    kind: str = ""
    currency: str = ""
    decimal: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    cheapest: float = 0.0
    hundredths: tuple[str, ...] = ()
    lone_header: bool = False
    ends: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    clean: Mapping[str, str] = field(default_factory=dict)
    lone_value: Mapping[str, str] = field(default_factory=dict)
    fill: tuple[Filling, ...] = ()
    headings: str = ""
    groups: tuple[str, ...] = ()
    date: tuple[Spot, ...] = ()
    account: tuple[Spot, ...] = ()
    total: tuple[Spot, ...] = ()
    sections: Sections | None = None


@cache
def known_layouts() -> tuple[KnownLayout, ...]:
    """Load the descriptions, in the order of their file names."""
    files = sorted(resources.files(__package__).iterdir(), key=lambda file: file.name)
    texts = [file.read_text(encoding="utf-8") for file in files if file.name.endswith(".toml")]
    return tuple(read_layout(tomli.loads(text)) for text in texts)


def read_layout(text: Mapping[str, Any]) -> KnownLayout:
    """Make a description of the content of its file.

    Raises:
        TypeError: A key is missing, or there is one that descriptions do not have.
    """
    keys = dict(text)
    lists = {
        "recognise": Marks,
        "left_out": LeftOut,
        "fill": Filling,
        "date": Spot,
        "account": Spot,
        "total": Spot,
    }
    for key, kind in lists.items():
        if key in keys:
            keys[key] = tuple(_record(kind, one) for one in keys[key])
    if "sections" in keys:
        parts = tuple(_record(Part, one) for one in keys["sections"]["parts"])
        keys["sections"] = Sections(**{**keys["sections"], "parts": parts})
    layout: KnownLayout = _record(KnownLayout, keys)
    return layout


def _record(kind: Any, keys: Mapping[str, Any]) -> Any:
    """Make a record; lists of the file become tuples."""
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in keys.items()})


@cache
def expression(text: str) -> re.Pattern[str]:
    """Give an expression of a description, ready for use; case does not matter."""
    return re.compile(text, re.IGNORECASE)


def expressions_of(layout: KnownLayout) -> list[str]:
    """Give every expression in a description, so that a test can read them all."""
    found = [*layout.ends, layout.headings, *layout.groups, *layout.columns.values(), *layout.ignore]
    found += [*layout.clean.values(), *layout.lone_value.values()]
    wheres = [rule.where for rule in layout.left_out] + [rule.where for rule in layout.fill]
    found += [text for where in wheres for text in where.values()]
    found += [text for rule in layout.left_out for text in rule.repeats.values()]
    found += [spot.pattern for spot in (*layout.date, *layout.account, *layout.total)]
    found += [text for part in (layout.sections.parts if layout.sections else ()) for text in part.where.values()]
    return [text for text in found if text]
