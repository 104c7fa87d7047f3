"""The UFLPA Entity List of the Department of Homeland Security: four tables on a web page, of names and days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esgscan.reference.listed_entities import UFLPA, ListedEntity, PublishedList
from esgscan.sources.lists.attributes import read_day
from esgscan.sources.lists.printed_names import split_names
from esgscan.sources.lists.tables import has_columns, rows_below, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from esgscan.portfolio.grids import Grid
    from esgscan.reference.listed_entities import ListFile
    from esgscan.sources.lists.asked import GivenFile

NAMES = ("name of entity", "entity name", "entity")
DAY = "effective date"
PUBLISHER = "US Department of Homeland Security"
HOME = "https://www.dhs.gov/uflpa-entity-list"


def recognises(grids: Sequence[Grid]) -> bool:
    """Say whether a table has the names and days of the list."""
    return any(has_columns(grids, name, DAY) for name in NAMES)


def read(given: GivenFile, grids: Sequence[Grid]) -> ListFile:
    """Read the tables; the law names entities in China, and the page gives no addresses.

    Raises:
        SourceError: They name nobody.
    """
    entities = tuple(entity for grid in grids for entity in _entities(grid, given))
    whole = PublishedList(programme_id=UFLPA, name="UFLPA Entity List", authority=PUBLISHER, entities=entities)
    return given.of([whole], title="UFLPA Entity List", publisher=PUBLISHER, home=HOME)


def _entities(grid: Grid, given: GivenFile) -> Iterator[ListedEntity]:
    for word in NAMES:
        for number, row in rows_below(grid, word, DAY):
            day, where = read_day(text(row[DAY])), f"{given.name}, row {number}"
            name, names, subsidiaries = split_names(text(row[word]))
            if name:
                yield ListedEntity(name=name, names=tuple(names), country="CN", listed_on=day, where=where)
            for one in subsidiaries:
                yield ListedEntity(name=one, country="CN", listed_on=day, where=where)
