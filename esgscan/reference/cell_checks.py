"""Checks of one cell at a time: filled, of its type, with a right check digit, in plain words."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from stdnum import figi, isin, lei

from esgscan.reference.problems import Problem, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from esgscan.reference.cards import Column

LIST_SEPARATOR = "; "
SOURCE_SEPARATOR = " "

MEND_BY_TYPE = {
    "date": "write an ISO date such as 2021-06-03, and the printed text beside it where it is not a full day",
    "number": "write a plain number such as 0.4155, without percent sign, thousands separator or exponent",
    "integer": "write a whole number such as 12",
    "boolean": "write true or false",
    "list": "join the parts with a semicolon and a blank, and source ids with one blank",
}

# Words that judge. A sentence says who listed, found or reported what; these words never stand in our own voice.
JUDGING = re.compile(
    r"\b(guilty|culprit|complicit|accomplice|notorious|infamous|atrocit\w+|evil|rogue|blood money)\b", re.IGNORECASE
)
ACCUSED_BY_NOBODY = re.compile(
    r"\b(?:is|are|was|were|been|being|stands?|stood)\s+accused\b(?![^.;]*\bby\b)", re.IGNORECASE
)
QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”")


def cell_problems(dataset: str, line: int, column: Column, value: str) -> Iterator[Problem]:
    """Check that a cell is filled where it must be, is of its type, and is one of the allowed words."""
    where = place(dataset, line=line, column=column.name)
    if not value:
        if column.required:
            yield Problem(what="Cannot use an empty cell: ''.", where=where, mend=f"fill it: {column.meaning}")
        return
    if not _is_of_type(column, value):
        yield Problem(what=f"Cannot read '{value}' as {column.type}.", where=where, mend=MEND_BY_TYPE[column.type])
    if column.values and value not in column.values:
        yield Problem(
            what=f"Cannot use the word '{value}': the card does not allow it.",
            where=where,
            mend=f"write one of: {', '.join(column.values)}; or add the word to card.yml",
        )


def parts_of(column: str, value: str) -> list[str]:
    """Split a list in a cell; source ids are joined with one blank, everything else with a semicolon."""
    return value.split(SOURCE_SEPARATOR if column == "source_ids" else LIST_SEPARATOR)


def isin_problems(dataset: str, line: int, column: str, value: str) -> Iterator[Problem]:
    """Check the check digit of an ISIN."""
    yield from _number_problems(dataset, line, column, value, kind="ISIN", is_valid=isin.is_valid)


def lei_problems(dataset: str, line: int, column: str, value: str) -> Iterator[Problem]:
    """Check the check digits of a legal entity identifier."""
    yield from _number_problems(dataset, line, column, value, kind="LEI", is_valid=lei.is_valid)


def figi_problems(dataset: str, line: int, column: str, value: str) -> Iterator[Problem]:
    """Check the check digit of a FIGI."""
    yield from _number_problems(dataset, line, column, value, kind="FIGI", is_valid=figi.is_valid)


def plain_word_problems(dataset: str, line: int, column: str, value: str) -> Iterator[Problem]:
    """Check that our own prose does not judge; what stands in quotation marks is somebody else's."""
    own_words = QUOTED.sub("", value)
    for found in (*JUDGING.finditer(own_words), *ACCUSED_BY_NOBODY.finditer(own_words)):
        yield Problem(
            what=f"Cannot say '{found[0]}' in our own voice.",
            where=place(dataset, line=line, column=column),
            mend="say who listed, determined or reported what, and when",
        )


def _number_problems(
    dataset: str, line: int, column: str, value: str, *, kind: str, is_valid: Callable[[str], bool]
) -> Iterator[Problem]:
    """Check one identifying number, where there is one."""
    if value and not is_valid(value):
        yield Problem(
            what=f"Cannot trust the {kind} '{value}': its check digit is wrong.",
            where=place(dataset, line=line, column=column),
            mend=f"copy the {kind} again from the source, or leave the cell empty",
        )


def _is_of_type(column: Column, value: str) -> bool:
    """Whether a filled cell is written as its type asks."""
    if column.type == "date":
        return _is_date(value)
    if column.type == "number":
        return _is_number(value)
    if column.type == "integer":
        return value.removeprefix("-").isascii() and value.removeprefix("-").isdigit()
    if column.type == "boolean":
        return value in {"true", "false"}
    if column.type == "list":
        return all(part and part == part.strip() for part in parts_of(column.name, value))
    return True


def _is_date(value: str) -> bool:
    """Whether a cell is an ISO date with all its digits."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_number(value: str) -> bool:
    """Whether a cell is a plain, finite number."""
    try:
        return Decimal(value).is_finite() and "e" not in value.lower()
    except InvalidOperation:
        return False


CELL_CHECKS: dict[str, Callable[[str, int, str, str], Iterator[Problem]]] = {
    "isin_check_digit": isin_problems,
    "lei_check_digit": lei_problems,
    "figi_check_digit": figi_problems,
    "plain_words": plain_word_problems,
}
