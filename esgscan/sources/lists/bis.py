"""The Entity List as the Bureau of Industry and Security gives it out in CSV: one line per address and alias."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.errors import SourceError
from esgscan.reference.listed_entities import ENTITY_LIST, ListedEntity, PublishedList
from esgscan.sources.lists.attributes import country_of, read_day
from esgscan.sources.lists.tables import has_columns, rows_below, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esgscan.portfolio.grids import Cell, Grid
    from esgscan.reference.listed_entities import ListFile
    from esgscan.sources.lists.asked import GivenFile

COLUMNS = ("source list", "name", "alternate name", "federal register notice", "effective date")
PUBLISHER = "Bureau of Industry and Security, US Department of Commerce"
HOME = "https://www.bis.gov/entity-list"


def recognises(grids: Sequence[Grid]) -> bool:
    """Say whether a table is the Entity List."""
    return has_columns(grids, *COLUMNS)


def read(given: GivenFile, grids: Sequence[Grid]) -> ListFile:
    """Read the list; the lines of one name are one entity.

    Raises:
        SourceError: It names nobody.
    """
    lines: dict[tuple[str, str], list[tuple[int, dict[str, Cell]]]] = {}
    for grid in grids:
        for number, row in rows_below(grid, *COLUMNS):
            if text(row.get("source list")).upper() in {"EL", "ENTITY LIST", ""} and text(row.get("name")):
                lines.setdefault((text(row["name"]), text(row.get("effective date"))), []).append((number, row))
    if not lines:
        raise SourceError(f"'{given.name}' names nobody.", where=given.name, mend="give the file of the Entity List")
    entities = tuple(_entity(name, day, rows, given) for (name, day), rows in lines.items())
    whole = PublishedList(programme_id=ENTITY_LIST, name="Entity List", authority=PUBLISHER, entities=entities)
    return given.of([whole], title="Entity List, CSV", publisher=PUBLISHER, home=HOME)


def _entity(name: str, day: str, rows: list[tuple[int, dict[str, Cell]]], given: GivenFile) -> ListedEntity:
    number, first = rows[0]
    return ListedEntity(
        name=name,
        names=tuple(dict.fromkeys(alias for _, row in rows if (alias := text(row.get("alternate name"))))),
        country=country_of((text(row.get("country")) for _, row in rows), given.countries),
        listed_on=read_day(day),
        in_force_until=read_day(text(first.get("date lifted waived expired"))),
        citation=text(first.get("federal register notice")),
        where=f"{given.name}, line {number}",
    )
