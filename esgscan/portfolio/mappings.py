"""A mapping file: how a file was read, kept as TOML, so that the next one of its kind is read the same way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli

from esgscan.errors import OptionError
from esgscan.portfolio.columns import NAMEABLE
from esgscan.portfolio.dates import Order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VERSION = 1
MARKS = (",", ".")
LARGEST = 1_000_000
TOP_KEYS = frozenset({"version", "decimal", "dates", "table"})
TABLE_KEYS = frozenset({"sheet", "header_row", "columns"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedTable:
    """One table of a mapping.

    Attributes:
        sheet: Its sheet; empty in a file without sheets.
        header_row: Row of its header, from 1; 0 for a table without one.
        columns: Meaning -> header text, or letter where the header does not tell the column.
    """

    sheet: str
    header_row: int
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingFile:
    """How a file is to be read.

    Attributes:
        source: Name of the mapping file, for messages.
        tables: The tables to read; nothing else is read.
        decimal: The decimal mark of written numbers; empty to find it in each column.
        dates: The order of day and month; empty to find it in each column.
    """

    source: str
    tables: Sequence[MappedTable]
    decimal: str = ""
    dates: str = ""


def load_mapping(path: str | Path) -> MappingFile:
    """Read a mapping file.

    Raises:
        OptionError: It cannot be opened, is no TOML, or says what no mapping says.
    """
    name = str(path)
    try:
        with Path(path).open("rb") as stream:
            content = tomli.loads(stream.read(LARGEST).decode())
    except OSError as error:
        raise _wrong(f"The mapping {name!r} cannot be opened: {error.strerror}.", name, "check the path") from error
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(
            f"{name!r} is not a mapping: {error}.", name, "make one with: esgscan inspect FILE --save-mapping"
        ) from error
    _check_keys(content, TOP_KEYS, name)
    if content.get("version") != VERSION:
        raise _wrong(
            f"{name!r} has the version {content.get('version')!r}, not {VERSION}.", name, "save the mapping again"
        )
    tables = content.get("table")
    if not isinstance(tables, list) or not tables:
        raise _wrong(f"{name!r} has no [[table]].", name, "save the mapping again")
    return MappingFile(
        source=name,
        tables=[_table(table, name) for table in tables],
        decimal=_one_of(content, "decimal", MARKS, name),
        dates=_one_of(content, "dates", tuple(Order), name),
    )


def write_mapping(mapping: MappingFile, *, about: str) -> str:
    """Write a mapping as TOML; `about` is its first line."""
    lines = [f"# {about}", f"version = {VERSION}"]
    lines += [
        f"{key} = {_quoted(value)}" for key, value in (("decimal", mapping.decimal), ("dates", mapping.dates)) if value
    ]
    for table in mapping.tables:
        lines += [
            "",
            "[[table]]",
            f"sheet = {_quoted(table.sheet)}",
            f"header_row = {table.header_row}",
            "",
            "[table.columns]",
        ]
        lines += [f"{meaning} = {_quoted(column)}" for meaning, column in table.columns.items()]
    return "\n".join(lines) + "\n"


def _table(table: Any, name: str) -> MappedTable:
    if not isinstance(table, dict):
        raise _wrong(f"A table of {name!r} is not a table.", name, "write it as [[table]]")
    _check_keys(table, TABLE_KEYS, name)
    columns = table.get("columns")
    row = table.get("header_row")
    if not isinstance(row, int) or isinstance(row, bool) or row < 0:
        raise _wrong(
            f"{row!r} is not the row of a header.", f"{name}, header_row", "give its number, from 1; 0 for none"
        )
    if not isinstance(columns, dict) or not all(isinstance(value, str) for value in columns.values()):
        raise _wrong(
            f"A table of {name!r} has no columns.", f"{name}, [table.columns]", 'write lines such as isin = "ISIN"'
        )
    for meaning in columns:
        if meaning not in NAMEABLE:
            what = f"{meaning!r} is not a meaning of a column."
            raise _wrong(what, f"{name}, [table.columns]", f"use one of: {', '.join(NAMEABLE)}")
    return MappedTable(sheet=str(table.get("sheet", "")), header_row=row, columns=columns)


def _check_keys(content: Mapping[str, Any], known: frozenset[str], name: str) -> None:
    for key in content:
        if key not in known:
            raise _wrong(f"A mapping has no {key!r}.", name, f"use {', '.join(sorted(known))}")


def _one_of(content: Mapping[str, Any], key: str, choices: Sequence[str], name: str) -> str:
    value = content.get(key, "")
    if value and value not in choices:
        wanted = " or ".join(repr(str(choice)) for choice in choices)
        raise _wrong(f"{value!r} is no value of {key}.", f"{name}, {key}", f"write {wanted}")
    return str(value)


def _quoted(text: str) -> str:
    """Write a basic string of TOML."""
    escaped = "".join(c if c >= " " and c not in '"\\\x7f' else f"\\u{ord(c):04x}" for c in text)
    return f'"{escaped}"'


def _wrong(what: str, where: str, mend: str) -> OptionError:
    return OptionError(what, where=where, mend=mend)
