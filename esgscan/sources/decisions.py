"""Answers to review lines, from a file that a person filled in: `--decisions decisions.csv`."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from esgscan.errors import OptionError, PortfolioError
from esgscan.identifiers import read_isin
from esgscan.portfolio.files import read_grids
from esgscan.portfolio.inputs import read_source
from esgscan.portfolio.lines import as_text
from esgscan.securities.decided import NONE, WRITTEN, line_key
from esgscan.tables import DECISIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import polars as pl

    from esgscan.portfolio.grids import Cell
    from esgscan.portfolio.inputs import Upload

OPTION = "--decisions"
REQUIRED = ("answer", "decided_by", "decided_on")
GUARD = re.compile(r"^'(?=\s*[=+\-@])")
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
"""A day as Excel writes it in much of Europe: 26.11.2026. With strokes, day and month could be either."""


def read_decisions(
    paths: Sequence[str | Path | Upload], *, issuers: Collection[str]
) -> tuple[pl.DataFrame, dict[str, str]]:
    """Read files of decisions: a header row, and one row per line that a person settled.

    The columns are name_as_written, isin, ticker, exchange, country, as the line has them; answer, decided_by,
    decided_on, comment. Others may stand beside them. A row without an answer is still open, and is passed over.

    Args:
        paths: CSV files or workbooks.
        issuers: The ids that an answer may name.

    Returns:
        Table DECISIONS, one row per way of writing, and the SHA-256 of each file by its name.

    Raises:
        OptionError: A file cannot be read, a row is incomplete, or two decisions contradict each other.
    """
    rows: list[dict[str, Any]] = []
    digests = {}
    for given in paths:
        path = Path(given) if isinstance(given, str) else given
        try:
            data = read_source(path)
            grids = read_grids(data, name=path.name).grids
        except PortfolioError as error:
            raise OptionError(error.what, where=f"{OPTION} {path}", mend=error.mend) from error
        digests[path.name] = hashlib.sha256(data).hexdigest()
        rows += [row for grid in grids for row in _decisions(grid.rows, path.name, issuers)]
    return _without_repeats(DECISIONS.frame(rows)), digests


def _decisions(rows: Sequence[Sequence[Cell]], name: str, issuers: Collection[str]) -> Iterator[dict[str, Any]]:
    """Read one sheet."""
    top = next((number for number, row in enumerate(rows) if any(as_text(cell) for cell in row)), None)
    if top is None:
        return
    header = ["_".join(as_text(cell).casefold().split()) for cell in rows[top]]
    missing = [column for column in REQUIRED if column not in header]
    if missing or not set(WRITTEN) & set(header):
        wanted = missing or ["name_as_written"]
        what = f"Cannot read the decisions: there is no column {' and no column '.join(wanted)}."
        mend = f"write a header row with {', '.join((*WRITTEN, *REQUIRED))}, comment"
        raise OptionError(what, where=f"{OPTION} {name}, row {top + 1}", mend=mend)
    for number, row in enumerate(rows[top + 1 :], start=top + 2):
        cells = {column: cell for column, cell in zip(header, row, strict=False) if column in DECISIONS.columns}
        if as_text(cells.get("answer")):
            yield _decision(cells, f"{name}, row {number}", issuers)


def _decision(cells: dict[str, Cell], where: str, issuers: Collection[str]) -> dict[str, Any]:
    """Read one row that has an answer."""
    texts = {column: GUARD.sub("", as_text(cell)) or None for column, cell in cells.items()}
    texts["isin"] = read_isin(texts["isin"]) if texts.get("isin") else None
    if not any(texts.get(column) for column in WRITTEN):
        what = "A decision does not say on which line."
        raise _error(what, where, "fill name_as_written, or another column of the line")
    if not texts.get("decided_by"):
        raise _error("A decision does not say whose it is.", where, "fill the column decided_by")
    answer = (texts["answer"] or "").casefold()
    if answer != NONE and answer not in issuers:
        near = get_close_matches(answer, issuers, n=1, cutoff=0.6)
        guess = f"did you mean {near[0]}? " if near else ""
        mend = f"{guess}write the id of an issuer, as esgscan issuers lists them, or {NONE}"
        raise _error(f"Cannot use the answer '{texts['answer']}': there is no such issuer.", where, mend)
    texts.pop("where", None)
    return {**texts, "answer": answer, "decided_on": _day(cells.get("decided_on"), where), "where": where}


def _day(cell: Cell, where: str) -> date:
    """Read the day of a decision, also as a workbook stores it."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = as_text(cell)
    dotted = DOTTED.fullmatch(text)
    try:
        return date(int(dotted[3]), int(dotted[2]), int(dotted[1])) if dotted else date.fromisoformat(text)
    except ValueError as error:
        what = f"Cannot read the day of a decision: '{text}' is no date."
        raise _error(what, where, "write decided_on as 2026-11-23") from error


def _without_repeats(decisions: pl.DataFrame) -> pl.DataFrame:
    """Keep of each way of writing the newest decision.

    Raises:
        OptionError: Two of them give different answers.
    """
    frame = nw.from_native(decisions, eager_only=True)
    keyed = frame.with_columns(line_key=line_key()).sort("decided_on").to_native()
    kept: dict[str, dict[str, Any]] = {}
    for row in keyed.iter_rows(named=True):
        before = kept.get(row["line_key"])
        if before and before["answer"] != row["answer"]:
            said = " and ".join(f"'{one['answer']}' by {one['decided_by']} ({one['where']})" for one in (before, row))
            line = next(row[column] for column in WRITTEN if row[column])
            what = f"Two decisions on '{line}' contradict each other: {said}."
            raise _error(what, row["where"], "remove one of them")
        kept[row["line_key"]] = row
    return DECISIONS.frame({name: row[name] for name in DECISIONS.columns} for row in kept.values())


def _error(what: str, where: str, mend: str) -> OptionError:
    return OptionError(what, where=f"{OPTION} {where}", mend=mend)
