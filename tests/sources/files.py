"""Files of holdings written by tests, in the layouts of publishers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import Workbook

from esgscan.sources.holdings import read_holdings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from esgscan.records import FundFile


def read_text(folder: Path, text: str, *, fund: str = "", name: str = "file.csv") -> FundFile:
    """Write a text and read it as holdings."""
    path = folder / name
    path.write_bytes(text.encode("utf-8"))
    return read_holdings(f"{fund}={path}" if fund else str(path))


def read_rows(folder: Path, rows: Sequence[Sequence[object]], *, fund: str = "", name: str = "file.xlsx") -> FundFile:
    """Write rows into a workbook and read it as holdings."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / name)
    return read_holdings(f"{fund}={folder / name}" if fund else str(folder / name))


def weights(file: FundFile) -> list[float]:
    """Give the weights, rounded so that sums of decimals compare."""
    return [round(weight, 12) for weight in file.holdings["holding_weight"]]


def names(file: FundFile) -> list[str | None]:
    return list(file.holdings["name_as_written"])


def kinds(file: FundFile) -> list[str]:
    return list(file.holdings["kind"])


def fund_of(file: FundFile) -> dict[str, object]:
    """Give the only fund of a file."""
    return file.funds.row(0, named=True)


def said(file: FundFile) -> str:
    return " ".join(finding.what for finding in file.findings)
