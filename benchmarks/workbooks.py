"""Two programs that write the same cells into a workbook, ours and xlsxwriter's; both begin from data on the disk.

python benchmarks/workbooks.py prepare PORTFOLIO FOLDER     scan it, and store the result and its cells
python benchmarks/workbooks.py ours|theirs FOLDER           write the workbook
"""

from __future__ import annotations

import pickle
import sys
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

SCAN, CELLS = "scan.pickle", "cells.pickle"


def prepare(portfolio: Path, folder: Path) -> None:
    """Store a scan, and the cells of its workbook: value and number format, sheet by sheet."""
    import openpyxl

    import esgscan
    from esgscan.report.xlsx import render_xlsx

    scan = esgscan.scan(portfolio, as_of="2026-11-23")
    (folder / SCAN).write_bytes(pickle.dumps(scan))
    book = openpyxl.load_workbook(BytesIO(render_xlsx(scan)), read_only=True)
    cells = {sheet.title: [[_of(cell) for cell in row] for row in sheet.iter_rows()] for sheet in book}
    (folder / CELLS).write_bytes(pickle.dumps(cells))


def ours(folder: Path) -> bytes:
    """Write the workbook of the stored scan."""
    from esgscan.report.xlsx import render_xlsx

    return render_xlsx(pickle.loads((folder / SCAN).read_bytes()))  # noqa: S301 - written by this program


def theirs(folder: Path) -> bytes:
    """Write the stored cells with xlsxwriter, each with its number format."""
    import xlsxwriter

    cells = pickle.loads((folder / CELLS).read_bytes())  # noqa: S301 - written by this program
    written = BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    formats = {name: book.add_format({"num_format": name}) for name in _number_formats(cells)}
    for title, rows in cells.items():
        sheet = book.add_worksheet(title)
        for row, values in enumerate(rows):
            for column, (value, number_format) in enumerate(values):
                _write(sheet, row, column, value, formats[number_format])
    book.close()
    return written.getvalue()


def _of(cell: Any) -> tuple[Any, str]:
    return (cell.value, getattr(cell, "number_format", "General") or "General")


def _number_formats(cells: dict[str, Any]) -> set[str]:
    return {number_format for rows in cells.values() for row in rows for _, number_format in row}


def _write(sheet: Any, row: int, column: int, value: Any, look: Any) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value, look)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, look)
    else:
        sheet.write_number(row, column, value, look)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        sys.stdout.buffer.write({"ours": ours, "theirs": theirs}[sys.argv[1]](Path(sys.argv[2])))
