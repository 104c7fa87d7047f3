"""What the sections of a report are made of: the rows of a scan, grouped by company, and the tiers of its sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from esgscan.report.document import Cell, Statement
from esgscan.report.dossier import Dossiers, dossiers
from esgscan.report.rows import Row, rows, source_numbers
from esgscan.report.wording import exposed, money, percent, place, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from esgscan.records import Scan

TIERS = {
    "official": "official",
    "court": "court",
    "company": "company",
    "exchange": "exchange",
    "index-provider": "index provider",
    "ngo": "NGO",
    "press": "press",
    "law-firm": "law firm",
    "data": "data",
    "user": "your file",
}
"""Kinds of source in the words of a reader, in the order in which the list of sources explains them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A scan as the sections read it, and which sources they have cited so far."""

    scan: Scan
    exposures: list[Row]
    known: Dossiers
    listings: Mapping[str, list[Row]]
    tiers: Mapping[int, str]
    cited: set[int] = field(default_factory=set)

    @property
    def currency(self) -> str:
        """Currency of the portfolio."""
        return self.scan.portfolio.currency

    @property
    def has_money(self) -> bool:
        """Whether the portfolio has values, and not weights only."""
        return self.scan.portfolio.market_value is not None

    def rows(self, table: str) -> list[Row]:
        """Give a table of the scan as rows; none where this scan has no such table."""
        found = self.scan.tables.get(table)
        return [] if found is None else rows(found)

    def cite(self, row: Row) -> tuple[int, ...]:
        """Give the source numbers of a row, and remember them."""
        numbers = tuple(source_numbers(row))
        self.cited.update(numbers)
        return numbers

    def statement(self, row: Row, text: str, *, lead: str = "", detail: str = "") -> Statement:
        """Make a statement of a row that has sources."""
        numbers = self.cite(row)
        return Statement(text=plain(text), lead=lead, detail=plain(detail), tier=self.tier(numbers), sources=numbers)

    def tier(self, numbers: tuple[int, ...]) -> str:
        """Name the kinds of the sources, the official ones first."""
        found = {self.tiers.get(number) for number in numbers}
        return ", ".join(words for tier, words in TIERS.items() if tier in found)

    def sourced(self, row: Row, text: str) -> Cell:
        """Make a cell that carries the sources of its row."""
        return Cell(plain(text), sources=self.cite(row))

    def amount(self, value: float | None) -> Cell:
        """Make a cell of money."""
        return Cell(money(value, ""), value)


def material_of(scan: Scan) -> Material:
    """Prepare a scan for the sections."""
    known = dossiers(scan)
    listings: dict[str, list[Row]] = {}
    for row in rows(scan.tables["listings"]):
        listings.setdefault(row["issuer_id"], []).append(row)
    tiers = {row["number"]: row["tier"] or "" for row in rows(scan.tables["sources"])}
    return Material(scan=scan, exposures=rows(scan.tables["exposures"]), known=known, listings=listings, tiers=tiers)


def text(value: object) -> Cell:
    """Make a cell of text; nothing where there is no value."""
    return Cell("" if value is None else plain(str(value)))


def line_of(row: Row) -> Cell:
    """Make a cell that says in which line of the portfolio a row begins, and leads there."""
    where = plain(place(row))
    return Cell(where, position=row["position_id"] if where else "")


def weight(value: float | None) -> Cell:
    """Make a cell of a weight."""
    return Cell(percent(value), value)


def exposed_cell(row: Row, name: str) -> Cell:
    """Make a cell of one weight of a company."""
    return Cell(exposed(row, name), row[name])
