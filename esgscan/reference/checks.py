"""All checks of the packaged data: each data set against its card, and the data sets against each other."""

from __future__ import annotations

import csv
import re
from datetime import date
from typing import TYPE_CHECKING

from esgscan.errors import ReferenceDataError
from esgscan.reference.cards import read_card
from esgscan.reference.cell_checks import CELL_CHECKS, cell_problems
from esgscan.reference.datasets import ENTRIES, data_folder
from esgscan.reference.link_checks import Dataset, reference_problems, source_problems
from esgscan.reference.problems import Problem, place
from esgscan.reference.row_checks import (
    ROW_CHECKS,
    Row,
    count_problems,
    key_problems,
    order_problems,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from esgscan.reference.cards import Card

# Numbers under licence: they may be read from a user's file, and are never packaged.
LICENSED = re.compile(r"(?:^|_)(?:cusip|sedol|wkn|valor)(?:_|$)")


def check_datasets(folder: Path | None = None) -> list[Problem]:
    """Check the packaged data sets, or those in `folder`.

    Returns:
        The problems, by data set and line; an empty list means that all is well.
    """
    problems = list(_edition_problems(folder))
    datasets: dict[str, Dataset] = {}
    for name in _folder_names(folder):
        try:
            card = read_card(name, folder=folder)
            rows = _read_rows(card, folder)
        except ReferenceDataError as error:
            problems.append(Problem(what=error.what, where=error.where, mend=error.mend))
        else:
            datasets[name] = Dataset(card, rows)
    for name, dataset in datasets.items():
        problems += _dataset_problems(dataset)
        problems += reference_problems(dataset, datasets)
        problems += source_problems(dataset, datasets)
        problems += _maintenance_problems(name, folder)
    return problems


def _folder_names(folder: Path | None) -> list[str]:
    """List the folders of data sets, also those whose entries are missing."""
    return sorted(entry.name for entry in data_folder(folder).iterdir() if entry.is_dir() and entry.name[0] not in "._")


def _read_rows(card: Card, folder: Path | None) -> list[Row]:
    """Read the entries as text; the header must be the columns of the card, in their order."""
    try:
        text = (data_folder(folder) / card.name / ENTRIES).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReferenceDataError(
            f"Cannot read the entries of '{card.name}': {error}.",
            where=place(card.name),
            mend="write the file as UTF-8 text with a header line",
        ) from error
    reader = csv.reader(text.splitlines(keepends=True))
    expected = [column.name for column in card.columns]
    header = next(reader, [])
    if header != expected:
        raise ReferenceDataError(
            f"Cannot use the header '{','.join(header)}': it is not the columns of the card.",
            where=place(card.name, line=1),
            mend=f"write the columns in this order: {','.join(expected)}",
        )
    return [_read_row(card, header, cells, reader.line_num) for cells in reader]


def _read_row(card: Card, header: list[str], cells: list[str], line: int) -> Row:
    """Name the cells of one line."""
    if len(cells) != len(header):
        raise ReferenceDataError(
            f"Cannot use a line of {len(cells)} cells: there are {len(header)} columns.",
            where=place(card.name, line=line),
            mend="write one cell for each column, and quotation marks around a cell that holds a comma",
        )
    return Row(line, dict(zip(header, cells, strict=True)))


def _dataset_problems(dataset: Dataset) -> Iterator[Problem]:
    """Check one data set against its card."""
    card, rows = dataset
    for column in card.columns:
        if LICENSED.search(column.name.lower()):
            yield Problem(
                what=f"Cannot package the column '{column.name}': these numbers are under licence.",
                where=place(card.name, line=1, column=column.name),
                mend="remove the column; ISIN, FIGI, LEI and market codes may be packaged",
            )
    yield from count_problems(card, rows)
    yield from key_problems(card, rows)
    yield from order_problems(card, rows)
    for row in rows:
        for column in card.columns:
            yield from cell_problems(card.name, row.line, column, row.cells[column.name])
    yield from _named_problems(dataset)


def _named_problems(dataset: Dataset) -> Iterator[Problem]:
    """Run the checks that the card names."""
    card, rows = dataset
    known = {column.name for column in card.columns}
    for check, columns in card.checks:
        if not known.issuperset(columns) or check not in CELL_CHECKS | ROW_CHECKS:
            yield Problem(
                what=f"Cannot run the check '{check}' on '{', '.join(columns)}': there is no such check or column.",
                where=place(card.name, file="card.yml"),
                mend=f"name columns of the card, and one of: {', '.join(sorted(CELL_CHECKS | ROW_CHECKS))}",
            )
        elif check in ROW_CHECKS:
            yield from ROW_CHECKS[check](card, rows, columns)
        else:
            for row in rows:
                for column in columns:
                    yield from CELL_CHECKS[check](card.name, row.line, column, row.cells[column])


def _maintenance_problems(name: str, folder: Path | None) -> Iterator[Problem]:
    """Check that the data set says how its next edition comes in."""
    if not (data_folder(folder) / name / "MAINTAIN.md").is_file():
        yield Problem(
            what=f"Cannot maintain '{name}': it has no MAINTAIN.md.",
            where=place(name, file="MAINTAIN.md"),
            mend="say where the next edition comes from, what to count and what to watch",
        )


def _edition_problems(folder: Path | None) -> Iterator[Problem]:
    """Check that the file EDITION holds one day."""
    try:
        date.fromisoformat((data_folder(folder) / "EDITION").read_text(encoding="utf-8").strip())
    except (OSError, ValueError) as error:
        yield Problem(
            what=f"Cannot read the edition: {error}.",
            where=place("", file="EDITION"),
            mend="write the day of the edition on one line, such as 2026-11-23",
        )
