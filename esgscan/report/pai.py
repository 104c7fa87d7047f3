"""A workpaper for the principal adverse impact statement of the EU (SFDR): what the data can say, and what not.

It computes no indicator: whether a company violated the principles named there is an assessment that no source of the
reference data makes. What is not known stays "no data".
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from esgscan.report.rows import Row, rows, rows_by
from esgscan.report.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from esgscan.records import Scan

NO_DATA = "no data"
HUMAN_RIGHTS, OFFICIAL = "human-rights", "official-determination"
REFERENCE = (
    "Commission Delegated Regulation (EU) 2022/1288, Annex I, Table 1, OJ L 196, 25.7.2022: "
    "https://eur-lex.europa.eu/legal-content/EN/TXT/HTML/?uri=OJ:L:2022:196:FULL (cited, not quoted: read it there)"
)
INDICATORS = {
    10: "Violations of UN Global Compact principles and OECD Guidelines for Multinational Enterprises",
    11: "Lack of processes and mechanisms to monitor compliance with them",
    14: "Exposure to controversial weapons",
}
SAYS = {
    10: "No source of this edition determines a violation. The lines below are inputs for your own assessment.",
    11: "The data have dated statements of some companies, and nothing on whether such processes exist.",
    14: "The data have nothing on these weapons; a military or defence-sector link is no finding about them.",
}


def pai_rows(scan: Scan) -> list[Row]:
    """Give the lines of the workpaper: indicators, coverage, then the mapping of risk tags to indicators."""
    return [*_indicators(scan), *_coverage(scan), *_mapping(scan)]


def _indicators(scan: Scan) -> list[Row]:
    tags = rows_by(scan.tables["tags"].filter(theme=HUMAN_RIGHTS), "issuer_id")
    official = {issuer for issuer, found in tags.items() if any(row["basis"] == OFFICIAL for row in found)}
    lines = []
    for number, name in INDICATORS.items():
        lines.append(_line(f"Indicator {number}", name, value=NO_DATA, remark=SAYS[number], reference=REFERENCE))
        if number == min(INDICATORS):
            lines.append(_input(scan, "Companies with a human-rights tag by an official determination", official))
            lines.append(_input(scan, "Companies with a human-rights tag by reports only", set(tags) - official))
    return lines


def _input(scan: Scan, name: str, issuers: set[str]) -> Row:
    """Give the weight of some companies, direct and indirect."""
    held = [row for row in rows(scan.tables["exposures"]) if row["issuer_id"] in issuers]
    sums: dict[str, Any] = {name: math.fsum(row[name] for row in held) for name in ("weight", "direct", "indirect")}
    remark = "; ".join(row["name"] for row in held)
    return _line("Input for 10", name, value=sums["weight"], companies=len(held), remark=remark) | {
        "direct": sums["direct"],
        "indirect": sums["indirect"],
        "source_numbers": _numbers(scan, issuers & {row["issuer_id"] for row in held}),
    }


def _numbers(scan: Scan, issuers: Iterable[str]) -> str:
    """Give the sources of the human-rights tags of some companies."""
    found = [row for row in rows(scan.tables["tags"]) if row["issuer_id"] in issuers and row["theme"] == HUMAN_RIGHTS]
    return ", ".join(dict.fromkeys(part for row in found for part in (row["source_numbers"] or "").split(", ") if part))


def _coverage(scan: Scan) -> list[Row]:
    estimated = scan.weight - scan.floor
    return [
        _line("Coverage", "Covered: screened", value=scan.coverage.screened, remark="share of the portfolio"),
        _line(
            "Coverage",
            "Of the exposure: estimated",
            value=estimated,
            remark="probable identities, and holdings older than allowed: the weight less the floor",
        ),
        _line("Coverage", "Not covered", value=scan.coverage.uncovered, remark="stays no data, and is not clean"),
    ]


def _mapping(scan: Scan) -> list[Row]:
    """Say of each risk tag which indicator it is an input for, with the edition of the mapping."""
    edition = f"mapping of edition {scan.run.edition}"
    labels = {row["label"]: row["theme"] for row in rows(scan.tables["tags"])}
    return [
        _line(
            "Mapping",
            label,
            value="input for 10" if theme == HUMAN_RIGHTS else NO_DATA,
            remark=edition if theme == HUMAN_RIGHTS else f"no indicator of the three; {edition}",
        )
        for label, theme in sorted(labels.items())
    ]


def _line(part: str, name: str, *, value: Any, companies: int | None = None, remark: str, reference: str = "") -> Row:
    held = count(companies, "company", "companies") if companies is not None else ""
    line = {"part": part, "line": name, "value": value, "companies": held, "remark": remark, "reference": reference}
    return line | {"direct": None, "indirect": None, "source_numbers": ""}
