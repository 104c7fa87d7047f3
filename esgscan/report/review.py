"""The open review lines of a scan as a file to fill in: with answers, it is the file that `--decisions` reads."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from esgscan.report.csv import BYTE_ORDER_MARK, cell
from esgscan.report.rows import rows
from esgscan.report.wording import percent, place
from esgscan.securities.decided import WRITTEN

if TYPE_CHECKING:
    from esgscan.records import Scan

ANSWER = ("answer", "decided_by", "decided_on", "comment")
COLUMNS = (*WRITTEN, "might_be", "company", "confidence", "for_and_against", "weight", "place", *ANSWER)


def render_review(scan: Scan) -> str:
    """Write one row per way of writing that is open, the largest weight first; the last four columns are to be filled.

    `answer` takes the id of an issuer, such as the one in `might_be`, or `none`.
    """
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    positions = {row["position_id"]: row for row in rows(scan.tables["positions"])}
    seen = set()
    for row in rows(scan.tables["review"]):
        line = {name: positions[row["position_id"]][name] for name in WRITTEN}
        if (written := tuple(line.values())) in seen:
            continue
        seen.add(written)
        shown = {
            **line,
            "might_be": row["issuer_id"],
            "company": row["issuer"],
            "confidence": row["confidence"],
            "for_and_against": row["evidence"],
            "weight": percent(row["weight"]),
            "place": place(row),
        }
        writer.writerow({name: cell(value) for name, value in shown.items()})
    return BYTE_ORDER_MARK + text.getvalue()
