"""A checked table as CSV: the user's columns as they are, the five that were added, and no cell that is a formula.

UTF-8 with a byte-order mark, so that Excel shows Chinese names. Text that a spreadsheet would take for a formula begins
with an apostrophe; numbers stay numbers.
"""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

import polars as pl

from esgscan.report.csv import BYTE_ORDER_MARK, FORMULA, guarded
from esgscan.report.wording import count
from esgscan.terms import Answer

if TYPE_CHECKING:
    from esgscan.records import CheckedTable

NUMBER = r"^\s*[+\-]?[0-9][0-9.,' ]*%?\s*$"


def render_checked_csv(checked: CheckedTable) -> bytes:
    """Render a checked table, row by row as the user has it."""
    head = StringIO()
    names = [*map(guarded, checked.header), *checked.added.values()]
    csv.writer(head, lineterminator="\r\n").writerow(names)
    given = checked.given.with_columns(pl.all().replace("", None))
    frame = given.hstack(checked.found.select(list(checked.added)))
    body = BytesIO()
    frame.select(map(_inert, frame.columns)).write_csv(body, include_header=False, line_terminator="\r\n")
    return f"{BYTE_ORDER_MARK}{head.getvalue()}".encode() + body.getvalue()


def summary(checked: CheckedTable) -> str:
    """Say in one line how many rows have which answer."""
    counts = dict(checked.found["answer"].value_counts().iter_rows())
    parts = [f"{counts.get(word, 0):,} {word}" for word in (Answer.FLAGGED, Answer.POSSIBLE, Answer.REFUSED)]
    above = f"; {count(checked.rows_above, 'row')} above the header left out" if checked.rows_above else ""
    return f"{count(checked.found.height, 'row')} checked as of {checked.as_of}: {', '.join(parts)}{above}."


def _inert(name: str) -> pl.Expr:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    cell = pl.col(name)
    is_formula = cell.str.contains(f"^{FORMULA.pattern}") & ~cell.str.contains(NUMBER)
    return pl.when(is_formula).then(pl.lit("'") + cell).otherwise(cell).alias(name)
