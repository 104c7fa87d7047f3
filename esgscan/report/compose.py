"""A Scan -> the Document that HTML, PDF and Markdown render: which sections there are, and their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.report.annex import how_made, programmes, sources
from esgscan.report.companies import companies
from esgscan.report.document import Document, Section
from esgscan.report.material import material_of
from esgscan.report.opening import opening
from esgscan.report.over_time import over_time
from esgscan.report.remainder import absences, coverage, decisions, findings, positions, review
from esgscan.report.wording import DISCLAIMER, count, plain, size

if TYPE_CHECKING:
    from collections.abc import Callable

    from esgscan.records import Scan
    from esgscan.report.material import Material

BUILDERS: tuple[Callable[[Material], Section | None], ...] = (
    opening,
    over_time,
    companies,
    coverage,
    review,
    decisions,
    absences,
    findings,
    positions,
    programmes,
    how_made,
    sources,
)
"""One function per section, in the order of the report; a section with nothing to say is None."""


def compose(scan: Scan) -> Document:
    """Lay a scan out as a report."""
    material = material_of(scan)
    built = [builder(material) for builder in BUILDERS]
    held = size(scan.portfolio)
    known = f"as known on {scan.known_on}" if scan.known_on not in {None, scan.as_of} else ""
    facts = [f"as of {scan.as_of}", known, held, count(scan.portfolio.positions, "position")]
    return Document(
        title=plain(scan.portfolio.name) or "Portfolio",
        subtitle=", ".join(filter(None, facts)),
        as_of=scan.as_of.isoformat(),
        sections=tuple(section for section in built if section),
        imprint=f"{DISCLAIMER} esgscan {scan.run.version}, reference data {scan.run.edition}.",
        generated_at=scan.run.generated_at,
        keywords=tuple(plain(row["name"]) for row in material.exposures),
    )
