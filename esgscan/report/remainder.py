"""The sections on the part that nobody can speak about yet, and on the portfolio as it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.report.document import Block, Cell, Column, Paragraph, Section, Table, text_table
from esgscan.report.material import line_of, text, weight
from esgscan.report.uncertainty import ceiling_rows, outcome_label
from esgscan.report.wording import percent
from esgscan.terms import Outcome

if TYPE_CHECKING:
    from esgscan.report.material import Material
    from esgscan.report.rows import Row

MOST_ON_PAPER = 60
NO_LINE = "(in no line of the file)"
"""What the weights of a file leave out, where they add to less than the whole."""
NAME, WEIGHT = Column(header="Name as written", width=3), Column(header="Weight", is_figure=True, width=1.1)
PLACE, MEND = Column(header="Where", width=1.4), Column(header="How to mend it", width=3)


def coverage(material: Material) -> Section:
    """Write where the whole portfolio ended, what the ceiling is made of, and every uncovered route."""
    scan = material.scan
    opened = f"{percent(scan.coverage.looked_through)} of the portfolio lies in funds that were opened."
    columns = (
        Column(header="Outcome", width=3.4),
        Column(header="Positions", is_figure=True),
        WEIGHT,
        *((Column(header=material.currency or "Value", is_figure=True, width=1.3),) if material.has_money else ()),
    )
    lines = [
        (
            text(outcome_label(row)),
            Cell(f"{row['positions']:,}", row["positions"]),
            weight(row["weight"]),
            *((material.amount(row["market_value"]),) if material.has_money else ()),
        )
        for row in material.rows("coverage_rows")
    ]
    blocks: list[Block] = [text_table("Where the whole portfolio ended", columns, lines), Paragraph(text=opened)]
    return Section(anchor="coverage", title="Coverage", blocks=(*blocks, *_ceiling(material), *_uncovered(material)))


def _ceiling(material: Material) -> list[Block]:
    made_of = ceiling_rows(material.scan)
    if not made_of:
        return []
    columns = (
        Column(header="Part", width=3.4),
        *(Column(header=h, is_figure=True) for h in ("Weight", "At worst", "Adds")),
    )
    lines = [tuple(Cell(shown) for shown in line) for line in made_of]
    return [text_table("What the ceiling is made of", columns, lines)]


def _uncovered(material: Material) -> list[Block]:
    lines = [
        (
            text(row["route_names"] or row["name_as_written"] or NO_LINE),
            line_of(row),
            weight(row["weight"]),
            text(row["reason"]),
            weight(row["adds_to_ceiling"]),
            text(row["mend"]),
        )
        for row in material.rows("uncovered")
    ]
    columns = (
        Column(header="Fund or line", width=3),
        PLACE,
        WEIGHT,
        Column(header="Reason", width=1.8),
        Column(header="Adds to ceiling", is_figure=True, width=1.1),
        Column(header="What would narrow it", width=2.2),
    )
    caption = "Uncovered routes, the ones that add most to the ceiling first"
    return [text_table(caption, columns, lines, most=MOST_ON_PAPER)] if lines else []


def review(material: Material) -> Section | None:
    """Write the lines whose identity a person should settle."""
    lines = [
        (
            text(row["name_as_written"]),
            line_of(row),
            weight(row["weight"]),
            text(f"{row['confidence']}: {row['issuer']}" if row["issuer"] else row["confidence"]),
            text(row["evidence"]),
            text(row["mend"]),
        )
        for row in material.rows("review")
    ]
    columns = (
        NAME,
        PLACE,
        WEIGHT,
        Column(header="Might be", width=2.4),
        Column(header="For and against", width=2.6),
        Column(header="What would settle it", width=2),
    )
    if not lines:
        return None
    table = text_table("Lines to review; their weight is never counted as exposure", columns, lines, most=MOST_ON_PAPER)
    return Section(anchor="review", title="To review", blocks=(table,))


def decisions(material: Material) -> Section | None:
    """Write which identities a person settled, who that was, and when."""
    lines = [
        (
            text(row["name_as_written"]),
            line_of(row),
            text(row["issuer"] or row["answer"]),
            text(row["decided_by"]),
            text(row["decided_on"]),
            text(row["comment"]),
        )
        for row in material.rows("decisions")
    ]
    columns = (
        NAME,
        PLACE,
        Column(header="Decided to be", width=2.4),
        Column(header="By", width=1.2),
        Column(header="On", width=1),
        Column(header="Comment", width=2),
    )
    if not lines:
        return None
    table = text_table("Lines whose identity a person settled", columns, lines, most=MOST_ON_PAPER)
    return Section(anchor="decisions", title="Decided by a person", blocks=(table,))


def absences(material: Material) -> Section | None:
    """Write which companies a reader would expect in a fund, and why they are not there."""
    lines = [
        (
            text(row["fund"]),
            text(row["issuer"]),
            text(row["as_of"]),
            material.sourced(row, row["text"]),
            text(row["later"]),
        )
        for row in material.rows("absences")
    ]
    columns = (
        Column(header="Fund", width=2.4),
        Column(header="Company", width=2.4),
        Column(header="List of", width=1),
        Column(header="Explanation", width=3.4),
        Column(header="Later steps of the provider", width=1.8),
    )
    if not lines:
        return None
    table = text_table("Companies a reader would expect in a fund", columns, lines, most=MOST_ON_PAPER)
    return Section(anchor="absences", title="Expected, and not there", blocks=(table,))


def findings(material: Material) -> Section | None:
    """Write what a reader must know of the files and the run."""
    lines = [
        (text(row["severity"]), text(row["what"]), text(row["where"]), text(row["mend"]))
        for row in material.rows("findings")
    ]
    columns = (
        Column(header="Severity", width=0.9),
        Column(header="What", width=4),
        Column(header="Where", width=2),
        MEND,
    )
    if not lines:
        return None
    table = text_table("What a reader must know", columns, lines, most=MOST_ON_PAPER)
    return Section(anchor="findings", title="Findings", blocks=(table,))


POSITION_COLUMNS = (
    PLACE,
    NAME,
    Column(header="ISIN", width=1.4),
    Column(header="Ended as", width=1.6),
    WEIGHT,
    Column(header="Identified by", width=2),
)


def positions(material: Material) -> Section | None:
    """List every position and where its weight ended."""
    lines = tuple(_position(row) for row in material.rows("positions"))
    if not lines:
        return None
    table = Table(caption="Every position as it was read", columns=POSITION_COLUMNS, rows=lines, is_folded=True)
    return Section(anchor="positions", title="Positions", blocks=(table,))


def _position(row: Row) -> tuple[Cell, ...]:
    parts = {outcome: row[outcome] for outcome in (Outcome.FLAGGED, Outcome.CLEAR, Outcome.UNCOVERED) if row[outcome]}
    whole = sum(parts.values())
    return (
        line_of(row),
        text(row["name_as_written"]),
        text(row["isin"]),
        text(" and ".join(parts)),
        Cell(percent(whole), whole),
        text("" if row["matched_by"] == "none" else row["matched_by"]),
    )
