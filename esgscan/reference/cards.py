"""The card of a data set: what it holds, where it is from, what each column means and which checks apply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from esgscan.errors import ReferenceDataError
from esgscan.reference.datasets import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

TYPES = frozenset({"text", "date", "number", "integer", "boolean", "list"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a data set.

    Args:
        name: As in the header of entries.csv.
        type: One of `TYPES`.
        meaning: One sentence for the reader of the data.
        unit: What a number counts, where it is a number.
        required: Whether every row fills it.
        values: The words allowed in it; empty means any.
        references: `dataset.column` that holds its values, or none.
    """

    name: str
    type: str
    meaning: str
    unit: str = ""
    required: bool = False
    values: tuple[str, ...] = ()
    references: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What card.yml says about a data set.

    Args:
        name: The name of its folder.
        title: What it is, in a few words.
        description: What a row is and what a reader must know.
        publisher: Who publishes it.
        licence: On which terms.
        edition: The day the data is of.
        collected_on: The day it was collected.
        key: The columns that name a row.
        sort: The columns the rows are sorted by.
        fewest_rows: Fewer are a fault.
        most_rows: More are a fault.
        columns: In the order of entries.csv.
        checks: Name of a check and the columns it applies to; a name may occur again.
    """

    name: str
    title: str
    description: str
    publisher: str
    licence: str
    edition: str
    collected_on: str
    key: tuple[str, ...]
    sort: tuple[str, ...]
    fewest_rows: int
    most_rows: int
    columns: tuple[Column, ...]
    checks: tuple[tuple[str, tuple[str, ...]], ...]


def read_card(name: str, *, folder: Path | None = None) -> Card:
    """Read the card of one data set.

    Raises:
        ReferenceDataError: The card is missing, is not YAML, or lacks a part.
    """
    import yaml

    try:
        fields = yaml.safe_load((data_folder(folder) / name / "card.yml").read_text(encoding="utf-8"))
        return _card(name, fields)
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReferenceDataError(
            f"Cannot read the card of the data set '{name}': {error}",
            where=f"reference/data/{name}/card.yml",
            mend="write it like the card of another data set",
        ) from error


def _card(name: str, fields: Mapping[str, Any]) -> Card:
    """Build the card from the fields of its file."""
    unknown = {*fields["key"], *fields["sort"]} - set(fields["columns"])
    if unknown:
        raise ValueError(f"key or sort name columns that are not there: {', '.join(sorted(unknown))}")
    return Card(
        name=name,
        title=fields["title"],
        description=fields["description"],
        publisher=fields["publisher"],
        licence=fields["licence"],
        edition=str(fields["edition"]),
        collected_on=str(fields["collected_on"]),
        key=tuple(fields["key"]),
        sort=tuple(fields["sort"]),
        fewest_rows=int(fields["rows"]["min"]),
        most_rows=int(fields["rows"]["max"]),
        columns=tuple(_column(column, parts) for column, parts in fields["columns"].items()),
        checks=tuple(_checks(fields.get("checks") or [])),
    )


def _column(name: str, parts: Mapping[str, Any]) -> Column:
    """Build one column of a card."""
    if parts["type"] not in TYPES:
        raise ValueError(f"column '{name}' has the type '{parts['type']}', which is none of {', '.join(sorted(TYPES))}")
    return Column(
        name=name,
        type=parts["type"],
        meaning=parts["meaning"],
        unit=str(parts.get("unit") or ""),
        required=bool(parts.get("required")),
        values=tuple(str(value) for value in parts.get("values") or ()),
        references=parts.get("references") or "",
    )


def _checks(listed: Iterable[Any] | Mapping[str, Any]) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Read the checks of a card, written as a mapping or as a list of names and one-line mappings."""
    if isinstance(listed, dict):
        listed = [{check: columns} for check, columns in listed.items()]
    for entry in listed:
        if isinstance(entry, str):
            yield entry, ()
        else:
            for check, columns in entry.items():
                yield check, tuple(columns or ())
