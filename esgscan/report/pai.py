"""The PAI workpaper as rows of a sheet: what has no figure says "no data"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.pai import ANY, COVERAGE, INDICATOR, INPUT, INVESTOR, MAPPING, OFFICIAL, QUIET, REPORTED, SAID, STATEMENT
from esgscan.report.rows import Row, rows

if TYPE_CHECKING:
    from esgscan.records import Scan

NO_DATA = "no data"
LINES = {
    OFFICIAL: "Input: companies with an official determination on such a ground",
    INVESTOR: "Input: companies that another investor excluded on such a ground",
    REPORTED: "Input: companies of which only reports exist",
    ANY: "Any of these inputs",
    SAID: "Input: companies whose statements on such processes are on record",
    QUIET: "Flagged companies without such a statement on record",
    "covered": "Covered: screened",
    "not covered": "Not covered",
    "of the exposure, estimated": "Of the exposure: estimated",
}
PARTS = {
    INDICATOR: "Indicator",
    INPUT: "Input",
    STATEMENT: "Statement",
    COVERAGE: "Coverage",
    MAPPING: "Mapping",
}


def pai_sheet(scan: Scan) -> list[Row]:
    """Give the lines of the workpaper; the mapping names the edition of the reference data that it is part of."""
    return [
        {
            **row,
            "part": PARTS[row["part"]],
            "line": LINES.get(row["line"], row["line"]),
            "weight": NO_DATA if row["part"] == INDICATOR else row["weight"],
            "remark": f"{row['remark']} (edition {scan.run.edition})" if row["part"] == MAPPING else row["remark"],
        }
        for row in rows(scan.tables["pai"])
    ]
