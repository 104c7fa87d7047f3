"""Checks of the data sets against each other: references that resolve, and sources that can be opened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from esgscan.reference.cell_checks import parts_of
from esgscan.reference.datasets import ENTRIES
from esgscan.reference.problems import Problem, place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from esgscan.reference.cards import Card
    from esgscan.reference.row_checks import Row

SOURCES = "sources"
SOURCE_COLUMNS = ("source_ids", "source_url")
# Where sources come from, vocabularies of our own, and what is computed from names that have theirs.
WITHOUT_SOURCES = frozenset({SOURCES, "tags", "markets", "name_forms", "name_words"})


class Dataset(NamedTuple):
    """A data set with its card and its rows as text."""

    card: Card
    rows: list[Row]


def reference_problems(dataset: Dataset, datasets: Mapping[str, Dataset]) -> Iterator[Problem]:
    """Check that each value of a referring column is in the column it refers to."""
    for column in dataset.card.columns:
        if not column.references:
            continue
        target, _, target_column = column.references.partition(".")
        there = {row.cells.get(target_column) for row in datasets[target].rows} if target in datasets else set()
        for row in dataset.rows:
            value = row.cells[column.name]
            parts = parts_of(column.name, value) if column.type == "list" else [value]
            for part in parts:
                if part and part not in there:
                    yield Problem(
                        what=f"Cannot find '{part}' among {column.references}.",
                        where=place(dataset.card.name, line=row.line, column=column.name),
                        mend=f"add it to reference/data/{target}/{ENTRIES}, or correct the spelling here",
                    )


def source_problems(dataset: Dataset, datasets: Mapping[str, Dataset]) -> Iterator[Problem]:
    """Check that every row has a source that can be opened, and prints the address of the first one."""
    name = dataset.card.name
    if name == SOURCES:
        yield from _address_problems(dataset, "url")
    if name in WITHOUT_SOURCES:
        return
    names = {column.name for column in dataset.card.columns}
    if not names.issuperset(SOURCE_COLUMNS):
        yield Problem(
            what=f"Cannot use '{name}': it lacks one of the columns {', '.join(SOURCE_COLUMNS)}.",
            where=place(name, line=1),
            mend="give every row its sources and the address of the first",
        )
        return
    yield from _address_problems(dataset, "source_url")
    url_by_source = {row.cells["source_id"]: row.cells["url"] for row in _rows_of(datasets, SOURCES)}
    for row in dataset.rows:
        first = parts_of("source_ids", row.cells["source_ids"])[0]
        if first in url_by_source and row.cells["source_url"] != url_by_source[first]:
            yield Problem(
                what=f"Cannot use the address '{row.cells['source_url']}': it is not that of the source '{first}'.",
                where=place(name, line=row.line, column="source_url"),
                mend=f"write {url_by_source[first]}, or name the source of this address first",
            )


def _rows_of(datasets: Mapping[str, Dataset], name: str) -> list[Row]:
    """Return the rows of a data set, or none if it could not be read."""
    return datasets[name].rows if name in datasets else []


def _address_problems(dataset: Dataset, column: str) -> Iterator[Problem]:
    """Check that a column holds addresses of the web."""
    for row in dataset.rows:
        if not re.match(r"https?://[^\s/]+", row.cells[column]):
            yield Problem(
                what=f"Cannot open the address '{row.cells[column]}'.",
                where=place(dataset.card.name, line=row.line, column=column),
                mend="write the full address, beginning with https:// or http://",
            )
